"""Which versions are installed of what a picture's exact values depend on."""

from importlib.metadata import PackageNotFoundError, version

import chromavive

PAINTING = ("torch", "numpy", "pillow")


def painting_versions() -> dict[str, str]:
    """chromaVive's own version and those of the packages that it paints with, as far as they are installed."""
    found = {"chromavive": chromavive.__version__}
    for package in PAINTING:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue  # the stub needs no torch
    return found
