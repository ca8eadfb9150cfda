"""The picture obeys its hints: what a prediction lacks at each hint is spread over place and lightness.

In the chroma cell that holds a hint's point the painting shows the hint's color as far as the gamut at that lightness
allows.

    residual r_i = the hint's color, brought into the gamut at its cell's lightness, - the prediction in that cell
    kernel k(p, q) = exp(-|x_p - x_q| / PLACE) exp(-(L_p - L_q)^2 / (2 LIGHT^2))
    solve (K + EPSILON I) alpha = r; add sum_i alpha_i k(p, i), held per channel to [min(0, min r), max(0, max r)]

The kernel is exponential in place because a Gaussian rings: two opposite hints 8 pixels apart were obeyed to 63 % and
left 2.9 residuals 31 pixels away. It is the same for every network and needs numpy only.

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
_DRIFT_MAX = 1e-3  # ab units that alpha may miss its residuals by before the inverse is computed anew

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


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


def cell_of(hint: PaintHint, height: int, width: int) -> int:
    """The chroma cell that holds the hint's point, counted row by row; height and width count cells."""
    column = min(max(int(hint.x * width), 0), width - 1)
    row = min(max(int(hint.y * height), 0), height - 1)
    return row * width + column


class Fidelity:
    """Makes the paintings of one scene obey; keeps the kernel rows of the hints that lie still."""

    def __init__(self, lightness: Floats) -> None:
        """lightness: (h, w) float32, L in 0..100 of the chroma cells."""
        self._lightness = lightness
        self._colors: dict[int, tuple[float, float, Doubles]] = {}  # cell -> asked a, asked b, possible ab
        self._reset(0)

    @property
    def bytes_kept(self) -> int:
        """What the kept rows and matrices take."""
        return self._rows.nbytes + self._gram.nbytes + self._inverse.nbytes

    def obey(self, ab: Floats, hints: Sequence[PaintHint]) -> Floats:
        """The painting, obeying: (2, h, w) float32, CIE Lab units, within ±110; ab is the prediction, (2, h, w).

        The hints are merged and ordered oldest first; of two in one cell the newest is obeyed.
        """
        height, width = self._lightness.shape
        if not hints:
            return np.clip(ab, -AB_MAX, AB_MAX)
        placed = {cell_of(hint, height, width): hint for hint in hints}
        self._place(placed)
        possible = self._possible(placed)
        flat = ab.reshape(2, -1)
        residual = np.zeros((len(self._gram), 2))
        for cell, color in possible.items():
            residual[self._slot[cell]] = color - flat[:, cell]
        alpha = self._solve(residual).astype(np.float32)
        low, high = residual.min(axis=0, initial=0), residual.max(axis=0, initial=0)
        top = 1 + max(self._slot.values())
        added = np.clip(alpha[:top].T @ self._rows[:top], low[:, None], high[:, None])
        obeyed: Floats = np.clip(flat + added, -AB_MAX, AB_MAX).astype(np.float32).reshape(ab.shape)
        return obeyed

    def _reset(self, slots: int) -> None:
        self._slot: dict[int, int] = {}  # cell -> slot
        self._rows = np.zeros((slots, self._lightness.size), np.float32)
        self._gram = np.eye(slots) * (1 + EPSILON)  # free slots stand alone
        self._inverse = np.eye(slots) / (1 + EPSILON)

    def _place(self, placed: dict[int, PaintHint]) -> None:
        """Gives every cell a slot, and frees the slots of cells that no hint lies in."""
        slots = next((size for size in SLOTS if len(placed) <= size), len(placed))
        if slots > len(self._gram) or len(self._gram) > 4 * slots:
            self._reset(slots)
        changed = [self._slot.pop(cell) for cell in self._slot.keys() - placed.keys()]
        free = sorted(set(range(len(self._gram))) - set(self._slot.values()), reverse=True)
        came = sorted(placed.keys() - self._slot.keys())
        for cell in came:
            slot = free.pop()
            self._slot[cell] = slot
            self._rows[slot] = self._row(cell)
            changed.append(slot)
        if changed:
            self._couple(sorted(set(changed)))

    def _row(self, cell: int) -> Floats:
        """The kernel between one cell and every cell, flat."""
        height, width = self._lightness.shape
        row, column = divmod(cell, width)
        near = _decay(height, width)[
            height - 1 - row : 2 * height - 1 - row, width - 1 - column : 2 * width - 1 - column
        ]
        apart = self._lightness - self._lightness[row, column]
        kernel: Floats = (near * np.exp(apart * apart / np.float32(-2 * LIGHT * LIGHT))).ravel()
        return kernel

    def _couple(self, changed: list[int]) -> None:
        """Writes the changed slots' rows and columns of the matrix, and brings its inverse up to date."""
        cells = np.zeros(len(self._gram), np.int64)
        taken = np.zeros(len(self._gram), np.bool_)
        for cell, slot in self._slot.items():
            cells[slot], taken[slot] = cell, True
        among = self._rows[changed][:, cells] * (taken[changed][:, None] & taken)
        self._gram[changed], self._gram[:, changed] = among, among.T
        self._gram[changed, changed] = 1 + EPSILON
        if len(changed) > _REPLACED_MAX:
            self._invert()
        else:
            self._replace(changed)

    def _invert(self) -> None:
        self._inverse = np.linalg.inv(self._gram).astype(np.float64)

    def _replace(self, changed: list[int]) -> None:
        """The inverse after some rows and columns of the matrix changed: taken out, then put in again, by blocks."""
        within = np.ix_(changed, changed)
        out = self._inverse[:, changed]
        rest = self._inverse - out @ np.linalg.solve(self._inverse[within], out.T)
        rest[changed], rest[:, changed] = 0, 0
        coupling = self._gram[:, changed].copy()
        coupling[changed] = 0
        reach = rest @ coupling
        schur = np.linalg.inv(self._gram[within] - coupling.T @ reach)
        across = reach @ schur
        rest += across @ reach.T
        rest[:, changed], rest[changed] = -across, -across.T
        rest[within] = schur
        self._inverse = rest

    def _solve(self, residual: Doubles) -> Doubles:
        """alpha (slots, 2), refined once; the inverse is computed anew if many changes let it drift."""
        alpha: Doubles = self._inverse @ residual
        alpha += self._inverse @ (residual - self._gram @ alpha)
        if not np.abs(residual - self._gram @ alpha).max() <= _DRIFT_MAX:
            self._invert()
            alpha = self._inverse @ residual
        return alpha

    def _possible(self, placed: dict[int, PaintHint]) -> dict[int, Doubles]:
        """The color that each cell can show of what its hint asks; kept while cell and color stay the same."""
        kept = self._colors
        flat = self._lightness.ravel()
        new = [cell for cell, hint in placed.items() if kept.get(cell, (None, None))[:2] != (hint.a, hint.b)]
        if new:
            asked = np.array([(flat[cell], placed[cell].a, placed[cell].b) for cell in new], np.float64)
            for cell, color in zip(new, clamp_to_gamut(asked)[:, 1:], strict=True):
                kept[cell] = (placed[cell].a, placed[cell].b, np.asarray(color, np.float64))
        self._colors = {cell: kept[cell] for cell in placed}
        return {cell: color for cell, (_, _, color) in self._colors.items()}
