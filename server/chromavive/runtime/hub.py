"""The hub: every room that is open, found by its id; how rooms come, are forgotten, and leave the memory."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count

import msgspec
import numpy as np
from numpy.typing import NDArray

from chromavive import errors, ids, logs
from chromavive.colorizer.contract import EngineInfo, Painting
from chromavive.hints.entry import Photograph
from chromavive.hints.recipe import Recipe, recipe_state
from chromavive.hints.state import State
from chromavive.journal.contract import Appended, Record
from chromavive.pictures.contract import DecodedMeta
from chromavive.pictures.display import arrange, working_lightness
from chromavive.pictures.export_form import Provenance
from chromavive.pictures.store import PhotographStore
from chromavive.room.effects import Content, Slot
from chromavive.room.looks import content_of
from chromavive.room.opening import links_of, opening_entry
from chromavive.room.room import Room
from chromavive.runtime.addresses import Addresses
from chromavive.runtime.child import PhotographDecoder
from chromavive.runtime.clock import Clock
from chromavive.runtime.connection import Connection, Door, Socket
from chromavive.runtime.engine_thread import AsyncEngine
from chromavive.runtime.journal_thread import AsyncJournal
from chromavive.runtime.leaving import RequestsUnderWay, return_seconds
from chromavive.runtime.passes import Passes
from chromavive.runtime.room_task import RoomTask
from chromavive.runtime.uploads import check_disk, full_disk_named, receive
from chromavive.runtime.workers import Worker
from chromavive.settings import Settings
from chromavive.wire.messages import EngineNote, Leaving, Links, NetworkNote, encode

_BATCH_MAX = {"cuda": 16}
_ROUNDS_AN_IDLE_TIME = 4
_ROUNDS_A_TICKET = 4

FAREWELL_SHARE = 0.6
"""Of leave_seconds: how long members may take to close, and requests to end. The rest is for cutting the others off."""
_NO_SPACE = "The server's disk has no room for this photograph. Whoever runs it has to make some."


@dataclass(frozen=True, slots=True)
class Parts:
    """What a hub is made of; each has a double.

    files reads and writes what lies on the disk, which is quick. pictures makes the pictures of requests: one may take
    half a minute, for which nobody else should wait. grays makes what a page needs before it can show anything, and
    closer. frames encodes chroma frames and has one thread.
    """

    journal: AsyncJournal
    engine: AsyncEngine
    photographs: PhotographStore
    decoder: PhotographDecoder
    files: Worker
    pictures: Worker
    grays: Worker
    frames: Worker
    clock: Clock


@dataclass(frozen=True, slots=True)
class OpenedRoom:
    """A room that was just opened, and the only time that all of its capabilities are known here."""

    room_id: str
    links: Links


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
        self._uploads = 0
        self._numbers = count(1)
        self._connections: dict[int, Connection] = {}  # bounded by the open sockets
        self._quiet = asyncio.Event()
        self.requests = RequestsUnderWay(self._quiet.set)
        self._group = asyncio.TaskGroup()

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

    # -- opening and forgetting -----------------------------------------------------------------------------------

    async def open_room(self, upload: AsyncIterator[bytes], title: str) -> OpenedRoom:
        """A new room with this photograph: decoded, stored and synced, then in the journal (R1).

        Raises:
            RequestRefused: one leaf for each reason; nothing is left of the upload.
        """
        async with self.arrived(upload) as (room_id, decoded):
            stored = await self.parts.files.run(self.parts.photographs.put, room_id, decoded)
            photograph = Photograph(stored.sha256, decoded.height, decoded.width, decoded.had_colors)
            return await self._append_opened(room_id, photograph, title)

    async def colorize(
        self,
        arrival_id: str,
        decoded: DecodedMeta,
        network: str,
        recipe: Recipe | None = None,
        vividness: float | None = None,
    ) -> tuple[NDArray[np.uint16], Content, Painting]:
        """A photograph that has arrived, with a recipe's hints or none: its lightness as shown, its look, its colors.

        vividness: where it is not the recipe's, or 0 without one. The lightness, (H, W) uint16, may be mapped: it lasts
        until the arrival is abandoned.

        Raises:
            EngineFailed: the pass did not end well.
        """
        files, photographs = self.parts.files, self.parts.photographs
        sha256 = await files.run(photographs.arrived_sha256, arrival_id)
        photograph = Photograph(sha256, decoded.height, decoded.width, decoded.had_colors)
        state = State(photograph, network) if recipe is None else recipe_state(recipe, photograph)
        if vividness is not None:
            state = msgspec.structs.replace(state, vividness=vividness)
        content = content_of(state, state.hints, network)
        lightness = arrange(await files.run(photographs.arrived_lightness, arrival_id), content.turn, content.crop)
        working = await self.parts.pictures.run(working_lightness, lightness)
        return lightness, content, await self.passes.ask(arrival_id, content, working)

    def provenance(self, content: Content) -> Provenance:
        """What an export of this says of how it was made."""
        network = self.engine_info.networks[content.network]
        return Provenance(network.name, network.weights_hash, len(content.hints), content.vividness)

    @asynccontextmanager
    async def arrived(self, upload: AsyncIterator[bytes]) -> AsyncIterator[tuple[str, DecodedMeta]]:
        """An upload, received and decoded under a fresh room id; what was not put by then is abandoned.

        Raises:
            RequestRefused: one leaf for each reason.
            DiskFull: there is no room for it.
        """
        most = self.settings.uploads_max
        if self._leaving or self._uploads >= most:
            told = f"The server takes {most} photographs at once, and they are on their way. Try again in a moment."
            raise errors.ServerBusy(None if self._leaving else told)
        files, photographs = self.parts.files, self.parts.photographs
        self._uploads += 1
        room_id = ids.new_room_id()
        try:
            with full_disk_named(_NO_SPACE):
                check_disk(await files.run(photographs.free_bytes), self._uploads, self.settings)
                arrival = await files.run(photographs.arrival, room_id)
                await receive(upload, arrival.original, files, self.settings)
                yield room_id, await self.parts.decoder.decode(arrival.original, arrival.lightness)
        finally:
            self._uploads -= 1
            await files.run(photographs.abandon, room_id)

    async def _append_opened(self, room_id: str, photograph: Photograph, title: str) -> OpenedRoom:
        owner = ids.new_secret()
        entry = opening_entry(photograph, self.network, title, owner, self.parts.clock.unix_seconds())
        record = Record(entry.revision, entry.seat, entry.number, entry.payload, entry.sealed)
        outcome = await self.parts.journal.append(room_id, 0, [record])
        if not isinstance(outcome, Appended) and await self.parts.journal.read(room_id) != [record]:
            await self.parts.files.run(self.parts.photographs.forget, room_id)
            raise errors.ServerBusy()
        logs.event("room_opened", room=room_id, height_px=photograph.height_px, width_px=photograph.width_px)
        return OpenedRoom(room_id, links_of(owner, {"editor": 0, "viewer": 0}))

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
