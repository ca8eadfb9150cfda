"""SIGTERM under a full house (R11): everybody is told, comes back to the restarted server, and nothing is lost."""

import asyncio
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import websockets

from chromavive import ids, limits
from chromavive.hints.edit import Add, Edit, Move, NewHint, Placed
from chromavive.journal.sqlite import SqliteJournal
from chromavive.room.follower import Follower
from chromavive.runtime.leaving import return_seconds
from chromavive.wire import messages
from tests.cli.process import TIMEOUT_SECONDS, Serving, environment, serving
from tests.web.site import photograph

pytestmark = pytest.mark.slow

ROOMS = 8
MEMBERS_A_ROOM = 25
EDITORS_A_ROOM = 5
EDITS_AT_ONCE = 20
EDIT_INTERVAL_SECONDS = 0.1


@dataclass
class Member:
    """A member that behaves as a page does: it comes back when it was told, and resends what was not answered."""

    url: str
    name: str
    follower: Follower
    answered: list[tuple[int, str]] = field(default_factory=list)
    told_seconds: list[float] = field(default_factory=list)
    close_codes: list[int | None] = field(default_factory=list)
    welcomes: int = 0
    edits: int = 0
    connection: websockets.ClientConnection | None = None

    async def attend(self) -> None:
        """From one connection to the next, until it is cancelled."""
        while True:
            try:
                async with websockets.connect(self.url, proxy=None, compression=None) as connection:
                    self.connection = connection
                    await self.say(self.follower.hello())
                    await self._listen(connection)
            except OSError:
                await asyncio.sleep(0.2)  # the next process is not there yet
                continue
            await asyncio.sleep(self.told_seconds[-1] if self.told_seconds else 0.2)

    async def _listen(self, connection: websockets.ClientConnection) -> None:
        try:
            async for data in connection:
                if isinstance(data, str):
                    await self._hear(messages.decode_to_page(data))
        except websockets.ConnectionClosed:
            pass  # how it ended is noted in any case
        self.close_codes.append(connection.close_code)

    async def _hear(self, message: messages.ToPage) -> None:
        match message:
            case messages.Welcome():
                self.welcomes += 1
            case messages.Accepted() | messages.Refused() if message.number is not None:
                self.answered.append((message.number, type(message).__name__))
            case messages.Leaving():
                self.told_seconds.append(message.after_seconds)
            case _:
                pass
        for again in self.follower.take(message):
            await self.say(again)

    async def say(self, message: messages.FromPage) -> None:
        assert self.connection is not None
        with suppress(websockets.ConnectionClosed):  # what is pending goes again after the welcome
            await self.connection.send(messages.encode(message).decode())

    async def edit(self) -> None:
        """A hint, and then moves of it, none of which waits for an answer, until the server has left."""
        await self._edit(Add((NewHint(self.name, 0.5, 0.5, 10.0, 10.0),)))
        while not self.close_codes:
            await self._edit(Move((Placed(self.name, self.edits % 100 / 100, 0.5),)))
            if self.edits >= EDITS_AT_ONCE:
                await asyncio.sleep(EDIT_INTERVAL_SECONDS)

    async def _edit(self, edit: Edit) -> None:
        message = self.follower.edit(edit)
        self.edits = message.number
        await self.say(message)


async def members(server: Serving) -> list[Member]:
    """All of them, each with a seat of its own; those whose name begins with e will edit."""
    made = []
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        for room_number in range(ROOMS):
            told = (await http.post(f"{server.url}api/rooms", content=photograph())).json()
            url = f"ws{server.url[4:]}api/rooms/{told['room']}/socket"
            for number in range(MEMBERS_A_ROOM):
                name = f"{'editor' if number < EDITORS_A_ROOM else 'member'}-{room_number}-{number}"
                follower = Follower(told["links"]["editor"], name.ljust(22, "-"), f"s-{name}".ljust(22, "-"))
                made.append(Member(url, name, follower))
    return made


async def until(true: object) -> None:
    """Returns once it is true; a loop that is busy with 200 members takes its time."""
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while not true():  # type: ignore[operator]
            await asyncio.sleep(0.02)


def told(capsys: pytest.CaptureFixture[str], line: str) -> None:
    """Lets the figure be seen in every run: it is recorded, and not asserted."""
    with capsys.disabled():
        sys.stdout.write(f"\ndrain: {line}\n")


