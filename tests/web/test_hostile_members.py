"""What somebody who is in a room may try, over real loopback sockets (docs/threat-model.md)."""

import asyncio
import json
from contextlib import suppress
from pathlib import Path

import pytest
import websockets

from chromavive import errors, limits
from chromavive.hints.edit import Add, NewHint, Retitle, Rotate
from chromavive.wire import messages
from tests.web.site import hello, served


def hint(id: str = "hint") -> Add:
    return Add((NewHint(id, 0.5, 0.5, 20.0, -30.0),))


@pytest.mark.parametrize("word", ["__proto__", "constructor", "hasOwnProperty"])
def test_names_that_mean_something_in_javascript_are_names(tmp_path: Path, word: str) -> None:
    """As a hint's id, a member's name and a title: kept and given to others as they are."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            async with site.page(opened.room, opened.owner) as page:
                await page.say(messages.Rename(word))
                await page.edit(hint(word))
                await page.edit(Retitle(word))
                await page.until(lambda: page.follower.accepted == {1: 2, 2: 3})
                async with site.page(opened.room, opened.viewer, "bea") as other:
                    state = other.follower.confirmed
                    assert state is not None
                    assert (list(state.hints), state.title) == ([word], word)
                    present = await heard(other.connection, "presence")
                    assert word in {each["name"] for each in present["present"]}

    asyncio.run(scenario())


async def heard(connection: websockets.ClientConnection, kind: str) -> dict[str, list[dict[str, str]]]:
    """The next message of this type."""
    async with asyncio.timeout(30):
        while True:
            data = await connection.recv()
            if isinstance(data, str) and (told := json.loads(data))["type"] == kind:
                return dict(told)


async def closed(connection: websockets.ClientConnection) -> None:
    """Returns when the hub has closed it, whatever came before."""
    async with asyncio.timeout(30):
        with suppress(websockets.ConnectionClosed):
            async for _ in connection:
                pass


def test_a_message_of_the_limit_is_heard_and_one_byte_more_is_not(tmp_path: Path) -> None:
    """1009 for the one who sent it; others notice nothing."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            async with (
                site.page(opened.room, opened.owner) as page,
                site.page(opened.room, opened.editor, "bea") as bea,
            ):
                empty = len(messages.encode(messages.Rename("")))
                await page.say(messages.Rename("n" * (limits.MESSAGE_BYTES_MAX - empty)))
                await page.edit(hint())
                await page.until(lambda: page.follower.accepted == {1: 2})
                await page.say(messages.Rename("n" * (limits.MESSAGE_BYTES_MAX - empty + 1)))
                await page.connection.wait_closed()
                assert page.connection.close_code == 1009
                await bea.edit(hint("beas"))
                await bea.until(lambda: bea.follower.accepted == {1: 3})

    asyncio.run(scenario())


def test_R9_4_an_editor_whose_link_is_replaced_in_the_middle_of_a_drag_is_out_at_once(tmp_path: Path) -> None:
    """The gesture ends for the others, the edit that was to end it changes nothing, and the socket closes with 4403."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            async with site.page(opened.room, opened.owner) as ann, site.page(opened.room, opened.editor, "bea") as bea:
                await bea.say(messages.GestureMessage(1, hint("dragged")))
                while not (await heard(ann.connection, "gestures"))["gestures"]:
                    continue
                await ann.say(ann.follower.edit(Rotate("editor")))
                await closed(bea.connection)
                assert bea.connection.close_code == errors.LinkRotated.close_code == 4403
                with pytest.raises(websockets.ConnectionClosed):
                    await bea.say(bea.follower.edit(hint("dragged"), 1))
                while (await heard(ann.connection, "gestures"))["gestures"]:
                    continue
                async with site.connect(opened.room) as again:
                    await again.send(hello(opened.editor))
                    await again.wait_closed()
                    assert again.close_code == 4404
            assert [len(site.memory.read(opened.room))] == [2]  # opened, and the rotation

    asyncio.run(scenario())
