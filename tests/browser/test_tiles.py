"""Looking closely at a photograph larger than its gray copy, in the real page from the real server."""

import io
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import numpy as np
import pytest
from PIL import Image

from tests.browser.serving import READY_SECONDS, Server
from tests.browser.studio import Studio

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(120)]

# Fine enough that the gray copy, of 2048 pixels, has lost it: columns of one pixel, dark and light.
STRIPES = np.tile(np.array([60, 190], np.uint8), (1600, 1500))

TILES_DRAWN = "() => document.querySelector('canvas').dataset.tilesMissing === '0'"


def contrast(page: Studio) -> float:
    """The standard deviation over a patch in the middle of the screen, of 0 to 255."""
    clip = {"x": 300, "y": 300, "width": 120, "height": 60}
    shot = Image.open(io.BytesIO(page.page.screenshot(clip=clip, animations="disabled"))).convert("L")
    return float(np.asarray(shot, float).std())


def test_who_zooms_in_sees_the_photographs_own_pixels(
    serve: Callable[..., Server], person: Callable[..., Studio]
) -> None:
    """The whole picture takes the gray copy alone; closer, a viewer gets the tiles that show, once each."""
    server = serve("--engine", "stub", "--log-level", "warning")
    photograph = io.BytesIO()
    Image.fromarray(STRIPES).save(photograph, "PNG")
    answer = httpx.post(f"{server.url}/api/rooms", content=photograph.getvalue(), timeout=READY_SECONDS)
    opened = answer.raise_for_status().json()
    anna = person("anna", 800, 600)
    asked: list[str] = []
    anna.page.on("request", lambda request: asked.extend([request.url] if "/tiles/" in request.url else []))
    anna.open(f"{server.url}/room/{opened['room']}#{opened['links']['viewer']}")
    anna.wait(TILES_DRAWN)
    assert asked == []
    anna.page.mouse.move(400, 300)
    for _ in range(8):  # from a quarter to three times its size
        anna.page.mouse.wheel(0, -200)
    anna.wait("() => parseInt(document.querySelector('.zoom').textContent, 10) > 250")
    anna.wait_drawn()
    anna.wait(TILES_DRAWN)
    assert contrast(anna) > 25, "the stripes are there"
    near = [url for url in asked if "level=0" in url]
    assert 1 <= len(set(near)) <= 4, near
    assert len(near) == len(set(near)), near
    assert opened["links"]["viewer"] not in "".join(asked)


FIFTY_MEGAPIXELS = (5774, 8660)
"""(height, width): as a scanned glass plate, or a camera of fifty megapixels."""


@pytest.mark.long
@pytest.mark.timeout(600)
def test_fifty_megapixels_are_sharp_from_close_by(serve: Callable[..., Server], person: Callable[..., Studio]) -> None:
    """All of it is seen by its gray copy; looked at closely, its own pixels come, in a page that stays small."""
    server = serve("--log-level", "warning")
    height, width = FIFTY_MEGAPIXELS
    photograph = io.BytesIO()
    Image.fromarray(np.tile(np.array([60, 190], np.uint8), (height, width // 2))).save(photograph, "PNG")
    told: dict[str, float] = {}
    anna = person("anna", 1280, 800)

    @contextmanager
    def timed(what: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        told[f"{what} s"] = round(time.perf_counter() - began, 2)

    with timed("upload"):
        answer = httpx.post(f"{server.url}/api/rooms", content=photograph.getvalue(), timeout=120)
    opened = answer.raise_for_status().json()
    with timed("colors"):
        anna.open(f"{server.url}/room/{opened['room']}#{opened['links']['owner']}")
    anna.page.mouse.move(640, 400)
    with timed("sharp at full size"):
        for _ in range(9):
            anna.page.mouse.wheel(0, -200)
        anna.wait("() => parseInt(document.querySelector('.zoom').textContent, 10) >= 100")
        anna.wait_drawn()
        anna.wait(TILES_DRAWN)
    assert contrast(anna) > 25, "the stripes are there"
    session = anna.page.context.new_cdp_session(anna.page)
    session.send("Performance.enable")
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    told["JavaScript heap MB"] = round(metrics["JSHeapUsedSize"] / 1e6, 1)
    assert metrics["JSHeapUsedSize"] < 100e6
    sys.stdout.write(f"fifty megapixels: {told}\n")