def free_port() -> int:
    """A port that both processes can be given."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def check_nothing_lost(journal: SqliteJournal, everybody: list[Member]) -> None:
    """Each edit is in the journal once, under the revision that it was answered with, and was answered once."""
    try:
        for member in everybody:
            if not member.name.startswith("editor"):
                continue
            room = member.url.split("/")[-2]
            seat = ids.seat_id(member.name.ljust(22, "-"), f"s-{member.name}".ljust(22, "-"))
            held = {each.number: each.revision for each in journal.read(room) if each.seat == seat}
            assert sorted(held) == list(range(1, member.edits + 1))
            assert Counter(member.answered).total() == len(set(member.answered)) <= member.edits
            assert member.follower.accepted.items() <= held.items()
            assert (member.follower.refused, member.follower.pending) == ({}, [])
    finally:
        journal.close()


def test_R11_2_R11_5_R11_6_two_hundred_members_come_back_and_nothing_is_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Forty of them are editing when the signal comes; the next process has the same folder and port."""

    async def scenario() -> str:
        port = str(free_port())
        async with asyncio.TaskGroup() as group:
            async with serving(tmp_path, "--port", port) as server:
                everybody = await members(server)
                attending = [group.create_task(member.attend()) for member in everybody]
                await until(lambda: all(member.welcomes == 1 for member in everybody))
                editors = [member for member in everybody if member.name.startswith("editor")]
                for member in editors:
                    group.create_task(member.edit())
                await until(lambda: sum(len(member.answered) for member in editors) > len(editors))
                server.process.terminate()
                signaled_at = time.monotonic()
                assert await server.ended() == 0
                gone_seconds = time.monotonic() - signaled_at
                await until(lambda: all(member.close_codes for member in everybody))
            unanswered = sum(len(member.follower.pending) for member in editors)
            assert unanswered > 0, "the scene needs edits that the signal left unanswered"
            assert {code for member in everybody for code in member.close_codes} == {4503}
            told = sorted(seconds for member in everybody for seconds in member.told_seconds)
            assert told == [return_seconds(position, len(everybody)) for position in range(len(everybody))]
            async with serving(tmp_path, "--port", port) as again:
                await until(lambda: all(member.welcomes == 2 and not member.follower.pending for member in everybody))
                back_seconds = time.monotonic() - signaled_at
                for task in attending:
                    task.cancel()
                assert await again.terminated() == 0
        check_nothing_lost(SqliteJournal(tmp_path / "journal.sqlite"), everybody)
        edits = sum(member.edits for member in editors)
        return (
            f"{len(everybody)} members, {unanswered} of {edits} edits unanswered at the close; "
            f"gone after {gone_seconds:.2f} s, all back and answered after {back_seconds:.2f} s"
        )

    told(capsys, asyncio.run(scenario()))


async def stalled_upload(server: Serving) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A request whose body never ends."""
    address = httpx.URL(server.url)
    reader, writer = await asyncio.open_connection(address.host, address.port)
    writer.write(b"POST /api/rooms HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nthe beginning")
    await writer.drain()
    return reader, writer


async def silent_member(server: Serving) -> websockets.ClientConnection:
    """A member that was welcomed and reads nothing any more, so that it never answers a close."""
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        told = (await http.post(f"{server.url}api/rooms", content=photograph())).json()
    url = f"ws{server.url[4:]}api/rooms/{told['room']}/socket"
    connection = await websockets.connect(url, proxy=None, close_timeout=0.1)
    await connection.send(messages.encode(Follower(told["capability"], "m" * 22, "s" * 22).hello()).decode())
    await connection.recv()
    connection.transport.pause_reading()
    return connection


def test_R11_7_R11_8_R11_9_a_silent_member_and_an_endless_upload_hold_up_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The upload gets its refusal, the member is cut off, the process is gone with exit code 0."""

    async def scenario() -> float:
        async with serving(tmp_path) as server:
            reader, writer = await stalled_upload(server)
            silent = await silent_member(server)
            started = time.monotonic()
            assert await server.terminated() == 0
            gone_seconds = time.monotonic() - started
            answer = (await reader.read()).decode()
            assert answer.startswith("HTTP/1.1 503")
            assert "The server is restarting. Ask again in a moment." in answer
            silent.transport.abort()
            writer.close()
            return gone_seconds

    gone_seconds = asyncio.run(scenario())
    assert gone_seconds < 10 * 5.0
    told(capsys, f"gone {gone_seconds:.2f} s after the signal, with a silent member and an endless upload")


@pytest.mark.parametrize(("first", "second"), [(15, 15), (15, 2), (2, 2)])
def test_R11_10_a_second_signal_ends_the_process_at_once(tmp_path: Path, first: int, second: int) -> None:
    """By that signal: nothing of the farewell, which a silent member would draw out, is waited for."""

    async def scenario() -> None:
        async with serving(tmp_path) as server:
            silent = await silent_member(server)
            server.process.send_signal(first)
            async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
                while (await http.post(f"{server.url}api/rooms", content=photograph())).status_code != 503:
                    pass  # until it has begun to leave
            server.process.send_signal(second)
            assert await server.ended() == -second
            silent.transport.abort()

    asyncio.run(scenario())


def test_R11_4_R11_9_a_thread_that_is_still_busy_does_not_hold_up_the_end() -> None:
    """An abandoned pass or export has a thread that Python would wait for; nobody else does."""
    program = """
import threading
from chromavive.cli import serve
threading.Thread(target=threading.Event().wait).start()
print("said before the end")
serve._end(3)
"""
    ended = subprocess.run(
        [sys.executable, "-c", program], env=environment(), capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stdout) == (3, "said before the end\n")


def test_the_whole_house_fits_the_limits() -> None:
    """The scene above would otherwise test refusals."""
    assert EDITORS_A_ROOM * EDITS_AT_ONCE < limits.EDITS_WAITING_MAX
