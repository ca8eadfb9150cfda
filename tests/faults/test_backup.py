"""A backup of a running server, restored: members who are ahead of it are told, and offered their edits again."""

import asyncio
import sys
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
import websockets

from chromavive.hints.edit import Add, Move, NewHint, Placed
from chromavive.room.follower import Follower
from tests.cli.process import environment, serving
from tests.cli.test_serve import connected, open_room
from tests.web.site import SocketPage

pytestmark = pytest.mark.slow


def add(hint: str) -> Add:
    """A hint of this name."""
    return Add((NewHint(hint, 0.5, 0.5, 10.0, 10.0),))


async def move_for_ever(page: SocketPage, moved: asyncio.Event) -> None:
    """Load: one acknowledged edit after the other, until the server is gone; `moved` is set at each."""
    with suppress(websockets.ConnectionClosed):
        for number in count():
            await page.edit(Move((Placed("first", number % 100 / 100, 0.5),)))
            await page.until(lambda: not page.follower.pending)
            moved.set()


async def backed_up(data: Path, folder: Path) -> None:
    """`chromavive rooms backup`, as an operator runs it."""
    command = (sys.executable, "-m", "chromavive", "rooms", "backup", str(folder), "--data", str(data))
    process = await asyncio.create_subprocess_exec(*command, env=environment(), stdout=asyncio.subprocess.PIPE)
    told, _ = await process.communicate()
    assert process.returncode == 0
    assert b"holds 2 rooms" in told


def test_R4_4_R4_5_a_backup_under_load_is_restored_and_who_was_ahead_is_told(tmp_path: Path) -> None:
    """Rolled back, with what was pending offered again; the room that nobody changed resumes as if nothing was."""
    data, copy = tmp_path / "data", tmp_path / "copy"

    async def scenario() -> None:
        async with serving(data) as server:
            room, owner = await open_room(server)
            quiet, quiet_owner = await open_room(server)
            follower, idle = Follower(owner, "m" * 22, "s" * 22), Follower(quiet_owner, "m" * 22, "t" * 22)
            page, beside = await connected(server, room, follower), await connected(server, quiet, idle)
            await page.edit(add("first"))
            await beside.edit(add("beside"))
            await page.until(lambda: not follower.pending)
            await beside.until(lambda: not idle.pending)
            moved = asyncio.Event()
            load = asyncio.ensure_future(move_for_ever(page, moved))
            await moved.wait()
            await backed_up(data, copy)
            moved.clear()
            await moved.wait()  # So that the member is ahead of the backup.
            server.process.kill()
            await load
            await server.ended()
        ahead = follower.revision or 0
        for hint in ("offline", "again"):
            follower.edit(add(hint))
        pending = list(follower.pending)
        async with serving(copy) as restored:
            page, beside = await connected(restored, room, follower), await connected(restored, quiet, idle)
            assert follower.welcome is not None
            assert follower.welcome.rolled_back
            assert 2 < (follower.revision or 0) < ahead
            assert follower.offered == pending
            for offered in follower.offered:
                await page.edit(offered.edit)
            await page.until(lambda: not follower.pending)
            assert follower.confirmed is not None
            assert set(follower.confirmed.hints) == {"first", "offline", "again"}
            assert idle.welcome is not None
            assert not idle.welcome.rolled_back
            await page.connection.close()
            await beside.connection.close()

    asyncio.run(scenario())
