"""All of it on one seeded loop: the real hub, rooms and connections, pages that come and go, a server that dies."""

import asyncio
import random
from collections import Counter
from contextlib import AbstractContextManager, suppress
from typing import cast
from unittest.mock import patch

import msgspec

from chromavive import errors
from chromavive.journal.faults import Fault, FaultyJournal
from chromavive.pictures.store import PhotographStore
from chromavive.room.effects import Effect
from chromavive.room.proposals import Proposal
from chromavive.room.room import Room
from chromavive.runtime.child import PhotographDecoder
from chromavive.runtime.hub import Hub
from chromavive.runtime.journal_thread import InlineJournal
from chromavive.runtime.parts import Parts
from chromavive.runtime.workers import InlineWorker
from chromavive.settings import Settings
from tests.simulation.cast import Cast
from tests.simulation.disk import Disk
from tests.simulation.engine import OnePhotograph, QuickEngine
from tests.simulation.network import SimulatedSocket
from tests.simulation.page import Diverged
from tests.simulation.virtual_loop import VirtualClock

_refuse = Room._refuse


class World:
    """The server of a story and the rooms on it; what can happen to it."""

    def __init__(self, seed: int, disk: Disk, rooms: int = 1, settings: Settings | None = None) -> None:
        self.rng = random.Random(seed)
        self.happened: Counter[str] = Counter()
        self.disk = disk
        self.hub: Hub | None = None
        self.casts = [Cast(number, disk, self.connect, self.rng) for number in range(1, rooms + 1)]
        self.refusals: set[tuple[str, int]] = set()  # (page seat, number), for a reason of their own
        self.faulty: FaultyJournal | None = None
        self._settings = settings or Settings()
        self._sockets: list[tuple[SimulatedSocket, asyncio.Task[None]]] = []
        self._group: asyncio.TaskGroup | None = None
        self._server: asyncio.Task[None] | None = None
        self._stopped = asyncio.Event()
        self._broken = False
        self._journal: InlineJournal | None = None
        self._moment: tuple[str, asyncio.Event] | None = None  # what somebody waits for

    def noting_refusals(self) -> AbstractContextManager[object]:
        """While this lasts `refusals` are written down."""
        return patch.object(Room, "_refuse", lambda *args: self._refuse(*args))

    def start(self, group: asyncio.TaskGroup) -> None:
        """A server on what the disk holds."""
        self._group = group
        self._broken = False
        self.disk.wrote = lambda: self._reached("appended")
        self.faulty = FaultyJournal(self.disk.open())
        self._journal = InlineJournal(self.faulty, lambda: self.rng.random() ** 2 * 0.1)
        parts = Parts(
            self._journal,
            QuickEngine(self.rng),  # type: ignore[arg-type]  # a list of jobs is a sequence
            cast(PhotographStore, OnePhotograph([each.room for each in self.casts])),
            cast(PhotographDecoder, None),  # no photograph comes in
            InlineWorker(),
            InlineWorker(),
            InlineWorker(),
            InlineWorker(),
            VirtualClock(),
        )
        self._server = group.create_task(self._serve(Hub(parts, "stub", self._settings)))

    async def _serve(self, hub: Hub) -> None:
        async with hub.serving(on_fault=self._break):
            self.hub = hub
            self._stopped = asyncio.Event()
            await self._stopped.wait()

    def _break(self) -> None:
        self._broken = True

    def end(self) -> None:
        """The story is told."""
        if self._server is not None:
            self._server.cancel()

    # -- what can happen to the server ----------------------------------------------------------------------------

    async def crash(self) -> None:
        """The process dies wherever it stands; another one finds what the disk holds."""
        await self._some_moment()
        await self._die()
        self.happened["crash"] += 1
        await asyncio.sleep(self.rng.random())
        self._start_again()

    async def restart_if_broken(self) -> None:
        """A server whose disk failed ends by itself, with a bad exit code (R1.5); somebody starts it again."""
        if self._broken:
            self.happened["disk failed"] += 1
            await self._die()
            self._start_again()

    async def restore(self, backup: dict[str, int]) -> None:
        """The server is stopped, and starts again with an older journal."""
        await self._die()
        for each in self.casts:
            gone = self.disk.records(each.room)[backup[each.room] :]
            each.lost |= {(record.seat, record.number) for record in gone}
            self.happened["entry taken back by a backup"] += len(gone)
        self.disk.restore(backup)
        self.happened["restore"] += 1
        self._start_again()

    async def drain(self) -> None:
        """The server is stopped as people stop it (R11): it is gone in time; what it left unanswered comes again."""
        if self.hub is None or self._server is None or self._journal is None:
            return
        await self._some_moment()
        if self._broken:
            return
        loop = asyncio.get_running_loop()
        self.hub, begun = None, loop.time()
        self._stopped.set()
        await self._server
        for socket, task in self._sockets:  # as the web server cuts off who has not closed
            socket.kill()
            task.cancel()
        self._sockets.clear()
        await self._journal.close()
        if loop.time() - begun > self._settings.leave_seconds:
            raise Diverged(f"the server took {loop.time() - begun:.1f} s to leave (R11)")
        self.happened["drain"] += 1
        self.happened["drain before an answer"] += self._unanswered()
        await asyncio.sleep(self.rng.random())
        self._start_again()

    def fail_an_append(self) -> None:
        """The journal answers the next one otherwise than with Appended."""
        assert self.faulty is not None
        usual = [Fault.CONFLICT, Fault.UNKNOWN_ABSENT, Fault.UNKNOWN_PRESENT]
        fault = self.rng.choice(usual * 3 + [Fault.BROKEN_ABSENT, Fault.BROKEN_PRESENT])
        self.faulty.fail_next(fault)
        self.happened[fault.name] += 1

    async def _die(self) -> None:
        assert self._journal is not None
        assert self._server is not None
        self.hub = None
        self._journal.crash()
        for socket, task in self._sockets:
            socket.kill()
            task.cancel()
        self._sockets.clear()
        self._server.cancel()
        with suppress(asyncio.CancelledError):
            await self._server
        self.happened["killed between append and answer"] += self._unanswered()

    def _start_again(self) -> None:
        assert self._group is not None
        self.start(self._group)

    def _unanswered(self) -> bool:
        """Whether the journal holds what nobody was told; from now on it counts as told."""
        unanswered = self.disk.appended != self.disk.answered
        self.disk.answered = self.disk.appended.copy()
        return unanswered

    async def _some_moment(self) -> None:
        """Now, or somewhere in the middle of what the server does next."""
        if self.rng.random() < 0.3:
            return
        event = asyncio.Event()
        self._moment = (self.rng.choice(["heard", "appended", "spoken"]), event)
        with suppress(TimeoutError):
            async with asyncio.timeout(2):
                await event.wait()
                self.happened[f"ended once it had {self._moment[0]}"] += 1
        self._moment = None
        for _ in range(self.rng.randrange(12)):
            await asyncio.sleep(0)

    def _reached(self, moment: str) -> None:
        if self._moment is not None and self._moment[0] == moment:
            self._moment[1].set()

    def _refuse(self, room: Room, proposal: Proposal, error: errors.EditRefused) -> Effect:
        """A refusal as the room decides on it; its author may be gone, or not read, and never hear the reason."""
        if error.kind == "drop" and not isinstance(error, errors.NumberSpent):
            self.refusals.add((proposal.page_seat, proposal.number))
        return _refuse(room, proposal, error)

    # -- connections ----------------------------------------------------------------------------------------------

    def connect(self, room: str) -> SimulatedSocket:
        """A socket of this room."""
        assert self._group is not None
        cast_ = next(each for each in self.casts if each.room == room)
        socket = SimulatedSocket(self.rng, lambda text: self._spoken(cast_, text), lambda: self._reached("heard"))
        if self.hub is None:  # nobody listens
            socket.kill()
            return socket
        task = self._group.create_task(self._attend(self.hub, socket, room))
        self._sockets.append((socket, task))
        return socket

    async def _attend(self, hub: Hub, socket: SimulatedSocket, room: str) -> None:
        try:
            await hub.serve(socket, room)
        finally:
            socket.abort()
            self.happened["stalled reader freed"] += socket.freed

    def _spoken(self, cast_: Cast, text: str) -> None:
        """R1, at the moment of sending: what is spoken of is on the disk."""
        self._reached("spoken")
        appended = self.disk.appended[cast_.room]
        # Most texts are of the kinds that say nothing of an edit.
        if text.startswith('{"type":"entry"'):
            revision = msgspec.json.decode(text)["entry"]["revision"]
            if revision > appended:
                raise Diverged(f"entry {revision} is spoken of before it is durable (R1)")
        elif text.startswith('{"type":"accepted"'):
            revision = msgspec.json.decode(text)["revision"]
            if revision > appended:
                raise Diverged(f"revision {revision} is accepted before it is durable (R1)")
            self.disk.answered[cast_.room] = max(self.disk.answered[cast_.room], revision)
