"""A whole hub over doubles on virtual time: sockets in memory, a journal and an engine whose slowness is chosen."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from chromavive import ids
from chromavive.colorizer.contract import Painting, Request
from chromavive.colorizer.stub import StubEngine
from chromavive.hints.edit import Add, Edit, GestureEdit, Move, NewHint, Placed
from chromavive.journal import Append, FaultyJournal, MemoryJournal, Outcome
from chromavive.pictures.contract import AsideWish, DecodedMeta
from chromavive.pictures.store import PhotographStore
from chromavive.room.follower import Follower
from chromavive.runtime.arrivals import OpenedRoom
from chromavive.runtime.connection import SocketGone
from chromavive.runtime.engine_thread import InlineEngine
from chromavive.runtime.hub import Hub
from chromavive.runtime.journal_thread import InlineJournal
from chromavive.runtime.parts import Parts
from chromavive.runtime.workers import InlineWorker
from chromavive.settings import Settings
from chromavive.wire import messages
from chromavive.wire.frame import FrameHeader, unpack_frame
from tests.simulation.virtual_loop import VirtualClock, run_virtual

M = TypeVar("M")
PASS_SECONDS = 0.05


class MemorySocket:
    """Both ends of a socket: the hub's is a `Socket`, the rest is the page's."""

    def __init__(self) -> None:
        self._inward: asyncio.Queue[str | bytes | None] = asyncio.Queue(10_000)
        self.outward: list[str | bytes] = []
        self.on_data: Callable[[str | bytes], None] = lambda data: None
        self.stuck = False
        self.closed: tuple[int, str] | None = None
        self.aborted = False
        self.aborted_seconds: float | None = None  # of the loop

    async def receive(self) -> str | bytes:
        data = await self._inward.get()
        if data is None:
            raise SocketGone
        return data

    async def send(self, data: str | bytes) -> None:
        if self.aborted:
            raise SocketGone
        if self.stuck:
            await asyncio.Event().wait()
        self.outward.append(data)
        self.on_data(data)

    async def close(self, code: int, reason: str) -> None:
        if self.stuck:
            await asyncio.Event().wait()
        self.closed = (code, reason)
        self._inward.put_nowait(None)

    def abort(self) -> None:
        self.aborted = True
        self.aborted_seconds = asyncio.get_running_loop().time()
        self._inward.put_nowait(None)

    def say(self, data: str | bytes) -> None:
        self._inward.put_nowait(data)

    def leave(self) -> None:
        self._inward.put_nowait(None)


@dataclass
class Page:
    """A page that behaves: it follows, answers pings and paints at once, unless it is told not to."""

    socket: MemorySocket
    follower: Follower
    paints: bool = True
    heard: list[messages.ToPage] = field(default_factory=list)
    frames: list[FrameHeader] = field(default_factory=list)
    previews: list[FrameHeader] = field(default_factory=list)

    def say(self, message: messages.FromPage) -> None:
        self.socket.say(messages.encode(message).decode())

    def edit(self, edit: Edit, gesture: int | None = None) -> int:
        """Sends an edit; gives its number."""
        message = self.follower.edit(edit, gesture)
        self.say(message)
        return message.number

    def gesture(self, gesture: int, edit: GestureEdit) -> None:
        self.say(messages.GestureMessage(gesture, edit))

    def take(self, data: str | bytes) -> None:
        if isinstance(data, bytes):
            header, _ = unpack_frame(data)
            if header.preview:
                self.previews.append(header)
                return
            self.frames.append(header)
            if self.paints:
                self.say(messages.Painted(header.look))
            return
        message = messages.decode_to_page(data)
        self.heard.append(message)
        if isinstance(message, messages.Ping):
            self.say(messages.Pong())
        again = self.follower.take(message)
        if isinstance(message, messages.Refused) and message.after_seconds:
            asyncio.get_running_loop().call_later(message.after_seconds, self.say_all, again)
        else:
            self.say_all(again)

    def say_all(self, every: Sequence[messages.FromPage]) -> None:
        for message in every:
            self.say(message)

    def of(self, kind: type[M]) -> list[M]:
        """What was heard of this kind."""
        return [message for message in self.heard if isinstance(message, kind)]

    @property
    def close_code(self) -> int | None:
        return None if self.socket.closed is None else self.socket.closed[0]

    @property
    def hints(self) -> set[str]:
        assert self.follower.confirmed is not None, "not welcomed"
        return set(self.follower.confirmed.hints)


class FlatDecoder:
    """Takes any bytes for a photograph of 64 x 64."""

    async def decode(self, path_in: Path, path_out: Path, aside: AsideWish | None = None) -> DecodedMeta:
        ramp = np.linspace(0, 65535, 64 * 64).reshape(64, 64).astype(np.uint16)
        np.save(path_out, ramp)
        return DecodedMeta(64, 64, "PNG", False, ())


class WatchedMemory(MemoryJournal):
    """Notes how many records each append had, and tells of each append before it is carried out."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[int] = []
        self.before_append: Callable[[], None] = lambda: None

    def append(self, batch: Sequence[Append]) -> list[Outcome]:
        self.before_append()
        self.sizes += [len(append.records) for append in batch]
        return super().append(batch)


