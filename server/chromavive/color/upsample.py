"""Chroma brought from a network's size to a photograph's, along its lightness: what the shader and the export do.

Each cell of the chroma planes holds a straight line, chroma = slope * L + offset, fitted to the cells around it: a
guided filter (He, Sun, Tang 2013; fast form 2015) whose line passes through its own cell's chroma, not its window's
mean. Lines are interpolated between the cells' centers and read at the photograph's own L. Pixel centers lie at half
pixels, as in the shader; beyond the outermost centers the edge value goes on. Why: docs/decisions/0006-upsampling.md.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

LIGHTNESS_VARIANCE = 16.0
"""The guided filter's epsilon, in L squared: around cells whose L varies by less than 4, L says little about color."""

CHROMA_VARIANCE = 1.0
"""The same in ab squared: a range as small as a frame's steps and a codec's noise is no correlation."""

CLAMP_MARGIN = 2.0
"""How far, in ab, a pixel may leave the range of the 3 x 3 cells around it."""

SIDE_SHARE = 1 / 8
"""What each neighbor on an axis adds to a cell's mean of the interpolated values, where a cell is 2 pixels or more."""


@dataclass(frozen=True, slots=True)
class ChromaLines:
    """For each cell, a over b, (2, h, w): chroma = slope * L + offset, held to low..high; CIE Lab units."""

    slope: Floats
    offset: Floats
    low: Floats
    high: Floats

    @classmethod
    def fitted(cls, ab: Floats, cell_lightness: Floats, height_px: int, width_px: int) -> Self:
        """The lines of chroma (2, h, w) and the cells' mean L (h, w), for a photograph of height_px x width_px."""
        chroma, lightness = ab.astype(np.float64), cell_lightness.astype(np.float64)
        _, h, w = chroma.shape
        lightness_mean, chroma_mean = _mean3(lightness), _mean3(chroma)
        lightness_spread = _mean3(lightness**2) - lightness_mean**2 + LIGHTNESS_VARIANCE
        chroma_spread = _mean3(chroma**2) - chroma_mean**2 + CHROMA_VARIANCE
        together = _mean3(lightness * chroma) - lightness_mean * chroma_mean
        # The slope that least squares give, times the share of chroma's variance that L explains: noise gets no slope.
        slope = _mean3(together**3 / (lightness_spread**2 * chroma_spread))
        shares = _side_share(height_px, h), _side_share(width_px, w)
        offset = _sharpened(chroma, *shares) - slope * _sharpened(lightness, *shares)
        low, high = _range3(chroma)
        lines = slope, offset, low - CLAMP_MARGIN, high + CLAMP_MARGIN
        return cls(*(planes.astype(ab.dtype) for planes in lines))


def upsample(ab: Floats, lightness: Floats) -> Floats:
    """Chroma planes (2, h, w) brought to the size of L (H, W), 0 to 100: (2, H, W) in the planes' dtype."""
    height, width = lightness.shape
    cells = cell_means(lightness, *ab.shape[1:])
    return upsample_rows(ChromaLines.fitted(ab, cells, height, width), lightness.astype(ab.dtype), 0, height)


def upsample_rows(lines: ChromaLines, lightness_rows: Floats, row_from: int, height_px: int) -> Floats:
    """The chroma (2, rows, width) of a photograph's rows from row_from on, given their L, in memory of those rows only.

    Bands put together are bit for bit the whole, however they were cut.
    """
    rows, width = lightness_rows.shape
    slope, offset, low, high = (
        _bilinear_rows(planes, height_px, width, row_from, row_from + rows)
        for planes in (lines.slope, lines.offset, lines.low, lines.high)
    )
    slope *= lightness_rows
    slope += offset
    return np.clip(slope, low, high, out=slope)


def bilinear(planes: Floats, height_px: int, width_px: int) -> Floats:
    """Planes (n, h, w) brought to (n, height_px, width_px) without regard to lightness."""
    return _bilinear_rows(planes, height_px, width_px, 0, height_px)


