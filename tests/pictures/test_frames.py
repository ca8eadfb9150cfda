"""Chroma payloads: what they lose, how large they are, and that neither plane leaks into the other."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from chromavive.pictures.frames import decode_chroma, encode_chroma


def planes(height_px: int = 128, width_px: int = 128) -> NDArray[np.float32]:
    """Smooth chroma with different ranges in its planes, (2, height, width) float32 in Lab units."""
    rows, columns = np.mgrid[0:height_px, 0:width_px] / np.float32(height_px)
    return np.stack([30 * np.sin(rows * 5) - 10, 60 * np.cos(columns * 4) + 20]).astype(np.float32)


def test_a_settled_frame_loses_half_a_step_and_no_more() -> None:
    """Each plane has 8 bits over its own range: a tenth of a Lab unit here."""
    ab = planes()
    frame = encode_chroma(ab, settled=True)
    assert frame.payload_type == "image/webp"
    error = np.abs(decode_chroma(frame) - ab).max(axis=(1, 2))
    assert error[0] <= frame.a_step / 2 * 1.01
    assert error[1] <= frame.b_step / 2 * 1.01
    assert frame.a_step == pytest.approx(np.ptp(ab[0]) / 255)
    assert frame.b_step == pytest.approx(np.ptp(ab[1]) / 255)


def test_a_moving_frame_is_a_jpeg_that_loses_little() -> None:
    """Lossy, yet within two Lab units anywhere and far less on the whole."""
    ab = planes()
    frame = encode_chroma(ab, settled=False)
    assert frame.payload_type == "image/jpeg"
    error = np.abs(decode_chroma(frame) - ab)
    assert error.max() < 2
    assert error.mean() < 0.3


def test_a_stands_over_b_in_one_gray_picture() -> None:
    """What a browser gets: w x 2h, the upper half from a."""
    ab = np.zeros((2, 16, 24), np.float32)
    ab[0, :, 12:] = 50
    ab[1, 8:] = -50
    frame = encode_chroma(ab, settled=True)
    assert (frame.height_px, frame.width_px) == (16, 24)
    with Image.open(io.BytesIO(frame.payload)) as image:
        assert image.size == (24, 32)
        levels = np.asarray(image.convert("L"))
    assert levels[:16].tolist() == [[0] * 12 + [255] * 12] * 16
    assert levels[16:24].tolist() == [[255] * 24] * 8
    assert levels[24:].tolist() == [[0] * 24] * 8


@pytest.mark.parametrize("settled", [True, False])
def test_planes_of_one_value_have_a_step_and_come_back_exactly(settled: bool) -> None:
    """A gray picture has no range; its step is not zero."""
    ab = np.stack([np.full((16, 16), -12.25), np.zeros((16, 16))]).astype(np.float32)
    frame = encode_chroma(ab, settled)
    assert frame.a_step > 0
    assert frame.b_step > 0
    np.testing.assert_allclose(decode_chroma(frame), ab, atol=1e-6)


@pytest.mark.parametrize("ends", [(-110, 110), (-1e-5, 1e-5), (99.99, 100), (-3, 70), (109.9999, 110)])
def test_any_range_fits_in_bytes(ends: tuple[float, float]) -> None:
    """The largest value is level 255, never a wrapped 0."""
    ab = np.random.default_rng(4).uniform(*ends, (2, 8, 16)).astype(np.float32)
    ab[:, 0, 0], ab[:, 0, 1] = ends
    frame = encode_chroma(ab, settled=True)
    assert np.abs(decode_chroma(frame) - ab).max() <= max(frame.a_step, frame.b_step) * 0.51 + 1e-5
