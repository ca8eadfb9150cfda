"""Small things that people trip over: keys, fields, links that were cut, and what is out of sight."""

from collections.abc import Callable

import pytest

from tests.browser.serving import Server
from tests.browser.studio import Studio

pytestmark = pytest.mark.browser

Serve = Callable[..., Server]
NewPerson = Callable[..., Studio]

FOCUSED = "document.activeElement.innerText.trim()"


def colored_by_two(server: Server, person: NewPerson) -> tuple[Studio, Studio]:
    """An owner and an editor in a new room."""
    links = server.new_room()
    owner, editor = person("owner"), person("editor")
    owner.open(links["owner"])
    editor.open(links["editor"])
    return owner, editor


def test_a_menu_is_walked_by_keyboard_and_escape_leaves_cropping(serve: Serve, person: NewPerson) -> None:
    """Tab would go on elsewhere and close the menu: whoever opens it by keyboard stands in it."""
    studio = person("owner")
    studio.open(serve().new_room()["owner"])
    keys = studio.page.keyboard
    studio.page.get_by_role("button", name="More").focus()
    keys.press("Enter")
    assert studio.page.evaluate(FOCUSED) == "Network and vividness"
    while studio.page.evaluate(FOCUSED) != "Crop":
        assert studio.page.evaluate(FOCUSED) != "Delete this room"
        keys.press("ArrowDown")
    keys.press("Enter")
    studio.page.locator(".crop-frame").wait_for()
    keys.press("Shift+ArrowRight")
    keys.press("Escape")
    studio.page.locator(".crop-frame").wait_for(state="detached")
    assert studio.revision == 1


def test_what_was_said_about_a_typed_color_outlasts_the_cursors_of_others(serve: Serve, person: NewPerson) -> None:
    """Every cursor has the page drawn again; Escape then gives the field its color back and keeps the panel."""
    owner, editor = colored_by_two(serve(), person)
    hint = owner.place((0.4, 0.4))
    owner.wait_settled(2)
    field, warning = owner.page.locator(".panel-head input"), owner.page.locator(".panel .warning")
    color = field.input_value()
    field.fill("nonsense")
    field.press("Enter")
    for place in [(0.6, 0.6), (0.7, 0.6), (0.7, 0.7)]:
        editor.page.mouse.move(*editor.screen(place))
    owner.page.locator(".cursor").wait_for()
    owner.wait_drawn()
    assert warning.is_visible()
    field.press("Escape")
    assert field.input_value() == color
    assert not warning.is_visible()
    assert owner.page.locator(".panel").is_visible()
    assert set(owner.hints()) == {hint}


def test_a_typed_color_that_cannot_be_as_light_says_so(serve: Serve, person: NewPerson) -> None:
    """White on a dark place becomes its gray, with a reason that outlasts the hub's answer; likely colors need none."""
    owner, _ = colored_by_two(serve(), person)
    hint = owner.place((0.4, 0.4))
    owner.wait_settled(2)
    note = owner.page.locator(".panel .warning")
    assert not note.is_visible()
    owner.recolor(hint, "#fff")
    owner.wait_settled(3)
    assert "keeps its brightness" in note.inner_text()
    owner.page.locator(".likely").nth(1).click()
    owner.wait_settled(4)
    assert not note.is_visible()


def test_all_hints_removed_come_back_by_the_toast(serve: Serve, person: NewPerson) -> None:
    """Its button undoes just that; once something else was done it is gone, since that would be undone."""
    owner, _ = colored_by_two(serve(), person)
    toast = owner.page.locator(".toast", has_text="All hints removed.")

    def clear() -> None:
        owner.page.get_by_role("button", name="More").click()
        owner.page.get_by_role("menuitem", name="Remove all hints").click()
        owner.wait_hints(set())

    hint = owner.place((0.4, 0.4))
    owner.wait_settled(2)
    clear()
    toast.get_by_role("button", name="Undo").click()
    owner.wait_hints({hint})
    clear()
    toast.wait_for()
    owner.place((0.6, 0.6))
    toast.wait_for(state="detached", timeout=4000)


