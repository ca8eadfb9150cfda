"""Chroma at a photograph's size: half-pixel centers, edges held, bands equal to the whole."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from chromavive.color.upsample import upsample, upsample_rows


@pytest.fixture
def ab() -> NDArray[np.float32]:
    return np.random.default_rng(5).uniform(-100, 100, (2, 7, 9)).astype(np.float32)


def test_the_same_size_gives_the_same_values(ab: NDArray[np.float32]) -> None:
    """Nothing is shifted: centers fall on centers."""
    np.testing.assert_array_equal(upsample(ab, 7, 9), ab)


def test_pixel_centers_lie_at_half_pixels() -> None:
    """Doubling two values gives both ends held and quarter steps between, on each axis."""
    row = np.array([[[0.0, 8.0]], [[8.0, 0.0]]])
    np.testing.assert_array_equal(upsample(row, 1, 4), [[[0, 2, 6, 8]], [[8, 6, 2, 0]]])
    np.testing.assert_array_equal(upsample(row.transpose(0, 2, 1), 4, 1)[:, :, 0], [[0, 2, 6, 8], [8, 6, 2, 0]])


def test_it_is_the_bilinear_interpolation_of_a_second_opinion(ab: NDArray[np.float32]) -> None:
    """Agrees with scikit-image's resize, which shares no code with it, at an odd ratio."""
    transform = pytest.importorskip("skimage.transform")
    theirs = np.stack([transform.resize(plane, (31, 50), order=1, mode="edge", anti_aliasing=False) for plane in ab])
    ours = upsample(ab, 31, 50)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_bands_put_together_are_the_whole(ab: NDArray[np.float32]) -> None:
    """Bit for bit, wherever the cuts lie, an empty band included."""
    whole = upsample(ab, 40, 33)
    cuts = [0, 1, 1, 13, 39, 40]
    bands = [upsample_rows(ab, 40, 33, *cut) for cut in pairwise(cuts)]
    np.testing.assert_array_equal(np.concatenate(bands, axis=1), whole)
