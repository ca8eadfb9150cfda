"""No screen shuts anybody out: axe-core finds nothing, light and dark, not even what it calls minor."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.screens import EMPTY, ENDS, OPEN, color_some, end
from tests.browser.serving import Server
from tests.browser.studio import WAIT_MS, Studio

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.skipif(
        not AXE.is_file() and os.environ.get("CHROMAVIVE_REQUIRE_BROWSER") != "1",
        reason="axe-core is not here: npm ci brings it",
    ),
]

Serve = Callable[..., Server]
NewPerson = Callable[..., Studio]

# All rules in the light; of the dark only what differs there.
RUN = """
async (rules) => {
  const {violations} = await axe.run(document, {resultTypes: ['violations'], ...(rules && {runOnly: rules})});
  return violations.map(({id, impact, nodes}) => [impact, id, nodes.map(({html}) => html.slice(0, 160))]);
}
"""


def findings(studio: Studio, screen: str) -> list[str]:
    """What axe finds on this screen now, in the light and in the dark, each with its impact."""
    page = studio.page
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text(encoding="utf-8"))  # not as a script: the page's policy takes none from elsewhere
    told: list[str] = []
    for scheme, rules in (("light", None), ("dark", ["color-contrast"])):
        page.emulate_media(color_scheme=scheme)
        studio.wait("() => document.getAnimations().every(({playState}) => playState !== 'running')")
        found: list[Any] = page.evaluate(RUN, rules)
        told += [f"{impact}: {screen}, {scheme}: {rule}: {nodes}" for impact, rule, nodes in found]
        studio.shot(f"{screen}-{scheme}")
    return told


def test_axe_finds_what_is_wrong(serve: Serve, person: NewPerson) -> None:
    """A button without a name and gray words on gray are told: silence elsewhere means something."""
    anna = person("anna")
    anna.page.goto(serve().url)
    anna.page.locator(".kept").wait_for(timeout=WAIT_MS)
    spoil = """() => {
      const nameless = document.createElement('button');
      const pale = document.createElement('p');
      pale.textContent = 'pale words';
      pale.style.color = '#999';
      document.querySelector('main').append(nameless, pale);
    }"""
    anna.page.evaluate(spoil)
    found = "\n".join(findings(anna, "spoiled"))
    assert "critical: spoiled, light: button-name" in found
    assert "serious: spoiled, light: color-contrast" in found


def test_the_landing_page_is_for_everybody(serve: Serve, person: NewPerson) -> None:
    """As it comes, with rooms that the browser remembers, and with a photograph that could not be opened."""
    server, anna = serve(), person("anna", reduced_motion="reduce")
    anna.page.goto(server.url)
    anna.page.locator("[data-sample=cat]").wait_for(timeout=WAIT_MS)
    found = findings(anna, "landing")
    anna.open(server.new_room()["owner"])
    anna.page.goto(server.url)
    anna.page.locator("[data-room]").wait_for(timeout=WAIT_MS)
    no_photograph = {"name": "notes.txt", "mimeType": "image/png", "buffer": b"no photograph"}
    anna.page.locator("input[type=file]").set_input_files(no_photograph)
    anna.page.locator(".problem strong").wait_for(timeout=WAIT_MS)
    assert found + findings(anna, "problem") == []


def test_the_room_is_for_everybody(serve: Serve, person: NewPerson) -> None:
    """Empty, with hints, and with everything open that can be opened; for who watches too."""
    server, anna, vera = serve(), person("anna", reduced_motion="reduce"), person("vera", reduced_motion="reduce")
    links = server.new_room()
    anna.open(links["owner"])
    found = findings(anna, EMPTY.name)
    color_some(anna)
    vera.open(links["viewer"])
    anna.wait("() => document.querySelector('.avatars').dataset.count === '2'")
    for screen in OPEN:
        screen.come(anna)
        found += findings(anna, screen.name)
        screen.leave(anna)
    found += findings(vera, "viewer")
    server.kill()
    anna.page.locator(".banner").wait_for(timeout=WAIT_MS)
    assert found + findings(anna, "offline") == []


def test_the_ends_are_for_everybody(serve: Serve, person: NewPerson) -> None:
    """Pages that cannot go on, for every reason that the hub gives."""
    link, anna = serve().new_room()["editor"], person("anna", reduced_motion="reduce")
    found: list[str] = []
    for code in ENDS:
        end(anna, link, code)
        found += findings(anna, code)
    assert found == []
