"""The colors that a photograph came with: set aside at the door, and reduced to what an eyedropper needs.

They are gathered from bands of rows as the file has them, so that however large the photograph is, only as many cells
as are asked for are held.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chromavive.pictures.contract import AsideWish
from chromavive.pictures.display import arrange

Floats = NDArray[np.floating[Any]]


class Aside:
    """Gathers the mean a and b of each cell. First `begin`, then `take` each band once, then `planes`."""

    def __init__(self, wish: AsideWish) -> None:
        self._wish = wish

    def begin(self, rows: NDArray[np.uint32], columns: NDArray[np.uint32]) -> None:
        """rows, columns: of every pixel of the upright photograph, views (H, W), which ones of the file it has."""
        wish = self._wish
        rows, columns = (arrange(each, wish.turn, wish.crop) for each in (rows, columns))
        height, width = rows.shape
        height_cells, width_cells = min(wish.height, height), min(wish.width, width)
        self._lies = bool(height > 1 and rows[0, 0] == rows[1, 0]) or bool(width > 1 and rows[0, 0] != rows[0, 1])
        if self._lies:  # the file's rows are columns here
            self._rows = _spans(rows[0], width_cells)
            self._columns = _spans(columns[:, 0], height_cells)
        else:
            self._rows = _spans(rows[:, 0], height_cells)
            self._columns = _spans(columns[0], width_cells)
        self._sums = np.zeros((2, len(self._rows), len(self._columns)))
        self._pixels = np.outer(np.diff(self._rows)[:, 0], np.diff(self._columns)[:, 0])

    def take(self, top: int, ab: Floats) -> None:
        """A band of the file, (rows, W, 2) a and b, whose first row is `top`."""
        summed = np.zeros((2, len(ab) + 1, len(self._columns)))
        across = np.zeros((len(ab), ab.shape[1] + 1))
        for plane in range(2):
            np.cumsum(ab[..., plane], axis=1, dtype=np.float64, out=across[:, 1:])
            columns = across[:, self._columns[:, 1]] - across[:, self._columns[:, 0]]
            np.cumsum(columns, axis=0, out=summed[plane, 1:])
        starts, ends = np.clip(self._rows - top, 0, len(ab)).T
        self._sums += summed[:, ends] - summed[:, starts]

    def planes(self) -> NDArray[np.float32]:
        """(2, h, w) float32, a and b in CIE Lab units, of the photograph as shown; at most as many cells as pixels."""
        means: NDArray[np.float32] = (self._sums / self._pixels).astype(np.float32)
        return means.transpose(0, 2, 1) if self._lies else means


def _spans(pixels: NDArray[np.uint32], cells: int) -> NDArray[np.intp]:
    """(cells, 2): from which pixel of the file's axis to before which one each cell reaches; `pixels` rise or fall."""
    edges = np.arange(cells + 1) * len(pixels) // cells
    first, last = pixels[edges[:-1]].astype(np.intp), pixels[edges[1:] - 1].astype(np.intp)
    return np.stack([np.minimum(first, last), np.maximum(first, last) + 1], axis=1)
