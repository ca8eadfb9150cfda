"""What decides the colors besides the hints' places: likely colors, the network, the vividness."""

import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.browser.serving import Server
from tests.browser.studio import WAIT_MS, Studio

pytestmark = pytest.mark.browser

Serve = Callable[..., Server]
NewPerson = Callable[..., Studio]

# The page shows the photograph pixel by pixel, so that colors can be compared.
EXACT = {"width_px": 1000, "height_px": 548}
PLACE = (0.2, 0.8)
OTHER = (0.3, 0.8)

# Notes, with every change of what the page says of itself, which preview and which revision's frame are on the screen.
WATCH = """() => {
  window.seen = [];
  const {dataset} = document.body;
  const note = () => window.seen.push([dataset.preview ?? null, Number(dataset.frameRevision)]);
  new MutationObserver(note).observe(document.body, {attributes: true});
}"""


def two(serve: Serve, person: NewPerson, other: str = "editor") -> tuple[Studio, Studio, Server]:
    """The owner of a room, and another member."""
    server = serve()
    links = server.new_room()
    owner, member = person("owner", **EXACT), person("member", **EXACT)
    owner.open(links["owner"])
    member.open(links[other])
    return owner, member, server


def color(studio: Studio, place: tuple[float, float] = PLACE) -> NDArray[np.floating[Any]]:
    """The mean color about a place of the picture, bytes of sRGB."""
    mean: NDArray[np.floating[Any]] = studio.pixels(place, 3).reshape(-1, 3).mean(axis=0)
    return mean


def open_colors(studio: Studio) -> None:
    """Show network and vividness."""
    studio.page.get_by_role("button", name="Network and vividness").click()


def attempt(studio: Studio, network: str = "eccv16") -> None:
    """Try a network privately, and wait until it is seen."""
    open_colors(studio)
    studio.page.locator(f"[data-network={network}]").get_by_role("button", name="Try privately").click()
    studio.wait("(network) => document.body.dataset.preview === network", network)
    studio.wait_drawn()


def test_a_network_is_tried_alone_chosen_for_everyone_and_taken_back(serve: Serve, person: NewPerson) -> None:
    """The other member never sees the preview; an edit does not end it; the choice reaches both, and so does undo."""
    owner, member, _ = two(serve, person)
    before, look = color(owner), member.look
    attempt(owner)
    owner.shot("trying")
    tried = color(owner)
    assert np.abs(tried - before).max() > 4
    assert "preview" not in member.data
    assert (member.look, np.abs(color(member) - before).max()) == (look, 0)
    member.place((0.7, 0.2))
    owner.wait_settled(2)  # drawn below the preview, and told as painted
    assert np.abs(color(owner) - tried).max() == 0
    assert owner.data["preview"] == "eccv16"
    owner.page.evaluate(WATCH)
    owner.page.get_by_role("button", name="Use for everyone").click()
    for studio in (owner, member):
        studio.wait_settled(3)
        assert studio.data["network"] == "eccv16"
    owner.wait("() => document.body.dataset.preview === undefined")
    owner.wait_drawn()
    assert all(preview == "eccv16" or revision >= 3 for preview, revision in owner.page.evaluate("window.seen"))
    assert np.abs(color(member) - tried).max() <= 2
    owner.undo()
    for studio in (owner, member):
        studio.wait_settled(4)
        assert studio.data["network"] == "stub"
        assert np.abs(color(studio) - before).max() <= 2


def test_back_shows_the_newest_picture_of_the_room(serve: Serve, person: NewPerson) -> None:
    """Whoever watches may try too, but not choose; what happened meanwhile is there at once."""
    owner, viewer, _ = two(serve, person, "viewer")
    attempt(viewer)
    assert viewer.page.get_by_role("button", name="Use for everyone").count() == 0
    assert viewer.page.get_by_role("slider", name="Vividness").is_disabled()
    hint = owner.place(PLACE)
    owner.recolor(hint, "#c03020")
    owner.wait_settled(3)
    viewer.wait_settled(3)
    viewer.page.locator(".trying").get_by_role("button", name="Back").click()
    viewer.wait("() => document.body.dataset.preview === undefined")
    viewer.wait_drawn()
    assert np.abs(color(viewer) - color(owner)).max() <= 2


def test_vividness_is_tried_while_it_is_dragged_and_is_one_edit(serve: Serve, person: NewPerson) -> None:
    """Nobody else sees the drag; letting go where it began changes nothing."""
    owner, member, _ = two(serve, person)
    before, look = color(owner), member.look
    open_colors(owner)
    box = owner.page.get_by_role("slider", name="Vividness").bounding_box()
    mouse, middle = owner.page.mouse, box["y"] + box["height"] / 2
    for end in (0.01, 0.99):
        mouse.move(box["x"] + 6, middle)
        mouse.down()
        mouse.move(box["x"] + box["width"] * 0.6, middle, steps=3)
        mouse.move(box["x"] + box["width"] * 0.99, middle, steps=3)
        owner.wait("() => document.body.dataset.preview !== undefined")
        mouse.move(box["x"] + box["width"] * end, middle)
        assert (owner.revision, member.look) == (1, look)
        mouse.up()
        if end < 0.5:
            owner.wait("() => document.body.dataset.preview === undefined")
    for studio in (owner, member):
        studio.wait_settled(2)
    owner.wait("() => document.body.dataset.preview === undefined")
    assert owner.revision == 2
    assert np.abs(color(owner) - before).max() > 2
    assert np.abs(color(owner) - color(member)).max() <= 2
    open_colors(member)
    assert member.page.get_by_role("slider", name="Vividness").input_value() == "100"
    owner.undo()
    member.wait_settled(3)
    assert np.abs(color(member) - before).max() <= 2


