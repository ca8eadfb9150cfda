"""Where vividness acts, everywhere but at hints and the less the nearer; and what it leans to."""

from typing import cast

import numpy as np
import pytest
import torch

from chromavive.color.bins import BIN_COUNT, ab_bins
from chromavive.colorizer.contract import PaintHint
from chromavive.colorizer.distributions import Classifier, leaning
from chromavive.colorizer.vividness import NEAR_CELLS, strengths


def hint(x: float, y: float) -> PaintHint:
    """Of any color."""
    return PaintHint(x, y, 30, 30, 5)


def test_without_hints_it_is_the_same_everywhere() -> None:
    """The room's vividness itself."""
    np.testing.assert_array_equal(strengths(0.3, (), 96, 160), np.full((96, 160), 0.3, np.float32))


@pytest.mark.parametrize("x, y", [(0.5, 0.5), (0.0, 1.0), (0.999, 0.001), (0.313, 0.707)])
def test_it_is_nothing_in_the_cell_that_holds_a_hint(x: float, y: float) -> None:
    """Exactly; on borders and in corners too."""
    left = strengths(1.0, (hint(x, y),), 96, 160)
    assert left[min(int(y * 96), 95), min(int(x * 160), 159)] == 0


def test_it_grows_with_the_distance_alone() -> None:
    """As the formula says for one hint, in every direction; next to nothing beside it, all of it far away."""
    left = strengths(0.8, (hint(0.501, 0.501),), 128, 128)
    y, x = np.mgrid[0:128, 0:128] - 64.0
    away = np.hypot(x, y)
    expected = 0.8 * (1 - np.exp(-(away**2) / (2 * NEAR_CELLS**2))) ** 2
    np.testing.assert_allclose(left, expected, atol=1e-6)
    assert left[64, 63:66].max() < 0.001
    assert left[away > 5 * NEAR_CELLS].min() > 0.799


def test_many_hints_hold_it_down_and_their_order_does_not_matter() -> None:
    """Never below 0, never more than with fewer hints."""
    hints = [hint((i * 0.618) % 1, (i + 0.5) / 40) for i in range(40)]
    few, many = strengths(1.0, hints[:20], 128, 96), strengths(1.0, hints, 128, 96)
    assert many.min() == 0
    assert (many <= few + 1e-6).all()
    np.testing.assert_allclose(strengths(1.0, hints[::-1], 128, 96), many, atol=1e-5)


def test_a_vivid_picture_is_more_colorful() -> None:
    """Where a color is less likely than gray and still likely, the picture leans to the color, not to gray."""

    class Source:
        rebalanced = False

        def class_logits(self, features: torch.Tensor) -> torch.Tensor:
            return features

    often = np.full(BIN_COUNT, -20, np.float32)
    bins = [tuple(each) for each in ab_bins().tolist()]
    often[bins.index((0, 0))], often[bins.index((60, 40))] = np.log(0.6), np.log(0.4)
    features = torch.from_numpy(often)[None, :, None, None].expand(1, BIN_COUNT, 2, 2)
    towards = leaning(cast(Classifier, Source()), features)
    assert (towards[0, 0] > 20).all()
    assert (towards[0, 1] > 10).all()
    Source.rebalanced = True
    assert (leaning(cast(Classifier, Source()), features) < 0).all()
