"""The hub: every room that is open, found by its id; how rooms are loaded, forgotten, and leave the memory."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from itertools import count

from chromavive import errors, ids, logs
from chromavive.colorizer.contract import EngineInfo, Painting
from chromavive.room.effects import Content, Slot
from chromavive.room.room import Room
from chromavive.runtime.addresses import Addresses
from chromavive.runtime.arrivals import Arrivals
from chromavive.runtime.connection import Connection, Door, Socket
from chromavive.runtime.leaving import RequestsUnderWay, return_seconds
from chromavive.runtime.parts import Parts
from chromavive.runtime.passes import Passes
from chromavive.runtime.room_task import RoomTask
from chromavive.settings import Settings
from chromavive.wire.messages import EngineNote, Leaving, NetworkNote, encode

_BATCH_MAX = {"cuda": 16}
_ROUNDS_AN_IDLE_TIME = 4
_ROUNDS_A_TICKET = 4

FAREWELL_SHARE = 0.6
"""Of leave_seconds: how long members may take to close, and requests to end. The rest is for cutting the others off."""


class Hub:
    """All rooms of this process. Use it inside `serving`."""

    def __init__(self, parts: Parts, network: str, settings: Settings) -> None:
        self.parts = parts
        self.network = network
        self.settings = settings
        batch_max = settings.batch_max or _BATCH_MAX.get(parts.engine.info.device, 1)
        self.passes = Passes(parts.engine, parts.photographs, parts.files, batch_max)
        self.fault: errors.OurError | None = None
        self._tasks: dict[str, RoomTask] = {}  # bounded by rooms_loaded_max
        self.sweeps: list[Callable[[], None]] = []  # bounded: one of each part that keeps files for a while
        self.forgetting: list[Callable[[str], None]] = [self.passes.drop]  # bounded: one of each that keeps of rooms
        self._leaving = False
        self._told = 0
        self.addresses = Addresses(settings, parts.clock)
        self._numbers = count(1)
        self._connections: dict[int, Connection] = {}  # bounded by the open sockets
        self._quiet = asyncio.Event()
        self.requests = RequestsUnderWay(self._quiet.set)
        self._group = asyncio.TaskGroup()
        self.arrivals = Arrivals(parts, self.passes, network, settings, lambda: self._leaving)

    @asynccontextmanager
    async def serving(self, on_fault: Callable[[], None] = lambda: None) -> AsyncIterator["Hub"]:
        """The hub at work; on_fault is called when the journal broke, after which the process has to end."""
        await self._sweep()
        async with self._group as group:
            own = [
                group.create_task(self.passes.run()),
                group.create_task(self._watch_journal(on_fault)),
                group.create_task(self._unload_idle()),
                group.create_task(self._sweep_often()),
            ]
            yield self  # what is raised here cancels every task: as a crash would, and the journal bears it
            await self.leave()
            for task in own:
                task.cancel()

    @property
    def engine_info(self) -> EngineInfo:
        """What paints."""
        return self.parts.engine.info

    @property
    def rooms_loaded(self) -> int:
        """How many rooms are in memory."""
        return len(self._tasks)

    @property
    def connections(self) -> int:
        """How many sockets are open."""
        return len(self._connections)

    @property
    def waiting_bytes(self) -> int:
        """What waits in all outboxes."""
        return sum(connection.waiting_bytes for connection in self._connections.values())

    def engine_note(self) -> EngineNote:
        """What members are told of the engine."""
        info = self.engine_info
        networks = tuple(
            NetworkNote(each.name, each.precision, each.guided, each.distribution) for each in info.networks.values()
        )
        return EngineNote(info.device, networks, self.network)

    # -- rooms ----------------------------------------------------------------------------------------------------

    async def serve(self, socket: Socket, room_id: str, peer: str = "") -> None:
        """Serve one socket of a room until it ends. peer: the address at its other end."""
        connection = Connection(next(self._numbers), self.parts.clock)
        self._connections[connection.number] = connection
        try:
            with self.addresses.connection(peer, connection):
                if self._leaving:
                    self._tell_to_return(connection, 1)
                    connection.close(errors.ServerLeaving())
                await connection.serve(socket, room_id, self)
        finally:
            del self._connections[connection.number]
            if not self._connections:
                self._quiet.set()

    def door(self, room_id: str) -> Door:
        """The room's task, which is started if it is not there.

        Raises:
            NotFound: no room can have this id.
            ServerLeaving, RoomClosed: come back later.
        """
        if self._leaving:
            raise errors.ServerLeaving()
        if not ids.ROOM_PATTERN.fullmatch(room_id):
            raise errors.NotFound()
        return self._task(room_id)

    async def room(self, room_id: str) -> tuple[RoomTask, Room]:
        """A room for a request, loaded.

        Raises:
            NoSuchRoom: there is none.
            ServerBusy: too many rooms are open, or the server is leaving.
        """
        if not ids.ROOM_PATTERN.fullmatch(room_id):
            raise errors.NoSuchRoom()
        if self._leaving:
            raise errors.ServerBusy()
        try:
            task = self._task(room_id)
        except errors.RoomClosed as error:
            raise errors.ServerBusy(str(error)) from error
        return task, await task.room()

    def _task(self, room_id: str) -> RoomTask:
        if (task := self._tasks.get(room_id)) is not None:
            return task
        if len(self._tasks) >= self.settings.rooms_loaded_max:
            most = self.settings.rooms_loaded_max
            raise errors.RoomClosed(f"The server has {most:,} rooms open, as many as it may. Try again later.")
        parts = self.parts
        task = RoomTask(room_id, parts.journal, self.passes, parts.files, parts.frames, parts.clock, self.engine_note())
        self._tasks[room_id] = task
        self._group.create_task(self._run(task))
        return task

    async def _run(self, task: RoomTask) -> None:
        """A fault of one room closes that room alone; it is read anew when somebody comes back."""
        try:
            await task.run()
        except errors.JournalBroken:
            pass  # _watch_journal closes every room
        except Exception:  # noqa: BLE001 - whatever it is, it is written down and costs one room
            logs.fault("room_failed", room=task.room_id)
        finally:
            self._remove(task, errors.RoomClosed())

    def _remove(self, task: RoomTask, error: errors.ConnectionClosed) -> None:
        if self._tasks.get(task.room_id) is task:
            del self._tasks[task.room_id]
        task.stop(error)

    # -- forgetting, painting --------------------------------------------------------------------------------------

    async def forget(self, room_id: str) -> None:
        """Delete a room for good: its entries first, then its photograph; everybody in it is told."""
        await self.parts.journal.forget(room_id)
        if (task := self._tasks.get(room_id)) is not None:
            self._remove(task, errors.RoomRemoved())
        await self.parts.files.run(self.parts.photographs.forget, room_id)
        for forget in self.forgetting:
            forget(room_id)
        logs.event("room_forgotten", room=room_id)

    async def paint(self, room_id: str) -> tuple[Content, Painting]:
        """A painting of what the journal holds, and what it shows, for a download or a thumbnail.

        Raises:
            NoSuchRoom: there is none any more.
            EngineFailed: the pass did not end well.
        """
        task, room = await self.room(room_id)
        content = room.confirmed_content()
        return content, task.newest_painting(content) or await self.passes.ask(room_id, content)

    # -- ends -----------------------------------------------------------------------------------------------------

    async def leave(self) -> None:
        """Take nobody in any more, tell every member when to come back, and wait until all have gone (R11).

        What edits are on their way gets no answer: a refusal would drop them, and the journal knows them when they come
        again. Appends that are out are finished, a pass in flight is abandoned; `serving` waits for the former.
        """
        try:
            async with asyncio.timeout(self.settings.leave_seconds * FAREWELL_SHARE) as end:
                self._begin_to_leave(end.when())
                while self._connections or self.requests:
                    self._quiet.clear()
                    await self._quiet.wait()
        except TimeoutError:
            logs.event("left_behind", connections=len(self._connections), requests=len(self.requests))

    def _begin_to_leave(self, end_loop_seconds: float | None) -> None:
        if not self._leaving:
            self._leaving = True
            logs.event("leaving", connections=len(self._connections), rooms=len(self._tasks))
            for connection in self._connections.values():
                self._tell_to_return(connection, len(self._connections))
            self.requests.end_by(end_loop_seconds)
        self._close_all(errors.ServerLeaving())

    def _tell_to_return(self, connection: Connection, members: int) -> None:
        """Each later than the one before, so that the next process is not met by all in one moment."""
        leaving = Leaving(return_seconds(self._told, members))
        self._told += 1
        connection.offer(Slot.RELIABLE, encode(leaving).decode(), counted=False)

    def _close_all(self, error: errors.ConnectionClosed) -> None:
        for task in list(self._tasks.values()):
            self._remove(task, error)
        for connection in self._connections.values():
            connection.close(error)

    async def _watch_journal(self, on_fault: Callable[[], None]) -> None:
        await self.parts.journal.broken.wait()
        self.fault = self.parts.journal.cause
        self._leaving = True
        logs.fault("journal_broken", rooms=len(self._tasks))
        self._close_all(errors.RoomClosed())
        on_fault()

    async def _unload_idle(self) -> None:
        idle_max = self.settings.room_idle_seconds
        while True:
            await self.parts.clock.sleep(max(1.0, idle_max / _ROUNDS_AN_IDLE_TIME))
            now = self.parts.clock.now_seconds()
            for task in [task for task in self._tasks.values() if task.idle_seconds(now) > idle_max]:
                logs.event("room_unloaded", room=task.room_id)
                self._remove(task, errors.RoomClosed())

    async def _sweep_often(self) -> None:
        """What waited too long leaves the disk at most a quarter of ticket_seconds later, also if nobody asks."""
        while True:
            await self.parts.clock.sleep(max(1.0, self.settings.ticket_seconds / _ROUNDS_A_TICKET))
            for sweep in self.sweeps:
                sweep()

    async def _sweep(self) -> None:
        """Remove photographs whose room was never opened or is forgotten: a crash came in between."""
        known = set(await self.parts.journal.rooms())
        stored = await self.parts.files.run(self.parts.photographs.rooms)
        for room_id in stored:
            if room_id not in known:
                await self.parts.files.run(partial(self.parts.photographs.forget, room_id))
                logs.event("photograph_swept", room=room_id)
        for room_id in sorted(known.difference(stored)):
            logs.fault("photograph_missing", room=room_id, advice="bring it back from a backup")
