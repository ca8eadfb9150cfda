"""That a page stays usable: by keyboard, without a network, without a picture, in any colors."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from tests.browser.screens import OPEN
from tests.browser.serving import Server
from tests.browser.studio import WAIT_MS, Studio

pytestmark = pytest.mark.browser

Serve = Callable[..., Server]
NewPerson = Callable[..., Studio]

FOCUSED_LABEL = "document.activeElement.getAttribute('aria-label')"


def test_the_sheet_of_keys_opens_by_key_and_by_menu_and_gives_the_focus_back(serve: Serve, person: NewPerson) -> None:
    """It lists what works, keys rest meanwhile, and whoever closes it stands where they were."""
    anna = person("anna")
    anna.open(serve().new_room()["owner"])
    keys, sheet = anna.page.keyboard, anna.page.get_by_role("dialog", name="Keyboard")
    anna.page.get_by_role("button", name="Share").focus()
    keys.press("?")
    sheet.wait_for()
    rows = sheet.locator("dt")
    assert rows.count() == sheet.locator("dd").count() > 12
    keys.press("h")
    anna.shot("help")
    keys.press("Escape")
    sheet.wait_for(state="detached")
    assert anna.page.evaluate(FOCUSED_LABEL) == "Share"
    assert anna.page.get_by_role("button", name="Hide the hints").is_visible(), "H rested"
    anna.page.get_by_role("button", name="More").click()
    anna.page.get_by_role("menuitem", name="Keyboard").click()
    sheet.get_by_role("button", name="Done").click()
    sheet.wait_for(state="detached")
    assert anna.revision == 1


LOSE = "() => { window.taken = picture.getContext('webgl2').getExtension('WEBGL_lose_context'); taken.loseContext(); }"

# In one go: a page that has been without its graphics for four seconds gives up.
LOSE_FOR_A_MOMENT = f"""async () => {{
  const told = (name) => new Promise((happened) => picture.addEventListener(name, happened, {{once: true}}));
  const [lost, restored] = [told('webglcontextlost'), told('webglcontextrestored')];
  ({LOSE})();
  await lost;
  await new Promise(requestAnimationFrame);
  taken.restoreContext();
  await restored;
}}"""


def test_a_lost_webgl_context_comes_back_with_the_same_picture(serve: Serve, person: NewPerson) -> None:
    """The browser takes the graphics and gives them back: the same pixels; for good, and the page says so."""
    anna = person("anna")
    anna.open(serve().new_room()["editor"])
    place = (0.449, 0.386)
    anna.recolor(anna.place(place), "#5a70b8")
    anna.wait_settled(3)
    anna.deselect()
    anna.wait_drawn()
    before = anna.pixels(place, 90)
    anna.page.evaluate(LOSE_FOR_A_MOMENT)
    anna.wait_drawn()
    assert (anna.pixels(place, 90) == before).all()
    anna.page.evaluate(LOSE)
    anna.page.locator(".stopped[data-code=graphics_lost]").wait_for(timeout=WAIT_MS)
    anna.shot("graphics-lost")


# When the page lost the server, when the banner said so, when the server was there again: milliseconds.
WATCH = """() => {
  window.told = [];
  const banner = document.querySelector('.banner');
  const look = () => {
    const now = document.body.dataset.state === 'live' ? 'live' : banner.hidden ? 'waiting' : 'banner';
    if (told.at(-1)?.[0] !== now) told.push([now, performance.now()]);
  };
  const observer = new MutationObserver(look);
  observer.observe(document.body, {attributeFilter: ['data-state']});
  observer.observe(banner, {attributeFilter: ['hidden']});
  look();
}"""


class Line:
    """The page's sockets, for as long as the line holds; cut, they close as if a server left, and open no more."""

    def __init__(self, page: Any) -> None:
        self._is_cut = False
        self._open: list[Any] = []
        page.route_web_socket(re.compile("/api/rooms/"), self._opened)

    def _opened(self, socket: Any) -> None:
        if self._is_cut:
            socket.close(code=4503, reason="")
            return
        socket.connect_to_server()
        self._open.append(socket)

    def cut(self, *, for_long: bool) -> None:
        """Close what is open; for long: and whatever is opened before the line is mended."""
        self._is_cut = for_long
        self._open.pop().close(code=4503, reason="")

    def mend(self) -> None:
        """Let sockets open again."""
        self._is_cut = False


def test_being_offline_is_told_after_two_seconds_and_a_short_gap_is_not(serve: Serve, person: NewPerson) -> None:
    """Most connections are back before it can be read; what is done meanwhile is sent when this one is."""
    anna = person("anna")
    line = Line(anna.page)
    anna.open(serve().new_room()["editor"])
    anna.page.evaluate(WATCH)
    banner = anna.page.locator(".banner")
    line.cut(for_long=False)
    anna.wait("() => told.length >= 3 && told.at(-1)[0] === 'live'")
    line.cut(for_long=True)
    anna.wait_state("waiting", "connecting")
    hint = anna.place((0.6, 0.6))
    banner.wait_for(timeout=WAIT_MS)
    anna.shot("offline")
    assert anna.revision == 1
    line.mend()
    anna.wait_live()
    anna.wait_settled(2)
    assert set(anna.hints()) == {hint}
    assert banner.is_hidden()
    told = anna.page.evaluate("told")
    assert [state for state, _ in told][-4:] == ["live", "waiting", "banner", "live"]
    for (_, since), (state, at) in pairwise(told):
        assert state != "banner" or at - since >= 1990


