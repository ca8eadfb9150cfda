"""What one page alone sees: before and after, gray, another network beside; and a picture that comes slowly."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.browser.serving import Server
from tests.browser.studio import WAIT_MS, Point, Studio

pytestmark = pytest.mark.browser

Serve = Callable[..., Server]
NewPerson = Callable[..., Studio]

EXACT = {"width_px": 1000, "height_px": 548}
"""The page shows the photograph pixel by pixel."""
LEFT, RIGHT = (0.2, 0.5), (0.8, 0.5)
AROUND_PX = 30


def strength(studio: Studio, place: Point) -> int:
    """How far from gray the canvas is about a place: the largest difference of two channels; 0 is gray."""
    studio.wait_drawn()
    return int(np.ptp(studio.pixels(place, AROUND_PX).astype(int), axis=-1).max())


def divider(studio: Studio) -> Any:
    """The line."""
    return studio.page.get_by_role("slider", name="Divider between before and after")


def drag_divider(studio: Studio, to_norm: float) -> None:
    """Drag the line to so much of the window's width."""
    box, width = divider(studio).bounding_box(), studio.page.viewport_size["width"]
    mouse, y = studio.page.mouse, box["y"] + box["height"] * 0.4
    mouse.move(box["x"] + box["width"] / 2, y)
    mouse.down()
    mouse.move(to_norm * width, y, steps=4)
    mouse.up()


def test_the_divider_has_gray_at_its_left_and_colors_at_its_right(serve: Serve, person: NewPerson) -> None:
    """It goes where it is dragged, places no hint, listens to arrow keys, keeps its place until it is shown again."""
    links = serve().new_room()
    owner = person("owner", **EXACT)
    owner.open(links["owner"])
    assert min(strength(owner, LEFT), strength(owner, RIGHT)) > 4, "there is color to compare"
    owner.page.get_by_role("button", name="Before and after").click()
    assert (strength(owner, LEFT) <= 1, strength(owner, RIGHT) > 4) == (True, True)
    owner.page.locator(".divider").get_by_role("button", name="Gray").click()
    owner.wait("() => document.querySelector('.divider .side').textContent === 'As photographed'")
    for _ in range(100):
        if strength(owner, LEFT) > 60:
            break
    assert strength(owner, LEFT) > 60, "the table is brown"
    owner.shot("as-photographed")
    owner.page.locator(".divider").get_by_role("button", name="As photographed").click()
    assert strength(owner, LEFT) <= 1
    drag_divider(owner, 0.9)
    assert max(strength(owner, LEFT), strength(owner, RIGHT)) <= 1
    owner.shot("divider")
    line = divider(owner)
    assert line.get_attribute("aria-valuenow") == "90"
    line.press("Home")
    line.press("Shift+ArrowRight")
    line.press("ArrowRight")
    assert line.get_attribute("aria-valuenow") == "12"
    assert strength(owner, LEFT) > 4
    owner.page.keyboard.press("d")
    assert not line.is_visible()
    assert strength(owner, LEFT) > 4
    owner.page.keyboard.press("d")
    assert line.get_attribute("aria-valuenow") == "12"
    owner.page.keyboard.press("g")  # to judge brightness, in the divider's place
    assert not line.is_visible()
    assert max(strength(owner, LEFT), strength(owner, RIGHT)) <= 1
    owner.page.keyboard.press("g")
    owner.page.keyboard.down("c")
    assert strength(owner, RIGHT) <= 1
    owner.page.keyboard.up("c")
    assert strength(owner, RIGHT) > 4
    assert owner.hints() == {}
    assert owner.revision == 1


