"""How far a vivid picture leaves the mean of its distribution, and where: less and less towards a hint.

    vivid = prediction + g * (annealed mean - plain mean of the distribution)
    g(p) = vividness * (1 - min(1, S))^2,  S(p) = sum_i exp(-|p - p_i|^2 / (2 NEAR^2))

The plain mean of many possible colors is dull; the annealed one leans to the likeliest, once rare colors are given
their due (color/rarity.py): without that it is duller still, since the likeliest color of most places is gray. Next to
a hint there is nothing to lean to: a person has said what the color is. There g is 0, and as flat as the top of a
Gaussian, so that the hint's own cell gets exactly what it gets without vividness; 1.6 NEAR from a lone hint g has half
its height. A sum over hints is a product of two thin matrices, which is quick for 512 of them too; a maximum would look
at every pair.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from chromavive.colorizer.contract import PaintHint

TEMPERATURE = 0.38  # of the annealed mean, as in the paper of ECCV16 (Zhang et al. 2016, section 2.3)
NEAR_CELLS = 6.0  # standard deviation of a hint's hold, in chroma cells of two working pixels

# Rows of cells a product: small enough for OpenBLAS to compute in the calling thread (see fidelity.py).
_ROWS_AT_ONCE = 2


def strengths(vividness: float, hints: Sequence[PaintHint], height: int, width: int) -> NDArray[np.float32]:
    """g, (height, width) float32 in 0..vividness, of the chroma cells; 0 in the cell that holds a hint's point."""
    if not hints:
        return np.full((height, width), vividness, np.float32)
    points = np.array([(hint.x, hint.y) for hint in hints])
    down = _falls(points[:, 1], height).T.reshape(-1, _ROWS_AT_ONCE, len(hints))
    near = (down @ _falls(points[:, 0], width)).reshape(height, width)
    left: NDArray[np.float32] = np.float32(vividness) * (1 - np.minimum(near, 1)) ** 2
    return left


def _falls(places: NDArray[np.float64], count: int) -> NDArray[np.float32]:
    """(n, count) float32: each point's Gaussian along one axis, from the middle of its own cell."""
    own = np.clip(np.floor(places * count), 0, count - 1)
    apart = np.arange(count) - own[:, None]
    falls: NDArray[np.float32] = np.exp(apart * apart / (-2 * NEAR_CELLS * NEAR_CELLS)).astype(np.float32)
    return falls
