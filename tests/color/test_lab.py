"""Lab conversion, gamut and CIEDE2000 against scikit-image and against Sharma's published pairs."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from chromavive.color import lab

SHARMA = np.loadtxt(Path(__file__).parents[1] / "vectors" / "ciede2000.txt")


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(11)


def some_lab(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    return np.stack(
        [
            rng.uniform(0, 100, count),
            rng.uniform(-110, 110, count),
            rng.uniform(-110, 110, count),
        ],
        axis=-1,
    )


def test_rgb_to_lab_is_scikit_images(rng: np.random.Generator) -> None:
    """The constants are scikit-image's."""
    color = pytest.importorskip("skimage.color")
    rgb = rng.uniform(0, 1, (5, 400, 3))
    np.testing.assert_allclose(lab.rgb_to_lab(rgb), color.rgb2lab(rgb), atol=1e-9)


@pytest.mark.filterwarnings("ignore:.*negative Z values")
def test_lab_to_rgb_is_scikit_images_outside_the_gamut_too(
    rng: np.random.Generator,
) -> None:
    """Clipped channels agree wherever the color lies."""
    color = pytest.importorskip("skimage.color")
    values = some_lab(rng, 4000)
    np.testing.assert_allclose(lab.lab_to_rgb(values), color.lab2rgb(values), atol=1e-9)


def test_every_8_bit_color_of_a_grid_comes_back(rng: np.random.Generator) -> None:
    """Lab and back is exact to far below an 8 bit step, in both precisions."""
    steps = np.linspace(0, 1, 18)
    rgb = np.stack(np.meshgrid(steps, steps, steps), axis=-1)
    np.testing.assert_allclose(lab.lab_to_rgb(lab.rgb_to_lab(rgb)), rgb, atol=2e-6)
    single = lab.rgb_to_lab(rgb.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(lab.lab_to_rgb(single), rgb, atol=1e-4)


def test_gray_and_lightness_are_each_others_inverse() -> None:
    """Each of 65,536 grays is told apart by its lightness and comes back; it is the L of the neutral color."""
    gray = np.arange(65536) / 65535
    lightness = lab.gray_to_lightness(gray)
    assert (np.diff(lightness) > 0).all()
    np.testing.assert_allclose(lab.lightness_to_gray(lightness), gray, atol=2e-6)
    np.testing.assert_allclose(lightness, lab.rgb_to_lab(np.repeat(gray[:, None], 3, axis=1))[:, 0], atol=1e-9)


def test_neutral_colors_lie_inside_the_gamut() -> None:
    """Gray is possible at every lightness, the two ends included."""
    lightness = np.linspace(0, 100, 1001)
    neutral = np.stack([lightness, 0 * lightness, 0 * lightness], axis=-1)
    assert lab.in_gamut(neutral).all()
    assert lab.in_gamut(neutral.astype(np.float32)).all()


def test_clamping_keeps_lightness_and_hue_and_takes_the_largest_chroma(
    rng: np.random.Generator,
) -> None:
    """What comes back is inside, on the same ray, and a little more chroma would be outside."""
    values = some_lab(rng, 3000)
    clamped = lab.clamp_to_gamut(values)
    outside = ~lab.in_gamut(values)
    assert 1000 < outside.sum() < 3000
    np.testing.assert_array_equal(clamped[~outside], values[~outside])
    assert lab.in_gamut(clamped).all()
    np.testing.assert_array_equal(clamped[:, 0], values[:, 0])
    np.testing.assert_allclose(clamped[:, 1] * values[:, 2], clamped[:, 2] * values[:, 1], atol=1e-9)
    assert (clamped[:, 1:] * values[:, 1:] >= 0).all()
    slightly_more = clamped[outside]
    slightly_more[:, 1:] += values[outside][:, 1:] * 1e-6
    assert not lab.in_gamut(slightly_more).any()


def test_clamping_does_not_change_what_it_was_given(rng: np.random.Generator) -> None:
    """The argument stays as it was, and a single color works like many."""
    values = np.array([50.0, 100.0, -100.0])
    clamped = lab.clamp_to_gamut(values)
    np.testing.assert_array_equal(values, [50, 100, -100])
    assert clamped.shape == (3,)
    np.testing.assert_array_equal(clamped, lab.clamp_to_gamut(values[None])[0])


def test_delta_e_2000_gives_the_published_differences() -> None:
    """All 34 pairs of Sharma, Wu and Dalal, to the four digits printed, and the same the other way round."""
    assert len(SHARMA) == 34
    np.testing.assert_allclose(lab.delta_e_2000(SHARMA[:, :3], SHARMA[:, 3:6]), SHARMA[:, 6], atol=5.1e-5)
    np.testing.assert_allclose(lab.delta_e_2000(SHARMA[:, 3:6], SHARMA[:, :3]), SHARMA[:, 6], atol=5.1e-5)


def test_delta_e_2000_is_scikit_images(rng: np.random.Generator) -> None:
    """The same on random colors."""
    color = pytest.importorskip("skimage.color")
    first, second = some_lab(rng, 2000), some_lab(rng, 2000)
    np.testing.assert_allclose(
        lab.delta_e_2000(first, second),
        color.deltaE_ciede2000(first, second),
        atol=1e-9,
    )
