"""The real socket: origins, bad input, and a peer that stops reading."""

import asyncio
import socket
import sys
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import websockets

from chromavive import limits
from chromavive.hints.edit import Add, NewHint, Remove
from chromavive.runtime.connection import Connection, Socket
from chromavive.web.room_socket import SocketProtocol
from chromavive.wire import messages
from tests.web.site import TIMEOUT_SECONDS, Site, hello, served


async def close_code(site: Site, room: str, *said: str | bytes) -> int:
    """How a socket ends that says this."""
    async with asyncio.timeout(TIMEOUT_SECONDS), site.connect(room) as connection:
        for data in said:
            await connection.send(data)
        await connection.wait_closed()
        assert connection.close_code is not None
        return connection.close_code


def test_R10_4_every_bad_beginning_has_its_own_close_code(tmp_path: Path) -> None:
    """Garbage, too much, another version, a wrong token, another room's; a good one is not disturbed."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened, other = await site.open_room(), await site.open_room()
            async with site.page(opened.room, opened.owner) as page:
                room = opened.room
                assert await close_code(site, room, b"\x00\xff") == 4400
                assert await close_code(site, room, "{}") == 4400
                assert await close_code(site, room, "x" * (limits.MESSAGE_BYTES_MAX + 1)) == 1009
                assert await close_code(site, room, hello(opened.viewer, version=limits.PROTOCOL_VERSION + 1)) == 4426
                assert await close_code(site, room, hello("x" * 22)) == 4404
                assert await close_code(site, room, hello(other.owner)) == 4404
                assert await close_code(site, "A" * 16, hello(opened.owner)) == 4404
                await page.edit(Add((NewHint("hint", 0.5, 0.5, 0.0, 0.0),)))
                await page.until(lambda: page.follower.accepted == {1: 2})

    asyncio.run(scenario())


def test_R10_3_a_text_that_is_no_utf8_is_malformed_in_one_piece_or_two(tmp_path: Path) -> None:
    """4400 and not the 1007 of the socket's library, after which a page would come back for ever."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            async with site.connect(opened.room) as connection:
                await connection.send(b'{"type":"rename","name":"\xff\xfe"}', text=True)
                await connection.wait_closed()
                assert connection.close_code == 4400
            async with site.connect(opened.room) as connection:
                await connection.send([b"\xe2\x82", b"\x28"], text=True)
                await connection.wait_closed()
                assert connection.close_code == 4400
            async with site.page(opened.room, opened.owner) as page:  # one sign in two pieces is whole
                text = messages.encode(messages.Rename("\u20ac")).decode()
                whole = text.encode()
                middle = whole.index(b"\xe2") + 1
                await page.connection.send([whole[:middle], whole[middle:]], text=True)
                await page.edit(Add((NewHint("hint", 0.5, 0.5, 0.0, 0.0),)))
                await page.until(lambda: page.follower.accepted == {1: 2})

    asyncio.run(scenario())


def test_R10_4_a_message_in_endless_pieces_is_too_big(tmp_path: Path) -> None:
    """Empty ones never reach the limit of bytes, and would be kept for ever; a message in many pieces is heard."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            async with site.connect(opened.room) as connection:
                with suppress(websockets.ConnectionClosed):
                    await connection.send("" for _ in range(10_000))
                await connection.wait_closed()
                assert connection.close_code == 1009
            async with site.connect(opened.room) as connection:
                await connection.send(iter(hello(opened.viewer)))
                assert '"welcome"' in str(await connection.recv())

    asyncio.run(scenario())


def test_R13_3_a_socket_of_a_foreign_page_is_refused_before_it_is_accepted(tmp_path: Path) -> None:
    """403 with the reason; a listed origin and none pass."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            with pytest.raises(websockets.InvalidStatus) as refused:
                async with site.connect(opened.room, additional_headers={"Origin": "https://evil.example"}):
                    pass
            assert refused.value.response.status_code == 403
            assert b"--public-url https://evil.example" in (refused.value.response.body or b"")
            listed = {"Origin": f"http://localhost:{site.port}"}
            async with site.connect(opened.room, additional_headers=listed) as connection:
                await connection.send(hello(opened.viewer))
                assert '"welcome"' in str(await connection.recv())

    asyncio.run(scenario())


