"""A photograph larger than its gray copy in a real browser: tiles against the export and against an undivided one."""

import base64
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from chromavive.color import cell_means, rgb_to_lab
from chromavive.color.lab import lightness_to_gray
from chromavive.pictures.contract import LIGHTNESS_SCALE
from chromavive.pictures.display import gray_copy
from chromavive.pictures.export import colored
from chromavive.pictures.frames import encode_chroma
from chromavive.pictures.tiles import gray_tile, has_tile
from tests.browser.photograph import coffee
from tests.browser.probe import Bytes, Frame, OpenProbe, Probe, area_means, assert_within_2, some_gray, webp

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@dataclass(frozen=True, slots=True)
class Large:
    """A photograph beyond the gray copy: coffee enlarged, with a grain of its own in every pixel."""

    lightness: NDArray[np.uint16]
    ab: NDArray[np.float32]
    exported: Bytes
    tiles: dict[str, str]

    @property
    def size(self) -> dict[str, int]:
        height, width = self.lightness.shape
        return {"width": width, "height": height}


@pytest.fixture(scope="module")
def large() -> Large:
    """2500 x 3750 pixels, 1.83 for each of the copy's, and all tiles of level 0; the last ones are cut."""
    with Image.open(coffee()) as picture:
        enlarged = picture.convert("RGB").resize((3750, 2500), Image.Resampling.BICUBIC)
    lab = rgb_to_lab(np.asarray(enlarged, np.float32) / 255)
    grain = np.random.default_rng(5).normal(0, 2, lab.shape[:2])
    lightness = np.rint(np.clip(lab[..., 0] + grain, 0, 100) * LIGHTNESS_SCALE).astype(np.uint16)
    ab = np.stack([cell_means(lab[..., channel], 96, 144) for channel in (1, 2)]).astype(np.float32)
    tiles = {
        f"{level}/{x}/{y}": base64.b64encode(gray_tile(lightness, level, x, y)).decode()
        for level in range(3)
        for y in range(5)
        for x in range(8)
        if has_tile(2500, 3750, level, x, y)
    }
    return Large(lightness, ab, colored(lightness, ab), tiles)


def show_large(probe: Probe, large: Large, tiles: dict[str, str] | None = None) -> None:
    payload = encode_chroma(large.ab, settled=True)
    header = Frame.packed(payload).header(1, True)
    gray = base64.b64encode(gray_copy(large.lightness)).decode()
    probe.call("setGray", gray, large.size, large.tiles if tiles is None else tiles)
    assert probe.call("setFrame", header, base64.b64encode(payload.payload).decode())


@pytest.mark.parametrize("corner", [(0, 0), (813, 1019), (2000, 3000)], ids=["first", "middle", "last"])
def test_at_100_percent_a_large_photograph_shows_what_its_export_holds(
    open_probe: OpenProbe, large: Large, corner: tuple[int, int]
) -> None:
    """Tiles bring the photograph's own pixels, with the same chroma: 99.9 % of samples within 2 of the export."""
    probe = open_probe(750, 500)
    show_large(probe, large)
    top, left = corner
    probe.view("setViewport", {"scale": 1, "x": -left, "y": -top})
    probe.call("tiled")
    assert_within_2(probe.snapshot()[..., :3], large.exported[top : top + 500, left : left + 750])
    assert len(probe.call("asked")) <= 6, "no more tiles than show"


@pytest.mark.parametrize("factor", [2, 4])
def test_a_reduced_large_photograph_shows_its_export_reduced(open_probe: OpenProbe, large: Large, factor: int) -> None:
    """At 50 % of tiles, at 25 % of the gray copy: 99.9 % of samples within 2 of the export's means over squares."""
    probe = open_probe(750, 500)
    show_large(probe, large)
    probe.view("setViewport", {"scale": 1 / factor, "x": 0, "y": 0})
    probe.call("tiled")
    wanted = area_means(large.exported[: 500 * factor, : 750 * factor], factor)
    assert_within_2(probe.snapshot()[..., :3], wanted)


def test_tiles_join_each_other_and_the_picture_below_without_a_seam(open_probe: OpenProbe, large: Large) -> None:
    """Magnified across the corner of four tiles, every pixel is the one that an undivided photograph gives."""
    part = np.s_[512 - 40 : 512 + 40, 1024 - 60 : 1024 + 60]
    whole = open_probe(600, 400)
    gray = np.rint(lightness_to_gray(large.lightness / LIGHTNESS_SCALE) * 255).astype(np.uint8)
    whole.set_gray(gray[part])
    whole.view("setViewport", {"scale": 7, "x": -120, "y": -80})
    probe = open_probe(600, 400)
    probe.call("setGray", base64.b64encode(gray_copy(large.lightness)).decode(), large.size, large.tiles)
    probe.view("setViewport", {"scale": 7, "x": -120 - 7 * (1024 - 60), "y": -80 - 7 * (512 - 40)})
    probe.call("tiled")
    assert sorted(probe.call("asked")) == ["0/1/0", "0/1/1", "0/2/0", "0/2/1"]
    difference = np.abs(probe.snapshot()[..., :3].astype(int) - whole.snapshot()[..., :3])
    assert difference.max() <= 1, f"worst {difference.max()}"


def test_a_tile_that_does_not_come_leaves_the_copy_in_its_place(open_probe: OpenProbe, large: Large) -> None:
    """One that cannot be fetched and one that is another's: around them everything is sharp, nothing is empty."""
    tiles = {key: tile for key, tile in large.tiles.items() if key != "0/2/1"}
    tiles["0/3/2"] = large.tiles["0/7/4"]
    probe = open_probe(750, 500)
    show_large(probe, large, tiles)
    before = (probe.view("setViewport", {"scale": 1, "x": -1300, "y": -700}), probe.snapshot())[1][..., :3]
    probe.call("tiled", 2)
    shown = probe.snapshot()[..., :3]
    wanted = large.exported[700:1200, 1300:2050]
    assert_within_2(shown[: 1024 - 700, 1536 - 1300 :], wanted[: 1024 - 700, 1536 - 1300 :])
    missing = np.s_[: 1024 - 700, : 1536 - 1300]
    np.testing.assert_array_equal(shown[missing], before[missing])
    assert np.abs(shown[missing].astype(int) - wanted[missing]).mean() < 12


def test_after_a_lost_context_tiles_are_there_again(open_probe: OpenProbe, large: Large) -> None:
    """Their textures are gone; they are asked for once more, and the picture is the same."""
    probe = open_probe(750, 500)
    show_large(probe, large)
    probe.view("setViewport", {"scale": 1, "x": -1300, "y": -700})
    probe.call("tiled")
    before = probe.snapshot()
    assert not probe.call("loseContext"), "the context was not lost"
    probe.call("tiled")
    np.testing.assert_array_equal(probe.snapshot(), before)
    assert len(set(probe.call("asked"))) * 2 == len(probe.call("asked"))


def test_a_photograph_no_larger_than_its_copy_asks_for_no_tile(open_probe: OpenProbe, rng: np.random.Generator) -> None:
    """However closely it is looked at."""
    probe = open_probe(80, 60)
    probe.call("setGray", webp(some_gray(rng, 60, 80)), {"width": 80, "height": 60}, {})
    probe.view("setViewport", {"scale": 9, "x": -90, "y": -60})
    probe.call("tiled")
    assert probe.call("asked") == []
