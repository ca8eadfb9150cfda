"""Simulated connections: delays, cuts, half-open ends; order within a connection holds, as TCP promises."""

import asyncio
import random
from collections.abc import Callable

from chromavive.runtime.connection import SocketGone
from chromavive.wire.frame import MAGIC

DELAY_SECONDS_MAX = 0.3
BLIND_SECONDS_MAX = 8.0


class Pipe:
    """One direction of a connection."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._due_seconds = 0.0
        self._cut = False
        self._mute = False
        self.arrived: asyncio.Queue[str | bytes | None] = asyncio.Queue(maxsize=100_000)

    def send(self, data: str | bytes | None) -> None:
        """Arrives after a while, behind what was sent before; None says that the other side closed."""
        loop = asyncio.get_running_loop()
        delay = self._rng.random() ** 3 * DELAY_SECONDS_MAX
        # Timers of the same moment may fire in any order, so each message gets a moment of its own.
        self._due_seconds = max(self._due_seconds + 1e-6, loop.time() + delay)
        loop.call_at(self._due_seconds, self._arrive, data)

    def cut(self) -> None:
        """What has not arrived is lost."""
        self._cut = True

    def end(self) -> None:
        """The receiver is told that nothing comes any more."""
        self._cut = True
        if not self._mute:
            self.arrived.put_nowait(None)

    def mute(self) -> None:
        """What has not arrived is lost, and the receiver is never told so."""
        self._cut = self._mute = True

    def give_up(self) -> None:
        """The receiver waits no longer."""
        self.arrived.put_nowait(None)

    def _arrive(self, data: str | bytes | None) -> None:
        if not self._cut:
            self.arrived.put_nowait(data)


class SimulatedSocket:
    """A connection between a page and the hub; the methods are the hub's side of it.

    spoken: called with every text that the hub sends, at the moment of sending. heard: called when it takes one up.
    """

    def __init__(self, rng: random.Random, spoken: Callable[[str], None], heard: Callable[[], None]) -> None:
        self._rng = rng
        self._spoken = spoken
        self._heard = heard
        self._gone = False
        self._flows = asyncio.Event()
        self._flows.set()
        self.up, self.down = Pipe(rng), Pipe(rng)
        self.close_code: int | None = None
        self.freed = False  # the hub cut off a peer that did not read

    async def receive(self) -> str | bytes:
        data = await self.up.arrived.get()
        self._heard()
        if data is None:
            raise SocketGone
        return data

    async def send(self, data: str | bytes) -> None:
        await asyncio.sleep(0)
        if not self._flows.is_set():
            await self._flows.wait()
        if self._gone:
            raise SocketGone
        if isinstance(data, str):
            self._spoken(data)
        else:
            assert data[:4] == MAGIC
        self.down.send(data)

    async def close(self, code: int, reason: str) -> None:
        if not self._flows.is_set():
            await self._flows.wait()
        if self._gone:
            raise SocketGone
        self.close_code = code
        self.down.send(None)

    def abort(self) -> None:
        self.freed = self.freed or not (self._gone or self._flows.is_set())
        self._gone = True
        self._flows.set()
        self.down.end()

    # -- what can happen to it ------------------------------------------------------------------------------------

    def cut(self) -> None:
        """The network fails: what is on its way is lost, and either side notices at its own time."""
        loop = asyncio.get_running_loop()
        for pipe in (self.up, self.down):
            pipe.cut()
            loop.call_later(self._rng.random() * BLIND_SECONDS_MAX, pipe.end)

    def half_open(self) -> None:
        """One side is gone, and the other one is never told: it has to find out by itself."""
        told, other = (self.up, self.down) if self._rng.random() < 0.5 else (self.down, self.up)
        other.mute()
        told.end()

    def linger(self) -> None:
        """The page has left it. What it said before still arrives, maybe after what it says on the next one."""
        self.down.cut()
        asyncio.get_running_loop().call_later(self._rng.random() * BLIND_SECONDS_MAX, self.up.end)

    def clog(self, seconds: float) -> None:
        """For so long the page's side reads nothing, and its buffers are full."""
        self._flows.clear()
        asyncio.get_running_loop().call_later(seconds, self._flows.set)

    def kill(self) -> None:
        """The server process dies: it says nothing more; what it sent may still arrive."""
        self._gone = True
        self._flows.set()
        self.up.give_up()
        if self._rng.random() < 0.5:
            self.down.end()
        else:
            self.down.send(None)