def test_no_socket_is_compressed(tmp_path: Path) -> None:
    """A client that offers permessage-deflate does not get it: it costs memory for every idle connection."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            async with site.connect(opened.room) as connection:
                assert connection.response is not None
                assert "sec-websocket-extensions" not in connection.response.headers

    asyncio.run(scenario())


def test_small_frames_leave_at_once(tmp_path: Path) -> None:
    """Nagle's algorithm is off: with it a frame waits some 40 ms for the acknowledgement of the one before."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            async with site.page(opened.room, opened.owner):
                [protocol] = [each for each in site.server.server_state.connections if isinstance(each, SocketProtocol)]
                accepted = protocol.transport.get_extra_info("socket")
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1

    asyncio.run(scenario())


@pytest.mark.skipif(sys.platform != "linux", reason="other kernels count otherwise")
def test_R8_11_the_kernel_keeps_little_for_a_socket(tmp_path: Path) -> None:
    """Twice what was asked for, as Linux has it: without a bound it would keep up to 4 MiB for a peer that stalls."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            async with site.page(opened.room, opened.owner):
                [protocol] = [each for each in site.server.server_state.connections if isinstance(each, SocketProtocol)]
                accepted = protocol.transport.get_extra_info("socket")
                kept = accepted.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
                assert 0 < kept <= 2 * limits.SEND_BUFFER_BYTES

    asyncio.run(scenario())


def stuck_sockets(site: Site, raw: socket.socket) -> list[object]:
    """The server's protocols whose peer is this socket."""
    every = site.server.server_state.connections
    return [each for each in every if isinstance(each, SocketProtocol) and each.client == raw.getsockname()]


async def unbounded(_: Connection, socket: Socket, write: Coroutine[Any, Any, None]) -> None:
    """In place of the connection's own bound on a write."""
    await write


@pytest.mark.slow
@pytest.mark.parametrize("alone", ["the connection's bound", "the kernel's"])
def test_R8_9_a_peer_that_stops_reading_is_freed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alone: str) -> None:
    """Over real TCP with its buffers the peer is cut off, while the others go on; either bound is enough by itself.

    macOS and Windows have none in the kernel.
    """
    monkeypatch.setattr(limits, "WRITE_SECONDS_MAX", 0.5)
    if alone == "the connection's bound":
        monkeypatch.delattr(socket, "TCP_USER_TIMEOUT", raising=False)
    elif not hasattr(socket, "TCP_USER_TIMEOUT"):
        pytest.skip("this kernel has no bound on what is not acknowledged")
    else:
        monkeypatch.setattr(Connection, "_bounded", unbounded)

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            raw = socket.socket()
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            raw.connect(("127.0.0.1", site.port))
            raw.setblocking(False)
            async with site.page(opened.room, opened.owner) as page:
                connection = await websockets.connect(
                    f"ws://127.0.0.1:{site.port}/api/rooms/{opened.room}/socket", sock=raw, max_queue=1, proxy=None
                )
                await connection.send(hello(opened.viewer))
                await connection.recv()
                connection.transport.pause_reading()
                assert site.hub.connections == 2
                hints = tuple(NewHint(f"hint{number}", number / 512, 0.5, 0.0, 0.0) for number in range(512))
                async with asyncio.timeout(TIMEOUT_SECONDS):
                    while site.hub.connections == 2:
                        await page.edit(Add(hints))
                        await page.edit(Remove(tuple(hint.id for hint in hints)))
                        await page.until(lambda: not page.follower.pending)
                    # Not only does the hub let go: the transport itself is gone, whatever it still had to write.
                    while len(sockets := stuck_sockets(site, raw)):
                        await asyncio.sleep(0.01)
                assert sockets == []
                assert page.connection.close_code is None
                connection.transport.abort()

    asyncio.run(scenario())
