"""The place to ask about: uncertain, of middle lightness, off the edges, and always the same one."""

import numpy as np
import pytest
from numpy.typing import NDArray

from chromavive.color.bins import BIN_COUNT, ab_bins
from chromavive.color.uncertainty import PLACES, most_uncertain

SIDE = 128


def sure() -> NDArray[np.float32]:
    """Everywhere gray alone."""
    found = np.zeros((len(PLACES), BIN_COUNT), np.float32)
    found[:, (ab_bins() == 0).all(axis=1).argmax()] = 1
    return found


def flat(lightness: float = 50) -> NDArray[np.float32]:
    return np.full((SIDE, SIDE), lightness, np.float32)


def test_the_place_of_the_most_even_distribution_is_asked_about() -> None:
    """Wherever it lies."""
    for at in (0, 50, len(PLACES) - 1):
        distributions = sure()
        distributions[at] = 1 / BIN_COUNT
        assert most_uncertain(distributions, flat()) == PLACES[at]


@pytest.mark.parametrize("lightness", [3.0, 97.0])
def test_a_place_where_few_colors_are_possible_gives_way(lightness: float) -> None:
    """What a screen cannot show there is no uncertainty of the picture's."""
    distributions, light = sure(), flat()
    light[: SIDE // 2, : SIDE // 2] = lightness
    distributions[0] = 1 / BIN_COUNT
    distributions[-1, np.abs(ab_bins()).max(axis=1) <= 20] = 1 / 25
    assert most_uncertain(distributions, light) == PLACES[-1]


def test_a_place_on_an_edge_gives_way() -> None:
    """A hint there could be meant for either side."""
    distributions, light = sure(), flat()
    distributions[[0, -1]] = 1 / BIN_COUNT
    assert most_uncertain(distributions, light) == PLACES[0], "of equal ones the first"
    light[: int(PLACES[0][1] * SIDE)] = 30
    assert most_uncertain(distributions, light) == PLACES[-1]


def test_a_picture_without_any_possible_color_asks_nothing() -> None:
    """Black is black."""
    assert most_uncertain(np.full((len(PLACES), BIN_COUNT), 1 / BIN_COUNT, np.float32), flat(0)) is None
