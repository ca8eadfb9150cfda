"""The export: the shader's arithmetic at full size, in a PNG that says what it is."""

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from chromavive.color.lab import gray_to_lightness, lab_to_rgb, rgb_to_lab
from chromavive.color.upsample import cell_means, upsample
from chromavive.pictures.contract import LIGHTNESS_SCALE
from chromavive.pictures.display import gray_copy
from chromavive.pictures.export import colored, colored_thumbnail, export_png

RANDOM = np.random.default_rng(7)
LIGHTNESS = RANDOM.integers(0, 65536, (90, 130)).astype(np.uint16)
AB = RANDOM.uniform(-40, 40, (2, 10, 14)).astype(np.float32)


def expected_lab(lightness: NDArray[np.uint16]) -> NDArray[np.float64]:
    exact = lightness / LIGHTNESS_SCALE
    return np.concatenate([exact[..., None], np.moveaxis(upsample(AB.astype(np.float64), exact), 0, -1)], axis=-1)


def test_each_pixel_is_lab_of_its_lightness_and_upsampled_chroma(tmp_path: Path) -> None:
    """The file holds what color/ computes, to its 8 bits."""
    export_png(LIGHTNESS, AB, tmp_path / "out.png")
    lab = expected_lab(LIGHTNESS)
    with Image.open(tmp_path / "out.png") as image:
        assert (image.mode, image.size) == ("RGB", (130, 90))
        assert np.abs(np.asarray(image) - lab_to_rgb(lab) * 255).max() <= 0.51


def test_without_chroma_it_is_the_gray_photograph() -> None:
    """No color is added where there is none, and L is kept."""
    picture = colored(LIGHTNESS, np.zeros((2, 4, 4), np.float32))
    assert np.ptp(picture.astype(int), axis=-1).max() <= 1
    assert np.abs(rgb_to_lab(picture / 255)[..., 0] - LIGHTNESS / LIGHTNESS_SCALE).max() < 0.3


def test_bands_leave_no_seam() -> None:
    """A picture of several bands equals one whose bands lie elsewhere."""
    tall = np.broadcast_to(LIGHTNESS[:1, :64], (9000, 64))
    whole = colored(tall, AB)
    assert np.abs(whole - lab_to_rgb(expected_lab(tall)) * 255).max() <= 0.51


def test_the_page_follows_the_same_lightness() -> None:
    """The means that the reduced 8-bit copy gives a page lie within 0.25 L of those of the full photograph."""
    grain = RANDOM.normal(0, 3, (700, 1100)) + 50 + 40 * np.sin(np.arange(1100) / 9)
    full = np.rint(np.clip(grain, 0, 100) * LIGHTNESS_SCALE).astype(np.uint16)
    with Image.open(io.BytesIO(gray_copy(full, 880))) as copy:
        page = gray_to_lightness(np.asarray(copy.convert("L")) / 255)
    assert page.shape == (560, 880)
    assert np.abs(cell_means(page, 70, 110) - cell_means(full, 70, 110) / LIGHTNESS_SCALE).max() < 0.25


def test_the_file_says_srgb_and_that_it_is_colorized(tmp_path: Path) -> None:
    """Viewers need the color space; people need to know that the colors are not the camera's."""
    export_png(LIGHTNESS, AB, tmp_path / "out.png")
    data = (tmp_path / "out.png").read_bytes()
    assert data.index(b"sRGB\0") < data.index(b"IDAT")
    with Image.open(tmp_path / "out.png") as image:
        image.load()
        assert image.info["srgb"] == 0
        assert image.info["Software"] == "chromaVive"
        assert "colors were added" in image.info["Comment"]


def test_a_turned_view_is_exported_as_shown() -> None:
    """Strides of a view do not matter."""
    turned = np.rot90(LIGHTNESS, -1)
    np.testing.assert_array_equal(colored(turned, AB), colored(np.ascontiguousarray(turned), AB))


def test_a_thumbnail_keeps_the_aspect_and_the_colors() -> None:
    """Small, colored, never squeezed into a network's size, never enlarged."""
    wide = np.full((100, 900), round(60 * LIGHTNESS_SCALE), np.uint16)
    red = np.stack([np.full((8, 8), 50), np.full((8, 8), 30)]).astype(np.float32)
    with Image.open(io.BytesIO(colored_thumbnail(wide, red))) as image:
        assert (image.format, image.size) == ("WEBP", (320, 36))
        lab = rgb_to_lab(np.asarray(image.convert("RGB")) / 255).mean(axis=(0, 1))
    np.testing.assert_allclose(lab, (60, 50, 30), atol=3)
    with Image.open(io.BytesIO(colored_thumbnail(wide[:, :50], red))) as image:
        assert image.size == (50, 100)
