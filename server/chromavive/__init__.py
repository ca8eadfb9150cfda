"""chromaVive: people who share a link color one photograph together, live."""

__all__ = ["__version__"]

__version__ = "0.1.0"