class WatchedEngine(StubEngine):
    """Notes the size and the networks of every batch, and how many points were asked about alone; fails on demand."""

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__(clock, networks=("stub", "other"))
        self.batches: list[int] = []
        self.networks: list[str] = []
        self.gauged: list[int] = []
        self.fail = False

    def render(self, requests: Any) -> list[Painting]:
        self.batches.append(len(requests))
        if self.fail:
            raise MemoryError("no memory left on the device")
        watched: list[Request] = list(requests)
        self.networks += [request.scene.network for request in watched]
        return super().render(watched)

    def distributions(self, requests: Sequence[Request]) -> list[NDArray[np.float32]]:
        self.gauged += [len(request.points) for request in requests]
        if self.fail:
            raise MemoryError("no memory left on the device")
        return super().distributions(requests)


@dataclass
class Hall:
    """The hub on stage, and how pages come to it."""

    hub: Hub
    memory: WatchedMemory
    faults: FaultyJournal
    journal: InlineJournal
    engine: WatchedEngine
    photographs: PhotographStore
    group: asyncio.TaskGroup
    faulted: list[str] = field(default_factory=list)
    _pages: int = 0

    async def open_room(self, content: bytes = b"photograph") -> OpenedRoom:
        return await self.hub.arrivals.open_room(once(content), "a title")

    def socket(self, room_id: str, peer: str = "") -> MemorySocket:
        """A socket of the room that has said nothing yet."""
        socket = MemorySocket()
        self.group.create_task(self.hub.serve(socket, room_id, peer))
        return socket

    def page(self, opened: OpenedRoom, role: str = "owner", member: str = "", seat: str = "", peer: str = "") -> Page:
        """A page that has said hello. Its answers come once the loop runs."""
        self._pages += 1
        secret = (member or f"member{self._pages}").ljust(22, "-")
        seat = (seat or f"seat{self._pages}").ljust(22, "-")
        follower = Follower(getattr(opened.links, role), secret, seat)
        return self.again(opened, Page(MemorySocket(), follower), peer)

    def again(self, opened: OpenedRoom, page: Page, peer: str = "") -> Page:
        """The page over a new socket."""
        page.socket = self.socket(opened.room_id, peer)
        page.socket.on_data = page.take
        page.say(page.follower.hello())
        return page


@asynccontextmanager
async def hall(
    tmp_path: Path,
    *,
    journal_seconds: float = 0.001,
    pass_seconds: float = PASS_SECONDS,
    memory: WatchedMemory | None = None,
    **settings: Any,
) -> AsyncIterator[Hall]:
    """A hub at work; when the test is through, it has to leave without anything left over.

    memory: that of a hub before, which is started again.
    """
    clock = VirtualClock()
    memory = memory or WatchedMemory()
    faults = FaultyJournal(memory)
    journal = InlineJournal(faults, lambda: journal_seconds)
    engine = WatchedEngine(clock.now_seconds)
    photographs = PhotographStore(tmp_path / "photographs")
    parts = Parts(
        journal,
        InlineEngine(engine, clock, lambda: pass_seconds),
        photographs,
        FlatDecoder(),
        InlineWorker(),
        InlineWorker(),
        InlineWorker(),
        InlineWorker(),
        clock,
    )
    hub = Hub(parts, "stub", Settings(**settings))
    faulted: list[str] = []
    async with asyncio.TaskGroup() as group, hub.serving(lambda: faulted.append("fault")):
        yield Hall(hub, memory, faults, journal, engine, photographs, group, faulted)
    assert asyncio.all_tasks() == {asyncio.current_task()}, "a task is left"


def play(scenario: Callable[[], Awaitable[None]], seed: int = 1) -> None:
    """Runs a scenario on virtual time."""

    async def main() -> None:
        await scenario()

    run_virtual(main(), seed)


async def once(content: bytes) -> AsyncIterator[bytes]:
    yield content


def add(hint: str = "hint", x: float = 0.5, y: float = 0.5) -> Add:
    return Add((NewHint(hint, x, y, 20.0, -30.0),))


def move(hint: str, x: float, y: float = 0.5) -> Move:
    return Move((Placed(hint, x, y),))


def unknown_room() -> OpenedRoom:
    """Links to a room that was never opened."""
    return OpenedRoom(ids.new_room_id(), messages.Links("o" * 22, "e" * 22, "v" * 22))
