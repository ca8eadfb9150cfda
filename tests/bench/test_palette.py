"""The benchmark of palettes draws and counts what it says."""

from pathlib import Path

import numpy as np
from PIL import Image

from bench.palette import CHROMA_MIN, NEAR_PX, at_lightness, drawn_points, histogram, hit
from chromavive.color import rgb_to_lab
from chromavive.color.bins import ab_bins
from chromavive.color.palette import LikelyColor


def test_points_are_colored_and_their_hints_are_true_and_near() -> None:
    """Chroma above 15 at the point; the hint's color is that of its own place, 8 to 24 pixels away."""
    rng = np.random.default_rng(0)
    lab = rgb_to_lab(rng.random((96, 64, 3), np.float32)).astype(np.float32)
    points = drawn_points(lab, 50, rng)
    assert len(points) == 50
    for point in points:
        row, column = int(point.near.y * 96), int(point.near.x * 64)
        assert np.hypot(*point.lab[1:]) > CHROMA_MIN
        np.testing.assert_array_equal(lab[int(point.y * 96), int(point.x * 64)], point.lab)
        np.testing.assert_allclose([point.near.a, point.near.b], lab[row, column, 1:])
        assert NEAR_PX[0] - 1 < np.hypot((point.x - point.near.x) * 64, (point.y - point.near.y) * 96) < NEAR_PX[1] + 1


def test_a_gray_photograph_has_no_points() -> None:
    """Where nothing is colored nothing can be missed."""
    assert drawn_points(np.full((32, 32, 3), (50, 3, 3), np.float32), 5, np.random.default_rng(0)) == []


def test_the_histogram_counts_bins_at_their_lightness(tmp_path: Path) -> None:
    """All pixels of an even picture in one cell, which lightnesses up to 5 away see."""
    Image.new("RGB", (8, 8), (200, 60, 50)).save(tmp_path / "red.png")
    counts = histogram([tmp_path / "red.png"], np.random.default_rng(0))
    lightness, a, b = rgb_to_lab(np.array([200, 60, 50]) / 255)
    [[level, index]] = np.argwhere(counts)
    assert level == round(lightness)
    assert np.abs(ab_bins()[index] - (a, b)).max() <= 5
    assert at_lightness(counts, lightness + 5.4).sum() == counts.sum()
    assert at_lightness(counts, lightness + 7).sum() == 0


def test_a_hit_is_within_six_of_any_likely_color() -> None:
    """CIEDE2000 at the point's own lightness."""
    lab = np.array([50, 20, 20], np.float32)
    assert hit([LikelyColor(-50, 0, 0.9), LikelyColor(22, 22, 0.1)], lab)
    assert not hit([LikelyColor(-50, 0, 0.9), LikelyColor(40, 0, 0.1)], lab)
    assert not hit([], lab)
