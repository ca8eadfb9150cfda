"""The parts of the two pages, each in a sentence that matters to the person who uses it."""

from collections.abc import Callable
from pathlib import Path
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


def test_a_phones_panel_never_covers_the_hint_that_it_is_about(serve: Serve, person: NewPerson) -> None:
    """A hint low on a tall photograph stays in sight while its color is chosen; afterwards the picture is back."""
    studio = owner_of_coffee(serve(), person, **PHONE)
    page = studio.page
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Turn by 90°").click()
    studio.photograph_px = studio.photograph_px[::-1]
    studio.wait_settled(2)
    studio.page.touchscreen.tap(*studio.screen((0.5, 0.95)))
    page.locator(".panel").wait_for(timeout=WAIT_MS)
    panel, hint = page.locator(".panel").bounding_box(), page.locator(".hint").bounding_box()
    assert hint["y"] + hint["height"] < panel["y"]
    focused = page.evaluate("document.activeElement.closest('.panel') !== null")
    assert not focused, "the tap went on to the panel that opened under it, whose field calls up the keyboard"
    studio.deselect()
    x, y = studio.screen((0.5, 0.95))
    middle = "(() => {const {x, y, width, height} = document.querySelector('.hint').getBoundingClientRect();"
    studio.wait(f"(at) => {middle} return Math.hypot(x + width / 2 - at[0], y + height / 2 - at[1]) < 2; }})()", [x, y])


def test_a_phones_panel_leaves_the_picture_in_sight_and_a_way_to_undo(serve: Serve, person: NewPerson) -> None:
    """Where there is room above, all of the picture lies there; no tap moves it again, and undo is in the panel."""
    studio = owner_of_coffee(serve(), person, **PHONE)
    page = studio.page
    page.touchscreen.tap(*studio.screen((0.3, 0.3)))
    panel, undo = page.locator(".panel"), page.locator(".panel").get_by_role("button", name="Undo")
    panel.wait_for(timeout=WAIT_MS)
    studio.wait_settled(2)
    hint, top = page.locator(".hint").bounding_box(), panel.bounding_box()["y"]
    width_px = 390 - 16
    below = 0.7 * width_px * studio.photograph_px[0] / studio.photograph_px[1]
    assert hint["y"] + hint["height"] / 2 + below < top, "the picture's lowest strip is under the panel"
    page.touchscreen.tap(hint["x"] + 150, hint["y"] + 40)
    studio.wait_settled(3)
    assert page.locator(".hint").first.bounding_box() == hint
    undo.tap()
    studio.wait("() => document.querySelectorAll('.hint').length === 1")


def test_what_a_finger_presses_beside_a_hint_is_large_enough(serve: Serve, person: NewPerson) -> None:
    """At least 44 pixels both ways, upright and on its side, and the panel lies on no tool."""
    server = serve()
    for width_px, height_px in [(390, 844), (844, 390)]:
        studio = owner_of_coffee(server, person, **PHONE | {"width_px": width_px, "height_px": height_px})
        page = studio.page
        page.touchscreen.tap(*studio.screen((0.3, 0.3)))
        panel = page.locator(".panel")
        panel.wait_for(timeout=WAIT_MS)
        pressed = panel.locator(
            ".icon-button:visible, .button, label:has([type=checkbox]), [type=range], .recent button"
        )
        boxes = [one.bounding_box() for one in pressed.all()]
        assert len(boxes) >= 6
        assert min(min(box["width"], box["height"]) for box in boxes) >= 44
        toolbar = page.locator(".toolbar")
        if toolbar.is_visible():
            tools, covers = toolbar.bounding_box(), panel.bounding_box()
            assert tools["x"] >= 0
            assert tools["x"] + tools["width"] <= covers["x"]


def test_a_drag_in_the_picker_recolors_live_and_is_one_edit(serve: Serve, person: NewPerson) -> None:
    """The picture answers before the finger is lifted; one step takes it all back."""
    studio = owner_of_coffee(serve(), person)
    hint = studio.place((0.4, 0.5))
    studio.wait_settled(2)
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


def test_turn_and_crop_are_for_before_the_first_hint(serve: Serve, person: NewPerson) -> None:
    """A crop shows at once, in the cropped shape; with a hint on the picture the menu does not offer it."""
    studio = owner_of_coffee(serve(), person)
    page = studio.page
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Turn by 90°").click()
    studio.wait_settled(2)
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Crop").click()
    page.locator(".crop-buttons").get_by_role("button", name="Crop").click()
    studio.wait_settled(3)
    shown = studio.page.evaluate(
        "async () => (await (await fetch(`../api/rooms/${location.pathname.split('/').at(-1)}`,"
        " {headers: {Authorization: `Bearer ${location.hash.slice(1)}`}})).json())"
    )
    assert (shown["width_px"], shown["height_px"]) == (336, 504)
    studio.photograph_px = (504, 336)
    studio.place((0.5, 0.5))
    page.get_by_role("button", name="More").click()
    assert page.get_by_role("menuitem", name="Crop").is_disabled()
    assert page.get_by_role("menuitem", name="Turn by 90°").is_disabled()


def test_a_recipe_is_saved_and_opened_in_another_room(serve: Serve, person: NewPerson, tmp_path: Path) -> None:
    """The hints come as they were, one undo takes them back; a file that is no recipe ends nothing."""
    server = serve()
    first = owner_of_coffee(server, person)
    hint = first.place((0.4, 0.5))
    placed = first.hints()[hint]
    first.page.get_by_role("button", name="More").click()
    first.page.get_by_role("menuitem", name="Save recipe or backup").click()
    with first.page.expect_download() as saving:
        first.page.locator("dialog").get_by_role("button", name="Recipe").click()
    file, other = tmp_path / "recipe.json", tmp_path / "other.json"
    saving.value.save_as(file)
    other.write_text("{}")
    second = owner_of_coffee(server, person)
    for chosen in (other, file):
        second.page.get_by_role("button", name="More").click()
        with second.page.expect_file_chooser() as choosing:
            second.page.get_by_role("menuitem", name="Open a recipe").click()
        choosing.value.set_files(chosen)
        if chosen == other:
            second.page.get_by_text("This file is not a recipe.").wait_for(timeout=WAIT_MS)
    second.wait_hint(hint, placed)
    second.undo()
    second.wait_hints(set())


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


def test_an_owner_who_tries_the_link_for_others_stays_the_owner(serve: Serve, person: NewPerson) -> None:
    """The list of rooms holds the only copy of the owner's link: a weaker one does not take its place."""
    server = serve()
    studio = owner_of_coffee(server, person)
    room = studio.room
    studio.open(studio.links()["Watch"])
    assert studio.data["role"] == "viewer"
    studio.page.goto(server.url)
    studio.page.locator(f"[data-room='{room}']").click()
    studio.wait("() => document.body.dataset.role === 'owner'")
