"""The picture obeys its hints: what a prediction lacks at each hint is spread over place and lightness.

In the chroma cell that holds a hint's point the painting shows the hint's color as far as the gamut at that lightness
allows.

    residual r_i = the hint's color, brought into the gamut at its cell's lightness, - the prediction in that cell
    kernel k(p, q) = exp(-|x_p - x_q| / PLACE) exp(-(L_p - L_q)^2 / (2 LIGHT^2))
    solve (K + EPSILON I) alpha = r; add sum_i alpha_i k(p, i), held per channel to [min(0, min r), max(0, max r)];
    hold each cell, per channel, to the range that its own prediction and the hints' possible colors span

The kernel is exponential in place because a Gaussian rings: two opposite hints 8 pixels apart were obeyed to 63 % and
left 2.9 residuals 31 pixels away. The range is held because a residual carries over to cells whose prediction lies
elsewhere: what takes gray to a hint's red would take red to a red that nobody asked for (docs/decisions/0003). All of
it is the same for every network and needs numpy only.

A hint's row of the kernel (its influence on every cell) depends on its cell alone. Rows are kept in slots for as long
as some hint lies in that cell, with the inverse of K + EPSILON I, which a moved hint changes by a low rank. The order
of the hints does not matter here, so that slots never have to be sorted.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from chromavive.color.lab import clamp_to_gamut
from chromavive.colorizer.contract import AB_MAX, PaintHint

PLACE = 0.08  # fall-off with distance, the longer side being 1
LIGHT = 8.0  # standard deviation in L
EPSILON = 0.001  # leaves a thousandth of alpha, and bounds it
SLOTS = (8, 32, 128, 512)

_REPLACED_MAX = 16  # more slots at once: inverting anew costs less than changing the inverse
_MISSED_MAX = 1e-3  # ab units by which alpha may miss its residuals
_REFINEMENTS = 3

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Indexes = NDArray[np.int64]

# Cells of a kernel row that lie together. Two rows of alpha times a tile of 512 rows are small enough for OpenBLAS to
# compute in the calling thread; its own threads spin, and on a busy machine that took ten times as long as it saved.
# Half a working size is 16 x 16 cells times a whole number.
_TILE = 256

_NONE = -1  # the cell of a free slot, the slot of a cell without a hint


@lru_cache(maxsize=16)  # the working sizes and their transposes
def _decay(height: int, width: int) -> Floats:
    """(2 height - 1, 2 width - 1): the place factor at every offset, no offset in the middle."""
    dy, dx = np.mgrid[1 - height : height, 1 - width : width]
    table: Floats = np.exp(-np.hypot(dy, dx) / max(height, width) / PLACE).astype(np.float32)
    table.setflags(write=False)
    return table


def half_size(lightness: Floats) -> Floats:
    """(h, w) -> (h/2, w/2): means of 2x2, the lightness of the chroma cells."""
    height, width = lightness.shape
    small: Floats = lightness.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3), dtype=np.float32)
    return small


def cells_of(points: Doubles, height: int, width: int) -> Indexes:
    """The chroma cells that hold the points, counted row by row.

    points: (n, 2), x and y as fractions; height and width count cells.
    """
    columns = np.clip((points[:, 0] * width).astype(np.int64), 0, width - 1)
    rows = np.clip((points[:, 1] * height).astype(np.int64), 0, height - 1)
    return rows * width + columns


def _products(symmetric: Floats, rows: Floats) -> Floats:
    """rows @ symmetric in the calling thread (see _TILE): (n, n), (k, n) -> (k, n)."""
    products: Floats = np.einsum("ij,kj->ki", symmetric, rows)
    return products


class Fidelity:
    """Makes the paintings of one scene obey; keeps what it knows of the hints that lie still."""

    def __init__(self, lightness: Floats) -> None:
        """lightness: (h, w) float32, L in 0..100 of the chroma cells."""
        self._lightness = lightness
        self._decay = _decay(*lightness.shape)
        self._reset(0)

    @property
    def bytes_kept(self) -> int:
        """What the kept rows and matrices take."""
        return self._rows.nbytes + self._gram.nbytes + self._inverse.nbytes + self._scratch.nbytes

    def obey(self, ab: Floats, hints: Sequence[PaintHint]) -> Floats:
        """The painting, obeying: (2, h, w) float32, CIE Lab units, within ±110; ab is the prediction, (2, h, w).

        The hints are merged and ordered oldest first; of two in one cell the newest is obeyed.
        """
        if not hints:
            return np.clip(ab, -AB_MAX, AB_MAX)
        told = np.array([(hint.x, hint.y, hint.a, hint.b) for hint in reversed(hints)])
        cells, newest = np.unique(cells_of(told, *self._lightness.shape), return_index=True)
        slots = self._place(cells)
        flat = ab.reshape(2, -1)
        possible = self._possible(cells, slots, told[newest, 2:]).T.astype(np.float32)
        residual = np.zeros((2, len(self._cells)), np.float32)
        residual[:, slots] = possible - flat[:, cells]
        alpha = self._solve(residual)
        top = 1 + int(slots.max())
        added = (alpha[:, :top] @ self._rows[:, :top]).transpose(1, 0, 2).reshape(2, -1)
        low, high = residual.min(axis=1, initial=0), residual.max(axis=1, initial=0)
        np.clip(added, low[:, None], high[:, None], out=added)
        added += flat
        np.maximum(added, np.minimum(flat, possible.min(axis=1, keepdims=True)), out=added)
        np.minimum(added, np.maximum(flat, possible.max(axis=1, keepdims=True)), out=added)
        return np.clip(added, -AB_MAX, AB_MAX, out=added).reshape(ab.shape)

    def _reset(self, slots: int) -> None:
        self._slot_of = np.full(self._lightness.size, _NONE)
        self._cells = np.full(slots, _NONE)  # of each slot
        self._asked = np.full((slots, 2), np.nan)  # the ab that a slot's hint asks for, and what is possible of it
        self._possible_ab = np.zeros((slots, 2))
        self._rows = np.zeros((self._lightness.size // _TILE, slots, _TILE), np.float32)
        self._gram: Floats = np.eye(slots, dtype=np.float32) * np.float32(1 + EPSILON)  # free slots stand alone
        self._inverse: Floats = np.eye(slots, dtype=np.float32) / np.float32(1 + EPSILON)
        self._scratch = np.empty_like(self._gram)

    def _place(self, cells: Indexes) -> Indexes:
        """The slot of each cell; cells that had none get one, and those of cells without a hint are freed."""
        size = next((size for size in SLOTS if len(cells) <= size), len(cells))
        if size > len(self._cells) or len(self._cells) > 4 * size:
            self._reset(size)
        wanted = np.zeros(len(self._slot_of), np.bool_)
        wanted[cells] = True
        left = np.flatnonzero((self._cells != _NONE) & ~wanted[self._cells])
        self._slot_of[self._cells[left]] = _NONE
        self._cells[left] = _NONE
        came = cells[self._slot_of[cells] == _NONE]
        given = np.flatnonzero(self._cells == _NONE)[: len(came)]
        self._slot_of[came], self._cells[given], self._asked[given] = given, came, np.nan
        for slot, cell in zip(given, came, strict=True):
            self._rows[:, slot] = self._row(int(cell)).reshape(-1, _TILE)
        changed = np.union1d(left, given)
        if len(changed):
            self._couple(changed)
        return self._slot_of[cells]

    def _row(self, cell: int) -> Floats:
        """The kernel between one cell and every cell, flat."""
        height, width = self._lightness.shape
        row, column = divmod(cell, width)
        near = self._decay[height - 1 - row : 2 * height - 1 - row, width - 1 - column : 2 * width - 1 - column]
        apart = self._lightness - self._lightness[row, column]
        kernel: Floats = (near * np.exp(apart * apart / np.float32(-2 * LIGHT * LIGHT))).ravel()
        return kernel

    def _couple(self, changed: Indexes) -> None:
        """Writes the changed slots' rows and columns of the matrix, and brings its inverse up to date."""
        taken = self._cells != _NONE
        tile, within = np.divmod(self._cells, _TILE)
        among = self._rows[tile, changed[:, None], within] * (taken[changed][:, None] & taken)
        self._gram[changed], self._gram[:, changed] = among, among.T
        self._gram[changed, changed] = 1 + EPSILON
        if len(changed) > _REPLACED_MAX:
            self._invert()
        else:
            self._replace(changed)

    def _invert(self) -> None:
        self._inverse = np.linalg.inv(self._gram.astype(np.float64)).astype(np.float32)

    def _replace(self, changed: Indexes) -> None:
        """The inverse after some rows and columns of the matrix changed: taken out, then put in again, by blocks."""
        within = np.ix_(changed, changed)
        inverse = self._inverse
        out = inverse[changed]
        self._add_product(-out, np.linalg.solve(inverse[within], out).astype(np.float32))
        inverse[changed], inverse[:, changed] = 0, 0
        coupling = self._gram[changed]
        coupling[:, changed] = 0
        reach = _products(inverse, coupling)
        schur = np.linalg.inv(self._gram[within] - coupling @ reach.T).astype(np.float32)
        across = schur @ reach
        self._add_product(across, reach)
        inverse[changed], inverse[:, changed] = -across, -across.T
        inverse[within] = schur

    def _add_product(self, left: Floats, right: Floats) -> None:
        """Adds left^T right, (n, slots) each, to the inverse, one outer product after the other."""
        for column, row in zip(left, right, strict=True):
            self._inverse += np.multiply(column[:, None], row, out=self._scratch)

    def _solve(self, residual: Floats) -> Floats:
        """alpha (2, slots), refined until it holds; where it does not, solved and inverted anew in float64."""
        alpha = _products(self._inverse, residual)
        for _ in range(_REFINEMENTS):
            missed = residual - _products(self._gram, alpha)
            if np.abs(missed).max() <= _MISSED_MAX:
                return alpha
            alpha += _products(self._inverse, missed)
        self._invert()
        solved: Floats = np.linalg.solve(self._gram.astype(np.float64), residual.T).T.astype(np.float32)
        return solved

    def _possible(self, cells: Indexes, slots: Indexes, asked: Doubles) -> Doubles:
        """The ab (n, 2) that each cell can show of what its hint asks; kept while cell and color stay the same."""
        other = (self._asked[slots] != asked).any(axis=1)
        if other.any():
            level = self._lightness.ravel()[cells[other]]
            self._asked[slots[other]] = asked[other]
            lab = np.column_stack([level, asked[other]]).astype(np.float64)
            self._possible_ab[slots[other]] = clamp_to_gamut(lab)[:, 1:]
        return self._possible_ab[slots]
