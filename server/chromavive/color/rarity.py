"""How rare each ab bin is in photographs, and the weights that give rare colors their due.

Most of any photograph is nearly gray, so that the likeliest color of a place is mostly a dull one. ECCV16 was trained
with weights against that (Zhang et al. 2016, section 2.2); a network that was not needs them afterwards.
"""

import numpy as np
from numpy.typing import NDArray

UNIFORM_SHARE = 0.5
"""The paper's lambda: the part of a uniform distribution that is mixed into the bins' frequencies."""

# Of a million pixels those nearest to each bin, in the order of `bins.ab_bins`: scripts/count_colors.py with the 3,000
# photographs that bench/palette.py draws from.
# fmt: off
_PER_MILLION = (
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 1, 19, 3, 0, 0, 0, 0, 0, 0, 12, 69, 9, 52, 44,
    2, 0, 0, 0, 0, 4, 60, 60, 112, 146, 148, 208, 107, 28, 7, 14,
    0, 0, 0, 30, 128, 259, 265, 336, 789, 888, 839, 645, 124, 32, 10, 0,
    0, 0, 16, 291, 828, 699, 696, 1316, 3757, 3761, 2357, 628, 127, 18, 2, 0,
    0, 40, 386, 1301, 2228, 2570, 4878, 9445, 11325, 7564, 2887, 692, 423, 244, 138, 0,
    0, 141, 891, 3790, 9414, 14892, 23668, 35226, 27482, 16486, 5954, 2446, 999, 629, 452, 204,
    0, 0, 60, 1062, 4520, 11919, 25430, 69070, 233998, 131359, 47047, 15064, 5037, 2138, 1176, 745,
    624, 48, 0, 0, 41, 563, 2036, 2975, 3434, 4870, 9586, 26761, 48520, 35620, 16752, 5627,
    2171, 1018, 546, 328, 0, 0, 140, 606, 979, 728, 703, 823, 1620, 4119, 10482, 11900,
    8744, 4465, 1789, 801, 418, 185, 0, 0, 50, 158, 614, 221, 277, 200, 166, 450,
    866, 2447, 3198, 3261, 2441, 1078, 598, 377, 54, 0, 0, 0, 45, 82, 130, 66,
    35, 24, 63, 233, 509, 883, 1490, 1918, 1425, 706, 484, 260, 1, 0, 0, 1,
    13, 35, 43, 11, 15, 26, 43, 79, 236, 396, 660, 1123, 1359, 709, 385, 190,
    0, 0, 0, 2, 4, 5, 2, 4, 21, 22, 38, 35, 79, 163, 278, 421,
    589, 791, 257, 74, 0, 0, 2, 1, 0, 0, 0, 3, 7, 19, 28, 39,
    33, 146, 135, 73, 100, 317, 206, 20, 0, 0, 1, 1, 0, 0, 0, 5,
    16, 52, 48, 14, 4, 6, 7, 4, 9, 16, 182, 79, 0, 0, 0, 0,
    0, 4, 9, 33, 14, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 50, 0, 0, 0, 0, 0, 0,
)
# fmt: on


def rebalancing() -> NDArray[np.float32]:
    """(313,) float32: what the probability of each bin is multiplied by, in the mean over photographs 1."""
    often = np.array(_PER_MILLION) / sum(_PER_MILLION)
    weights = 1 / ((1 - UNIFORM_SHARE) * often + UNIFORM_SHARE / len(often))
    scaled: NDArray[np.float32] = (weights / (weights @ often)).astype(np.float32)
    return scaled