def cell_means(values: NDArray[Any], height: int, width: int) -> NDArray[np.float64]:
    """The mean of (H, W) values over each of height x width cells of one size; pixels on a border count in part.

    The memory it takes is that of one row of cells.
    """
    edges = np.arange(height + 1) * (len(values) / height)
    rows = [_span_mean(values, *edges[index : index + 2]) for index in range(height)]
    return _cell_means_across(np.array(rows), width)


def _span_mean(values: NDArray[Any], top: float, bottom: float) -> NDArray[np.float64]:
    """The mean (W,) of the rows between two heights."""
    first, last = int(top), min(int(np.ceil(bottom)), len(values))
    covered = np.minimum(np.arange(first, last) + 1.0, bottom) - np.maximum(np.arange(first, last), top)
    return np.asarray(covered @ values[first:last].astype(np.float64) / (bottom - top))


def _cell_means_across(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """The means of (h, W) values over cells that divide each row evenly, (h, width)."""
    before = np.concatenate([np.zeros((len(values), 1)), values.cumsum(axis=1)], axis=1)
    edges = np.arange(width + 1) * (values.shape[1] / width)
    first = np.minimum(edges.astype(np.int64), values.shape[1] - 1)
    sums = before[:, first] + values[:, first] * (edges - first)
    return np.asarray(np.diff(sums, axis=1) * (width / values.shape[1]))


def _side_share(size_px: int, cells: int) -> float:
    """SIDE_SHARE, falling to 0 where a cell is a pixel or less, whose value is then the cell's."""
    return SIDE_SHARE * float(np.clip(size_px / cells - 1, 0, 1))


def _sharpened(planes: Floats, down: float, across: float) -> Floats:
    """Values whose interpolation has about the given means over the cells, which interpolation alone would blur."""
    return 2 * planes - _blurred(planes, down, across)


def _mean3(planes: Floats) -> Floats:
    return _blurred(planes, 1 / 3, 1 / 3)


def _blurred(planes: Floats, down: float, across: float) -> Floats:
    """Each cell (..., h, w) mixed with its neighbors, by the share of each of them on either axis."""
    for axis, side in ((-2, down), (-1, across)):
        before, after = _beside(planes, axis)
        planes = np.asarray((1 - 2 * side) * planes + side * (before + after))
    return planes


def _range3(planes: Floats) -> tuple[Floats, Floats]:
    """The least and the greatest of each cell and the eight around it."""
    low = high = planes
    for axis in (-2, -1):
        low, high = np.minimum.reduce([low, *_beside(low, axis)]), np.maximum.reduce([high, *_beside(high, axis)])
    return low, high


def _beside(planes: Floats, axis: int) -> tuple[Floats, Floats]:
    """The planes moved by one cell either way; beyond the edge the edge goes on."""
    places, last = np.arange(planes.shape[axis]), planes.shape[axis] - 1
    return planes.take(np.maximum(places - 1, 0), axis), planes.take(np.minimum(places + 1, last), axis)


def _bilinear_rows(planes: Floats, height_px: int, width_px: int, row_from: int, row_to: int) -> Floats:
    above, below, down = _neighbors(np.arange(row_from, row_to), height_px, planes.shape[1])
    left, _, along = _neighbors(np.arange(width_px), width_px, planes.shape[2])
    share = down[:, None].astype(planes.dtype)
    rows = planes[:, above] * (1 - share) + planes[:, below] * share
    # Differences are taken among the cells, of which there are fewer than pixels.
    rises = np.diff(rows, axis=-1, append=rows[..., -1:])
    values = rises.take(left, axis=-1)
    values *= along.astype(planes.dtype)
    values += rows.take(left, axis=-1)
    return values


def _neighbors(
    places: NDArray[np.int64], size_px: int, source_px: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """The two source pixels around each place on one axis, and how far, 0 to 1, the place lies toward the second."""
    centers = np.clip((places + 0.5) * source_px / size_px - 0.5, 0, source_px - 1)
    first = np.floor(centers).astype(np.int64)
    return first, np.minimum(first + 1, source_px - 1), centers - first
