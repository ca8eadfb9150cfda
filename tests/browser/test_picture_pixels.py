"""The picture in a real browser against numpy: decoding, the shader, color picking, a lost context."""

import base64
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from chromavive.color import cell_means, gray_to_lightness, lab_to_rgb, rgb_to_lab, upsample
from chromavive.pictures.contract import LIGHTNESS_SCALE
from chromavive.pictures.display import gray_copy
from chromavive.pictures.export import colored
from chromavive.pictures.frames import encode_chroma
from tests.browser.photograph import coffee
from tests.browser.probe import Bytes, Frame, OpenProbe, area_means, assert_within_2, some_frame, some_gray, webp

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def expected_lab(gray: Bytes, frame: Frame) -> NDArray[np.float64]:
    lightness = gray_to_lightness(gray / 255)
    ab = upsample(frame.ab(), lightness)
    return np.concatenate([lightness[..., None], np.moveaxis(ab, 0, -1)], axis=-1)


def expected_rgb(gray: Bytes, frame: Frame) -> NDArray[np.floating[Any]]:
    return lab_to_rgb(expected_lab(gray, frame)) * 255


@pytest.mark.parametrize("ratio", [1, 2])
@pytest.mark.parametrize("plane", [(16, 24), (61, 97), (1, 1)], ids=str)
def test_pixels_are_those_of_numpy(
    open_probe: OpenProbe,
    rng: np.random.Generator,
    plane: tuple[int, int],
    ratio: int,
) -> None:
    """At 100 %, with either device pixel ratio, each channel of each pixel lies within 2 of the server's arithmetic."""
    gray, frame = some_gray(rng, 122, 194), some_frame(rng, *plane)
    probe = open_probe(194, 122, ratio)
    probe.set_gray(gray)
    assert probe.set_frame(frame)
    shown = probe.snapshot()
    assert shown.shape == (122, 194, 4)
    assert (shown[..., 3] == 255).all()
    error = np.abs(shown[..., :3] - expected_rgb(gray, frame))
    assert error.max() <= 2, f"largest error {error.max():.2f}/255, mean {error.mean():.2f}/255"


