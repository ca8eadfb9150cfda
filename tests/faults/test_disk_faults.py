"""What members get and what the operator reads when the disk fails under the running server."""

import asyncio
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

import pytest
import websockets

from chromavive import errors
from chromavive.hints.edit import Add, Move, NewHint, Placed, Undo
from chromavive.hints.entry import decode_entry
from chromavive.room.follower import Follower
from chromavive.wire import messages
from tests.cli.process import environment, serving
from tests.cli.test_serve import connected, open_room
from tests.runtime.hall import Hall, add, hall, play
from tests.web.site import SocketPage, photograph, served

EXIT_FAULT = 70


def failing(*fault: str) -> tuple[str, ...]:
    """What stands before the server's command, so that its disk fails."""
    return (sys.executable, "-m", "tests.faults.failing_disk", *fault)


async def until_closed(page: SocketPage, edits: int) -> None:
    """Edit until the connection is closed, each edit acknowledged before the next."""
    with suppress(websockets.ConnectionClosed):
        for number in range(edits):
            hint = f"hint-{number % 20}"
            fresh = number < 20
            await page.edit(Add((NewHint(hint, 0.5, 0.5, 9.0, 9.0),)) if fresh else Move((Placed(hint, 0.1, 0.9),)))
            await page.until(lambda: not page.follower.pending)
        raise AssertionError(f"{edits} edits were acknowledged, and the disk did not fail")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a process is started as on POSIX")
@pytest.mark.parametrize(
    ("fault", "advice"),
    [
        (("full", "wal", "write", "60"), "The disk is full. Free some space, then start again."),
        (("read-only", "wal", "write", "60"), "It cannot be written. Check its permissions"),
        (("io", "wal", "sync", "20"), "Check the disk, then start again."),
    ],
    ids=["disk full", "read-only disk", "failed sync"],
)
def test_R1_5_a_disk_that_fails_is_named_with_the_way_out(tmp_path: Path, fault: tuple[str, ...], advice: str) -> None:
    """Members get 4500, the process ends with 70 and one sentence; after a start on a sound disk nothing is lost."""
    told = tmp_path / "stderr"

    async def scenario() -> None:
        path = f"{environment()['PYTHONPATH']}:{Path(__file__).parents[2]}"
        with told.open("wb") as errors_file:
            async with serving(tmp_path, prefix=failing(*fault), told=errors_file.fileno(), PYTHONPATH=path) as server:
                room, owner = await open_room(server)
                follower = Follower(owner, "m" * 22, "s" * 22)
                page = await connected(server, room, follower)
                await until_closed(page, 200)
                assert page.connection.close_code == errors.RoomClosed.close_code
                assert await server.ended() == EXIT_FAULT
        last = told.read_text().splitlines()[-1]
        assert last.startswith(f"chromavive: The journal {tmp_path}/journal.sqlite failed")
        assert advice in last
        acknowledged = dict(follower.accepted)
        assert len(acknowledged) > 3
        async with serving(tmp_path) as again:
            page = await connected(again, room, follower)
            await page.until(lambda: not follower.pending)
            assert follower.revision == 1 + len(acknowledged) + 1
            await page.connection.close()

    asyncio.run(scenario())


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a process is started as on POSIX")
def test_R1_5_a_damaged_page_is_named_with_the_way_out(tmp_path: Path) -> None:
    """Nothing is served from a damaged file: who opens its room gets 4500, the operator reads of the backup."""
    told = tmp_path / "stderr"

    async def scenario() -> None:
        async with serving(tmp_path) as server:
            room, owner = await open_room(server)
            page = await connected(server, room, Follower(owner, "m" * 22, "s" * 22))
            for number in range(60):
                await page.edit(Add((NewHint(f"hint-{number}", 0.5, 0.5, 9.0, 9.0),)))
            await page.until(lambda: len(page.follower.accepted) == 60)
            assert await server.terminated() == 0
        damage(tmp_path / "journal.sqlite")
        with told.open("wb") as errors_file:
            async with serving(tmp_path, told=errors_file.fileno()) as again:
                url = f"ws{again.url[4:]}api/rooms/{room}/socket"
                async with websockets.connect(url, proxy=None) as connection:
                    await connection.send(messages.encode(Follower(owner, "m" * 22, "s" * 22).hello()).decode())
                    with pytest.raises(websockets.ConnectionClosed):
                        await connection.recv()
                assert connection.close_code == errors.RoomClosed.close_code
                assert await again.ended() == EXIT_FAULT
        last = told.read_text().splitlines()[-1]
        assert last.startswith(f"chromavive: The journal {tmp_path}/journal.sqlite failed")
        assert "The file is damaged. Keep it, and start with the newest backup." in last

    asyncio.run(scenario())


