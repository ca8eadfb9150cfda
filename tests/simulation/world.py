"""All of it on one seeded loop: the real hub, rooms and connections, pages that come and go, a server that dies."""

import asyncio
import random
from collections import Counter
from contextlib import suppress
from typing import cast

import msgspec
import numpy as np
from numpy.typing import NDArray

from chromavive import errors, ids
from chromavive.color.bins import BIN_COUNT
from chromavive.colorizer.contract import EngineInfo, NetworkInfo, Painting
from chromavive.hints.entry import Photograph
from chromavive.hints.state import State
from chromavive.journal.contract import Append, Record
from chromavive.journal.faults import Fault, FaultyJournal
from chromavive.pictures.store import PhotographStore
from chromavive.room.follower import Follower
from chromavive.room.opening import links_of, opening_entry
from chromavive.room.room import Room
from chromavive.runtime.child import PhotographDecoder
from chromavive.runtime.engine_thread import Job
from chromavive.runtime.hub import Hub, Parts
from chromavive.runtime.journal_thread import InlineJournal
from chromavive.runtime.workers import InlineWorker
from chromavive.settings import Settings
from chromavive.wire import messages
from tests.simulation.disk import Disk
from tests.simulation.network import SimulatedSocket
from tests.simulation.page import Diverged, Page
from tests.simulation.virtual_loop import VirtualClock

ROOM = "simulated-room-1"
_INFO = EngineInfo(
    "simulated", 1, {name: NetworkInfo(name, "0" * 64, 0, "fp32", True, True, "stub") for name in ("stub", "other")}, ()
)


class QuickEngine:
    """Paints four cells in a random time."""

    info = _INFO

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    async def paint(self, jobs: list[Job]) -> list[Painting]:
        await asyncio.sleep(self._rng.random() * 0.08)
        if self._rng.random() < 0.02:
            raise RuntimeError("a pass that failed, on purpose")
        return [
            Painting(
                np.full((2, 2, 2), len(job.hints), np.float32),
                0.05,
                np.full((len(job.points), BIN_COUNT), 1 / BIN_COUNT, np.float32),
            )
            for job in jobs
        ]

    async def distributions(self, jobs: list[Job]) -> list[NDArray[np.float32]]:
        await asyncio.sleep(self._rng.random() * 0.02)
        return [np.full((len(job.points), BIN_COUNT), 1 / BIN_COUNT, np.float32) for job in jobs]

    async def close(self) -> None:
        pass


class OnePhotograph:
    """A store of one small photograph."""

    def rooms(self) -> list[str]:
        return [ROOM]

    def lightness(self, room: str) -> NDArray[np.uint16]:
        return np.zeros((64, 64), np.uint16)


