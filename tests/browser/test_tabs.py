"""Tabs of one browser: two beside each other, and a duplicated one."""

import json
from collections.abc import Callable
from typing import Any

from tests.browser.serving import Server
from tests.browser.studio import Studio

Serve = Callable[..., Server]
NewPerson = Callable[..., Studio]


def hellos(page: Any) -> list[dict[str, Any]]:
    """Fills up with what this page, and all that it opens, say hello with."""
    heard: list[dict[str, Any]] = []

    def take(text: Any) -> None:
        message = json.loads(text)
        if message["type"] == "hello":
            heard.append(message)

    def listen(one: Any) -> None:
        one.on("websocket", lambda socket: socket.on("framesent", take))

    listen(page)
    page.context.on("page", listen)
    return heard


def test_R3_1_a_duplicated_tab_is_the_same_member_in_another_seat(serve: Serve, person: NewPerson) -> None:
    """It has a copy of all storage, as a tab has that another one opened; both edit, and each edit is there once."""
    server, first = serve(), person("anna")
    heard = hellos(first.page)
    first.open(server.new_room()["editor"])
    first.page.evaluate("sessionStorage.setItem('copied', 'yes')")
    with first.page.expect_popup() as opening:
        first.page.evaluate("void window.open(location.href)")
    copy = Studio("copy", opening.value, None)
    copy.wait_live()
    copy.wait_settled()
    assert copy.page.evaluate("sessionStorage.getItem('copied')") == "yes"
    assert len({hello["member"] for hello in heard}) == 1
    assert len({hello["seat"] for hello in heard}) == len(heard) == 2
    hints = {first.place((0.3, 0.3)), copy.place((0.6, 0.6))}
    for tab in (first, copy):
        tab.wait_revision(3)
        tab.wait_hints(hints)


def test_R12_6_two_tabs_of_one_person_edit_and_share_their_steps(serve: Serve, person: NewPerson) -> None:
    """What was placed in one tab is moved in the other, and undone there."""
    server, one = serve(), person("anna")
    link = server.new_room()["editor"]
    one.open(link)
    other = Studio("other", one.page.context.new_page(), None)
    other.open(link)
    hint = one.place((0.3, 0.3))
    other.wait_hints({hint})
    second = other.place((0.7, 0.5))
    one.wait_hints({hint, second})
    one.undo()
    for tab in (one, other):
        tab.wait_hints({hint})
        tab.wait_revision(4)
