"""The picture in a real browser against numpy: decoding, the shader, color picking, a lost context."""

import base64
import io
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from chromavive.color import cell_means, gray_to_lightness, lab_to_rgb, rgb_to_lab, upsample
from chromavive.pictures.contract import LIGHTNESS_SCALE
from chromavive.pictures.display import gray_copy
from chromavive.pictures.export import colored
from chromavive.pictures.frames import ChromaPayload, encode_chroma
from tests.browser.photograph import coffee

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Bytes = NDArray[np.uint8]


class _Files(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Silent: the test says what went wrong."""


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """The checkout's files over HTTP on the loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(ROOT)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM.exists() and os.environ.get("CHROMAVIVE_REQUIRE_BROWSER") != "1":
        pytest.skip("needs chromium")
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
        )
        yield browser
        browser.close()


OpenProbe = Callable[..., "Probe"]


@pytest.fixture
def open_probe(browser: Any, origin: str) -> Iterator[OpenProbe]:
    """Opens the probe page with a canvas of so many device pixels."""
    contexts = []
    complaints: list[str] = []

    def opened(width_px: int, height_px: int, ratio: int = 1) -> Probe:
        context = browser.new_context(viewport={"width": 400, "height": 300}, device_scale_factor=ratio)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(f"{origin}/tests/browser_pages/picture_probe.html")
        page.wait_for_function("globalThis.probe !== undefined")
        probe = Probe(page)
        probe.call("open", width_px / ratio, height_px / ratio)
        return probe

    yield opened
    for context in contexts:
        context.close()
    assert [line for line in complaints if "favicon" not in line and "404" not in line] == []


@dataclass(frozen=True, slots=True)
class Probe:
    """The page of tests/browser_pages/picture_probe.js."""

    page: Any

    def call(self, name: str, *arguments: Any) -> Any:
        return self.page.evaluate("([name, rest]) => probe[name](...rest)", [name, list(arguments)])

    def view(self, name: str, *arguments: Any) -> Any:
        return self.page.evaluate("([name, rest]) => probe.view()[name](...rest)", [name, list(arguments)])

    def set_gray(self, gray: Bytes) -> None:
        self.call("setGray", _webp(gray))

    def set_frame(self, frame: "Frame", look: int = 1, settled: bool = True) -> bool:
        return bool(self.call("setFrame", frame.header(look, settled), _webp(frame.planes.reshape(-1, frame.width_px))))

    def snapshot(self) -> Bytes:
        """(height, width, 4) bytes of the canvas."""
        self.call("settle")
        shot = self.call("snapshot")
        rgba = np.frombuffer(base64.b64decode(shot["rgba"]), dtype=np.uint8)
        return rgba.reshape(shot["height"], shot["width"], 4)


@dataclass(frozen=True, slots=True)
class Frame:
    """Random chroma planes as they travel: (2, h, w) bytes with an offset and a step each."""

    planes: Bytes
    offset: tuple[float, float]
    step: tuple[float, float]

    @property
    def width_px(self) -> int:
        return int(self.planes.shape[2])

    def ab(self) -> NDArray[np.float64]:
        return np.array(self.offset)[:, None, None] + np.array(self.step)[:, None, None] * self.planes

    def header(self, look: int, settled: bool) -> dict[str, Any]:
        return {
            "epoch": "e",
            "look": look,
            "revision": 1,
            "settled": settled,
            "network": "stub",
            "widthPx": self.width_px,
            "heightPx": self.planes.shape[1],
            "aOffset": self.offset[0],
            "aStep": self.step[0],
            "bOffset": self.offset[1],
            "bStep": self.step[1],
            "passMs": 1,
            "payloadType": "image/webp",
        }


def _webp(gray: Bytes) -> str:
    file = io.BytesIO()
    Image.fromarray(gray).convert("RGB").save(file, "WEBP", lossless=True, exact=True)
    return base64.b64encode(file.getvalue()).decode()


def some_gray(rng: np.random.Generator, height: int, width: int) -> Bytes:
    return rng.integers(0, 256, (height, width), dtype=np.uint8)


def some_frame(rng: np.random.Generator, height: int, width: int) -> Frame:
    """a within about +-60 and b within about +-80, different at the seam of the planes."""
    return Frame(rng.integers(0, 256, (2, height, width), dtype=np.uint8), (-61.3, -79.9), (0.481, 0.627))


def expected_lab(gray: Bytes, frame: Frame) -> NDArray[np.float64]:
    lightness = gray_to_lightness(gray / 255)
    ab = upsample(frame.ab(), lightness)
    return np.concatenate([lightness[..., None], np.moveaxis(ab, 0, -1)], axis=-1)


def expected_rgb(gray: Bytes, frame: Frame) -> NDArray[np.floating[Any]]:
    return lab_to_rgb(expected_lab(gray, frame)) * 255


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(77)


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


def test_a_settled_page_shows_what_the_export_holds(open_probe: OpenProbe) -> None:
    """On a photograph's own chroma, of 99.9 % of the samples the page's is within 2 of the export's.

    The page has L and the frame in 8 bits, the export in 16 and in floats.
    """
    with Image.open(coffee()) as picture:
        lab = rgb_to_lab(np.asarray(picture.convert("RGB")) / 255)
    lightness = np.rint(lab[..., 0] * LIGHTNESS_SCALE).astype(np.uint16)
    height, width = lightness.shape
    ab = np.stack([cell_means(lab[..., channel], 96, 144) for channel in (1, 2)]).astype(np.float32)
    payload = encode_chroma(ab, settled=True)
    header = Frame(np.empty((2, 96, 144), np.uint8), *_ranges(payload)).header(1, True)
    probe = open_probe(width, height)
    probe.call("setGray", base64.b64encode(gray_copy(lightness)).decode())
    assert probe.call("setFrame", header, base64.b64encode(payload.payload).decode())
    error = np.abs(probe.snapshot()[..., :3].astype(int) - colored(lightness, ab))
    within = float((error <= 2).mean())
    assert within >= 0.999, f"{within:.4%} within 2, worst {error.max()}"
    assert np.ptp(colored(lightness, ab), axis=-1).max() > 100, "there is color to compare"


def _ranges(payload: ChromaPayload) -> tuple[tuple[float, float], tuple[float, float]]:
    return (payload.a_offset, payload.b_offset), (payload.a_step, payload.b_step)


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
        probe.call("setFrame", header, _webp(some_gray(rng, 14, 10)))


def test_after_its_end_the_view_takes_nothing_more(open_probe: OpenProbe, rng: np.random.Generator) -> None:
    """A frame whose decoding ends after the page's part was ended is let go without an error."""
    gray, frame = some_gray(rng, 60, 80), some_frame(rng, 8, 10)
    probe = open_probe(80, 60)
    probe.set_gray(gray)
    probe.call("end")
    probe.set_gray(gray)
    assert not probe.set_frame(frame)
