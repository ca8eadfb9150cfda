"""What people do to hints: by finger, by mouse with keys, by keys alone; what the journal then holds."""

from collections.abc import Callable
from typing import Any

import pytest

from chromavive import Room
from chromavive.colorizer.stub import AUTOMATIC
from tests.browser.serving import Server
from tests.browser.studio import WAIT_MS, Point, Studio
from tests.browser.test_studio_parts import PHONE, owner_of_coffee

pytestmark = pytest.mark.browser

Serve = Callable[..., Server]
NewPerson = Callable[..., Studio]

TRIES = 20
"""On a busy machine a quick finger may come out as one that rests, which means something else."""


class Fingers:
    """Fingers on a page, each with a number; every call says where all of them are."""

    def __init__(self, studio: Studio) -> None:
        self._session = studio.page.context.new_cdp_session(studio.page)

    def _tell(self, kind: str, fingers: dict[int, Point]) -> None:
        points = [{"id": finger, "x": x, "y": y} for finger, (x, y) in fingers.items()]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def down(self, **fingers: Point) -> None:
        """These are down now."""
        self._tell("touchStart", self._numbered(fingers))

    def move(self, **fingers: Point) -> None:
        """They go there."""
        self._tell("touchMove", self._numbered(fingers))

    def up(self, **left: Point) -> None:
        """All but these are lifted."""
        self._tell("touchEnd", self._numbered(left))

    @staticmethod
    def _numbered(fingers: dict[str, Point]) -> dict[int, Point]:
        return {"abc".index(name): at for name, at in fingers.items()}


def moved(at: Point, right_px: float, down_px: float = 0) -> Point:
    return at[0] + right_px, at[1] + down_px


def journal(server: Server, studio: Studio) -> list[str]:
    """The kinds of the room's entries, as the journal holds them."""
    told = server.get(f"api/rooms/{studio.room}/history", studio.capability)
    return [entry["kind"] for entry in told["entries"]][1:]


def state(server: Server, studio: Studio, revision: int) -> dict[str, dict[str, Any]]:
    """The hints after a revision, by id, as the journal's entries make them."""
    return dict(server.get(f"api/rooms/{studio.room}/states/{revision}", studio.capability)["hints"])


def shown(studio: Studio, selector: str) -> None:
    studio.page.locator(selector).first.wait_for(timeout=WAIT_MS)


def gone(studio: Studio, selector: str) -> None:
    studio.page.locator(selector).first.wait_for(state="hidden", timeout=WAIT_MS)


def test_fingers_add_a_hint_only_where_one_taps(serve: Serve, person: NewPerson) -> None:
    """A pinch that starts as a press adds none, a long press adds none, a tap that trembles adds one where it began."""
    server = serve()
    studio = owner_of_coffee(server, person, **PHONE)
    fingers = Fingers(studio)
    at = studio.screen((0.5, 0.5))
    studio.page.evaluate(
        "new MutationObserver(() => (window.came ||= document.querySelector('.hint') !== null))"
        ".observe(document.querySelector('#hints'), {childList: true})"
    )
    fingers.down(a=at)
    studio.wait("() => window.came")  # at once, for whoever watches too
    fingers.down(a=at, b=moved(at, 60))
    studio.wait_hints(set())
    fingers.move(a=moved(at, -40), b=moved(at, 100))
    fingers.up()
    assert studio.page.locator(".toolbar .zoom span").inner_text() != "62 %"  # it did zoom
    studio.page.keyboard.press("0")
    studio.page.evaluate("window.came = false")
    fingers.down(a=at)
    studio.wait("() => window.came")
    studio.wait_hints(set())  # it rested too long
    fingers.up()
    assert journal(server, studio) == []
    for _ in range(TRIES):
        fingers.down(a=at)
        fingers.move(a=moved(at, 5))
        fingers.up()
        studio.wait_drawn()
        if studio.hints():
            break
    studio.wait_revision(2)
    (hint,) = studio.hints().values()
    assert hint.is_near((0.5, 0.5))
    assert journal(server, studio) == ["add"]


