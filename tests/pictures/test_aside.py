"""A photograph's own colors, as the room is turned and cropped."""

import io
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from chromavive.color.lab import rgb_to_lab
from chromavive.pictures import door
from chromavive.pictures.aside import Aside
from chromavive.pictures.contract import AsideWish, PhotographLimits
from chromavive.pictures.display import arrange
from tests.pictures.made import deep_png, encoded, lzw_tiff

CROP = (0.25, 0.0, 0.75, 0.5)


def colors(height: int = 24, width: int = 40) -> NDArray[np.uint8]:
    """(height, width, 3) sRGB that no turn or mirroring leaves as it is."""
    rows, columns = np.mgrid[0:height, 0:width]
    return np.asarray(np.stack([60 + rows * 5, 40 + columns * 4, 200 - rows * 3 - columns], axis=-1), np.uint8)


def asked(upright: NDArray[Any], wish: AsideWish) -> NDArray[np.float64]:
    """The same by plain means, of (H, W, 3) sRGB 0 to 1 as it stands upright."""
    ab = arrange(rgb_to_lab(upright.astype(np.float64))[..., 1:], wish.turn, wish.crop)
    row_edges = np.arange(wish.height + 1) * ab.shape[0] // wish.height
    column_edges = np.arange(wish.width + 1) * ab.shape[1] // wish.width
    return np.array(
        [
            [
                [ab[top:bottom, left:right, plane].mean() for left, right in pairwise(column_edges)]
                for top, bottom in pairwise(row_edges)
            ]
            for plane in range(2)
        ]
    )


def gathered(data: bytes, wish: AsideWish) -> NDArray[np.float32]:
    aside = Aside(wish)
    door.open_photograph(data, PhotographLimits(), aside)
    return aside.planes()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("turn", range(4))
def test_each_cell_has_the_mean_color_of_what_it_shows(
    orientation: int, turn: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However the camera lay, the room is turned and cropped, and the bands of rows fall."""
    monkeypatch.setattr(door, "_BAND_PIXELS", 40 * 5)
    pixels = colors()
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(Image.fromarray(pixels), "PNG", exif=exif)
    upright = np.stack([door.upright(pixels[..., channel], orientation) for channel in range(3)], axis=-1)
    for wish in (AsideWish(5, 7, turn, (0.0, 0.0, 1.0, 1.0)), AsideWish(4, 3, turn, CROP)):
        planes = gathered(data, wish)
        assert planes.shape == (2, wish.height, wish.width)
        assert np.abs(planes - asked(upright / 255, wish)).max() < 1e-3


def test_colors_of_16_bits_and_of_tiff_are_gathered_too() -> None:
    """The ways that read both bytes of each channel."""
    wish = AsideWish(3, 4, 0, (0.0, 0.0, 1.0, 1.0))
    pixels = colors().astype(np.uint16) * 257
    for data in (deep_png(pixels), lzw_tiff(pixels, "<", 1)):
        assert np.abs(gathered(data, wish) - asked(pixels / 65535, wish)).max() < 1e-3


def test_there_are_no_more_cells_than_pixels() -> None:
    """A small crop has its own pixels, and a gray photograph no colors."""
    planes = gathered(encoded(Image.fromarray(colors()), "PNG"), AsideWish(224, 288, 0, (0.0, 0.0, 0.5, 0.5)))
    assert planes.shape == (2, 12, 20)
    buffer = io.BytesIO()
    Image.fromarray(colors()).convert("L").save(buffer, "PNG")
    assert not gathered(buffer.getvalue(), AsideWish(4, 4, 0, (0.0, 0.0, 1.0, 1.0))).any()
