"""`chromavive serve` as people run it: how it starts, what it refuses, how it ends."""

import asyncio
import subprocess
import sys
from itertools import count
from pathlib import Path

import httpx
import pytest
import websockets

from chromavive.cli.announce import lan_address
from chromavive.hints.edit import Add, Move, NewHint, Placed
from chromavive.room.follower import Follower
from tests.cli.process import Serving, environment, serving
from tests.web.site import SocketPage, photograph

pytestmark = pytest.mark.slow


def command(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The command, run to its end."""
    whole = [sys.executable, "-m", "chromavive", *arguments]
    return subprocess.run(whole, env=environment(**environ), capture_output=True, text=True, timeout=60, check=False)


async def open_room(server: Serving, content: bytes | None = None) -> tuple[str, str]:
    """A fresh room and its owner's capability."""
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        told = (await http.post(f"{server.url}api/rooms", content=content or photograph())).json()
    return told["room"], told["capability"]


async def connected(server: Serving, room: str, follower: Follower) -> SocketPage:
    """A page that was welcomed."""
    connection = await websockets.connect(f"ws{server.url[4:]}api/rooms/{room}/socket", proxy=None)
    page = SocketPage(connection, follower)
    follower.welcome = None
    await page.say(follower.hello())
    await page.until(lambda: follower.welcome is not None)
    return page


async def closed(page: SocketPage) -> None:
    """Returns once the server has closed the page's connection."""
    try:
        await page.until(lambda: False)
    except websockets.ConnectionClosed:
        return


async def edit_for_ever(page: SocketPage) -> None:
    """One edit after the other, each acknowledged before the next; the first ones make up a large room."""
    for number in count():
        hints = tuple(NewHint(f"h{number}-{each}", 0.5, each / 30, 0.0, 0.0) for each in range(30))
        await page.edit(Add(hints) if number < 17 else Move((Placed("h0-0", number % 100 / 100, 0.5),)))
        await page.until(lambda: not page.follower.pending)


def test_it_says_its_version() -> None:
    """Quickly, and without torch."""
    asked = command("--version")
    assert (asked.returncode, asked.stdout.split()[0]) == (0, "chromavive")


def test_the_stub_serves_without_torch() -> None:
    """Neither the command line nor the stub's engine imports it; both start in a moment."""
    program = """
import sys
from chromavive.cli import app, engines
from chromavive.runtime.clock import SystemClock
from chromavive.settings import Settings
from pathlib import Path
engines.build(Settings(engine="stub"), SystemClock(), Path())
sys.exit("torch" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", program], env=environment(), timeout=60, check=False).returncode == 0


@pytest.mark.parametrize(
    ("flags", "environ", "sentence"),
    [
        (("--workers", "2"), {}, "One process serves all rooms"),
        (("--engine", "magic", "--port", "0"), {}, "auto, torch or stub"),
        (("--log-level", "info"), {"CHROMAVIVE_PORT": "many"}, "port takes a value of type int"),
        (("--engine", "stub", "--port", "0"), {"CHROMAVIVE_FAULT": "flood"}, "die-after-append:N"),
        (("--config", "nowhere.toml"), {}, "cannot be read"),
        (("--host", "192.0.2.1"), {}, "Nothing can listen at 192.0.2.1"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    tmp_path: Path, flags: tuple[str, ...], environ: dict[str, str], sentence: str
) -> None:
    """Exit code 1 and no traceback."""
    asked = command("serve", "--data", str(tmp_path), *flags, **environ)
    assert asked.returncode == 1
    assert sentence in asked.stderr
    assert "Traceback" not in asked.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_pages_of_the_chosen_host_are_accepted(tmp_path: Path, host: str) -> None:
    """Also where it is an IPv6 address; the printed URL is one that works."""

    async def scenario() -> None:
        async with serving(tmp_path, "--host", host, "--root-path", "/colors") as server:
            assert server.url.endswith("/colors/")
            origin = server.url.removesuffix("/colors/")
            async with httpx.AsyncClient(trust_env=False, timeout=30, headers={"Origin": origin}) as http:
                assert (await http.post(f"{server.url}api/rooms", content=photograph())).status_code == 201

    asyncio.run(scenario())


def test_lan_prints_where_others_find_the_landing_page(tmp_path: Path) -> None:
    """Its address and a QR code of it, if this machine has one; never a capability."""

    async def scenario() -> None:
        async with serving(tmp_path, "--lan") as server:
            assert server.process.stdout is not None
            address = lan_address()
            if address is not None:
                printed = ""
                while "On the same network" not in printed:
                    printed = (await server.process.stdout.readline()).decode()
                assert f"http://{address}:" in printed
                url = printed.split()[-1]
                async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
                    headers = {"Origin": url.removesuffix("/")}
                    opened = await http.post(f"{url}api/rooms", content=photograph(), headers=headers)
                    assert opened.status_code == 201

    asyncio.run(scenario())


def test_a_second_process_on_one_journal_is_refused(tmp_path: Path) -> None:
    """It says so and ends; the first goes on."""

    async def scenario() -> None:
        async with serving(tmp_path) as server:
            second = await asyncio.to_thread(
                command, "serve", "--engine", "stub", "--port", "0", "--data", str(tmp_path)
            )
            assert second.returncode == 1
            assert "Another process holds this journal" in second.stderr
            await open_room(server)
            assert await server.terminated() == 0

    asyncio.run(scenario())


def test_R11_9_sigterm_ends_with_exit_code_0_and_the_room_is_as_it_was(tmp_path: Path) -> None:
    """4503, exit code 0; after the start that follows the room is as it was."""

    async def scenario() -> None:
        async with serving(tmp_path) as server:
            room, owner = await open_room(server)
            follower = Follower(owner, "m" * 22, "s" * 22)
            page = await connected(server, room, follower)
            await page.edit(Add((NewHint("hint", 0.5, 0.5, 10.0, 10.0),)))
            await page.until(lambda: follower.accepted == {1: 2})
            server.process.terminate()
            await closed(page)
            assert page.connection.close_code == 4503
            assert await asyncio.wait_for(server.ended(), 10) == 0
        async with serving(tmp_path) as again:
            page = await connected(again, room, follower)
            assert follower.confirmed is not None
            assert set(follower.confirmed.hints) == {"hint"}
            await page.connection.close()

    asyncio.run(scenario())


def test_R3_2_killed_between_append_and_acknowledgement_each_edit_is_there_once(tmp_path: Path) -> None:
    """The fault point ends the process when the edit is durable and not yet spoken of; the resend finds it."""

    async def scenario() -> None:
        follower = Follower("", "m" * 22, "s" * 22)
        # The second append is the first edit; *opened* was the first.
        async with serving(tmp_path, CHROMAVIVE_FAULT="die-after-append:2") as server:
            room, owner = await open_room(server)
            follower = Follower(owner, "m" * 22, "s" * 22)
            page = await connected(server, room, follower)
            await page.edit(Add((NewHint("hint", 0.5, 0.5, 10.0, 10.0),)))
            await closed(page)
            assert await server.ended() == -9
            assert follower.accepted == {}
        async with serving(tmp_path) as again:
            page = await connected(again, room, follower)
            await page.until(lambda: not follower.pending)
            assert follower.revision == 2
            await page.edit(Move((Placed("hint", 0.2, 0.2),)))
            await page.until(lambda: follower.accepted.get(2) == 3)
            await page.connection.close()
            assert await again.terminated() == 0

    asyncio.run(scenario())


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process's files are POSIX")
def test_R1_5_a_disk_that_fails_ends_the_process_with_70(tmp_path: Path) -> None:
    """Members get 4500; what was acknowledged is there after the next start, and nothing twice."""

    async def scenario() -> None:
        # The journal's write-ahead log reaches the limit of a file's size after some edits.
        prefix = ("/bin/sh", "-c", 'ulimit -S -f 512; exec "$@"', "sh")
        async with serving(tmp_path, prefix=prefix) as server:
            room, owner = await open_room(server)
            follower = Follower(owner, "m" * 22, "s" * 22)
            page = await connected(server, room, follower)
            with pytest.raises(websockets.ConnectionClosed):
                await edit_for_ever(page)
            assert page.connection.close_code == 4500
            assert await server.ended() == 70
        acknowledged, shown, pending = len(follower.accepted), follower.shown(), list(follower.pending)
        assert acknowledged > 3
        async with serving(tmp_path) as again:
            page = await connected(again, room, follower)
            await page.until(lambda: not follower.pending)
            assert follower.revision == acknowledged + 1 + len(pending)
            assert shown is not None
            assert follower.confirmed is not None
            assert set(follower.confirmed.hints) == set(shown.hints)
            await page.connection.close()

    asyncio.run(scenario())
