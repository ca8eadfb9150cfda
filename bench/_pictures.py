"""The photographs that a benchmark runs on: a folder's, or those that scikit-image ships."""

import argparse
from pathlib import Path

from chromavive.pictures.samples import samples

_GRAY = ("camera",)  # has no chroma that could be compared with


def add_options(parser: argparse.ArgumentParser, limit: int = 40) -> None:
    """FOLDER and --limit, which `color_photographs` takes."""
    parser.add_argument(
        "folder", type=Path, nargs="?", help="of color photographs (*.jpg); by default those that scikit-image ships"
    )
    parser.add_argument("--limit", type=int, default=limit, help="how many photographs at most, evenly from the folder")


def color_photographs(folder: Path | None, limit: int) -> list[Path]:
    """At most so many of the folder's JPEG files, evenly from all of them, or of scikit-image's photographs."""
    if folder is None:
        return [sample.path for sample in samples() if sample.name not in _GRAY][:limit]
    found = sorted(folder.glob("*.jpg"))
    if not found:
        raise SystemExit(f"{folder} has no *.jpg: name a folder of color photographs, or none for scikit-image's.")
    return found[:: -(-len(found) // limit)]
