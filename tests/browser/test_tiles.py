"""Looking closely at a photograph larger than its gray copy, in the real page from the real server."""

import io
from collections.abc import Callable

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
