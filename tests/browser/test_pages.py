"""Single pages: for broadcasting, on a phone, over plain HTTP, at the end of a link."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.browser.serving import Server
from tests.browser.studio import COFFEE_PX, WAIT_MS, Studio

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = {"width_px": 390, "height_px": 844, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


def test_the_stream_view_is_the_picture_alone(serve: Callable[..., Server], person: Callable[..., Studio]) -> None:
    """For broadcasting: the picture follows everything, nothing else is shown, and nothing can be done to it."""
    server = serve()
    links = server.new_room()
    anna, screen = person("anna"), person("screen", 960, 540)
    anna.open(links["editor"])
    screen.open(links["viewer"].replace("#", "?view=stream#"))
    anna.recolor(anna.place((0.449, 0.386)), "#5a70b8")
    anna.wait_settled(3)
    look = anna.look
    screen.wait(f"() => document.body.dataset.look === '{look}'")
    screen.page.mouse.click(480, 270)
    screen.page.keyboard.press("Delete")
    screen.wait_drawn()
    shown = "[...document.querySelectorAll('body *')].filter((one) => one.checkVisibility() && one.clientWidth > 0)"
    names = set(screen.page.evaluate(f"{shown}.map(({{localName}}) => localName)"))
    assert names <= {"main", "div", "canvas"}
    assert screen.page.evaluate("getComputedStyle(document.querySelector('.stage')).outlineStyle") == "none"
    assert screen.page.locator("button:visible, input:visible, a:visible, [data-hint-id]:visible").count() == 0
    assert server.get(f"api/rooms/{anna.room}", anna.capability)["revision"] == 3
    screen.shot("stream")


def test_every_module_is_named_by_its_page(serve: Callable[..., Server], person: Callable[..., Studio]) -> None:
    """So none waits until another has come and is read; all lie in the folder of one tree, and come once."""
    server, anna = serve(), person("anna")
    asked: list[str] = []
    anna.page.on("request", lambda request: asked.append(request.url))
    for url, modules_min in ((server.url, 10), (server.new_room()["owner"], 50)):
        asked.clear()
        anna.page.goto(url)
        anna.page.locator("main").wait_for(timeout=WAIT_MS)
        named = anna.page.evaluate(
            "[...document.querySelectorAll('link[rel=modulepreload], script[type=module]')]"
            ".map((one) => one.href ?? one.src)"
        )
        modules = [each for each in asked if each.endswith(".js")]
        assert sorted(modules) == sorted(named)
        assert len(set(modules)) == len(modules) >= modules_min
        assert all(re.match(rf"{server.url}/static/[0-9a-f]{{20}}/", each) for each in asked if "/static/" in each)


def test_a_tap_adds_a_hint_and_a_pinch_zooms(serve: Callable[..., Server], person: Callable[..., Studio]) -> None:
    """On a phone one finger colors; two zoom, and the hint that the first one began is not left behind."""
    server = serve()
    anna = person("anna", **PHONE)
    anna.open(server.new_room()["editor"])
    anna.shot("phone")
    anna.page.touchscreen.tap(*anna.screen((0.5, 0.5)))
    anna.wait_settled(2)
    (hint,) = anna.hints().values()
    assert hint.is_near((0.5, 0.5), 0.01)
    anna.shot("phone-hint")
    anna.page.get_by_role("button", name="Done").tap()
    before = zoom_percent(anna)
    pinch(anna, (0.3, 0.4), (0.6, 0.6))
    anna.wait(f"() => !document.querySelector('.zoom').textContent.startsWith('{before} ')")
    assert zoom_percent(anna) > before
    anna.wait_drawn()
    assert len(anna.hints()) == 1
    assert server.get(f"api/rooms/{anna.room}", anna.capability)["revision"] == 2
    anna.shot("phone-pinched")


def zoom_percent(studio: Studio) -> int:
    return int(studio.page.locator(".zoom").text_content().split()[0])


def pinch(studio: Studio, first: tuple[float, float], second: tuple[float, float]) -> None:
    """Two fingers, the second a moment after the first, that go apart."""
    session = studio.page.context.new_cdp_session(studio.page)
    (x1, y1), (x2, y2) = studio.screen(first), studio.screen(second)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        fingers = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    touch("touchStart", (x1, y1))
    touch("touchStart", (x1, y1), (x2, y2))
    for step in range(1, 9):
        touch("touchMove", (x1 - 8 * step, y1 - 8 * step), (x2 + 8 * step, y2 + 8 * step))
    touch("touchEnd")


def test_a_link_is_copied_without_a_secure_context(serve: Callable[..., Server], person: Callable[..., Studio]) -> None:
    """Over plain HTTP there is no clipboard API; Copy works all the same, and what is pasted is the link."""
    server, anna = serve(host="chroma.lan"), person("anna")
    anna.open(server.new_room()["owner"])
    assert anna.page.evaluate("[isSecureContext, navigator.clipboard === undefined]") == [False, True]
    anna.page.get_by_role("button", name="Share").click()
    row = anna.page.locator("dialog .link").first
    row.get_by_role("button", name="Copy").click()
    row.get_by_text("Copied").wait_for(timeout=WAIT_MS)
    anna.shot("copied")
    wanted = row.locator("input").input_value()
    assert wanted.startswith(f"{server.url}/room/")
    paper = anna.page.context.new_page()
    paper.set_content("<textarea></textarea>")
    paper.locator("textarea").focus()
    paper.keyboard.press("Control+V")
    assert paper.locator("textarea").input_value() == wanted


def test_the_downloaded_picture_is_the_shown_one(serve: Callable[..., Server], person: Callable[..., Studio]) -> None:
    """Download gives the photograph at full size as a PNG, colored pixel by pixel as the page shows it."""
    server, anna = serve(), person("anna", 1000, 548)
    anna.open(server.new_room()["editor"])
    anna.recolor(anna.place((0.449, 0.386)), "#5a70b8")
    anna.wait_settled(3)
    anna.page.get_by_role("button", name="Download").click()
    anna.wait("() => document.activeElement.matches('dialog .primary')")
    with anna.page.expect_download(timeout=WAIT_MS) as download:
        anna.page.keyboard.press("Enter")
    with Image.open(download.value.path()) as picture:
        assert picture.format == "PNG"
        pixels = np.asarray(picture.convert("RGB")).astype(int)
    assert pixels.shape == (*COFFEE_PX, 3)
    around = 40
    row, column = (int(share * size) for share, size in zip((0.386, 0.449), COFFEE_PX, strict=True))
    exported = pixels[row - around : row + around + 1, column - around : column + around + 1]
    assert np.ptp(exported, axis=-1).max() > 60, "there is color to compare"
    assert np.abs(exported - anna.pixels((0.449, 0.386), around)).max() <= 3


def test_R3_5_what_a_closed_page_left_unsent_is_sent_once(
    serve: Callable[..., Server], person: Callable[..., Studio]
) -> None:
    """A hint placed offline outlives its page: the browser's next page of the room sends it, and only that one does."""
    server, anna = serve(), person("anna")
    link = server.new_room()["editor"]
    anna.open(link)
    server.kill()
    anna.wait_state("waiting", "connecting")
    hint = anna.place((0.449, 0.386))
    anna.page.goto("about:blank")
    server.start()
    anna.open(link)
    anna.wait_settled(2)
    assert set(anna.hints()) == {hint}
    anna.page.reload()
    anna.wait_live()
    anna.wait_settled(2)
    assert set(anna.hints()) == {hint}
    assert server.get(f"api/rooms/{anna.room}", anna.capability)["revision"] == 2


