"""The parts of the two pages, each in a sentence that matters to the person who uses it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.serving import Server
from tests.browser.studio import WAIT_MS, Studio

pytestmark = pytest.mark.browser

Serve = Callable[..., Server]
NewPerson = Callable[..., Studio]

PHONE = {"width_px": 390, "height_px": 844, "has_touch": True, "is_mobile": True}


def owner_of_coffee(server: Server, person: NewPerson, **more: Any) -> Studio:
    """The owner of a new room with the sample that the coordinates of these tests are for."""
    owner = person("owner", **more)
    owner.page.goto(server.url)
    owner.page.locator("[data-sample=coffee]").click()
    owner.wait_live()
    owner.wait_settled()
    return owner


class Fingers:
    """Fingers on a page that has touch."""

    def __init__(self, studio: Studio) -> None:
        self._session = studio.page.context.new_cdp_session(studio.page)

    def say(self, kind: str, *points: tuple[float, float]) -> None:
        """kind: touchStart, touchMove or touchEnd, with every finger that is down."""
        touches = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(points)]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})


def test_a_pinch_that_begins_as_a_press_adds_no_hint(serve: Serve, person: NewPerson) -> None:
    """The second finger takes the first one's press back, at once and for good, and zooms."""
    studio = owner_of_coffee(serve(), person, **PHONE)
    fingers = Fingers(studio)
    first, second = studio.screen((0.4, 0.4)), studio.screen((0.6, 0.6))
    revision = studio.revision
    fingers.say("touchStart", first)
    studio.wait("() => document.querySelectorAll('[data-hint-id]').length === 1")
    fingers.say("touchStart", first, second)
    studio.wait("() => document.querySelectorAll('[data-hint-id]').length === 0")
    zoom = "document.querySelector('.zoom').textContent"
    before = studio.page.evaluate(zoom)
    fingers.say("touchMove", (first[0] - 40, first[1] - 40), (second[0] + 40, second[1] + 40))
    fingers.say("touchEnd")
    studio.wait(f"(before) => {zoom} !== before", before)
    assert studio.hints() == {}
    assert studio.revision == revision


def test_a_tap_places_a_hint_and_a_tap_near_it_selects_it(serve: Serve, person: NewPerson) -> None:
    """A finger covers what it touches: within 22 px it means the hint that is there."""
    studio = owner_of_coffee(serve(), person, **PHONE)
    x, y = studio.screen((0.5, 0.5))
    studio.page.touchscreen.tap(x, y)
    studio.page.locator(".panel").wait_for(timeout=WAIT_MS)
    assert len(studio.hints()) == 1
    studio.deselect()
    studio.page.touchscreen.tap(x + 15, y + 15)
    studio.page.locator(".panel").wait_for(timeout=WAIT_MS)
    assert len(studio.hints()) == 1


def test_a_hint_is_placed_moved_recolored_and_removed_by_keyboard(serve: Serve, person: NewPerson) -> None:
    """Whoever has no pointer can do all that a pointer can; keys held together make one step."""
    studio = owner_of_coffee(serve(), person)
    keys = studio.page.keyboard
    studio.page.locator(".stage").focus()
    keys.press("Enter")
    studio.wait_revision(2)
    (hint,) = studio.hints()
    start = studio.hints()[hint]
    keys.press("Shift+ArrowRight")
    studio.wait_revision(3)
    moved = studio.hints()[hint]
    assert moved.x > start.x + 0.005
    assert moved.y == pytest.approx(start.y)
    studio.page.locator(".picker").focus()
    keys.press("Shift+ArrowUp")
    studio.wait_revision(4)
    assert studio.hints()[hint].b > moved.b + 2
    studio.page.locator(".stage").focus()
    keys.press("Delete")
    studio.wait_hints(set())
    keys.press("Control+z")
    studio.wait_hints({hint})


def test_a_drag_in_the_picker_recolors_live_and_is_one_edit(serve: Serve, person: NewPerson) -> None:
    """The picture answers before the finger is lifted; one step takes it all back."""
    studio = owner_of_coffee(serve(), person)
    hint = studio.place((0.4, 0.5))
    studio.wait_revision(2)
    studio.wait_settled(studio.look - 1)
    before, look = studio.hints()[hint], studio.look
    box = studio.page.locator(".picker").bounding_box()
    mouse = studio.page.mouse
    mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    mouse.down()
    mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.3, steps=5)
    studio.wait_preview(look)
    assert studio.revision == 2
    mouse.up()
    studio.wait_revision(3)
    assert studio.hints()[hint] != before
    studio.undo()
    studio.wait_hint(hint, before)


def test_a_viewer_finds_nothing_to_edit_with(serve: Serve, person: NewPerson) -> None:
    """No tools, no panel, and a press moves the view: what the hub would refuse is not offered."""
    owner = owner_of_coffee(serve(), person)
    hint = owner.place((0.5, 0.5))
    viewer = person("viewer")
    viewer.open(owner.links()["Watch"])
    viewer.wait_hints({hint})
    viewer.page.mouse.click(*viewer.screen((0.25, 0.25)))
    viewer.page.mouse.click(*viewer.screen((0.5, 0.5)))
    assert set(viewer.hints()) == {hint}
    assert not viewer.page.locator(".panel").is_visible()
    assert not viewer.page.get_by_role("button", name="Undo").is_visible()
    assert viewer.page.locator("input.title").get_attribute("readonly") is not None


