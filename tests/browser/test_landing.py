"""The landing page: the ways in, the rooms of this browser, and what it says when a photograph cannot be opened."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chromavive import errors
from tests.browser.photograph import coffee
from tests.browser.serving import Server
from tests.browser.studio import WAIT_MS, Studio
from tests.pictures.made import png_claiming

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HAND_OVER = """
([kind, name, type, base64]) => {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name, {type}));
  const event = kind === 'paste'
    ? new ClipboardEvent('paste', {clipboardData: carried, bubbles: true})
    : new DragEvent('drop', {dataTransfer: carried, bubbles: true, cancelable: true});
  document.querySelector('main').dispatchEvent(event);
}
"""


def hand_over(page: Any, kind: str, path: Path) -> None:
    """Drop a file on the page, or paste it."""
    content = base64.b64encode(path.read_bytes()).decode()
    page.evaluate(HAND_OVER, [kind, path.name, "image/png", content])


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_a_photograph_comes_in(serve: Callable[..., Server], person: Callable[..., Studio], way: str) -> None:
    """A photograph that is dropped anywhere on the page or pasted opens a room that is called after the file."""
    server, anna = serve(), person("anna")
    anna.page.goto(server.url)
    anna.page.locator(".kept").wait_for(timeout=WAIT_MS)
    assert str(server.data) in anna.page.locator(".kept").inner_text()
    hand_over(anna.page, way, coffee())
    anna.page.wait_for_url("**/room/**", timeout=WAIT_MS)
    anna.wait_live()
    assert anna.data["role"] == "owner"
    assert server.get(f"api/rooms/{anna.room}", anna.capability)["title"] == "coffee"


def test_the_browser_remembers_its_rooms(serve: Callable[..., Server], person: Callable[..., Studio]) -> None:
    """A room opened from a sample is listed on the landing page, leads back into it, and can be forgotten."""
    server, anna = serve(), person("anna")
    anna.page.goto(server.url)
    anna.page.locator("[data-sample=cat]").click()
    anna.page.wait_for_url("**/room/**", timeout=WAIT_MS)
    anna.wait_live()
    anna.wait_settled()
    anna.shot("cat")
    room = anna.room
    anna.page.get_by_role("link", name="To the start page").click()
    remembered = anna.page.locator(f"[data-room='{room}']")
    remembered.locator("img").wait_for(timeout=WAIT_MS)
    assert "Cat" in remembered.inner_text()
    assert "Owner" in remembered.inner_text()
    anna.shot("rooms")
    remembered.click()
    anna.wait_live()
    assert (anna.room, anna.data["role"]) == (room, "owner")
    anna.page.goto(server.url)
    anna.page.get_by_role("button", name="Remove Cat from this list").click()
    remembered.wait_for(state="detached", timeout=WAIT_MS)
    anna.page.reload()
    anna.page.locator("[data-sample=cat]").wait_for(timeout=WAIT_MS)
    assert remembered.count() == 0


def test_R10_6_a_bad_file_is_refused_in_words(
    serve: Callable[..., Server], person: Callable[..., Studio], tmp_path: Path
) -> None:
    """A file that is no photograph, cut off, or too large opens nothing; the page says what is wrong, and works on."""
    server, anna = serve(), person("anna")
    bad = {
        errors.NotAPhotograph: b"Dear all, this is no picture.",
        errors.PhotographTruncated: coffee().read_bytes()[:20_000],
        errors.PhotographTooManyPixels: png_claiming(50_000, 50_000),
    }
    anna.page.goto(server.url)
    for error, content in bad.items():
        file = tmp_path / f"{error.code}.png"
        file.write_bytes(content)
        with anna.page.expect_response("**/api/rooms?*", timeout=WAIT_MS) as answer:
            anna.page.locator("input[type=file]").set_input_files(file)
        assert answer.value.status == error.http_status
        what_to_do = error.sentence.split(". ")[-1]  # what goes before it may say how many are too many
        anna.page.locator(".problem").get_by_text(what_to_do).wait_for(timeout=WAIT_MS)
        anna.shot(error.code)
    assert server.get("api/health")["rooms_loaded"] == 0
    anna.page.locator("input[type=file]").set_input_files(coffee())
    anna.page.wait_for_url("**/room/**", timeout=WAIT_MS)


def test_R10_5_R13_3_a_page_of_another_origin_is_told_why(
    serve: Callable[..., Server], person: Callable[..., Studio]
) -> None:
    """Where the operator did not list the page's origin, both pages say so, and what the operator can do."""
    server, anna = serve(host="foreign.lan", foreign=True), person("anna")
    sentence = f"Start it with --public-url {server.url}"
    anna.page.goto(server.url)
    anna.page.locator("[data-sample=cat]").click()
    anna.page.locator(".problem").get_by_text(sentence).wait_for(timeout=WAIT_MS)
    anna.shot("foreign-landing")
    assert server.get("api/health")["rooms_loaded"] == 0
    room = server.new_room()
    anna.page.goto(room["editor"])
    anna.page.locator(".banner").get_by_text(sentence).wait_for(timeout=WAIT_MS)
    assert anna.data["state"] in ("waiting", "connecting")
    assert anna.page.locator(".toolbar:visible, .share-button:visible").count() == 0
    anna.shot("foreign-room")
