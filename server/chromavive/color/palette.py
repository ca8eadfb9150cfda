"""The few colors that a distribution proposes for a place, given its lightness."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from chromavive.color.bins import ab_bins
from chromavive.color.lab import delta_e_2000, in_gamut

PALETTE_SIZE = 9
COVER_DELTA_E = 10.0  # CIEDE2000 within which a swatch stands for other colors
_EQUAL = 1 - 1e-5  # sums of float32 that differ by less are equal


@dataclass(frozen=True, slots=True)
class Swatch:
    """A proposed color, a and b in CIE Lab units, and the share of the probability that it stands for, 0 to 1."""

    a: float
    b: float
    share: float


def palette(distribution: NDArray[np.floating], lightness: float) -> tuple[Swatch, ...]:
    """At most nine swatches that a screen can show at that lightness (L, 0..100), the largest share first.

    distribution: (313,), not negative, over the classes of `bins.ab_bins`. Bins outside the gamut at the lightness are
    left out, and the shares are of what is left. Each swatch is the bin that stands for the most probability that no
    earlier one stands for, until nine are found or nothing is left.
    """
    shown, covers = _shown_at(round(float(lightness)))
    left = np.asarray(distribution, np.float32)[shown]
    whole = float(left.sum())
    found: list[Swatch] = []
    while len(found) < PALETTE_SIZE and whole > 0:
        gains = covers @ left
        if (most := gains.max()) <= 0:
            break
        # Of bins that stand for the same the likeliest: the others only lie within reach of it.
        best = int(np.where(gains >= most * _EQUAL, left, -1).argmax())
        a, b = _bins()[shown[best]]
        found.append(Swatch(float(a), float(b), min(float(gains[best]) / whole, 1.0)))
        left = left * (1 - covers[best])
    return tuple(found)


@lru_cache(maxsize=1)
def _bins() -> NDArray[np.float64]:
    return ab_bins().astype(np.float64)


@lru_cache(maxsize=1)
def _covers() -> NDArray[np.float32]:
    """(313, 313) float32: 1 where one bin stands for the other. At equal lightness CIEDE2000 does not depend on it."""
    lab = np.column_stack([np.full(len(_bins()), 50.0), _bins()])
    return (delta_e_2000(lab[:, None], lab[None]) <= COVER_DELTA_E).astype(np.float32)


@lru_cache(maxsize=101)
def _shown_at(lightness: int) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """The bins in the gamut at that lightness, (n,), and their part of `_covers`, (n, n): at most 400 KB each."""
    shown = np.flatnonzero(in_gamut(np.column_stack([np.full(len(_bins()), float(lightness)), _bins()])))
    return shown, np.ascontiguousarray(_covers()[np.ix_(shown, shown)])