def test_a_hints_panel_takes_the_place_of_network_and_vividness(serve: Serve, person: NewPerson) -> None:
    """Both lie at the same side; Escape closes either, and Escape leaves what is tried first."""
    studio = person("owner", **EXACT)
    studio.open(serve().new_room()["owner"])
    card, panel = studio.page.locator(".colors"), studio.page.locator(".panel")
    hint = studio.place(PLACE)
    attempt(studio)
    assert card.is_visible()
    assert not panel.is_visible()
    studio.page.keyboard.press("Escape")
    studio.wait("() => document.body.dataset.preview === undefined")
    assert card.is_visible()
    studio.select(hint)
    card.wait_for(state="hidden")
    open_colors(studio)
    panel.wait_for(state="hidden")
    studio.page.keyboard.press("Escape")
    card.wait_for(state="hidden")


def test_a_preview_that_cannot_be_had_ends(serve: Serve, person: NewPerson) -> None:
    """The hub's sentence is told, and the bar does not go on saying that the network is painting."""
    studio = person("owner", **EXACT)

    def refuse(page_side: Any) -> None:
        hub = page_side.connect_to_server()
        told = json.dumps({"type": "engine", "sentence": "There is no memory for it."})
        page_side.on_message(lambda message: page_side.send(told) if "preview_of" in message else hub.send(message))

    studio.page.route_web_socket("**/*", refuse)
    studio.open(serve().new_room()["owner"])
    open_colors(studio)
    studio.page.locator("[data-network=eccv16]").get_by_role("button", name="Try privately").click()
    studio.page.get_by_text("There is no memory for it.").wait_for(timeout=WAIT_MS)
    studio.page.locator(".trying").wait_for(state="hidden", timeout=WAIT_MS)
    assert studio.page.locator("[data-network=eccv16]").get_by_role("button", name="Try privately").is_visible()


def likely_colors(studio: Studio) -> dict[str, float]:
    """The shares of the likely colors in percent, by color, as they are told to who cannot see them."""
    labels = [str(bar.get_attribute("aria-label")) for bar in studio.page.locator(".likely").all()]
    found = [re.fullmatch(r"(#[0-9a-f]{6}), (less than 1|\d+) % likely", label) for label in labels]
    return {each[1]: 0.5 if each[2].startswith("less") else float(each[2]) for each in found if each is not None}


def test_likely_colors_follow_the_picture_and_recolor(serve: Serve, person: NewPerson) -> None:
    """Another's hint nearby makes its color likely here; a press takes one over, as one edit that the journal holds."""
    owner, member, server = two(serve, person)
    hint = owner.place(PLACE)
    owner.page.locator(".likely").first.wait_for(timeout=WAIT_MS)
    owner.shot("palette")
    first = likely_colors(owner)
    assert 3 <= len(first) <= 9
    assert sum(first.values()) <= 105
    other = member.place(OTHER)
    member.recolor(other, "#b04020")
    owner.wait_settled(4)
    owner.wait(
        "(first) => document.querySelector('.likely').getAttribute('aria-label') !== first",
        next(f"{name}, {share:.0f} % likely" for name, share in first.items()),
    )
    bar = owner.page.locator(".likely").nth(1)
    wanted = str(bar.get_attribute("aria-label"))[:7]
    bar.click()
    owner.wait_revision(5)
    assert owner.page.locator(".panel-head input").input_value() == wanted
    member.wait_revision(5)
    told = server.get(f"api/rooms/{owner.room}/recipe", owner.capability)
    (kept,) = [each for each in told["hints"] if each["id"] == hint]
    shown = owner.hints()[hint]
    assert (kept["a"], kept["b"]) == pytest.approx((shown.a, shown.b), abs=0.01)


def test_likely_colors_are_walked_and_taken_by_keyboard(serve: Serve, person: NewPerson) -> None:
    """The row is one stop of Tab; arrows walk along it without moving the hint, Enter takes the color."""
    studio = person("owner", **EXACT)
    studio.open(serve().new_room()["owner"])
    hint = studio.place(PLACE)
    studio.page.locator(".likely").first.wait_for(timeout=WAIT_MS)
    place = studio.hints()[hint]
    studio.page.locator(".likely").first.focus()
    studio.page.keyboard.press("ArrowRight")
    studio.page.keyboard.press("ArrowRight")
    wanted = studio.page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert wanted == studio.page.locator(".likely").nth(2).get_attribute("aria-label")
    studio.page.keyboard.press("Enter")
    studio.wait_revision(3)
    assert (studio.hints()[hint].x, studio.hints()[hint].y) == (place.x, place.y)
    assert studio.page.locator(".panel-head input").input_value() == wanted[:7]
    chosen = studio.page.locator(".likely[aria-pressed=true]").get_attribute("aria-label")
    assert str(chosen)[:7] == wanted[:7]
    assert studio.page.evaluate("document.activeElement.matches('.likely')")


def test_likely_colors_are_large_enough_for_a_finger(serve: Serve, person: NewPerson) -> None:
    """At least 32 pixels both ways on a phone, and a tap takes one."""
    studio = person("phone", width_px=390, height_px=844, has_touch=True, is_mobile=True)
    studio.open(serve().new_room()["editor"])
    studio.page.touchscreen.tap(*studio.screen((0.5, 0.5)))
    bars = studio.page.locator(".likely")
    bars.first.wait_for(timeout=WAIT_MS)
    boxes = [bar.bounding_box() for bar in bars.all()]
    assert min(min(box["width"], box["height"]) for box in boxes) >= 32
    assert max(box["x"] + box["width"] for box in boxes) <= 390
    bars.nth(1).tap()
    studio.wait_revision(3)