def damage(path: Path) -> None:
    """Overwrite the last half of the file's pages, where the entries lie, as a failing disk does."""
    content = bytearray(path.read_bytes())
    for start in range(4096 * 3, len(content), 4096):
        content[start : start + 64] = b"\xff" * 64
    path.write_bytes(content)


def test_a_full_disk_refuses_a_photograph_and_says_so(tmp_path: Path) -> None:
    """The upload is answered in a sentence, nothing of it stays, and the rooms that are there go on."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            with patch.object(site.hub.parts.photographs, "put", full):
                answer = await site.http.post("api/rooms", content=photograph())
            async with site.page(opened.room, opened.owner) as page:
                await page.edit(add())
                await page.until(lambda: not page.follower.pending)
            assert answer.json()["code"] == "disk_full"
            assert "no room for this photograph" in answer.json()["sentence"]
            assert len(site.hub.parts.photographs.rooms()) == 1

    asyncio.run(scenario())


def lose_photograph(stage: Hall, room: str) -> None:
    """Remove it behind the store's back."""
    shutil.rmtree(stage.photographs.files(room).lightness.parent)


def test_a_room_without_its_photograph_says_so_and_takes_nobody_else_with_it(tmp_path: Path) -> None:
    """Its members are told once and their edits are kept; the rooms of the same batch are painted as ever."""

    async def scenario() -> None:
        async with hall(tmp_path, batch_max=4) as stage:
            opened, other = await stage.open_room(), await stage.open_room()
            lose_photograph(stage, opened.room_id)
            page, beside = stage.page(opened), stage.page(other)
            await asyncio.sleep(1)
            page.edit(add())
            beside.edit(add())
            await asyncio.sleep(1)
            told = [each.sentence for each in page.of(messages.EngineChanged)]
            assert told == [errors.PhotographMissing.sentence]
            assert (page.frames, page.hints, page.close_code) == ([], {"hint"}, None)
            assert beside.of(messages.EngineChanged) == []
            assert beside.frames[-1].settled
            with pytest.raises(errors.PhotographMissing):
                await stage.hub.paint(opened.room_id)

    play(scenario)


def test_a_missing_photograph_is_named_at_the_start(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The operator reads which room it is and what to do; the room itself stays in the journal."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened, other = await stage.open_room(), await stage.open_room()
            lose_photograph(stage, opened.room_id)
            await stage.hub._sweep()
            assert caplog.messages == [f"photograph_missing room={opened.room_id} advice='bring it back from a backup'"]
            assert caplog.records[0].levelname == "ERROR"
            assert stage.memory.rooms() == sorted([opened.room_id, other.room_id])

    caplog.set_level("WARNING")
    play(scenario)


def test_requests_for_a_missing_photograph_are_answered_in_a_sentence(tmp_path: Path) -> None:
    """404 with a code of its own, only for who may enter: the room is there, its picture is not."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            shutil.rmtree(site.hub.parts.photographs.files(opened.room).lightness.parent)
            for what in ("gray", "thumb"):
                answer = await site.get(f"api/rooms/{opened.room}/{what}", opened.viewer)
                assert (answer.status_code, answer.json()["code"]) == (404, "photograph_missing")
                assert "backup" in answer.json()["sentence"]
            stranger = await site.get(f"api/rooms/{opened.room}/gray", "x" * 22)
            assert stranger.json()["code"] == "no_such_room"

    asyncio.run(scenario())


def test_R2_1_a_clock_that_was_set_back_changes_nothing_but_the_times_shown(tmp_path: Path) -> None:
    """Order, undo and resuming go by revisions and the monotonic clock; entries keep the time that the clock said."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            page = stage.page(opened)
            await asyncio.sleep(0.5)
            page.edit(add("before"))
            await asyncio.sleep(0.5)
            with patch.object(type(stage.hub.parts.clock), "unix_seconds", lambda clock: 86_400.0):
                page.edit(add("after", 0.2))
                await asyncio.sleep(0.5)
                page.edit(Undo())
                await asyncio.sleep(0.5)
                page.socket.leave()
                await asyncio.sleep(0.5)
                stage.again(opened, page)
                await asyncio.sleep(0.5)
                page.edit(add("again", 0.8))
                await asyncio.sleep(0.5)
            assert page.hints == {"before", "again"}
            assert [each.rolled_back for each in page.of(messages.Welcome)] == [False, False]
            times = [decode_entry(record.payload).unix_seconds for record in stage.memory.read(opened.room_id)]
            assert times[2:] == [86_400] * 3
            assert min(times[:2]) > 86_400
            assert stage.hub.rooms_loaded == 1

    play(scenario)
