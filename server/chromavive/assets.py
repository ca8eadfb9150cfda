"""Where the files that are not Python lie: in an installed wheel beside the package, in a checkout at its root."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parents[1]


def client_folder() -> Path:
    """The folder that holds the two pages, their styles and their modules."""
    return _installed_or_checkout("client", "client")


def bundled_weights_folder() -> Path:
    """The folder that holds the weights every copy carries, with their model card and notice."""
    return _installed_or_checkout("bundled", "weights")


def _installed_or_checkout(installed: str, checkout: str) -> Path:
    folder = _PACKAGE / installed
    return folder if folder.is_dir() else _CHECKOUT / checkout
