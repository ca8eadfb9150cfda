"""Which weights there are: names, where they are published, and what proves them."""

from pathlib import Path

import msgspec

from chromavive.assets import bundled_weights_folder
from chromavive.errors import NetworkUnknown


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One network's weights as they were published.

    file: the name under which mirrors have it; urls: in the order in which they are tried, none for what every copy
    carries; size_bytes and sha256: of the published file; license and paper: for people.
    """

    name: str
    file: str
    urls: tuple[str, ...]
    size_bytes: int
    sha256: str
    license: str
    paper: str

    @property
    def bundled(self) -> bool:
        """Whether every copy carries it, so that nothing is fetched."""
        return not self.urls


def read(path: Path) -> dict[str, Entry]:
    """The entries of a manifest by name, in its order."""
    return {entry.name: entry for entry in msgspec.json.decode(path.read_bytes(), type=list[Entry])}


def bundled_manifest() -> dict[str, Entry]:
    """The manifest that comes with this version."""
    return read(bundled_weights_folder() / "manifest.json")


def entry_named(manifest: dict[str, Entry], name: str) -> Entry:
    """The entry of a network; raises NetworkUnknown with the names that there are."""
    if name not in manifest:
        raise NetworkUnknown(f"There is no network {name!r}; there are {', '.join(manifest)}.")
    return manifest[name]
