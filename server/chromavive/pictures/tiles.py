"""Tiles of a photograph as it is shown: its gray at full size, and halved, for who looks closer than the gray copy.

Level 0 is the picture's own pixels; each further level has half as many on either axis, a pixel being the mean L of a
square of the picture's. Why there are levels, and why tiles overlap: docs/decisions/0007-tiles.md.
"""

import io
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from chromavive.color.lab import lightness_to_gray
from chromavive.pictures.contract import LIGHTNESS_SCALE
from chromavive.pictures.display import GRAY_COPY_PX

TILE_PX = 512
"""A tile's side; the last of a row or column may be shorter. Larger ones bring more that nobody sees, smaller ones more
requests: a telephone's screen takes about twenty."""

BORDER_PX = 1
"""Of its neighbors around a tile, where there are any, so that smooth magnification meets between two tiles."""


def has_tile(height: int, width: int, level: int, x: int, y: int) -> bool:
    """Whether a picture of this size has the tile in column x and row y of the level.

    A level that is no larger than the gray copy has none, but for level 0.
    """
    if min(level, x, y) < 0 or level >= max(height, width).bit_length():
        return False
    rows, columns = _level_size(height, width, level)
    return (level == 0 or max(rows, columns) > GRAY_COPY_PX) and x * TILE_PX < columns and y * TILE_PX < rows


def gray_tile(lightness: NDArray[np.uint16], level: int, x: int, y: int) -> bytes:
    """One tile of the picture (H, W), sRGB gray as lossless WebP; of what is mapped it reads its own rows only."""
    height, width = lightness.shape
    rows, columns = _level_size(height, width, level)
    top, bottom = _span_px(y, rows)
    left, right = _span_px(x, columns)
    step = 1 << level
    block = lightness[top * step : bottom * step, left * step : right * step]
    buffer = io.BytesIO()
    # 35 ms on a processor of 2020; method 0 takes a third of that for 1.6 times the bytes, more effort gains nothing.
    Image.fromarray(_grays()[_means(block, step)]).save(buffer, "WEBP", lossless=True, quality=0, method=4)
    return buffer.getvalue()


def _level_size(height: int, width: int, level: int) -> tuple[int, int]:
    """Rows and columns of a level, whose last ones may stand for fewer pixels."""
    return -(-height >> level), -(-width >> level)


def _span_px(index: int, size_px: int) -> tuple[int, int]:
    """Of a level's pixels, those of the tile with its border."""
    start = index * TILE_PX
    return max(start - BORDER_PX, 0), min(start + TILE_PX + BORDER_PX, size_px)


def _means(block: NDArray[np.uint16], step: int) -> NDArray[np.uint16]:
    """The mean over each square of step x step from the upper left corner on; the last may be cut."""
    if step == 1:
        return block
    height, width = block.shape
    row_starts, column_starts = np.arange(0, height, step), np.arange(0, width, step)
    sums = np.add.reduceat(block, row_starts, axis=0, dtype=np.uint32)
    sums = np.add.reduceat(sums, column_starts, axis=1)
    counts = np.diff(row_starts, append=height)[:, None] * np.diff(column_starts, append=width)
    return np.asarray(np.rint(sums / counts), np.uint16)


@cache
def _grays() -> NDArray[np.uint8]:
    """The gray of each stored lightness, (65536,) uint8, by the arithmetic of the gray copy."""
    lightness = np.arange(65536, dtype=np.float32) / np.float32(LIGHTNESS_SCALE)
    return np.rint(lightness_to_gray(lightness) * 255).astype(np.uint8)