def test_the_stream_view_is_the_picture_alone(serve: Serve, person: NewPerson) -> None:
    """A broadcast shows no names, no cursors and no tools."""
    owner = owner_of_coffee(serve(), person)
    owner.place((0.5, 0.5))
    stream = person("stream")
    stream.open(owner.links()["For a stream or a projector"])
    assert stream.hints() == {}
    assert stream.page.locator("button, input").count() == 0


def test_turn_and_crop_are_for_before_the_first_hint(serve: Serve, person: NewPerson) -> None:
    """A crop shows at once, in the cropped shape; with a hint on the picture the menu does not offer it."""
    studio = owner_of_coffee(serve(), person)
    page = studio.page
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Turn by 90°").click()
    studio.wait_revision(2)
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Crop").click()
    page.locator(".crop-buttons").get_by_role("button", name="Crop").click()
    studio.wait_revision(3)
    shown = studio.page.evaluate(
        "async () => (await (await fetch(`../api/rooms/${location.pathname.split('/').at(-1)}`,"
        " {headers: {Authorization: `Bearer ${location.hash.slice(1)}`}})).json())"
    )
    assert (shown["width_px"], shown["height_px"]) == (336, 504)
    studio.wait_settled(0)
    studio.photograph_px = (504, 336)
    studio.place((0.5, 0.5))
    page.get_by_role("button", name="More").click()
    assert page.get_by_role("menuitem", name="Crop").is_disabled()
    assert page.get_by_role("menuitem", name="Turn by 90°").is_disabled()


def test_what_was_done_offline_survives_the_death_of_its_page(serve: Serve, person: NewPerson) -> None:
    """R3: the next page of the room sends it, under the seat of the page that died."""
    server = serve()
    studio = owner_of_coffee(server, person)
    url = studio.page.url
    server.kill()
    studio.wait_state("waiting", "connecting")
    hint = studio.place((0.3, 0.3))
    place = studio.hints()[hint]
    studio.page.close()
    server.start()
    studio.page = studio.page.context.new_page()
    studio.open(url)
    studio.wait_revision(2)
    studio.wait_hints({hint})
    studio.wait_hint(hint, place)


def test_a_file_that_is_no_photograph_is_refused_in_words(serve: Serve, person: NewPerson) -> None:
    """What is wrong, and what to do; then the page takes the next one."""
    landing = person("landing")
    landing.page.goto(serve().url)
    landing.page.set_input_files("input[type=file]", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"words"})
    problem = landing.page.locator(".problem")
    problem.wait_for(timeout=WAIT_MS)
    assert "not a photograph" in problem.inner_text()
    assert "save it as JPEG" in problem.inner_text()
    assert landing.page.get_by_role("button", name="Choose a photograph").is_visible()


def test_the_landing_page_remembers_rooms_until_told_otherwise(serve: Serve, person: NewPerson) -> None:
    """My rooms are this browser's: taken off the list, and put back."""
    server = serve()
    studio = owner_of_coffee(server, person)
    room, page = studio.room, studio.page
    page.goto(server.url)
    tile = page.locator(f"[data-room='{room}']")
    tile.wait_for(timeout=WAIT_MS)
    assert "Coffee" in tile.inner_text()
    assert "Owner" in tile.inner_text()
    page.get_by_role("button", name="Remove Coffee from this list").click()
    tile.wait_for(state="detached", timeout=WAIT_MS)
    page.get_by_role("button", name="Put back").click()
    tile.click(timeout=WAIT_MS)
    studio.wait_live()
    assert studio.data["role"] == "owner"


def test_a_wrong_link_ends_on_a_page_with_a_way_on(serve: Serve, person: NewPerson) -> None:
    """Neither a spinner for ever nor a blank page: what happened, and where to go."""
    server = serve()
    lost = person("lost")
    lost.page.goto(f"{server.url}/room/{'x' * 16}#{'y' * 22}")
    lost.wait_state("stopped")
    assert "This link opens no room" in lost.page.locator(".stopped").inner_text()
    lost.page.get_by_role("link", name="Open another photograph").click()
    lost.page.get_by_role("button", name="Choose a photograph").wait_for(timeout=WAIT_MS)


def test_light_or_dark_is_remembered_on_both_pages(serve: Serve, person: NewPerson) -> None:
    """The system's choice until somebody chooses."""
    server = serve()
    studio = person("anybody", color_scheme="light")
    page = studio.page
    page.goto(server.url)
    scheme = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(scheme)
    page.get_by_role("button", name="Appearance").click()
    page.get_by_role("button", name="Appearance").click()
    dark = page.evaluate(scheme)
    assert dark != light
    page.locator("[data-sample=coffee]").click()
    studio.wait_live()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
