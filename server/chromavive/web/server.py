"""Uvicorn, as we run it: members are told before their sockets go, and a signal ends in an ordinary return."""

import asyncio
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from chromavive import limits
from chromavive.runtime.hub import FAREWELL_SHARE, Hub
from chromavive.web.addresses import proxies_of
from chromavive.web.request_protocol import RequestProtocol
from chromavive.web.room_socket import SocketProtocol

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_LOOK_AGAIN_SECONDS = 0.02


def listener(address: str, port: int) -> socket.socket:
    """A socket that accepts at this IPv4 or IPv6 address; port 0 takes a free one.

    Made by hand, since asyncio turns Nagle's algorithm off only where it sees that the protocol is TCP, which
    `socket.create_server` leaves unsaid; a small frame would wait some 40 ms for the acknowledgement of the last one.
    """
    made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform != "win32":  # there it would let two servers share a port
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # what is accepted inherits it; without, a close may wait for ever (R8)
            milliseconds = int(limits.DOWNLOAD_SILENCE_SECONDS * 1000)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
        made.bind((address, port))
        made.listen()
    except OSError:
        made.close()
        raise
    return made


class Server(uvicorn.Server):
    """The web server of one hub; `leave` ends it from within."""

    def __init__(self, app: Starlette, hub: Hub, on_started: Callable[[], None] = lambda: None) -> None:
        proxies = proxies_of(hub.settings.trusted_proxies)
        super().__init__(
            uvicorn.Config(
                app,
                http=RequestProtocol,
                ws=SocketProtocol,
                ws_max_size=limits.MESSAGE_BYTES_MAX,
                ws_ping_interval=None,  # the hub pings, in messages that a page can answer and count
                ws_per_message_deflate=False,  # 62.5 KiB an idle connection against 23.8 without
                lifespan="off",
                log_config=None,
                proxy_headers=True,  # of trusted_proxies alone, none by default
                forwarded_allow_ips=proxies,
                server_header=False,
                timeout_graceful_shutdown=1,  # after the hub's own farewell, for the last bytes of requests
            )
        )
        self._hub = hub
        self._on_started = on_started
        self._signaled = False

    def leave(self) -> None:
        """End as at a signal."""
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        clock = self._hub.parts.clock
        until = clock.now_seconds() + self._hub.settings.leave_seconds * FAREWELL_SHARE
        await self._hub.leave()  # before uvicorn closes the sockets with a code of its own
        while self._sockets() and clock.now_seconds() < until:
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)  # our close is written; now we wait for the members' own
        for each in self._sockets():
            each.transport.abort()
        await super().shutdown(sockets)

    def _sockets(self) -> list[SocketProtocol]:
        return [each for each in self.server_state.connections if isinstance(each, SocketProtocol)]

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The first signal begins the farewell; a second one ends the process at once, which the journal bears."""
        self._signaled = self.should_exit = True
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_DFL)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn's, but the signal is not raised again at the end: what the hub owns is closed after it."""
        before = {number: signal.signal(number, self.handle_exit) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                if not self._signaled:
                    signal.signal(number, handler)
