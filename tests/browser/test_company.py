"""Others in the room: following what one shows, whose hand and whose color it is, what the owner did to all."""

from collections.abc import Callable

import pytest

from tests.browser.serving import Server
from tests.browser.studio import Studio

pytestmark = pytest.mark.browser

Serve = Callable[..., Server]
NewPerson = Callable[..., Studio]

ZOOM = "document.querySelector('.toolbar .zoom').textContent"

# It is there for two seconds: the page itself presses as soon as it sees it, however busy the machine is.
USE_MINE = """() => {
  const [button] = [...document.querySelectorAll('.toast button')].filter((one) => one.innerText === 'Use mine');
  button?.click();
  return button !== undefined;
}"""


def two(server: Server, person: NewPerson) -> tuple[Studio, Studio]:
    """Anna, who owns the room, and Ben, who edits, in windows of the same size."""
    links = server.new_room()
    anna, ben = person("anna"), person("ben")
    anna.open(links["owner"])
    ben.open(links["editor"])
    anna.page.locator(".follow:enabled").wait_for()
    return anna, ben


def wheel(studio: Studio, notches: int) -> None:
    """Zoom where a person would, in the picture, and wait until it is done."""
    before = studio.page.evaluate(ZOOM)
    studio.page.mouse.move(*studio.screen((0.3, 0.3)))
    studio.page.mouse.wheel(0, -240 * notches)
    studio.wait(f"(before) => {ZOOM} !== before", before)


def wait_zoom(studio: Studio, zoom: str) -> None:
    studio.wait(f"(zoom) => {ZOOM} === zoom", zoom)


def test_following_shows_what_the_other_sees_and_ends_with_an_own_move(serve: Serve, person: NewPerson) -> None:
    """By avatar; it ends on an own zoom, on placing, on Escape and when the other leaves."""
    anna, ben = two(serve(), person)
    whole = ben.page.evaluate(ZOOM)
    wheel(ben, 2)
    close = ben.page.evaluate(ZOOM)
    assert close != whole
    anna.page.locator(".follow").click()
    wait_zoom(anna, close)
    frame = anna.page.locator(".following")
    assert frame.inner_text().startswith("Following ")
    anna.shot("following")
    wheel(ben, 1)
    wait_zoom(anna, ben.page.evaluate(ZOOM))
    wheel(anna, -1)
    frame.wait_for(state="hidden")
    mine = anna.page.evaluate(ZOOM)
    ben.page.keyboard.press("0")
    ben.page.mouse.move(*ben.screen((0.6, 0.6)))
    anna.wait("() => document.querySelector('.cursor') !== null")
    anna.wait_drawn()
    assert (anna.page.evaluate(ZOOM), ben.page.evaluate(ZOOM)) == (mine, whole)
    for end in (
        lambda: anna.page.keyboard.press("Escape"),
        lambda: anna.place((0.7, 0.7)),
        lambda: ben.page.close(),
    ):
        anna.page.locator(".follow").click()
        wait_zoom(anna, whole)
        frame.wait_for()
        end()
        frame.wait_for(state="hidden")


def test_the_others_cursors_can_be_put_away_and_stay_away(serve: Serve, person: NewPerson) -> None:
    """A switch in the list of who is here, which the browser remembers; names are told all the same."""
    anna, ben = two(serve(), person)
    ben.page.mouse.move(*ben.screen((0.6, 0.6)))
    cursor = anna.page.locator(".cursor")
    cursor.wait_for()
    anna.page.locator(".avatars").click()
    anna.page.get_by_label("Show the others' cursors").uncheck()
    cursor.wait_for(state="hidden")
    anna.shot("people")
    anna.page.reload()
    anna.wait_live()
    ben.page.mouse.move(*ben.screen((0.5, 0.6)))
    anna.wait("() => document.querySelector('.cursor') !== null")
    assert not cursor.is_visible()


def test_it_is_told_who_drags_and_whose_color_stayed(serve: Serve, person: NewPerson) -> None:
    """The name at the hint while it is held; and a color that was overruled comes back by one press."""
    anna, ben = two(serve(), person)
    hint = ben.place((0.4, 0.4))
    anna.wait_hints({hint})
    field = ben.page.locator(".panel-head input")
    field.fill("#6a9a60")
    anna.recolor(hint, "#b0653c")
    anna.wait_revision(3)
    field.press("Enter")
    anna.wait(USE_MINE)
    for each in (anna, ben):
        each.wait_revision(5)
    assert ben.hints()[hint] == anna.hints()[hint]
    assert ben.hints()[hint].a > 10
    ben.deselect()
    with ben.dragging(hint) as drag:
        drag.to((0.5, 0.5))
        anna.wait("() => document.querySelector('.hint').dataset.holder?.length > 3")
        anna.shot("held")
    anna.wait("() => document.querySelector('.hint').dataset.holder === undefined")


def test_guests_are_told_who_cleared_and_locked_and_the_owner_takes_it_back(serve: Serve, person: NewPerson) -> None:
    """The owner alone gets the button, which brings everything back for everybody.

    A lock takes a drag out of a guest's hand; the first color after it is the guest's again.
    """
    anna, ben = two(serve(), person)
    hint = ben.place((0.4, 0.4))
    anna.wait_hints({hint})
    anna.page.get_by_role("button", name="More").click()
    anna.page.get_by_role("menuitem", name="Remove all hints").click()
    toasts = ben.page.locator(".toast")
    toasts.filter(has_text="removed all hints").wait_for()
    assert toasts.get_by_role("button").count() == 0
    anna.page.locator(".toast").get_by_role("button", name="Undo").click()
    ben.wait_hints({hint})
    toasts.filter(has_text="brought the hints back").wait_for()
    ben.select(hint)
    box, mouse = ben.page.locator(".picker").bounding_box(), ben.page.mouse
    mouse.move(box["x"] + 60, box["y"] + 90)
    mouse.down()
    mouse.move(box["x"] + 120, box["y"] + 100, steps=4)
    toggle_lock(anna)
    toasts.filter(has_text="locked the room").wait_for()
    ben.shot("told")
    ben.page.locator(".panel").wait_for(state="hidden")
    mouse.up()
    toggle_lock(anna)
    ben.recolor(hint, "#6a9a60")
    ben.wait_revision(7)


def toggle_lock(owner: Studio) -> None:
    owner.page.get_by_role("button", name="More").click()
    owner.page.get_by_role("menuitemcheckbox", name="Lock for everybody else").click()