def test_a_slider_takes_the_arrows_and_no_other_key(serve: Serve, person: NewPerson) -> None:
    """After the size was changed, undo still undoes; the slider goes back with it."""
    studio = person("owner")
    studio.open(serve().new_room()["owner"])
    hint = studio.place((0.4, 0.4))
    studio.wait_revision(2)
    before = studio.hints()[hint]
    slider = studio.page.get_by_label("Size")
    slider.focus()
    slider.press("ArrowRight")
    studio.wait_revision(3)
    assert (slider.input_value(), studio.hints()[hint]) == ("6", before)
    slider.press("Control+z")
    studio.wait_revision(4)
    studio.wait_drawn()
    assert slider.input_value() == "5"


def test_escape_takes_a_drag_in_the_picker_back(serve: Serve, person: NewPerson) -> None:
    """The hint has its color again, the panel stays, and the room never hears of it."""
    studio = person("owner")
    studio.open(serve().new_room()["owner"])
    hint = studio.place((0.4, 0.4))
    studio.wait_revision(2)
    before = studio.hints()[hint]
    box, mouse = studio.page.locator(".picker").bounding_box(), studio.page.mouse
    mouse.move(box["x"] + 60, box["y"] + 90)
    mouse.down()
    mouse.move(box["x"] + 120, box["y"] + 100, steps=4)
    studio.wait_drawn()
    assert studio.hints()[hint] != before
    studio.page.keyboard.press("Escape")
    mouse.move(box["x"] + 150, box["y"] + 120, steps=4)
    mouse.up()
    studio.wait_hint(hint, before)
    studio.deselect()
    studio.place((0.6, 0.6))
    studio.wait_revision(3)
    assert studio.revision == 3


def test_the_space_bar_moves_the_view_after_a_button_was_clicked(serve: Serve, person: NewPerson) -> None:
    """It does not press that button once more, and the press that follows places nothing."""
    studio = person("owner")
    studio.open(serve().new_room()["owner"])
    hint = studio.place((0.4, 0.4))
    studio.wait_revision(2)
    studio.page.get_by_role("button", name="Gray", exact=True).click()
    studio.wait_revision(3)
    studio.page.keyboard.down("Space")
    studio.page.mouse.click(*studio.screen((0.6, 0.6)))
    studio.page.keyboard.up("Space")
    assert set(studio.hints()) == {hint}
    studio.undo()
    studio.wait_revision(4)
    assert studio.revision == 4


def test_the_same_news_is_told_once(serve: Serve, person: NewPerson) -> None:
    """A held key does not pile the same sentence up."""
    studio = person("editor")
    studio.open(serve().new_room()["editor"])
    count_toasts = (
        "() => { window.told = 0; new MutationObserver((changes) => {"
        " for (const {addedNodes} of changes) window.told += addedNodes.length;"
        " }).observe(document.querySelector('.toasts'), {childList: true}); }"
    )
    studio.page.evaluate(count_toasts)
    for _ in range(3):
        studio.page.keyboard.press("Control+z")
    studio.wait("() => window.told === 3")
    assert studio.page.locator(".toast").count() == 1


def test_a_hint_out_of_sight_comes_into_it_with_the_focus(serve: Serve, person: NewPerson) -> None:
    """By moving the view, never by scrolling the hints away from the picture under them."""
    studio = person("owner")
    studio.open(serve().new_room()["owner"])
    studio.place((0.95, 0.95))
    studio.wait_revision(2)
    studio.deselect()
    studio.page.mouse.move(*studio.screen((0.05, 0.05)))
    studio.page.mouse.wheel(0, -1500)
    mark = studio.page.locator(".hint")
    width, height = 1280, 800
    studio.wait(f"() => document.querySelector('.hint').getBoundingClientRect().x > {width}")
    studio.page.locator(".stage").focus()
    studio.page.keyboard.press("Tab")
    box = mark.bounding_box()
    assert box["x"] < width
    assert box["y"] < height
    assert studio.page.evaluate("document.querySelector('#hints').scrollLeft") == 0
    studio.page.locator(".panel").wait_for()


@pytest.mark.parametrize("fragment", ["%", "%zz", "abc"])
def test_a_link_that_was_cut_says_so(serve: Serve, person: NewPerson, fragment: str) -> None:
    """Whatever is left of it: a page that says nothing helps nobody. What it covers takes no focus."""
    server = serve()
    studio = person("somebody")
    studio.page.goto(f"{server.new_room()['viewer'].split('#')[0]}#{fragment}")
    studio.page.get_by_role("heading", name="This link opens no room").wait_for()
    assert studio.page.evaluate(FOCUSED) == "Open another photograph"
    studio.page.keyboard.press("Tab")
    assert studio.page.evaluate("document.activeElement.closest('main')") is None