def test_what_others_do_is_read_out_together_and_never_what_one_did_oneself(serve: Serve, person: NewPerson) -> None:
    """Three hints of another are one sentence in the polite region; one's own, from another tab too, are none."""
    links, anna, ben = serve().new_room(), person("anna"), person("ben")
    anna.open(links["owner"])
    ben.open(links["editor"])
    read_out = anna.page.get_by_role("log")
    assert read_out.get_attribute("aria-live") == "polite"
    count = (
        "() => { window.told = []; new MutationObserver((changes) => {"
        " for (const {addedNodes} of changes) for (const {textContent} of addedNodes) told.push(textContent);"
        " }).observe(document.querySelector('[role=log]'), {childList: true}); }"
    )
    anna.page.evaluate(count)
    anna.place((0.2, 0.5))
    for place in ((0.3, 0.3), (0.5, 0.5), (0.7, 0.3)):
        ben.place(place)
    ben.wait_revision(5)
    anna.wait("() => told.join().match(/\\d+(?= hint)/g)?.reduce((sum, count) => sum + Number(count), 0) === 3")
    told = anna.page.evaluate("told")
    assert len(told) <= 2, "three edits of one moment are not three sentences"
    name = ben.page.get_by_role("textbox", name="Your name")
    ben.page.locator(".avatars").click()
    assert [text for text in told if not text.startswith(f"{name.input_value()} added ")] == []


SAFE = {"top": 0, "bottom": 21, "left": 47, "right": 47}

# Scrolls every button of a part into sight, and tells which stay outside of what the screen's edges leave free.
OUT_OF_REACH = """([part, safe]) => {
  const all = [...document.querySelectorAll(`${part} :is(button, input:not(.unseen))`)];
  const buttons = all.filter((one) => one.checkVisibility());
  if (buttons.length < 2) return ['nothing is open'];
  return buttons.flatMap((one) => {
    one.scrollIntoView({block: 'nearest'});
    const {left, right, top, bottom} = one.getBoundingClientRect();
    const isBeside = left >= safe.left && right <= innerWidth - safe.right;
    const isAbove = top >= 0 && bottom <= innerHeight - safe.bottom;
    const isOnTop = one.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
    const place = [left, top, right, bottom].map(Math.round);
    return isBeside && isAbove && isOnTop ? [] : [`${one.textContent || one.ariaLabel} ${place}`];
  });
}"""


def test_on_a_phone_on_its_side_everything_can_be_reached(serve: Serve, person: NewPerson) -> None:
    """Panels scroll inside, and neither the home bar nor the notch lies over a button."""
    anna = person("anna", 844, 390, has_touch=True, is_mobile=True)
    session = anna.page.context.new_cdp_session(anna.page)
    session.send("Emulation.setSafeAreaInsetsOverride", {"insets": SAFE})
    anna.open(serve().new_room()["owner"])
    anna.place((0.5, 0.5))
    anna.wait_settled(2)
    parts = {"panel": ".panel", "menu": ".menu[role=menu]", "colors": ".colors", "history": ".scrubbing"}
    assert anna.page.evaluate(OUT_OF_REACH, [".toolbar", SAFE]) == []
    anna.deselect()
    assert anna.page.evaluate(OUT_OF_REACH, [".top-bar", SAFE]) == []
    for screen in OPEN:
        if part := parts.pop(screen.name, None):
            screen.come(anna)
            anna.wait_drawn()
            assert anna.page.evaluate(OUT_OF_REACH, [part, SAFE]) == [], screen.name
            anna.shot(f"side-{screen.name}")
            screen.leave(anna)
    assert parts == {}


def test_in_forced_colors_what_is_chosen_and_focused_stays_visible(serve: Serve, person: NewPerson) -> None:
    """Hints keep their own colors, what is pressed or chosen has an outline, the focus a ring; and nothing pulses."""
    anna = person("anna", forced_colors="active", reduced_motion="reduce")
    anna.open(serve().new_room()["owner"])
    anna.place((0.5, 0.5))
    anna.wait_settled(2)
    style = "(name) => getComputedStyle(document.querySelector(name))"
    assert anna.page.evaluate(f"({style})('.hint').forcedColorAdjust") == "none"
    assert anna.page.evaluate(f"({style})('.toolbar [aria-pressed=true]').outlineStyle") == "solid"
    anna.page.keyboard.press("Tab")
    assert anna.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    moving = "document.getAnimations().filter(({effect}) => effect.getTiming().duration > 1).length"
    assert anna.page.evaluate(moving) == 0
    anna.deselect()
    anna.page.get_by_role("button", name="Download the picture").click()
    anna.page.locator("dialog .segments").first.wait_for()
    assert anna.page.evaluate(f"({style})('.segments label:has(:checked)').outlineStyle") == "solid"
    assert anna.page.evaluate(f"({style})('.segments label:not(:has(:checked))').outlineStyle") == "none"
