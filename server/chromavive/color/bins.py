"""The ab bins of ECCV16, which Compact's class head shares: the classes of their distributions over colors."""

import numpy as np
from numpy.typing import NDArray

BIN_COUNT = 313
_STEP = 10  # CIE Lab units between neighbors
# Of each a from -90 up in steps of 10, the first and the last b: tests/data/reference/README.md, section Bins, which
# tells the published table (pts_in_hull.npy). No row has a gap.
_A_MIN = -90
_B_RUNS = (
    (50, 90), (20, 90), (0, 90), (-20, 90), (-30, 100), (-40, 100), (-50, 100), (-50, 100), (-60, 100), (-70, 100),
    (-80, 90), (-80, 90), (-90, 90), (-100, 90), (-100, 80), (-110, 80), (-110, 80), (-110, 70), (-110, 70), (-90, 0),
)  # fmt: skip


def ab_bins() -> NDArray[np.int16]:
    """(313, 2) int16: a and b of each bin's center in CIE Lab units, in the order of the classes (a slow, b fast)."""
    rows = [
        (_A_MIN + _STEP * index, b)
        for index, (first, last) in enumerate(_B_RUNS)
        for b in range(first, last + 1, _STEP)
    ]
    return np.array(rows, np.int16)
