"""Every screen that a person can come to, and how: for what must hold on each of them, and for pictures of them."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.browser.studio import WAIT_MS, Point, Studio

HINTS: tuple[tuple[Point, str], ...] = (((0.45, 0.4), "#a5682f"), ((0.2, 0.75), "#8a3b2c"), ((0.8, 0.2), "#8d7760"))
"""What is placed on the coffee before the pictures are taken."""

Act = Callable[[Studio], None]


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen of a room that is open: how to come to it, and how to leave it for the room as it was."""

    name: str
    come: Act
    leave: Act


def press(key: str) -> Act:
    """Leaves by a key."""
    return lambda studio: studio.page.keyboard.press(key)


def _stay(_studio: Studio) -> None:
    """The room as it is."""


def _button(name: str) -> Act:
    return lambda studio: studio.page.get_by_role("button", name=name, exact=True).click()


def _item(name: str, shown: str) -> Act:
    def come(studio: Studio) -> None:
        _button("More")(studio)
        studio.page.get_by_role("menuitem", name=name).click()
        studio.page.locator(shown).wait_for(timeout=WAIT_MS)

    return come


def _panel(studio: Studio) -> None:
    studio.page.locator(".hint").first.focus()
    studio.page.keyboard.press("Enter")
    studio.page.locator(".likely").first.wait_for(timeout=WAIT_MS)


def _from_panel(button: str, shown: str) -> Act:
    def come(studio: Studio) -> None:
        _panel(studio)
        studio.page.locator(".panel").get_by_role("button", name=button).click()
        studio.page.locator(shown).wait_for(timeout=WAIT_MS)

    return come


def _and_close_panel(studio: Studio) -> None:
    studio.page.keyboard.press("Escape")
    studio.deselect()


def _people(studio: Studio) -> None:
    studio.page.locator(".avatars").click()


def color_some(studio: Studio) -> None:
    """Place the hints and give them their colors."""
    for place, color in HINTS:
        studio.place(place)
        field = studio.page.locator(".panel-head input")  # open already, and on a phone the picture has made way for it
        field.fill(color)
        field.press("Enter")
        studio.deselect()
    studio.wait_settled(1 + 2 * len(HINTS))


EMPTY = Screen("empty", _stay, _stay)

OPEN = (
    Screen("hints", _stay, _stay),
    Screen("panel", _panel, press("Escape")),
    Screen("swatch", _from_panel("Keep this color", "dialog"), _and_close_panel),
    Screen("picking", _from_panel("Take a color", ".picking"), _and_close_panel),
    Screen("people", _people, press("Escape")),
    Screen("menu", _button("More"), press("Escape")),
    Screen("colors", _item("Network and vividness", ".colors"), press("Escape")),
    Screen("share", _button("Share"), press("Escape")),
    Screen("download", _button("Download the picture"), press("Escape")),
    Screen("history", _item("Earlier moments", ".scrubbing"), press("Escape")),
    Screen("divider", press("d"), press("d")),
    Screen("eyedropper", press("i"), press("Escape")),
    Screen("keys", _item("Keyboard", "dialog"), press("Escape")),
    Screen("delete", _item("Delete this room", "dialog"), press("Escape")),
)
"""What an owner opens in a room with hints, each from the room and back to it."""

ENDS = {
    "not_found": 4404,
    "link_rotated": 4403,
    "room_removed": 4410,
    "room_full": 4413,
    "version_mismatch": 4426,
    "malformed": 4400,
}
"""The ends of a page that is sent away, by their close codes."""


def end(studio: Studio, link: str, code: str) -> None:
    """Open a room whose hub closes the socket with this code; wait for the page that says so."""
    studio.page.route_web_socket(re.compile("/api/rooms/"), lambda socket: socket.close(code=ENDS[code], reason=""))
    studio.page.goto("about:blank")
    studio.page.goto(link)
    studio.page.locator(f".stopped[data-code={code}]").wait_for(timeout=WAIT_MS)
