"""The real server is killed under several members, again and again: nothing that anybody was told is lost.

Half of the kills come from outside, at a moment that the load chooses; half at the fault point between an append and
its acknowledgements. A hundred rounds: CHROMAVIVE_LONG=1.
"""

import asyncio
import os
import random
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import websockets

from chromavive.journal.sqlite import SqliteJournal
from chromavive.wire import messages
from tests.cli.process import Serving, serving
from tests.cli.test_serve import open_room
from tests.faults.history import RoomHistory, Scripted

ROUNDS, ROUNDS_LONG = 20, 100
ROOMS = 2
SEATS = 3
"""In each room; two of them are pages of one member."""

PENDING_MAX = 3
"""Edits that a seat sends before it waits for an answer, so that order has something to keep."""

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")]


class Town:
    """The rooms, their members and their histories, over all the lives of the server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.histories: dict[str, RoomHistory] = {}
        self.members: list[Scripted] = []

    async def found(self, server: Serving) -> None:
        """Open the rooms."""
        for _ in range(ROOMS):
            room, owner = await open_room(server)
            history = self.histories[room] = RoomHistory()
            for number in range(SEATS):
                member = f"member-{min(number, 1)}".ljust(22, "-")
                seat = f"{room[:8]}-{number}".ljust(22, "-")
                self.members.append(Scripted(room, owner, member, seat, history))

    def acknowledged(self) -> int:
        """How many edits were ever acknowledged."""
        return sum(len(history.acknowledged) for history in self.histories.values())

    def check(self) -> int:
        """Compare each room with the journal that the dead server left; gives the edits whose author was not told."""
        journal = SqliteJournal(self.folder / "journal.sqlite")
        try:
            return sum(history.check(journal.read(room)) for room, history in self.histories.items())
        finally:
            journal.close()


def nothing() -> None:
    """Nobody waits for what was heard."""


async def live(server: Serving, member: Scripted, edits: int | None, heard: Callable[[], None] = nothing) -> None:
    """Connect and edit until the server is gone; with a number, so many edits and until none is pending."""
    url = f"ws{server.url[4:]}api/rooms/{member.room}/socket"
    with suppress(websockets.ConnectionClosed, OSError):
        async with websockets.connect(url, proxy=None) as connection:
            await connection.send(messages.encode(member.follower.hello()).decode())
            while edits is None or edits or member.follower.pending or not member.follower.may_send:
                if member.follower.may_send and len(member.follower.pending) < PENDING_MAX and edits != 0:
                    await connection.send(messages.encode(member.next_edit()).decode())
                    edits = None if edits is None else edits - 1
                else:
                    await hear(connection, member)
                    heard()
            return
    assert edits is None, "the server went away"


async def hear(connection: websockets.ClientConnection, member: Scripted) -> None:
    """Take in one message; frames are not looked at."""
    data = await connection.recv()
    if isinstance(data, str):
        for again in member.take(messages.decode_to_page(data)):
            await connection.send(messages.encode(again).decode())


async def one_round(town: Town, dice: random.Random, *, inside: bool) -> None:
    """One life of the server, ended by SIGKILL."""
    fault = f"die-after-append:{dice.randint(3, 60)}" if inside else ""
    async with serving(town.folder, CHROMAVIVE_FAULT=fault) as server:
        if not town.members:
            await town.found(server)
        enough = None if inside else town.acknowledged() + dice.randint(1, 150)

        def kill_when_enough() -> None:
            nonlocal enough
            if enough is not None and town.acknowledged() >= enough:
                enough = None
                server.process.kill()  # Once: a second kill would take the exit code from who waits for it.

        async with asyncio.timeout(60), asyncio.TaskGroup() as group:
            for member in town.members:
                group.create_task(live(server, member, None, kill_when_enough))
        assert await server.ended() == -9


async def last_round(town: Town) -> None:
    """Everybody comes back, gets what was pending through, and sees what the journal holds."""
    async with serving(town.folder) as server:
        async with asyncio.timeout(60), asyncio.TaskGroup() as group:
            for member in town.members:
                group.create_task(live(server, member, 5))
        assert await server.terminated() == 0


def rounds() -> int:
    """How often the server dies."""
    return ROUNDS_LONG if os.environ.get("CHROMAVIVE_LONG") == "1" else ROUNDS


@pytest.mark.timeout(1800)
def test_R1_1_R2_1_R3_1_what_was_told_outlives_every_kill_of_the_server(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing acknowledged or shown is lost, doubled or out of order for its seat, over all rooms and lives."""
    began = time.monotonic()
    dice = random.Random(1)
    town = Town(tmp_path)
    unanswered = []
    for number in range(rounds()):
        asyncio.run(one_round(town, dice, inside=number % 2 == 0))
        unanswered.append(town.check())
    asyncio.run(last_round(town))
    assert town.check() == 0, "whoever came back was told of everything"
    in_between = sum(count > 0 for count in unanswered)
    entries = sum(len(history.held) for history in town.histories.values())
    with capsys.disabled():
        sys.stdout.write(
            f"\n{rounds()} kills, {in_between} between append and acknowledgement, "
            f"{entries} entries, {town.acknowledged()} acknowledged, {time.monotonic() - began:.0f} s\n"
        )
    assert in_between >= 10
    assert town.acknowledged() > 20 * rounds(), "the rounds have to get something done"