@pytest.mark.parametrize("ratio", [1, 2])
@pytest.mark.parametrize("factor", [1, 2, 4])
def test_a_settled_page_shows_what_the_export_holds(open_probe: OpenProbe, factor: int, ratio: int) -> None:
    """At 100 %, 50 and 25 %, of 99.9 % of the samples the page's is within 2 of the export's mean over each square.

    On a photograph's own chroma. The page has L and the frame in 8 bits, the export in 16 and in floats.
    """
    with Image.open(coffee()) as picture:
        lab = rgb_to_lab(np.asarray(picture.convert("RGB")) / 255)
    lightness = np.rint(lab[..., 0] * LIGHTNESS_SCALE).astype(np.uint16)
    height, width = lightness.shape
    ab = np.stack([cell_means(lab[..., channel], 96, 144) for channel in (1, 2)]).astype(np.float32)
    payload = encode_chroma(ab, settled=True)
    header = Frame.packed(payload).header(1, True)
    probe = open_probe(width // factor, height // factor, ratio)
    probe.call("setGray", base64.b64encode(gray_copy(lightness)).decode())
    assert probe.call("setFrame", header, base64.b64encode(payload.payload).decode())
    assert_within_2(probe.snapshot()[..., :3], area_means(colored(lightness, ab), factor))


def test_at_the_left_of_the_divider_is_what_was_before(open_probe: OpenProbe, rng: np.random.Generator) -> None:
    """Gray, or another frame; at the right the newest. It stays in its place on the screen when the picture moves."""
    gray, frame, other = some_gray(rng, 60, 80), some_frame(rng, 8, 10), some_frame(rng, 8, 10)
    probe = open_probe(80, 60)
    probe.set_gray(gray)
    probe.set_frame(frame)
    probe.view("setBefore", "gray")
    probe.view("setDivider", 0.3)
    shown = probe.snapshot()[..., :3]
    np.testing.assert_array_equal(shown[:, :24], np.repeat(gray[:, :24, None], 3, axis=-1))
    assert np.abs(shown[:, 24:] - expected_rgb(gray, frame)[:, 24:]).max() <= 2
    probe.set_preview(other)
    probe.view("setBefore", "room")
    shown = probe.snapshot()[..., :3]
    assert np.abs(shown[:, :24] - expected_rgb(gray, frame)[:, :24]).max() <= 2
    assert np.abs(shown[:, 24:] - expected_rgb(gray, other)[:, 24:]).max() <= 2
    probe.view("clearPreview")
    probe.set_before(other)
    probe.view("setViewport", {"scale": 2, "x": -40, "y": 0})
    probe.view("setViewport", {"scale": 1, "x": 0, "y": 0})
    shown = probe.snapshot()[..., :3]
    assert np.abs(shown[:, :24] - expected_rgb(gray, other)[:, :24]).max() <= 2
    assert np.abs(shown[:, 24:] - expected_rgb(gray, frame)[:, 24:]).max() <= 2
    probe.view("setBefore", None)
    assert np.abs(probe.snapshot()[..., :3] - expected_rgb(gray, frame)).max() <= 2


def test_without_a_frame_the_gray_is_shown_untouched(open_probe: OpenProbe, rng: np.random.Generator) -> None:
    """Before the first frame, and with the color amount at 0, each gray byte comes out as it went in."""
    gray, frame = some_gray(rng, 60, 80), some_frame(rng, 8, 10)
    probe = open_probe(80, 60)
    probe.set_gray(gray)
    np.testing.assert_array_equal(probe.snapshot()[..., :3], np.repeat(gray[..., None], 3, axis=-1))
    probe.set_frame(frame)
    probe.view("setColorAmount", 0)
    np.testing.assert_array_equal(probe.snapshot()[..., :3], np.repeat(gray[..., None], 3, axis=-1))
    probe.view("setColorAmount", 1)
    assert np.abs(probe.snapshot()[..., :3] - expected_rgb(gray, frame)).max() <= 2


def test_picking_gives_the_color_of_the_pixel(open_probe: OpenProbe, rng: np.random.Generator) -> None:
    """labAt is the arithmetic's value at that pixel, lightnessAt its L, readPixel what the canvas shows there."""
    gray, frame = some_gray(rng, 60, 80), some_frame(rng, 8, 10)
    probe = open_probe(80, 60)
    probe.set_gray(gray)
    probe.set_frame(frame)
    shown = probe.snapshot()
    lab = expected_lab(gray, frame)
    for row, column, within in [(0, 0, 0.0), (59, 79, 1.0), (17, 33, 0.5), (40, 2, 0.9), (5, 71, 0.1)]:
        x, y = (column + within) / 80, (row + within) / 60
        np.testing.assert_allclose(probe.view("labAt", x, y), lab[row, column], atol=1e-4)
        assert probe.view("lightnessAt", x, y) == pytest.approx(lab[row, column, 0])
        np.testing.assert_array_equal(probe.view("readPixel", x, y), shown[row, column, :3])


def test_beside_a_fitted_picture_the_canvas_is_empty(open_probe: OpenProbe, rng: np.random.Generator) -> None:
    """A picture is centered on a wider canvas, and the canvas shows the page's background on both sides."""
    gray, frame = some_gray(rng, 60, 80), some_frame(rng, 8, 10)
    probe = open_probe(120, 60)
    probe.set_gray(gray)
    probe.set_frame(frame)
    shown = probe.snapshot()
    assert not shown[:, :20].any()
    assert not shown[:, 100:].any()
    assert np.abs(shown[:, 20:100, :3] - expected_rgb(gray, frame)).max() <= 2


def test_a_zoomed_picture_shows_the_chosen_part(open_probe: OpenProbe, rng: np.random.Generator) -> None:
    """At three times the size the center of each picture pixel keeps its color, and points are found where they lie."""
    gray, frame = some_gray(rng, 60, 80), some_frame(rng, 60, 80)
    probe = open_probe(80, 60)
    probe.set_gray(gray)
    probe.set_frame(frame)
    probe.view("setViewport", {"scale": 3, "x": -90, "y": -60})
    shown = probe.snapshot()
    # Every third pixel, from the second on, has its center on the center of a pixel of the gray and of the planes.
    wanted = expected_rgb(gray, frame)[20:40, 30:56]
    assert np.abs(shown[1::3, 1:78:3, :3] - wanted).max() <= 2
    np.testing.assert_array_equal(probe.view("readPixel", 30.5 / 80, 20.5 / 60), shown[1, 1, :3])
    assert probe.view("readPixel", 0.01, 0.01) is None


def test_another_crop_is_shown_whole_again(open_probe: OpenProbe, rng: np.random.Generator) -> None:
    """A gray of another size ends the zoom, and clearing the frame shows it gray until the next one."""
    probe = open_probe(80, 60)
    probe.set_gray(some_gray(rng, 60, 80))
    probe.set_frame(some_frame(rng, 8, 10))
    probe.view("setViewport", {"scale": 3, "x": -90, "y": -60})
    cropped = some_gray(rng, 30, 40)
    probe.set_gray(cropped)
    probe.view("clearFrame")
    shown = probe.snapshot()[..., :3]
    assert np.ptp(shown.astype(int), axis=-1).max() <= 1
    np.testing.assert_array_equal(probe.view("labAt", 0, 0), [probe.view("lightnessAt", 0, 0), 0, 0])
    assert probe.page.evaluate("probe.view().viewport") == {"scale": 2, "x": 0, "y": 0}


def test_R7_3_an_older_frame_never_takes_the_place_of_a_newer(open_probe: OpenProbe, rng: np.random.Generator) -> None:
    """Frames that come too late are not drawn, nor a preview over its own settled frame; each drawn look is told."""
    gray, newer, older = some_gray(rng, 60, 80), some_frame(rng, 8, 10), some_frame(rng, 8, 10)
    probe = open_probe(80, 60)
    probe.set_gray(gray)
    assert probe.set_frame(newer, look=7)
    assert not probe.set_frame(older, look=6)
    assert not probe.set_frame(older, look=7, settled=False)
    assert np.abs(probe.snapshot()[..., :3] - expected_rgb(gray, newer)).max() <= 2
    assert set(probe.call("drawn")) == {7}
    assert probe.set_frame(older, look=8, settled=False)
    assert np.abs(probe.snapshot()[..., :3] - expected_rgb(gray, older)).max() <= 2
    assert probe.call("drawn")[-1] == 8


def test_a_lost_context_comes_back_with_the_same_picture(open_probe: OpenProbe, rng: np.random.Generator) -> None:
    """Drivers take the GPU away; afterwards gray and colors are there again without asking anybody."""
    gray, frame = some_gray(rng, 60, 80), some_frame(rng, 8, 10)
    probe = open_probe(80, 60)
    probe.set_gray(gray)
    probe.set_frame(frame)
    before = probe.snapshot()
    assert not probe.call("loseContext"), "the context was not lost"
    np.testing.assert_array_equal(probe.snapshot(), before)


def test_a_chroma_frame_of_the_wrong_size_is_refused(open_probe: OpenProbe, rng: np.random.Generator) -> None:
    """A payload that is not what its header says must not be read beyond its edge."""
    probe = open_probe(80, 60)
    header = some_frame(rng, 8, 10).header(1, True)
    with pytest.raises(Exception, match="came as a picture of 10 x 14"):
        probe.call("setFrame", header, webp(some_gray(rng, 14, 10)))


def test_after_its_end_the_view_takes_nothing_more(open_probe: OpenProbe, rng: np.random.Generator) -> None:
    """A frame whose decoding ends after the page's part was ended is let go without an error."""
    gray, frame = some_gray(rng, 60, 80), some_frame(rng, 8, 10)
    probe = open_probe(80, 60)
    probe.set_gray(gray)
    probe.call("end")
    probe.set_gray(gray)
    assert not probe.set_frame(frame)
