"""Weights as they are kept: NAME.safetensors, and beside it its SHA-256 in the form that `sha256sum -c` reads."""

import hashlib
import os
from enum import Enum
from pathlib import Path

from chromavive.assets import bundled_weights_folder
from chromavive.weights.manifest import Entry


class State(Enum):
    """What a look at the disk found; the value is for people."""

    WHOLE = "whole"
    ABSENT = "not here"
    DAMAGED = "damaged"
    UNPROVED = "not fetched by chromavive"
    """The file is there without its sum: somebody's own weights."""


def kept_path(folder: Path, name: str) -> Path:
    """Where the engine looks for a network's weights."""
    return folder / f"{name}.safetensors"


def sum_path(kept: Path) -> Path:
    """Where the sum of a kept file lies."""
    return kept.with_name(f"{kept.name}.sha256")


def part_path(folder: Path, entry: Entry) -> Path:
    """Where the published file grows while it is fetched."""
    return folder / f"{entry.file}.part"


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def recorded_sum(kept: Path) -> str | None:
    """The sum that was written when the file was made; None if there is none."""
    try:
        text = sum_path(kept).read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return None
    return text.partition(" ")[0].strip()


def state_of(entry: Entry, folder: Path) -> State:
    """What is kept of a network's weights; reads the whole file."""
    kept = bundled_weights_folder() / entry.file if entry.bundled else kept_path(folder, entry.name)
    if not kept.is_file():
        return State.ABSENT
    wanted = entry.sha256 if entry.bundled else recorded_sum(kept)
    if wanted is None:
        return State.UNPROVED
    return State.WHOLE if sha256_of(kept) == wanted else State.DAMAGED


def replace(fresh: Path, kept: Path) -> None:
    """Makes a fresh file the kept one, with its sum, so that a crash leaves the old one or the new one.

    The sum comes first: until the file follows, a file that is there already and differs is refused, never trusted.
    """
    fresh_sum = sum_path(fresh)
    fresh_sum.write_text(f"{sha256_of(fresh)}  {kept.name}\n", encoding="ascii")
    for source, target in ((fresh_sum, sum_path(kept)), (fresh, kept)):
        _sync(source)
        os.replace(source, target)
    if os.name == "posix":  # Windows cannot open a folder, and syncs its names itself.
        _sync(kept.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
