"""What a palette proposes: possible colors, apart from each other, the most probable first."""

import numpy as np
import pytest
from numpy.typing import NDArray

from chromavive.color.bins import BIN_COUNT, ab_bins
from chromavive.color.lab import in_gamut
from chromavive.color.palette import PALETTE_SIZE, LikelyColor, palette

BINS = ab_bins()


def drawn(seed: int) -> NDArray[np.float32]:
    """A distribution with many small peaks."""
    return np.random.default_rng(seed).dirichlet(np.full(BIN_COUNT, 0.2)).astype(np.float32)


def lab(colors: tuple[LikelyColor, ...], lightness: float) -> NDArray[np.float64]:
    """(n, 3)."""
    return np.array([(lightness, likely.a, likely.b) for likely in colors])


@pytest.mark.parametrize("lightness", [3.4, 20.0, 50.6, 75.2, 93.9])
def test_a_screen_can_show_every_likely_color(lightness: float) -> None:
    """At the place's own lightness, whatever the distribution wants."""
    for seed in range(20):
        assert in_gamut(lab(palette(drawn(seed), lightness), lightness)).all()


@pytest.mark.parametrize("lightness", [0.0, 0.4, 99.8, 100.0])
def test_black_and_white_have_one_color(lightness: float) -> None:
    """Which stands for everything."""
    assert palette(drawn(0), lightness) == (LikelyColor(0.0, 0.0, 1.0),)


def test_the_largest_share_comes_first() -> None:
    """At most nine different colors; shares do not grow and sum to at most 1."""
    for seed in range(20):
        colors = palette(drawn(seed), 55)
        shares = [likely.share for likely in colors]
        assert len({(likely.a, likely.b) for likely in colors}) == len(colors) <= PALETTE_SIZE
        assert shares == sorted(shares, reverse=True)
        assert shares[-1] > 0
        assert sum(shares) <= 1 + 1e-5


def peaks(shares: dict[tuple[int, int], float]) -> NDArray[np.float64]:
    """A distribution with that much at each bin and nothing elsewhere."""
    distribution = np.zeros(BIN_COUNT)
    for (a, b), share in shares.items():
        distribution[(BINS[:, 0] == a) & (BINS[:, 1] == b)] = share
    return distribution


def test_a_likely_color_stands_for_what_lies_around_it() -> None:
    """Two groups of bins: two colors, with the groups' shares, the larger first; what cannot be shown has no part."""
    first, second = palette(peaks({(50, 40): 0.3, (50, 50): 0.2, (-30, 30): 0.25, (-90, 50): 0.25}), 60)
    assert [first.a, first.b, second.a, second.b] == [50, 40, -30, 30]
    assert first.share == pytest.approx(0.5 / 0.75)
    assert second.share == pytest.approx(0.25 / 0.75)


def test_the_likeliest_alone_is_not_the_first_where_others_agree() -> None:
    """What counts is the probability that a likely color covers, not its own."""
    first, second = palette(peaks({(-20, -20): 0.4, (60, 40): 0.3, (60, 50): 0.15, (60, 30): 0.15}), 55)
    assert [first.a, first.b, second.a, second.b] == [60, 40, -20, -20]


def test_nothing_gives_no_colors() -> None:
    """A distribution that is 0 wherever a screen shows a color."""
    assert palette(np.zeros(BIN_COUNT), 50) == ()
