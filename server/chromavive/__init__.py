"""chromaVive: people who share a link color one photograph together, live."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chromavive.remote import Room
else:

    def __getattr__(name):
        """`Room`, on first use: the server and the decoding child import this package and need no HTTP client."""
        if name != "Room":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from chromavive.remote import Room

        return Room


__all__ = ["Room", "__version__"]

__version__ = "0.1.0"
