"""Chroma at a photograph's size: half-pixel centers, edges held and followed, no halos, bands equal to the whole."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from chromavive.color.upsample import ChromaLines, bilinear, cell_means, upsample, upsample_rows

RANDOM = np.random.default_rng(5)
GRAY = np.full((80, 90), 50.0)


@pytest.fixture
def ab() -> NDArray[np.float32]:
    return np.random.default_rng(5).uniform(-100, 100, (2, 7, 9)).astype(np.float32)


def step_at(column: int, dark: float, bright: float, height: int = 64, width: int = 96) -> NDArray[np.float64]:
    """(height, width) values: dark before the column, bright from it on."""
    return np.where(np.arange(width) < column, dark, bright)[None].repeat(height, axis=0)


def reduced(planes: NDArray[np.float64], height: int, width: int) -> NDArray[np.float64]:
    return np.stack([cell_means(plane, height, width) for plane in planes])


def test_the_same_size_gives_the_same_values(ab: NDArray[np.float32]) -> None:
    """Nothing is shifted or sharpened: centers fall on centers."""
    np.testing.assert_array_equal(bilinear(ab, 7, 9), ab)
    np.testing.assert_allclose(upsample(ab, RANDOM.uniform(0, 100, (7, 9))), ab, atol=1e-3)


def test_pixel_centers_lie_at_half_pixels() -> None:
    """Doubling two values gives both ends held and quarter steps between, on each axis."""
    row = np.array([[[0.0, 8.0]], [[8.0, 0.0]]])
    np.testing.assert_array_equal(bilinear(row, 1, 4), [[[0, 2, 6, 8]], [[8, 6, 2, 0]]])
    np.testing.assert_array_equal(bilinear(row.transpose(0, 2, 1), 4, 1)[:, :, 0], [[0, 2, 6, 8], [8, 6, 2, 0]])


def test_it_is_the_bilinear_interpolation_of_a_second_opinion(ab: NDArray[np.float32]) -> None:
    """Agrees with scikit-image's resize, which shares no code with it, at an odd ratio."""
    transform = pytest.importorskip("skimage.transform")
    theirs = np.stack([transform.resize(plane, (31, 50), order=1, mode="edge", anti_aliasing=False) for plane in ab])
    ours = bilinear(ab, 31, 50)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_bands_put_together_are_the_whole(ab: NDArray[np.float32]) -> None:
    """Bit for bit, wherever the cuts lie, an empty band included."""
    lightness = RANDOM.uniform(0, 100, (40, 33)).astype(np.float32)
    whole = upsample(ab, lightness)
    assert whole.dtype == np.float32
    lines = ChromaLines.fitted(ab, cell_means(lightness, 7, 9), 40, 33)
    cuts = [0, 1, 1, 13, 39, 40]
    bands = [upsample_rows(lines, lightness[top:bottom], top, 40) for top, bottom in pairwise(cuts)]
    np.testing.assert_array_equal(np.concatenate(bands, axis=1), whole)


@pytest.mark.parametrize(("height", "width"), [(4, 5), (3, 2), (12, 10), (17, 23), (1, 1)])
def test_a_cell_holds_the_mean_of_what_it_covers(height: int, width: int) -> None:
    """Also where borders of cells cut pixels, and where cells are smaller: as on a grid that both divide."""
    values = RANDOM.integers(0, 65536, (12, 10)).astype(np.uint16)
    fine = values.astype(np.float64).repeat(height, axis=0).repeat(width, axis=1)
    expected = fine.reshape(height, 12, width, 10).mean(axis=(1, 3))
    np.testing.assert_allclose(cell_means(values, height, width), expected)


def test_a_color_edge_lies_where_the_lightness_has_it() -> None:
    """Where color and lightness change together, what bilinear interpolation smears is halved at least."""
    lightness, a = step_at(50, 30, 70), step_at(50, -20, 40)
    true = np.stack([a, -a])
    ab = reduced(true, 8, 12)
    error, bilinear_error = (np.abs(guess - true).mean() for guess in (upsample(ab, lightness), bilinear(ab, 64, 96)))
    assert error < bilinear_error / 2


def test_an_edge_of_lightness_alone_makes_no_color() -> None:
    """Even chroma stays as it is under any lightness: a white shirt's folds on a red wall stay white, the wall red."""
    ab = np.stack([np.full((8, 12), 37.0), np.full((8, 12), -12.0)])
    lightness = step_at(50, 5, 95) + RANDOM.uniform(-5, 5, (64, 96))
    np.testing.assert_allclose(upsample(ab, lightness), np.broadcast_to(ab[:, :1, :1], (2, 64, 96)), atol=1e-9)


def test_grain_makes_no_color() -> None:
    """Where color follows lightness only by chance, noise of 5 in L moves it by less than 0.25 in the mean."""
    lightness = GRAY + RANDOM.normal(0, 5, GRAY.shape)
    ab = 20 + RANDOM.normal(0, 1, (2, 8, 9))
    grain = upsample(ab, lightness) - upsample(ab, GRAY)
    assert np.abs(grain).mean() < 0.25


def test_no_pixel_leaves_the_range_around_it() -> None:
    """No halos: nothing is further than 2 outside the chroma of the cells whose ranges meet there."""
    ab = RANDOM.uniform(-60, 60, (2, 8, 9))
    ab[:, 2, 3] = 100
    shown = upsample(ab, RANDOM.uniform(0, 100, GRAY.shape))
    for row, column in [(y, x) for y in range(8) for x in range(9)]:
        # A pixel lies between centers of its own and of neighboring cells, each of which knows the 3 x 3 around it.
        near = ab[:, max(row - 2, 0) : row + 3, max(column - 2, 0) : column + 3]
        inside = shown[:, row * 10 : row * 10 + 10, column * 10 : column * 10 + 10]
        assert (inside >= near.min(axis=(1, 2), keepdims=True) - 2 - 1e-9).all()
        assert (inside <= near.max(axis=(1, 2), keepdims=True) + 2 + 1e-9).all()


def test_the_mean_over_a_cell_is_nearer_to_the_cell() -> None:
    """Interpolation alone would show a cell unlike its neighbors, as a hint's is, with less of its color."""
    ab = np.zeros((2, 8, 9))
    ab[:, 4, 4] = 60
    shown, blurred = (cell_means(guess[0], 8, 9)[4, 4] for guess in (upsample(ab, GRAY), bilinear(ab, *GRAY.shape)))
    assert blurred == pytest.approx(60 * 0.75**2)
    assert 45 < shown <= 60
