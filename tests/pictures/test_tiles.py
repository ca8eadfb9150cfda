"""Tiles: the photograph's gray at full size and halved, cut so that they join."""

import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from chromavive.color.lab import lightness_to_gray
from chromavive.pictures.contract import LIGHTNESS_SCALE
from chromavive.pictures.display import GRAY_COPY_PX, arrange, gray_copy
from chromavive.pictures.tiles import BORDER_PX, TILE_PX, gray_tile, has_tile


def noise(height: int, width: int) -> NDArray[np.uint16]:
    return np.random.default_rng(3).integers(0, 65536, (height, width), np.uint16)


def decoded(content: bytes) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(content)) as tile:
        assert tile.format == "WEBP"
        rgb = np.asarray(tile.convert("RGB"))
    assert (rgb == rgb[..., :1]).all()
    return rgb[..., 0]


def level_gray(lightness: NDArray[np.uint16], level: int) -> NDArray[np.uint8]:
    """All of a level by plain arithmetic: each pixel the gray of the mean L of what it stands for."""
    step = 2**level
    height, width = lightness.shape
    rows, columns = np.arange(0, height, step), np.arange(0, width, step)
    sums = np.add.reduceat(np.add.reduceat(lightness.astype(np.int64), rows, axis=0), columns, axis=1)
    pixels = np.diff(rows, append=height)[:, None] * np.diff(columns, append=width)
    return np.rint(lightness_to_gray(sums / pixels / LIGHTNESS_SCALE) * 255).astype(np.uint8)


def with_border(gray: NDArray[np.uint8], x: int, y: int) -> NDArray[np.uint8]:
    top, left = y * TILE_PX, x * TILE_PX
    rows = slice(max(top - BORDER_PX, 0), top + TILE_PX + BORDER_PX)
    return gray[rows, max(left - BORDER_PX, 0) : left + TILE_PX + BORDER_PX]


def test_a_tile_of_full_size_has_the_gray_copys_bytes() -> None:
    """Gray for gray what a page would draw of a photograph that needs no tiles, with a border of its neighbors."""
    lightness = noise(700, 1100)
    copy = decoded(gray_copy(lightness))
    for x, y in ((0, 0), (1, 0), (2, 1)):
        np.testing.assert_array_equal(decoded(gray_tile(lightness, 0, x, y)), with_border(copy, x, y))


@pytest.mark.parametrize(("level", "x", "y"), [(1, 0, 0), (1, 2, 1), (2, 1, 0), (3, 0, 0)])
def test_a_level_is_the_mean_lightness_of_squares(level: int, x: int, y: int) -> None:
    """Also where the last row and column stand for fewer pixels; one gray beside it where the mean lies between two."""
    lightness = noise(1111, 2501)
    wanted = with_border(level_gray(lightness, level), x, y)
    got = decoded(gray_tile(lightness, level, x, y))
    assert got.shape == wanted.shape
    assert np.abs(got.astype(int) - wanted).max() <= 1
    assert (got == wanted).mean() > 0.99


def test_a_turned_and_cropped_picture_has_the_tiles_of_a_photograph_that_came_so(tmp_path: Path) -> None:
    """Tiles are cut from what is shown, through a mapped file too."""
    np.save(tmp_path / "lightness.npy", noise(900, 1300))
    mapped = np.load(tmp_path / "lightness.npy", mmap_mode="r")
    shown = arrange(mapped, 3, (0.1, 0.2, 0.9, 1.0))
    for place in ((0, 1, 1), (1, 0, 0)):
        assert gray_tile(shown, *place) == gray_tile(np.ascontiguousarray(shown), *place)


def test_which_tiles_there_are() -> None:
    """At full size always; halved only while the level is larger than the gray copy; never beyond an edge."""
    assert has_tile(48, 64, 0, 0, 0)
    assert not has_tile(48, 64, 1, 0, 0)
    assert [has_tile(4000, 6000, level, 0, 0) for level in range(5)] == [True, True, False, False, False]
    assert has_tile(2 * GRAY_COPY_PX + 1, 100, 1, 0, 4)
    assert not has_tile(2 * GRAY_COPY_PX, 100, 1, 0, 0)
    assert has_tile(1024, 1025, 0, 2, 1)
    assert not has_tile(1024, 1025, 0, 2, 2)
    assert not has_tile(1024, 1024, 0, 2, 0)
    for place in ((-1, 0, 0), (0, -1, 0), (0, 0, -1), (10**9, 0, 0)):
        assert not has_tile(4000, 6000, *place)
