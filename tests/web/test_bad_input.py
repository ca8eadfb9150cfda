"""Bad input over real sockets: each has its typed answer, and nothing changes (R10)."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from chromavive import errors, limits
from chromavive.hints.edit import Add, NewHint
from chromavive.journal import Record
from chromavive.wire import messages
from tests.web.site import TIMEOUT_SECONDS, Opened, Site, SocketPage, hello, served

SEAT = "seat-anna".ljust(22, "-")


def kept(site: Site) -> tuple[dict[str, list[Record]], list[str]]:
    """Everything that a server keeps: the entries of every room, and the photographs."""
    rooms = {room: site.memory.read(room) for room in site.memory.rooms()}
    return rooms, site.hub.parts.photographs.rooms()


def added(**fields: float) -> dict[str, Any]:
    """An edit that adds a hint, with these fields in place of good ones."""
    return {"type": "add", "hints": [{"id": "evil", "x": 0.5, "y": 0.5, "a": 0, "b": 0} | fields]}


MOVED = {"type": "move", "moves": [{"id": "nobody", "x": 0.5, "y": 0.5}]}


@pytest.mark.parametrize(
    ("edit", "error"),
    [
        (added(x=1.5), errors.HintOutside),
        (added(y=-0.001), errors.HintOutside),
        (added(a=111), errors.ColorOutside),
        (MOVED, errors.HintUnknown),
        ({"type": "recolor", "hints": ["nobody"], "a": 0, "b": 0}, errors.HintUnknown),
    ],
    ids=["right of the photograph", "above it", "no color", "move of an unknown hint", "recolor of one"],
)
def test_R10_2_a_bad_edit_or_gesture_is_refused_and_nothing_changes(
    tmp_path: Path, edit: dict[str, Any], error: type[errors.EditRefused]
) -> None:
    """The author hears code, sentence and number, and stays connected; the journal and its revision are as before."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            async with site.page(opened.room, opened.owner) as page:
                await page.edit(Add((NewHint("good", 0.5, 0.5, 0.0, 0.0),)))
                await page.until(lambda: page.follower.accepted == {1: 2})
                before, state = kept(site), page.follower.confirmed
                await page.connection.send(json.dumps({"type": "edit", "seat": SEAT, "number": 2, "edit": edit}))
                await page.connection.send(json.dumps({"type": "gesture", "gesture": 1, "edit": edit}))
                of_edit, of_gesture = await refusals(page, 2)
                assert (of_edit.code, of_edit.kind, of_edit.number) == (error.code, "drop", 2)
                assert (of_gesture.code, of_gesture.gesture) == (error.code, 1)
                assert of_edit.sentence == of_gesture.sentence == error.sentence
                assert kept(site) == before
                assert (page.follower.revision, page.follower.confirmed) == (2, state)

    asyncio.run(scenario())


async def refusals(page: SocketPage, count: int) -> list[messages.Refused]:
    """The next refusals that the page hears."""
    heard: list[messages.Refused] = []
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while len(heard) < count:
            data = await page.connection.recv()
            if isinstance(data, bytes):
                continue
            message = messages.decode_to_page(data)
            page.follower.take(message)
            if isinstance(message, messages.Refused):
                heard.append(message)
    return heard


def not_a_number(field: str) -> str:
    """An edit with the NaN of Python's JSON, which is none of JSON's."""
    edit = {"type": "edit", "seat": SEAT, "number": 1, "edit": added(**{field: float("nan")})}
    return json.dumps(edit)


async def ended(site: Site, room: str, *said: str | bytes) -> int | None:
    """How a connection ends that says this."""
    async with asyncio.timeout(TIMEOUT_SECONDS), site.connect(room) as connection:
        for data in said:
            await connection.send(data)
        await connection.wait_closed()
        return connection.close_code


def test_R10_3_what_ends_a_connection_changes_nothing(tmp_path: Path) -> None:
    """Before a hello and after it; the one who is in the room notices none of it."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened, other = await site.open_room(), await site.open_room()
            async with site.page(opened.room, opened.owner) as page:
                await page.edit(Add((NewHint("good", 0.5, 0.5, 0.0, 0.0),)))
                await page.until(lambda: page.follower.accepted == {1: 2})
                before = kept(site)
                for said, code in endings(opened, other):
                    assert await ended(site, opened.room, *said) == code, said
                assert kept(site) == before
                await page.edit(Add((NewHint("next", 0.1, 0.1, 0.0, 0.0),)))
                await page.until(lambda: page.follower.accepted == {1: 2, 2: 3})

    asyncio.run(scenario())


def endings(opened: Opened, other: Opened) -> list[tuple[tuple[str | bytes, ...], int]]:
    """What is said, and the close code that it gets."""
    good = hello(opened.editor)
    edit = json.dumps({"type": "edit", "seat": SEAT, "number": 1, "edit": added()})
    return [
        ((edit,), 4400),  # a message before hello
        ((b"\x00\xffgarbage",), 4400),
        ((good, b"\x00\xffgarbage"), 4400),
        ((good, "garbage"), 4400),
        ((good, not_a_number("x")), 4400),
        ((good, not_a_number("a")), 4400),
        ((good, good), 4400),
        ((good, "x" * (limits.MESSAGE_BYTES_MAX + 1)), 1009),
        ((hello("x" * 22),), 4404),  # a wrong token
        ((hello(other.owner),), 4404),  # another room's
    ]
