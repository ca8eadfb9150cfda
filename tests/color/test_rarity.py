"""The weights of rare colors."""

import numpy as np

from chromavive.color.bins import BIN_COUNT, ab_bins
from chromavive.color.rarity import rebalancing


def test_rare_colors_weigh_more_than_common_ones() -> None:
    """All of them positive; gray, of which photographs are full, weighs least."""
    weights = rebalancing()
    assert weights.shape == (BIN_COUNT,)
    assert (weights > 0).all()
    np.testing.assert_array_equal(ab_bins()[weights.argmin()], (0, 0))
    assert weights.max() / weights.min() > 20
