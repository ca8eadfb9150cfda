"""The picture as shown: turned, cropped, reduced."""

import io

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from chromavive.color.lab import gray_to_lightness, lightness_to_gray
from chromavive.hints.entry import Opened, Photograph
from chromavive.hints.state import opened_state
from chromavive.pictures.contract import LIGHTNESS_SCALE
from chromavive.pictures.display import Crop, arrange, gray_copy, working_lightness

PICTURE = np.array([[1, 2, 3], [4, 5, 6]], np.uint16)


@pytest.mark.parametrize(
    ("quarter_turns", "expected"),
    [
        (0, [[1, 2, 3], [4, 5, 6]]),
        (1, [[4, 1], [5, 2], [6, 3]]),
        (2, [[6, 5, 4], [3, 2, 1]]),
        (3, [[3, 6], [2, 5], [1, 4]]),
    ],
)
def test_quarter_turns_go_clockwise(quarter_turns: int, expected: list[list[int]]) -> None:
    """One turn brings the left side up."""
    assert arrange(PICTURE, quarter_turns).tolist() == expected


def test_the_crop_is_of_the_turned_picture() -> None:
    """Turn first, then crop: x runs along the turned picture's width."""
    assert arrange(PICTURE, 1, (0.5, 0.0, 1.0, 2 / 3)).tolist() == [[1], [2]]


@pytest.mark.parametrize("crop", [(0.999, 0.999, 1.0, 1.0), (0.0, 0.0, 1e-9, 1e-9), (0.5, 0.5, 0.5, 0.5)])
def test_a_crop_keeps_at_least_one_pixel(crop: Crop) -> None:
    """Rounding never makes an empty picture."""
    assert arrange(PICTURE, 0, crop).shape == (1, 1)


def test_arranging_copies_nothing() -> None:
    """A 100-megapixel photograph is turned and cropped by strides."""
    assert np.shares_memory(arrange(PICTURE, 3, (0.0, 0.0, 0.5, 0.5)), PICTURE)


def test_the_room_and_the_picture_agree_on_the_size_shown() -> None:
    """300 turns and crops: `State.shown_size` is the size of what is shown, to the pixel."""
    random = np.random.default_rng(2)
    state = opened_state(Opened(Photograph("0" * 64, 37, 53, False), "stub", ""))
    lightness = np.zeros((37, 53), np.uint16)
    for _ in range(300):
        (x0, x1), (y0, y1) = np.sort(random.uniform(0, 1, (2, 2))).tolist()
        turns = int(random.integers(4))
        shown = msgspec.structs.replace(state, turn=turns, crop=(x0, y0, x1, y1))
        assert arrange(lightness, turns, (x0, y0, x1, y1)).shape == shown.shown_size()


def wave_lightness(height_px: int, width_px: int) -> NDArray[np.float64]:
    """The same wave, L, at the pixel centers of any size."""
    rows = (np.arange(height_px) + 0.5) / height_px
    columns = (np.arange(width_px) + 0.5) / width_px
    return np.asarray(50 + 30 * np.sin(rows * 6)[:, None] + 15 * np.cos(columns * 9))


def wave(height_px: int, width_px: int) -> NDArray[np.uint16]:
    """A smooth lightness, (height, width) uint16."""
    return np.asarray(np.rint(wave_lightness(height_px, width_px) * LIGHTNESS_SCALE), np.uint16)


@pytest.mark.parametrize(
    ("size", "expected"), [((600, 600), (256, 256)), ((600, 800), (224, 288)), ((1200, 500), (416, 160))]
)
def test_a_network_gets_the_working_size_of_the_aspect(size: tuple[int, int], expected: tuple[int, int]) -> None:
    """Never padded, L in 0 to 100, float32."""
    reduced = working_lightness(wave(*size))
    assert reduced.shape == expected
    assert reduced.dtype == np.float32
    np.testing.assert_allclose(reduced[2:-2, 2:-2], wave_lightness(*expected)[2:-2, 2:-2], atol=0.05)


def test_reduction_is_antialiased() -> None:
    """A checkerboard of single pixels becomes its mean, in L, and not stripes."""
    board = (np.indices((1024, 1024)).sum(axis=0) % 2 * 65535).astype(np.uint16)
    np.testing.assert_allclose(working_lightness(board)[4:-4, 4:-4], 50, atol=0.1)


def test_the_gray_copy_is_lossless_and_never_enlarged() -> None:
    """Below the limit it is the photograph's own gray, level for level."""
    lightness = wave(60, 90)
    with Image.open(io.BytesIO(gray_copy(lightness))) as copy:
        assert (copy.format, copy.size) == ("WEBP", (90, 60))
        shown = np.asarray(copy.convert("RGB"))
    expected = np.rint(lightness_to_gray(lightness / LIGHTNESS_SCALE) * 255)
    np.testing.assert_array_equal(shown, np.repeat(expected[..., None], 3, axis=-1))


def test_the_gray_copy_is_reduced_to_its_long_side() -> None:
    """The aspect stays, and the gray is that of the reduced L."""
    with Image.open(io.BytesIO(gray_copy(wave(300, 700), long_side_px=70))) as copy:
        assert copy.size == (70, 30)
        shown = gray_to_lightness(np.asarray(copy.convert("L")) / 255)
    assert abs(shown.mean() - (wave(300, 700) / LIGHTNESS_SCALE).mean()) < 0.3
