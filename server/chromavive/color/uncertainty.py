"""Where a person's word about a color would help the most: the place of a picture whose color is the least certain."""

import numpy as np
from numpy.typing import NDArray

from chromavive.color.bins import ab_bins
from chromavive.color.lab import in_gamut

_SIDE = 12  # places a row and a column: as near to each other as a fingertip on a phone's picture
_MARGIN = 0.1  # of the picture's sides: what is asked about must not hide at its edge

_STOPS = tuple(_MARGIN + (1 - 2 * _MARGIN) * step / (_SIDE - 1) for step in range(_SIDE))

PLACES: tuple[tuple[float, float], ...] = tuple((x, y) for y in _STOPS for x in _STOPS)
"""(x, y) as fractions of the shown picture: what is compared, from the upper left on."""

_AROUND_PX = (
    4  # working pixels on each side that have to be as light as the place, lest a hint lands beside what is meant
)
_UNEVEN = 5.0  # L: a standard deviation around a place that halves its weight


def most_uncertain(distributions: NDArray[np.floating], lightness: NDArray[np.floating]) -> tuple[float, float] | None:
    """The one of PLACES to ask about; None where nothing can have a color, as in a picture of black and white alone.

    distributions: (len(PLACES), 313), not negative, over the classes of `bins.ab_bins`. lightness: (h, w), L 0..100, at
    working size. What counts is the entropy of what a screen can show at the place's lightness, more where that is
    middling, so that many colors are possible, and where the place lies within something, off its edges.
    """
    light, uneven = _surroundings(lightness)
    bins = ab_bins().astype(np.float64)
    lab = np.concatenate(
        [
            np.broadcast_to(light[:, None, None], (*distributions.shape, 1)),
            np.broadcast_to(bins, (*distributions.shape, 2)),
        ],
        axis=-1,
    )
    shown = np.where(in_gamut(lab), distributions, 0).astype(np.float64)
    whole = shown.sum(axis=1, keepdims=True)
    shares = np.divide(shown, whole, out=np.zeros_like(shown), where=whole > 0)
    entropy = -(shares * np.log(np.where(shares > 0, shares, 1))).sum(axis=1)
    middle = np.clip(light * (100 - light) / 2500, 0, 1)
    scores = entropy * middle / (1 + uneven / _UNEVEN)
    best = int(scores.argmax())
    return PLACES[best] if scores[best] > 0 else None


def _surroundings(lightness: NDArray[np.floating]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and standard deviation of L around each of PLACES."""
    height, width = lightness.shape
    means, deviations = [], []
    for x, y in PLACES:
        row, column = int(y * height), int(x * width)
        around = lightness[
            max(row - _AROUND_PX, 0) : row + _AROUND_PX + 1, max(column - _AROUND_PX, 0) : column + _AROUND_PX + 1
        ]
        means.append(float(around.mean(dtype=np.float64)))
        deviations.append(float(around.std(dtype=np.float64)))
    return np.array(means), np.array(deviations)
