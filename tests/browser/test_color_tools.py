"""Choosing colors: swatches of the room, the eyedropper and what it takes from, the plane of colors, notations."""

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from chromavive.color.lab import rgb_to_lab
from tests.browser.conftest import NewPerson, Serve
from tests.browser.photograph import coffee
from tests.browser.studio import WAIT_MS, Studio

HALVES_PX = (400, 600)
RED, BLUE = (190, 60, 50), (40, 80, 180)


def halves() -> bytes:
    """A color photograph (400, 600): red at the left, blue at the right, as light and dark as a soft ramp."""
    ramp = np.linspace(0.75, 1.15, HALVES_PX[0])[:, None, None]
    pixels = np.zeros((*HALVES_PX, 3))
    pixels[:, :300], pixels[:, 300:] = RED, BLUE
    buffer = io.BytesIO()
    Image.fromarray(np.clip(pixels * ramp, 0, 255).astype(np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def ab_of(color: tuple[int, int, int]) -> tuple[float, float]:
    _, a, b = rgb_to_lab(np.array(color) / 255)
    return float(a), float(b)


def wait_color(studio: Studio, hint: str, ab: tuple[float, float], within: float = 3.0) -> None:
    """Wait until the hint has about this a and b."""
    studio.wait(
        "([id, a, b, within]) => { const {dataset} = document.querySelector(`[data-hint-id='${id}']`);"
        " return Math.hypot(dataset.a - a, dataset.b - b) < within; }",
        [hint, *ab, within],
    )


def pick(studio: Studio) -> Any:
    """Press the panel's eyedropper; gives its bar."""
    studio.page.locator(".panel").get_by_role("button", name="Take a color").click()
    bar = studio.page.locator(".picking")
    bar.wait_for(timeout=WAIT_MS)
    return bar


def test_a_room_swatch_is_seen_named_used_and_undone(serve: Serve, person: NewPerson) -> None:
    """One member keeps a color, the other sees it under its name and uses it; each takes back what they did."""
    links = serve().new_room()
    ann, bob = person("ann"), person("bob")
    ann.open(links["editor"])
    bob.open(links["editor"])
    hint = ann.place_colored((0.3, 0.5), "#7a5230")
    color = ab_of((0x7A, 0x52, 0x30))
    wait_color(ann, hint, color, 0.5)
    ann.page.get_by_role("button", name="Keep this color").click()
    name = ann.page.locator("dialog input")
    assert name.input_value() == "Brown"
    name.fill("Grandfather's coat")
    name.press("Enter")
    other = bob.place((0.7, 0.4))
    swatch = bob.page.get_by_role("button", name="Use Grandfather's coat")
    swatch.wait_for(timeout=WAIT_MS)
    bob.shot("swatches")
    swatch.click()
    wait_color(bob, other, color, 0.5)
    swatch.focus()
    bob.page.keyboard.press("F2")
    bob.page.locator("dialog input").fill("Coat")
    bob.page.locator("dialog").get_by_role("button", name="Keep").click()
    ann.page.get_by_role("button", name="Use Coat").wait_for(timeout=WAIT_MS)
    bob.undo()
    ann.page.get_by_role("button", name="Use Grandfather's coat").wait_for(timeout=WAIT_MS)
    ann.undo()
    bob.page.locator(".dots .dot").wait_for(state="detached", timeout=WAIT_MS)


def test_the_eyedropper_takes_from_picture_hint_and_reference(serve: Serve, person: NewPerson) -> None:
    """From a hint exactly its color, from the picture what it shows, from a reference its pixel; Escape takes none."""
    studio = person("owner")
    studio.open(serve().new_room()["owner"])
    strong = studio.place_colored((0.2, 0.3), "#a03030")
    wanted = ab_of((0xA0, 0x30, 0x30))
    wait_color(studio, strong, wanted, 0.5)
    hint = studio.place((0.7, 0.6))
    first = studio.hints()[hint]
    studio.page.keyboard.press("i")
    studio.page.mouse.move(*studio.screen((0.2, 0.3)))
    studio.shot("picking")
    studio.page.keyboard.press("Escape")
    studio.page.locator(".picking").wait_for(state="hidden", timeout=WAIT_MS)
    assert studio.hints()[hint] == first
    pick(studio)
    studio.page.mouse.click(*studio.screen((0.2, 0.3)))
    wait_color(studio, hint, wanted, 0.02)
    assert studio.hints().keys() == {strong, hint}
    studio.wait_settled(5)
    pick(studio)
    at = (0.4, 0.8)
    shown = rgb_to_lab(studio.pixels(at).reshape(-1, 3).mean(axis=0) / 255)
    studio.page.mouse.click(*studio.screen(at))
    wait_color(studio, hint, (float(shown[1]), float(shown[2])))
    bar = pick(studio)
    bar.locator("input[type=file]").set_input_files({"name": "aunt.png", "mimeType": "image/png", "buffer": halves()})
    reference = studio.page.locator(".reference canvas")
    reference.wait_for(timeout=WAIT_MS)
    studio.shot("reference")
    box = reference.bounding_box()
    reference.click(position={"x": box["width"] * 0.75, "y": box["height"] * 0.62})
    wait_color(studio, hint, ab_of(BLUE))
    assert bar.is_hidden()


def test_the_eyedropper_takes_what_was_photographed(serve: Serve, person: NewPerson) -> None:
    """Where the photograph came with colors: shown while it is asked for, about true, and gone with the eyedropper.

    A turn ends it: what is shown would lie over another picture.
    """
    studio = person("owner")
    studio.open(serve().new_room()["owner"])
    hint = studio.place((0.25, 0.2))
    studio.wait_settled(2)
    at = (0.5, 0.45)
    with Image.open(coffee()) as picture:
        truth = np.asarray(picture.convert("RGB"), float)[175:186, 295:306].mean(axis=(0, 1))
    painted = studio.pixels(at).mean(axis=(0, 1))
    bar = pick(studio)
    bar.get_by_label("As photographed").check()
    look = "document.querySelector('.stage').dataset.photographed === 'true'"
    studio.wait(f"() => {look}")
    studio.wait_drawn()
    shown = studio.pixels(at, 5).mean(axis=(0, 1))
    studio.shot("photographed")
    studio.page.mouse.click(*studio.screen(at))
    bar.wait_for(state="hidden", timeout=WAIT_MS)
    _, *true_ab = rgb_to_lab(truth / 255)
    wait_color(studio, hint, (float(true_ab[0]), float(true_ab[1])), 6)
    assert np.abs(shown - truth).max() < 12 < np.abs(painted - truth).max()
    assert studio.page.evaluate(f"!({look})")
    studio.remove(hint)
    studio.wait_settled(4)
    studio.page.keyboard.press("i")
    bar.get_by_label("As photographed").check()
    studio.wait(f"() => {look}")
    studio.page.get_by_role("button", name="More").click()
    studio.page.get_by_role("menuitem", name="Turn by 90°").click()
    studio.wait(f"() => !({look})")
    bar.wait_for(state="hidden", timeout=WAIT_MS)


def test_the_plane_of_colors_is_walked_by_keys_and_says_its_color(serve: Serve, person: NewPerson) -> None:
    """Arrows move a and b, Shift farther; the value is spoken; the hint follows in one step."""
    studio = person("owner")
    studio.open(serve().new_room()["owner"])
    hint = studio.place_colored((0.3, 0.5), "#808080")
    plane = studio.page.get_by_role("slider", name="Colors possible")
    plane.focus()
    studio.page.keyboard.press("Shift+ArrowRight")
    studio.page.keyboard.press("ArrowUp")
    studio.wait_revision(5)
    at = studio.hints()[hint]
    assert (at.a, at.b) == pytest.approx((8, 1), abs=0.2)
    assert "8 to red, 1 to yellow" in str(plane.get_attribute("aria-valuetext"))
    assert at.is_near((0.3, 0.5))


def test_a_color_is_typed_in_any_notation_and_an_impossible_one_is_told(serve: Serve, person: NewPerson) -> None:
    """RGB and Lab as hex; what cannot be there is shown beside what can; colors used last are on the next page."""
    server = serve()
    studio = person("owner")
    links = server.new_room()
    studio.open(links["owner"])
    hint = studio.place((0.3, 0.5))
    field = studio.page.locator(".panel-head input")
    for text, ab in (("rgb(150, 110, 100)", ab_of((150, 110, 100))), ("lab 50 -12 9", (-12.0, 9.0))):
        field.fill(text)
        field.press("Enter")
        wait_color(studio, hint, ab, 0.5)
    studio.page.get_by_role("button", name="Shown as Hex").click()
    studio.page.get_by_role("button", name="Shown as RGB").click()
    assert field.input_value().split()[1:] == ["-12", "9"]
    field.fill("30 0 -110")
    field.press("Enter")
    warning = studio.page.locator(".panel .warning")
    assert "strength" in warning.inner_text()
    assert warning.locator(".chip").count() == 2
    studio.shot("impossible")
    recent = [dot.get_attribute("aria-label") for dot in studio.page.locator(".recent .dot").all()]
    studio.page.goto(server.new_room()["owner"])
    studio.wait_live()
    studio.wait_settled()
    studio.place((0.5, 0.5))
    studio.page.locator(".panel").wait_for(timeout=WAIT_MS)
    assert [dot.get_attribute("aria-label") for dot in studio.page.locator(".recent .dot").all()] == recent


def test_a_finger_chooses_in_the_plane_and_takes_a_color_from_a_hint(serve: Serve, person: NewPerson) -> None:
    """On a phone: a tap in the plane recolors, a tap on the picture takes what is there and places nothing."""
    studio = person("phone", width_px=390, height_px=844, has_touch=True, is_mobile=True)
    studio.open(serve().new_room()["editor"])
    studio.page.touchscreen.tap(*studio.screen((0.3, 0.5)))
    studio.page.locator(".panel").wait_for(timeout=WAIT_MS)
    (hint,) = studio.hints()
    before = studio.hints()[hint]
    box = studio.page.get_by_role("slider", name="Colors possible").bounding_box()
    studio.page.touchscreen.tap(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.3)
    studio.wait_revision(3)
    chosen = studio.hints()[hint]
    assert chosen.a > before.a + 15
    studio.deselect()
    studio.page.touchscreen.tap(*studio.screen((0.75, 0.4)))
    studio.page.locator(".panel").wait_for(timeout=WAIT_MS)
    (other,) = studio.hints().keys() - {hint}
    studio.wait_drawn()
    pick(studio)
    mark = studio.page.locator(f"[data-hint-id='{hint}']").bounding_box()
    studio.page.touchscreen.tap(mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2)
    wait_color(studio, other, (chosen.a, chosen.b), 0.02)
    assert studio.hints().keys() == {hint, other}