def test_a_finger_drags_a_hint_under_a_loupe_and_a_long_press_opens_it(serve: Serve, person: NewPerson) -> None:
    """What the finger covers is seen beside it; only the place changes, and a drag is one step of undo."""
    server = serve()
    studio = owner_of_coffee(server, person, **PHONE)
    fingers = Fingers(studio)
    studio.page.touchscreen.tap(*studio.screen((0.5, 0.4)))
    studio.wait_revision(2)
    studio.deselect()
    studio.wait_settled(2)
    (hint,) = studio.hints()
    start = studio.screen((0.5, 0.4))
    for _ in range(TRIES):
        fingers.down(a=start)
        for step in range(1, 6):
            fingers.move(a=moved(start, 12 * step, 6 * step))
        studio.wait_drawn()
        if not studio.page.locator(".panel").is_visible():
            break
        fingers.up()
        studio.deselect()
    shown(studio, ".loupe:not([hidden])")
    studio.shot("loupe")
    loupe, finger = studio.page.locator(".loupe:not([hidden])").bounding_box(), moved(start, 60, 30)
    assert loupe["y"] + loupe["height"] < finger[1] - 20
    assert studio.page.evaluate(
        "(({width, height}, canvas) => canvas.getContext('2d').getImageData(width / 2, height / 2, 1, 1).data[3])"
        "(document.querySelector('.loupe:not([hidden]) canvas'), document.querySelector('.loupe:not([hidden]) canvas'))"
    )
    fingers.up()
    studio.wait_revision(3)
    gone(studio, ".loupe:not([hidden])")
    before, after = state(server, studio, 2)[hint], state(server, studio, 3)[hint]
    assert (after["x"], after["y"]) != (before["x"], before["y"])
    assert (after["a"], after["b"], after["size"]) == (before["a"], before["b"], before["size"])
    studio.deselect()
    fingers.down(a=moved(start, 60, 30))
    shown(studio, ".panel")  # while the finger still rests on it
    fingers.up()
    studio.page.locator(".panel").get_by_role("button", name="Undo").tap()
    studio.wait_revision(4)
    assert state(server, studio, 4)[hint] | {"touched": 2} == before
    assert journal(server, studio) == ["add", "move", "undo"]


def test_several_hints_go_together_and_copies_keep_their_color(serve: Serve, person: NewPerson) -> None:
    """A box selects; what is done to several is one entry and one step; Alt-drag copies, Shift toggles."""
    server = serve()
    studio = owner_of_coffee(server, person)
    page, mouse, keys = studio.page, studio.page.mouse, studio.page.keyboard
    one, two, three = (studio.place(at) for at in ((0.3, 0.3), (0.4, 0.4), (0.7, 0.7)))
    studio.recolor(one, "#c2410c")
    studio.wait_revision(5)
    studio.deselect()
    keys.down("Shift")
    mouse.move(*studio.screen((0.2, 0.2)))
    mouse.down()
    mouse.move(*studio.screen((0.5, 0.5)), steps=4)
    studio.shot("box")
    mouse.up()
    keys.up("Shift")
    page.get_by_text("2 hints together").wait_for(timeout=WAIT_MS)
    with studio.dragging(one) as drag:
        drag.to((0.35, 0.3))
    studio.wait_revision(6)
    placed = state(server, studio, 6)
    assert (placed[one]["x"], placed[two]["x"]) == (pytest.approx(0.35, abs=0.003), pytest.approx(0.45, abs=0.003))
    assert placed[three] == state(server, studio, 5)[three]
    studio.undo()
    studio.wait_revision(7)
    assert [hint["x"] for hint in state(server, studio, 7).values()] == [
        hint["x"] for hint in state(server, studio, 5).values()
    ]
    keys.down("Alt")
    studio.deselect()
    with studio.dragging(one) as drag:
        drag.to((0.6, 0.6))
        studio.wait("() => document.querySelectorAll('.hint').length === 4")
        keys.press("Escape")
    studio.wait_hints({one, two, three})
    with studio.dragging(one) as drag:
        drag.to((0.6, 0.3))
    keys.up("Alt")
    studio.wait_revision(8)
    (copy,) = set(state(server, studio, 8)) - {one, two, three}
    colors = [[state(server, studio, 8)[hint][field] for field in "ab"] for hint in (one, copy)]
    assert colors[0] == colors[1]
    keys.press("Control+a")
    page.get_by_text("4 hints together").wait_for(timeout=WAIT_MS)
    studio.shot("several")
    keys.down("Shift")
    mouse.click(*studio.screen((0.7, 0.7)))
    keys.up("Shift")
    page.get_by_text("3 hints together").wait_for(timeout=WAIT_MS)
    page.locator(".panel").get_by_role("button", name="Gray").click()
    studio.wait_revision(9)
    gray = {id for id, hint in state(server, studio, 9).items() if hint["a"] == hint["b"] == 0}
    assert gray == {one, two, copy}
    keys.press("Delete")
    studio.wait_hints({three})
    studio.wait_revision(10)
    assert journal(server, studio)[-6:] == ["recolor", "move", "undo", "add", "recolor", "remove"]


# A wheel that rests for half a second has set the size: the page itself turns and looks, however busy the machine is.
TURN_TWICE = """async ([clientX, clientY]) => {
  const turn = {clientX, clientY, deltaY: -100, altKey: true, bubbles: true, cancelable: true};
  for (let notch = 0; notch < 2; notch++) document.querySelector('.stage').dispatchEvent(new WheelEvent('wheel', turn));
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return document.querySelector('.rectangle.square').getBoundingClientRect().width;
}"""


