"""Sample photographs: those that scikit-image distributes, found by path, since importing it costs a second."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chromavive.pictures.contract import PhotographLimits
from chromavive.pictures.display import reduced_gray
from chromavive.pictures.door import open_photograph


@dataclass(frozen=True, slots=True)
class Sample:
    """A photograph to try; `name` is its stable name in URLs."""

    name: str
    title: str
    path: Path


_FILES = (
    ("astronaut", "Astronaut", "astronaut.png"),
    ("cat", "Cat", "chelsea.png"),
    ("coffee", "Coffee", "coffee.png"),
    ("rocket", "Rocket", "rocket.jpg"),
    ("motorcycle", "Motorcycle", "motorcycle_left.png"),
    ("camera", "Photographer", "camera.png"),
)


def samples() -> tuple[Sample, ...]:
    """The samples that are there; none where scikit-image is not installed."""
    package = find_spec("skimage")
    folders = package.submodule_search_locations if package else None
    if not folders:
        return ()
    found = (Sample(name, title, Path(folders[0]) / "data" / file) for name, title, file in _FILES)
    return tuple(sample for sample in found if sample.path.is_file())


def sample_lightness() -> Iterator[NDArray[np.uint16]]:
    """The lightness of every sample, (H, W) uint16: the pictures on which a low precision proves itself."""
    for sample in samples():
        yield open_photograph(sample.path.read_bytes(), PhotographLimits()).lightness


def thumbnail(sample: Sample, long_side_px: int = 320) -> bytes:
    """The sample as it will look when opened, gray, as a small JPEG (`image/jpeg`)."""
    lightness = open_photograph(sample.path.read_bytes(), PhotographLimits()).lightness
    buffer = io.BytesIO()
    reduced_gray(lightness, long_side_px).save(buffer, "JPEG", quality=85, optimize=True)
    return buffer.getvalue()
