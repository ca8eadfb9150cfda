"""The few colors that a distribution proposes for a place, given its lightness."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from chromavive.color.bins import ab_bins
from chromavive.color.lab import delta_e_2000, in_gamut

PALETTE_SIZE = 9
COVER_DELTA_E = 6.0  # CIEDE2000 within which a likely color stands for other colors: docs/decisions/0008
_EQUAL = 1 - 1e-5  # sums of float32 that differ by less are equal


@dataclass(frozen=True, slots=True)
class LikelyColor:
    """A proposed color, a and b in CIE Lab units, and the share of the probability that it stands for, 0 to 1."""

    a: float
    b: float
    share: float


def palette(distribution: NDArray[np.floating], lightness: float) -> tuple[LikelyColor, ...]:
    """At most nine colors that a screen can show at that lightness (L, 0..100), the largest share first.

    distribution: (313,), not negative, over the classes of `bins.ab_bins`. Bins outside the gamut at the lightness are
    left out, and the shares are of what is left. Each likely color is the bin that stands for the most probability that
    no earlier one stands for, until nine are found or nothing is left.
    """
    bins, covers = _bins_and_covers()
    shown = in_gamut(np.column_stack([np.full(len(bins), lightness), bins]))
    bins, covers = bins[shown], covers[np.ix_(shown, shown)]
    left = np.asarray(distribution, np.float32)[shown]
    whole = float(left.sum())
    found: list[LikelyColor] = []
    while len(found) < PALETTE_SIZE and whole > 0:
        gains = covers @ left
        if (most := gains.max()) <= 0:
            break
        # Of bins that stand for the same the likeliest: the others only lie within reach of it.
        best = int(np.where(gains >= most * _EQUAL, left, -1).argmax())
        a, b = bins[best]
        found.append(LikelyColor(float(a), float(b), min(float(gains[best]) / whole, 1.0)))
        left = left * (1 - covers[best])
    return tuple(found)


@lru_cache(maxsize=1)
def _bins_and_covers() -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """The bins' centers, (313, 2), and which stands for which, (313, 313): 1 or 0.

    Between colors of equal lightness CIEDE2000 does not depend on it, so that one table serves for all of them.
    """
    bins = ab_bins().astype(np.float64)
    lab = np.column_stack([np.full(len(bins), 50.0), bins])
    return bins, (delta_e_2000(lab[:, None], lab[None]) <= COVER_DELTA_E).astype(np.float32)