def test_a_wheel_sets_a_hints_size_whose_square_is_shown(serve: Serve, person: NewPerson) -> None:
    """Alt and the wheel over a hint; its square is as many working pixels large, and one entry says it."""
    server = serve()
    studio = owner_of_coffee(server, person)
    page, keys = studio.page, studio.page.keyboard
    hint = studio.place((0.3, 0.4))
    studio.deselect()
    studio.wait_settled(2)
    page.mouse.move(*studio.screen((0.3, 0.4)))
    assert page.evaluate(TURN_TWICE, studio.screen((0.3, 0.4))) > 10
    studio.wait_revision(3)
    gone(studio, ".rectangle.square")
    assert state(server, studio, 3)[hint]["size"] == 7
    studio.select(hint)
    assert page.locator(".size-row").is_visible()
    with Room.open(page.url) as room:
        room.choose_network(AUTOMATIC)
    gone(studio, ".size-row")  # that network does not look at sizes
    keys.down("Alt")
    page.mouse.wheel(0, -100)
    keys.up("Alt")
    studio.wait("() => !document.querySelector('.zoom').textContent.includes('163')")  # so it zooms
    assert journal(server, studio) == ["add", "resize", "network"]


def test_by_keyboard_only_a_hint_is_placed_moved_recolored_and_removed(serve: Serve, person: NewPerson) -> None:
    """Whoever has no pointer can do all that a pointer can; keys held together make one step, the journal says."""
    server = serve()
    studio = owner_of_coffee(server, person)
    keys = studio.page.keyboard
    active = "document.activeElement"
    for key, reached in (("Tab", f"{active}.matches('.stage')"), ("Tab", f"{active}.matches('.hint')")):
        if reached.endswith("'.hint')"):
            keys.press("Enter")
            studio.wait_revision(2)
        for _ in range(30):
            if studio.page.evaluate(reached):
                break
            keys.press(key)
        assert studio.page.evaluate(reached)
    (hint,) = studio.hints()
    start = state(server, studio, 2)[hint]
    keys.down("ArrowRight")
    keys.down("ArrowRight")
    keys.up("ArrowRight")
    studio.wait_revision(3)
    there = state(server, studio, 3)[hint]
    assert there["x"] > start["x"]
    assert (there["y"], there["a"], there["b"]) == (pytest.approx(start["y"]), start["a"], start["b"])
    for _ in range(40):
        if studio.page.evaluate(f"{active}.matches('.picker')"):
            break
        keys.press("Tab")
    keys.press("Shift+ArrowUp")
    studio.wait_revision(4)
    assert state(server, studio, 4)[hint]["b"] > start["b"] + 0.5
    keys.press("Delete")
    studio.wait_revision(5)
    assert state(server, studio, 5) == {}
    keys.press("Control+z")
    studio.wait_hints({hint})
    studio.wait_revision(6)
    assert journal(server, studio) == ["add", "move", "recolor", "remove", "undo"]


def test_a_pin_keeps_the_present_color_and_hints_rest_while_nobody_moves(serve: Serve, person: NewPerson) -> None:
    """A pin is the picture's own color there, drawn otherwise, without a panel; rings fade, the selected one stays."""
    server = serve()
    studio = owner_of_coffee(server, person)
    page, keys = studio.page, studio.page.keyboard
    hint = studio.place((0.3, 0.3))
    studio.recolor(hint, "#1d4ed8")
    studio.wait_settled(3)
    studio.deselect()
    before = studio.pixels((0.6, 0.5)).astype(int)
    keys.press("p")
    pin = studio.place((0.6, 0.5))
    studio.wait_settled(4)
    assert state(server, studio, 4)[pin]["pinned"]
    assert not state(server, studio, 4)[hint]["pinned"]
    assert not page.locator(".panel").is_visible()
    assert abs(studio.pixels((0.6, 0.5)).astype(int) - before).max() <= 3
    studio.shot("pinned")
    gone(studio, ".hint.waiting")
    seen = "(id) => getComputedStyle(document.querySelector(`[data-hint-id='${id}']`)).opacity"
    page.evaluate(
        "new MutationObserver(() => (window.woke ||= !document.querySelector('#hints').matches('.resting')))"
        ".observe(document.querySelector('#hints'), {attributes: true})"
    )
    studio.wait(f"([id]) => ({seen})(id) === '0'", [hint])
    assert page.evaluate(seen, pin) == "1"  # selected
    page.evaluate("window.woke = false")
    page.mouse.move(*studio.screen((0.1, 0.1)))
    studio.wait("() => window.woke")
    keys.press("h")
    studio.wait_drawn()
    keys.press("Delete")  # of what is out of sight nothing is removed
    keys.press("h")
    studio.wait_drawn()
    studio.select(pin)
    keys.press("Delete")
    studio.wait_hints({hint})