def test_R9_4_a_replaced_link_sends_its_people_out(serve: Callable[..., Server], person: Callable[..., Studio]) -> None:
    """The owner replaces the viewer's link: who came in by it is told so at once, who has another link stays."""
    server = serve()
    links = server.new_room()
    anna, ben, vera = (person(name) for name in ("anna", "ben", "vera"))
    for one, role in ((anna, "owner"), (ben, "editor"), (vera, "viewer")):
        one.open(links[role])
    anna.page.get_by_role("button", name="Share").click()
    anna.page.locator("dialog").get_by_role("button", name="Replace: Watch").click()
    anna.page.get_by_role("button", name="Replace the link").click()
    assert stopped(vera) == "link_rotated"
    vera.shot("rotated")
    anna.wait_revision(2)
    ben.wait_revision(2)
    assert ben.data["state"] == "live"


def test_R13_4_a_wrong_link_is_told_in_words(serve: Callable[..., Server], person: Callable[..., Studio]) -> None:
    """A link that opens nothing says so, the same whether the room is there or not, and shows a way on."""
    server, anna = serve(), person("anna")
    address, capability = server.new_room()["editor"].split("#")
    other = server.new_room()["editor"].split("#")[1]
    wrong = {
        f"{address}#{capability[::-1]}": "not_found",
        f"{address}#{other}": "not_found",
        f"{server.url}/room/AAAAAAAAAAAAAAAA#{capability}": "not_found",
        address: "no_link",
    }
    words = set()
    for link, code in wrong.items():
        anna.page.goto(link)
        assert stopped(anna) == code
        words.add((code, anna.page.locator(".stopped").inner_text()))
        anna.shot(f"wrong-{code}")
        anna.page.get_by_role("link", name="Open another photograph").click()
        anna.page.locator("#drop").wait_for(timeout=WAIT_MS)
    assert len(words) == 2, "the words tell whether a room is there"


def test_a_deleted_room_ends_for_everybody(serve: Callable[..., Server], person: Callable[..., Studio]) -> None:
    """The owner deletes the room after a question: all pages say so, and its photograph is gone."""
    server = serve()
    links = server.new_room()
    anna, ben = person("anna"), person("ben")
    anna.open(links["owner"])
    ben.open(links["editor"])
    anna.page.get_by_role("button", name="More").click()
    anna.page.get_by_role("menuitem", name="Delete this room").click()
    anna.shot("delete")
    anna.page.get_by_role("button", name="Delete for everybody").click()
    assert [stopped(anna), stopped(ben)] == ["room_removed", "room_removed"]
    ben.shot("deleted")
    assert not [one for one in (server.data / "photographs").rglob("*") if one.is_file()]


def stopped(studio: Studio) -> Any:
    """Wait for the page of a connection that ended for good; gives its code."""
    page = studio.page.locator(".stopped")
    page.wait_for(timeout=WAIT_MS)
    return page.get_attribute("data-code")
