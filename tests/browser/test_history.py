"""A room's earlier moments: seen by one who slides back, brought back for everybody as one step."""

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
PLACE = (0.2, 0.5)
OTHER = (0.7, 0.3)


def color(studio: Studio, place: tuple[float, float] = PLACE) -> NDArray[np.floating[Any]]:
    """The mean color about a place of the picture, bytes of sRGB."""
    mean: NDArray[np.floating[Any]] = studio.pixels(place, 3).reshape(-1, 3).mean(axis=0)
    return mean


def slide_to(studio: Studio, revision: int) -> None:
    """Slide to a moment and wait until it is seen."""
    slider = studio.page.get_by_role("slider", name="Earlier moments")
    slider.evaluate(
        "(slider, to) => { slider.value = to; slider.dispatchEvent(new Event('input', {bubbles: true})); }", revision
    )
    studio.wait("(wanted) => document.body.dataset.previewRevision === wanted", str(revision))
    studio.wait_drawn()


def test_an_earlier_moment_is_seen_alone_and_comes_back_as_one_step(serve: Serve, person: NewPerson) -> None:
    """Its colors and hints, and who made it; the others never see it. A restore is one step, undone at once."""
    links = serve().new_room()
    owner, guest = person("owner", **EXACT), person("guest", **EXACT)
    owner.open(links["owner"])
    guest.open(links["editor"])
    hint = owner.place(PLACE)
    owner.recolor(hint, "#c03020")
    owner.deselect()
    owner.wait_settled(3)
    red, was = color(owner), owner.hints()[hint]
    guest.wait_settled(3)
    guest.recolor(hint, "#2040c0")
    for studio in (owner, guest):
        studio.wait_settled(4)
    guest.deselect()
    blue, now = color(guest), guest.hints()[hint]
    assert np.abs(red - blue).max() > 20

    owner.page.keyboard.press("t")
    bar = owner.page.get_by_role("region", name="Earlier moments")
    bar.wait_for(timeout=WAIT_MS)
    restore = bar.get_by_role("button", name="Restore this moment")
    assert restore.is_disabled()
    slide_to(owner, 3)
    owner.wait_hint(hint, was)
    owner.wait("() => document.querySelector('.moment').textContent.includes('you recolored a hint')")
    assert np.abs(color(owner) - red).max() <= 2
    assert np.abs(color(guest) - blue).max() == 0
    owner.shot("moment")

    new = guest.place(OTHER)
    owner.wait_settled(5)  # the room's own frames are drawn below, and told as painted
    assert new not in owner.hints()
    assert np.abs(color(owner) - red).max() <= 2
    assert "preview" not in guest.data

    restore.click()
    undo = owner.page.locator(".toast").get_by_role("button", name="Undo")
    undo.hover()  # so it stays
    for studio in (owner, guest):
        studio.wait_settled(6)
        studio.wait_hints({hint})
        studio.wait_hint(hint, was)
    owner.wait("() => document.body.dataset.preview === undefined")
    owner.wait_drawn()
    assert np.abs(color(owner) - red).max() <= 2
    assert not bar.is_visible()
    undo.click()
    for studio in (owner, guest):
        studio.wait_settled(7)
        studio.wait_hints({hint, new})
        studio.wait_hint(hint, now)


def test_whoever_watches_slides_back_and_restores_nothing(serve: Serve, person: NewPerson) -> None:
    """By keys, through a server's death, and back to now; a turn ends it, since the picture is another one then."""
    server = serve()
    links = server.new_room()
    owner, viewer = person("owner", **EXACT), person("viewer", **EXACT)
    owner.open(links["owner"])
    viewer.open(links["viewer"])
    hint = owner.place(PLACE)
    owner.remove(hint)
    viewer.wait_settled(3)
    viewer.page.keyboard.press("t")
    bar = viewer.page.get_by_role("region", name="Earlier moments")
    bar.get_by_role("slider").press("ArrowLeft")
    viewer.wait_hints({hint})
    viewer.wait("() => document.body.dataset.previewRevision === '2'")
    assert bar.get_by_role("button", name="Restore this moment").count() == 0
    server.kill()
    viewer.wait_state("waiting", "connecting")
    bar.get_by_role("slider").press("ArrowLeft")
    server.start()
    viewer.wait_live()
    viewer.wait_hints(set())
    bar.get_by_role("slider").press("ArrowRight")
    viewer.wait_hints({hint})
    bar.get_by_role("button", name="Back to now").click()
    viewer.wait("() => document.body.dataset.preview === undefined")
    viewer.wait_hints(set())
    viewer.page.keyboard.press("t")
    bar.get_by_role("slider").press("ArrowLeft")
    viewer.wait_hints({hint})
    owner.page.get_by_role("button", name="More").click()
    owner.page.get_by_role("menuitem", name="Turn by 90°").click()
    viewer.wait_settled(4)
    viewer.wait("() => document.body.dataset.preview === undefined")
    bar.wait_for(state="hidden", timeout=WAIT_MS)
    viewer.wait_hints(set())
