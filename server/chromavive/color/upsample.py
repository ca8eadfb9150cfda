"""Chroma brought from a network's size to a photograph's: the reference of the shader and of the export.

Pixel centers lie at half pixels, as in the shader; beyond the outermost centers the edge value goes on.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]


def upsample(ab: Floats, height_px: int, width_px: int) -> Floats:
    """Chroma planes (2, h, w), any Lab units, brought to (2, height_px, width_px) in the same dtype."""
    return upsample_rows(ab, height_px, width_px, 0, height_px)


def upsample_rows(ab: Floats, height_px: int, width_px: int, row_from: int, row_to: int) -> Floats:
    """Rows row_from up to, not including, row_to of `upsample(ab, height_px, width_px)`, in memory of those rows only.

    Bands put together are bit for bit the whole, however they were cut.
    """
    above, below, down = _neighbors(np.arange(row_from, row_to), height_px, ab.shape[1])
    left, right, along = _neighbors(np.arange(width_px), width_px, ab.shape[2])
    rows = _between(ab[:, above], ab[:, below], down[:, None])
    return _between(rows[:, :, left], rows[:, :, right], along)


def _between(first: Floats, second: Floats, share: Floats) -> Floats:
    share = share.astype(first.dtype)
    return np.asarray(first * (1 - share) + second * share)


def _neighbors(
    places: NDArray[np.int64], size_px: int, source_px: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """The two source pixels around each place on one axis, and how far, 0 to 1, the place lies toward the second."""
    centers = np.clip((places + 0.5) * source_px / size_px - 0.5, 0, source_px - 1)
    first = np.floor(centers).astype(np.int64)
    return first, np.minimum(first + 1, source_px - 1), centers - first