def test_who_watches_compares_by_finger_and_on_a_stream_by_key(serve: Serve, person: NewPerson) -> None:
    """A finger holds the button or drags the line; the page of the picture alone has the divider too."""
    links = serve().new_room()
    viewer = person("viewer", 390, 844, has_touch=True)
    viewer.open(links["viewer"])
    compare = viewer.page.get_by_role("button", name="Hold to see it gray")
    box = compare.bounding_box()
    touch = viewer.page.context.new_cdp_session(viewer.page)

    def finger(kind: str, *points: Point) -> None:
        told = [{"x": x, "y": y} for x, y in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": told})

    finger("touchStart", (box["x"] + 20, box["y"] + 20))
    assert strength(viewer, RIGHT) <= 1
    finger("touchEnd")
    assert strength(viewer, RIGHT) > 4
    viewer.page.get_by_role("button", name="Before and after").tap()
    assert strength(viewer, LEFT) <= 1
    viewer.shot("divider")
    finger("touchStart", (195, 300))
    finger("touchMove", (100, 300))
    finger("touchMove", (20, 300))
    finger("touchEnd")
    assert strength(viewer, LEFT) > 4
    assert int(divider(viewer).get_attribute("aria-valuenow")) < 10
    viewer.page.goto(links["viewer"].replace("#", "?view=stream#"))
    viewer.wait_settled()
    viewer.page.keyboard.press("d")
    assert divider(viewer).is_visible()


def test_another_network_is_seen_beside_the_rooms(serve: Serve, person: NewPerson) -> None:
    """The room's own picture at the left of the divider, the private preview at its right, each named."""
    links = serve().new_room()
    owner = person("owner", **EXACT)
    owner.open(links["owner"])
    room = [owner.pixels(place, AROUND_PX) for place in (LEFT, RIGHT)]
    owner.page.get_by_role("button", name="Network and vividness").click()
    owner.page.locator("[data-network=eccv16]").get_by_role("button", name="privately").click()
    owner.wait("() => document.body.dataset.preview === 'eccv16'")
    owner.wait_drawn()
    tried = [owner.pixels(place, AROUND_PX) for place in (LEFT, RIGHT)]
    assert all(np.ptp([one, other], axis=0).max() > 4 for one, other in zip(room, tried, strict=True))
    owner.page.get_by_role("button", name="Side by side").click()
    divider(owner).wait_for(timeout=WAIT_MS)
    owner.wait_drawn()
    np.testing.assert_array_equal(owner.pixels(LEFT, AROUND_PX), room[0])
    np.testing.assert_array_equal(owner.pixels(RIGHT, AROUND_PX), tried[1])
    assert owner.page.locator(".divider .side").all_inner_texts() == ["Room: Stub", "You: ECCV16"]
    owner.shot("side-by-side")
    owner.page.locator(".trying").get_by_role("button", name="Back").click()
    owner.wait("() => document.body.dataset.preview === undefined")
    divider(owner).wait_for(state="hidden", timeout=WAIT_MS)
    owner.wait_drawn()
    np.testing.assert_array_equal(owner.pixels(RIGHT, AROUND_PX), room[1])


def test_on_a_slow_network_gray_comes_first_and_then_colors(serve: Serve, person: NewPerson) -> None:
    """Meanwhile the page says that it is opening the photograph; what is gray is already one's to look at."""
    links = serve().new_room()
    guest = person("guest", **EXACT)
    guest.page.context.new_cdp_session(guest.page).send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 100, "downloadThroughput": 80_000, "uploadThroughput": 80_000},
    )
    held: list[bytes] = []
    sockets: list[Any] = []

    def slowly(socket: Any) -> None:
        """All but the chroma frames pass."""
        server = socket.connect_to_server()
        sockets.append(socket)
        server.on_message(lambda message: held.append(message) if isinstance(message, bytes) else socket.send(message))

    guest.page.route_web_socket("**/socket", slowly)
    guest.page.goto(links["editor"])
    guest.page.locator(".loading").wait_for(timeout=WAIT_MS)
    guest.page.locator(".loading").wait_for(state="detached", timeout=WAIT_MS)
    assert "look" not in guest.data
    assert strength(guest, LEFT) <= 1
    assert guest.pixels(LEFT, 40).std() > 10, "the photograph is seen"
    guest.shot("gray")
    guest.wait("() => document.querySelectorAll('.toolbar:not([hidden])').length === 1")
    while not held:
        guest.page.wait_for_timeout(20)
    for frame in held:
        sockets[-1].send(frame)
    guest.wait_settled()
    assert strength(guest, LEFT) > 4