class World:
    """One seed's run. `live` is the whole story; `happened` counts what it contained."""

    def __init__(self, seed: int, disk: Disk, edits: int = 100) -> None:
        self.rng = random.Random(seed)
        self.happened: Counter[str] = Counter()
        self._edits = edits
        self._refusals: set[tuple[str, int]] = set()  # said for a reason of their own, whether heard or not
        self._disk = disk
        self._owner = f"{seed:022}"
        self._sockets: list[tuple[SimulatedSocket, asyncio.Task[None]]] = []
        self._pages: list[Page] = []
        self._hub: Hub | None = None
        self._loop_group: asyncio.TaskGroup | None = None
        self._server: asyncio.Task[None] | None = None
        self._stopped = asyncio.Event()
        self._journal: InlineJournal | None = None
        self._faulty: FaultyJournal | None = None

    # -- the server -----------------------------------------------------------------------------------------------

    def _start(self) -> None:
        assert self._loop_group is not None
        self._faulty = FaultyJournal(self._disk.open())
        self._journal = InlineJournal(self._faulty, lambda: self.rng.random() ** 2 * 0.1)
        parts = Parts(
            self._journal,
            QuickEngine(self.rng),  # type: ignore[arg-type]  # a list of jobs is a sequence
            cast(PhotographStore, OnePhotograph()),
            cast(PhotographDecoder, None),  # no photograph comes in
            InlineWorker(),
            InlineWorker(),
            InlineWorker(),
            InlineWorker(),
            VirtualClock(),
        )
        self._server = self._loop_group.create_task(self._serve(Hub(parts, "stub", Settings())))

    async def _serve(self, hub: Hub) -> None:
        async with hub.serving():
            self._hub = hub
            self._stopped = asyncio.Event()
            await self._stopped.wait()

    async def _crash(self) -> None:
        """The process dies wherever it stands; another one finds what the disk holds."""
        assert self._journal is not None
        assert self._server is not None
        before = self._disk.answered
        self._hub = None
        self._journal.crash()
        for socket, task in self._sockets:
            socket.kill()
            task.cancel()
        self._sockets.clear()
        self._server.cancel()
        with suppress(asyncio.CancelledError):
            await self._server
        self.happened["crash"] += 1
        self.happened["crash between append and answer"] += self._disk.appended > before
        self._disk.answered = self._disk.appended
        await asyncio.sleep(self.rng.random())
        self._start()

    async def _drain(self) -> None:
        """The server is stopped as people stop it (R11): it is gone in time; what it left unanswered comes again."""
        if self._hub is None or self._server is None or self._journal is None:
            return
        loop = asyncio.get_running_loop()
        self._hub, begun = None, loop.time()
        self._stopped.set()
        await self._server
        for socket, task in self._sockets:  # as the web server cuts off who has not closed
            socket.kill()
            task.cancel()
        self._sockets.clear()
        await self._journal.close()
        if loop.time() - begun > Settings().leave_seconds:
            raise Diverged(f"the server took {loop.time() - begun:.1f} s to leave (R11)")
        self.happened["drain"] += 1
        self.happened["drain before an answer"] += self._disk.appended > self._disk.answered
        self._disk.answered = self._disk.appended
        await asyncio.sleep(self.rng.random())
        self._start()

    def _spoken(self, text: str) -> None:
        """R1, at the moment of sending: what is spoken of is on the disk."""
        message = msgspec.json.decode(text)
        if message["type"] == "entry" and message["entry"]["revision"] > self._disk.appended:
            raise Diverged(f"entry {message['entry']['revision']} is spoken of before it is durable (R1)")
        if message["type"] == "accepted":
            if message["revision"] > self._disk.appended:
                raise Diverged(f"revision {message['revision']} is accepted before it is durable (R1)")
            self._disk.answered = max(self._disk.answered, message["revision"])
        if message["type"] == "refused" and message["code"] != errors.NumberSpent.code:
            self._refusals.add((message.get("seat"), message.get("number")))

    def _connect(self) -> SimulatedSocket:
        assert self._loop_group is not None
        socket = SimulatedSocket(self.rng, self._spoken)
        if self._hub is None:  # nobody listens
            socket.kill()
            return socket
        task = self._loop_group.create_task(self._attend(self._hub, socket))
        self._sockets.append((socket, task))
        return socket

    async def _attend(self, hub: Hub, socket: SimulatedSocket) -> None:
        try:
            await hub.serve(socket, ROOM)
        finally:
            socket.abort()

    # -- the story ------------------------------------------------------------------------------------------------

    async def live(self) -> None:
        """Members edit while everything fails, then all heals, and everybody has to agree."""
        self._open_room()
        async with asyncio.TaskGroup() as group:
            self._loop_group = group
            self._start()
            self._gather()
            lives = [group.create_task(page.live()) for page in self._pages]
            done = 0
            while done < self._edits:
                done += await self._next_event()
            await self._heal()
            for task in lives:
                task.cancel()
            self._settle_accounts()
            self._server.cancel() if self._server else None

    def _open_room(self) -> None:
        entry = opening_entry(Photograph("0" * 64, 64, 64, False), "stub", "", self._owner, 0)
        record = Record(entry.revision, entry.seat, entry.number, entry.payload, entry.sealed)
        self._disk.open().append([Append(ROOM, 0, (record,))])

    def _gather(self) -> None:
        links = links_of(self._owner, {"editor": 0, "viewer": 0})
        for member in range(self.rng.randint(2, 5)):
            secret = f"member-{member}".ljust(22, "-")
            capability = links.owner if member == 0 else links.editor
            for tab in range(2 if self.rng.random() < 0.3 else 1):
                name = f"m{member}t{tab}"
                follower = Follower(capability, secret, f"seat-{name}", name)
                self._pages.append(Page(name, secret, follower, self._connect, self.rng.getrandbits(64)))
                self.happened["second tab"] += tab

    async def _next_event(self) -> int:
        """Something happens; gives the number of edits."""
        await asyncio.sleep(self.rng.random() ** 2 * 0.3)
        page = self.rng.choice(self._pages)
        roll = self.rng.random()
        if roll < 0.03 and page.socket is not None:
            page.socket.cut()
            self.happened["drop"] += 1
        elif roll < 0.045:
            page.online = not page.online
            self.happened["offline"] += 1
        elif roll < 0.06:
            await self._crash()
        elif roll < 0.07:
            await self._drain()
        elif roll < 0.11:
            assert self._faulty is not None
            fault = self.rng.choice([Fault.CONFLICT, Fault.UNKNOWN_ABSENT, Fault.UNKNOWN_PRESENT])
            self._faulty.fail_next(fault)
            self.happened[fault.name] += 1
        else:
            return int(page.use())
        return 0

    async def _heal(self) -> None:
        """The network is whole and nobody edits: within ten minutes all is said."""
        for page in self._pages:
            page.online = True
        for _ in range(600):
            await asyncio.sleep(1)
            if all(self._up_to_date(page) for page in self._pages):
                return
        raise Diverged("not everybody is up to date: " + ", ".join(str(page.follower.pending) for page in self._pages))

    def _up_to_date(self, page: Page) -> bool:
        hub, welcome = self._hub, page.follower.welcome
        if page.socket is None or hub is None or welcome is None or page.follower.pending:
            return False
        frame = page.frames.get(welcome.epoch)
        if page.follower.revision != self._disk.appended or frame is None or not frame.settled:
            return False
        return page.point is None or (page.palette is not None and page.palette.look == frame.look)

    def _settle_accounts(self) -> None:
        """Members and journal agree; every acknowledged edit is there exactly once."""
        records = self._disk.records(ROOM)
        truth = Room.load(ROOM, ids.new_epoch(), self._disk.encoded(ROOM), self._note())
        if [record.revision for record in records] != list(range(1, len(records) + 1)):
            raise Diverged("revisions have gaps (R2)")
        where = {(record.seat, record.number): record.revision for record in records}
        if len(where) != len(records):
            raise Diverged("a seat's number is there twice (R3)")
        for page in self._pages:
            self._settle(page, truth.state, truth.chain, where)

    def _settle(self, page: Page, truth: State, chain: str, where: dict[tuple[str, int], int]) -> None:
        if page.follower.confirmed != truth:
            raise Diverged(f"{page.name} shows something else than the journal holds (R5)")
        if page.chain != chain:
            raise Diverged(f"{page.name} has another chain")
        for number, revision in page.follower.accepted.items():
            if where.get((page.seat, number)) != revision:
                raise Diverged(f"{page.name}'s number {number} was acknowledged and is not there (R1, R3)")
        for number, code in page.follower.refused.items():
            if (page.seat, number) in where:
                raise Diverged(f"{page.name}'s number {number} was refused and is there (R3)")
            if code == errors.NumberSpent.code and (f"seat-{page.name}", number) not in self._refusals:
                raise Diverged(f"{page.name}'s number {number} was overtaken, and so lost for no reason (R3)")
        self.happened["accepted"] += len(page.follower.accepted)
        self.happened["refused"] += len(page.follower.refused)
        self.happened.update(f"refused: {code}" for code in page.follower.refused.values())
        self.happened["repeat"] += page.repeats
        self.happened["reconnect"] += page.reconnects
        self.happened["frame"] += page.frames_heard
        self.happened["palette"] += page.palettes_heard
        self.happened["preview"] += page.previews_heard

    def _note(self) -> messages.EngineNote:
        networks = tuple(messages.NetworkNote(name, "fp32", True, "stub") for name in _INFO.networks)
        return messages.EngineNote("simulated", networks, "stub")
