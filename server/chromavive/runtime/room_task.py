"""One task a loaded room: it owns the pure room, takes up what comes in, and carries out the effects in their order."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from chromavive import errors, ids, logs
from chromavive.colorizer.contract import Painting
from chromavive.journal.contract import Appended, Conflict, Record
from chromavive.room.effects import (
    AppendEntries,
    Close,
    Content,
    Effect,
    EncodedEntry,
    EndPreview,
    OfferFrame,
    PaintPreview,
    PassOrder,
    ReadBack,
    RecallMoment,
    Send,
    SettleFrame,
    WantPalettes,
    WantPass,
    Withdraw,
)
from chromavive.room.picture import PointColors
from chromavive.room.room import Room
from chromavive.runtime.clock import Clock
from chromavive.runtime.connection import Connection
from chromavive.runtime.frame_sender import FrameSender
from chromavive.runtime.journal_thread import AsyncJournal
from chromavive.runtime.moments import Moments
from chromavive.runtime.palettes import Palettes
from chromavive.runtime.passes import Passes
from chromavive.runtime.previews import Previews
from chromavive.runtime.workers import Worker
from chromavive.wire.messages import EngineNote, FromPage, Hello, Welcome, encode

STEPS_AT_ONCE = 32
"""Messages taken up before the other tasks of the loop get a turn: a few milliseconds."""

TICK_SECONDS_MIN = 0.001
"""The room is not woken more often for its own sake: a wait as short as a rounding error would never end."""

_Step = Callable[[], Sequence[Effect]]


class RoomTask:
    """What comes in waits in the inbox, also while the room is read from the journal; no member is waited for."""

    def __init__(
        self,
        room_id: str,
        journal: AsyncJournal,
        passes: Passes,
        files: Worker,
        frames: Worker,
        clock: Clock,
        engine: EngineNote,
    ) -> None:
        self.room_id = room_id
        self.idle_since_seconds = clock.now_seconds()
        self._journal = journal
        self._passes = passes
        self._files = files
        self._clock = clock
        self._engine = engine
        self._room: Room | None = None
        self._loaded = asyncio.Event()
        self._ended: errors.ConnectionClosed | None = None
        self._connections: dict[int, Connection] = {}  # bounded by MEMBERS_MAX, once they were welcomed
        # Bounded by the connections' own limit each, and by the few answers that the journal can owe.
        self._inbox: deque[_Step] = deque()
        self._wake = asyncio.Event()
        self._group = asyncio.TaskGroup()
        self._appending = False
        self._epoch = ids.new_epoch()
        self._sender = FrameSender(self._epoch, frames, self._group, self._welcomed)
        self._palettes = Palettes(frames, self._group, self._palettes_chosen)
        self.moments = Moments(room_id, journal, files)
        self._recalling: asyncio.Task[None] | None = None
        self._previews = Previews(room_id, self._group, passes, self._sender, self._connections)

    # -- what connections call: the door --------------------------------------------------------------------------

    def join(self, connection: Connection, hello: Hello) -> None:
        if self._ended is not None:
            connection.close(self._ended)
            return
        self._connections[connection.number] = connection
        self._post(partial(self._joined, connection, hello))

    def receive(self, connection: Connection, message: FromPage) -> None:
        self._post(partial(self._received, connection, message))

    def leave(self, connection: Connection) -> None:
        self._post(partial(self._left, connection))

    # -- what requests call ---------------------------------------------------------------------------------------

    async def room(self) -> Room:
        """The room, once it is loaded; for reading.

        Raises:
            NoSuchRoom: the journal has none.
            ServerBusy: it is closing.
        """
        await self._loaded.wait()
        self.idle_since_seconds = self._clock.now_seconds()
        if isinstance(self._ended, errors.NotFound | errors.RoomRemoved):
            raise errors.NoSuchRoom()
        if self._room is None or self._ended is not None:
            raise errors.ServerBusy()
        return self._room

    def newest_painting(self, content: Content) -> Painting | None:
        """The newest painting, if this is what it shows."""
        return self._sender.painting_of(content)

    @property
    def members(self) -> int:
        """How many connections there are."""
        return len(self._connections)

    def idle_seconds(self, now_seconds: float) -> float:
        """For how long nobody has needed the room."""
        busy = self._connections or self._inbox or self._appending or not self._loaded.is_set()
        return 0.0 if busy else now_seconds - self.idle_since_seconds

    def stop(self, error: errors.ConnectionClosed) -> None:
        """Close every connection with this error and end, once the append that is out is answered."""
        if self._ended is not None:
            return
        self._ended = error
        self._passes.forget(self.room_id)
        self._previews.end_all()  # nobody may be left to paint them
        if self._recalling is not None:  # a long evening takes seconds to read
            self._recalling.cancel()
        for connection in self._connections.values():
            connection.close(error)
        self._wake.set()

    # -- what the passes call: a painter --------------------------------------------------------------------------

    def start_pass(self) -> PassOrder | None:
        if self._room is None or self._ended is not None:
            return None
        self._wake.set()  # where nothing starts now, the room knows when to ask again
        return self._room.start_pass(self._clock.now_seconds())

    def pass_ended(self, order: PassOrder, painting: Painting, lightness: NDArray[np.float32]) -> None:
        self._post(partial(self._painted, order, painting, lightness))

    def pass_failed(self, order: PassOrder, sentence: str) -> None:
        self._post(lambda: self._loaded_room.pass_failed(order, sentence, self._clock.now_seconds()))

    def start_palettes(self) -> PassOrder | None:
        if self._room is None or self._ended is not None:
            return None
        return self._room.start_palettes()

    def palettes_ended(
        self, order: PassOrder, distributions: NDArray[np.float32], lightness: NDArray[np.float32]
    ) -> None:
        if self._ended is None:
            network = self._engine.serving(order.content.network).distribution
            self._palettes.choose(order, network, distributions, lightness)

    # -- the task -------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Load, serve until stopped, and let what is out come back."""
        try:
            entries = await self._read(0)
            if not entries:
                self.stop(errors.NotFound())
                return
            # Away from the loop: the entries of a long evening take a second to add up.
            self._room = await self._files.run(Room.load, self.room_id, self._epoch, entries, self._engine)
            self._loaded.set()
            logs.event("room_loaded", room=self.room_id, revision=self._room.revision)
            async with self._group:
                await self._serve(self._room)
        finally:
            self._loaded.set()

    async def _serve(self, room: Room) -> None:
        try:
            await self._take_up(room)
        finally:
            self.stop(errors.RoomClosed())  # before the group waits for its tasks: nothing may start another

    async def _take_up(self, room: Room) -> None:
        taken = 0
        while self._ended is None:
            if self._inbox:
                self._carry_out(self._inbox.popleft()())
                taken += 1
                if taken % STEPS_AT_ONCE == 0:
                    await asyncio.sleep(0)
                continue
            due = room.wake_seconds()
            now = self._clock.now_seconds()
            if due is not None and due <= now:
                self._carry_out(room.tick(now))
                due = room.wake_seconds()
            await self._until_woken(None if due is None else max(TICK_SECONDS_MIN, due - now))

    async def _until_woken(self, seconds: float | None) -> None:
        self._wake.clear()
        if self._inbox or self._ended is not None:
            return
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return  # the room's own time has come

    def _post(self, step: _Step) -> None:
        if self._ended is None:
            self._inbox.append(step)
            self._wake.set()

    @property
    def _loaded_room(self) -> Room:
        assert self._room is not None, "steps are taken up only once the room is loaded"
        return self._room

    def _welcomed(self) -> list[Connection]:
        """Those who were let in; others may still wait to be refused."""
        numbers = self._loaded_room.connections
        return [self._connections[number] for number in numbers if number in self._connections]

    # -- what comes in --------------------------------------------------------------------------------------------

    def _joined(self, connection: Connection, hello: Hello) -> Sequence[Effect]:
        try:
            effects = self._loaded_room.hello(connection.number, hello, self._clock.now_seconds())
        except errors.ConnectionClosed as error:
            connection.close(error)
            return []
        logs.event("member_joined", room=self.room_id, connection=connection.number, here=self.members)
        return effects

    def _received(self, connection: Connection, message: FromPage) -> Sequence[Effect]:
        connection.taken()
        now, unix = self._clock.now_seconds(), self._clock.unix_seconds()
        return self._loaded_room.receive(connection.number, message, now, unix)

    def _left(self, connection: Connection) -> Sequence[Effect]:
        self._connections.pop(connection.number, None)
        self._previews.end(connection.number)
        self.idle_since_seconds = self._clock.now_seconds()
        logs.event("member_left", room=self.room_id, connection=connection.number, here=self.members)
        return self._loaded_room.left(connection.number, self._clock.now_seconds())

    def _painted(self, order: PassOrder, painting: Painting, lightness: NDArray[np.float32]) -> Sequence[Effect]:
        room = self._loaded_room
        self._sender.painted(order.content, painting)
        settled, revision, effects = room.pass_ended(order, self._clock.now_seconds())
        self._sender.send(order.look, revision, settled)
        self.palettes_ended(order, painting.distributions, lightness)
        return effects

    def _palettes_chosen(self, found: Sequence[PointColors]) -> None:
        self._post(lambda: self._loaded_room.palettes(found, self._clock.now_seconds()))

    # -- what follows ---------------------------------------------------------------------------------------------

    def _carry_out(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            match effect:
                case Send():
                    self._send(effect)
                case Close():
                    self._previews.end(effect.connection)
                    if (closed := self._connections.get(effect.connection)) is not None:
                        closed.close(effect.error)
                case AppendEntries():
                    self._appending = True
                    self._group.create_task(self._append(effect))
                case ReadBack():
                    self._appending = True
                    self._group.create_task(self._read_back(effect.after_revision))
                case WantPass():
                    self._passes.want(self)
                case SettleFrame():
                    self._sender.send(effect.look, effect.revision, settled=True)
                case OfferFrame():
                    if (joined := self._connections.get(effect.connection)) is not None:
                        self._sender.offer(joined)
                case WantPalettes():
                    self._passes.want_palettes(self)
                case Withdraw():
                    if (held := self._connections.get(effect.connection)) is not None:
                        held.withdraw(effect.slot)
                case PaintPreview():
                    self._previews.want(effect)
                case RecallMoment():
                    self._recalling = self._group.create_task(self._recall(effect.revision))
                case EndPreview():
                    self._previews.end(effect.connection)

    def _send(self, effect: Send) -> None:
        """Encode once, put it in each outbox (R8)."""
        text = encode(effect.message).decode()
        counted = not isinstance(effect.message, Welcome)
        for number in effect.connections:
            if (connection := self._connections.get(number)) is not None:
                connection.offer(effect.slot, text, counted=counted)

    async def _append(self, effect: AppendEntries) -> None:
        """Durable before spoken (R1): the room hears of the append, and so speaks of it, only when it is synced.

        This is the only place from which `Room.appended` is called.
        """
        try:
            outcome = await self._journal.append(
                self.room_id, effect.expected_revision, [_record(entry) for entry in effect.entries]
            )
        except errors.JournalBroken:
            return  # the hub closes every room
        finally:
            self._appending = False
        room = self._loaded_room
        match outcome:
            case Appended():
                self._post(lambda: room.appended(self._clock.now_seconds()))
            case Conflict(revision=0):
                self.stop(errors.RoomRemoved())  # forgotten: no entry can ever be appended here again
            case Conflict():
                self._post(room.conflicted)
            case _:
                self._post(room.unanswered)

    async def _read_back(self, after_revision: int) -> None:
        try:
            entries = await self._read(after_revision)
        except errors.JournalBroken:
            return
        finally:
            self._appending = False
        room = self._loaded_room
        self._post(lambda: room.read_back(entries, self._clock.now_seconds(), self._clock.unix_seconds()))

    async def _recall(self, revision: int) -> None:
        try:
            moment = await self.moments.at(revision)
        except errors.JournalBroken:
            return
        self._post(lambda: self._loaded_room.recalled(revision, moment, self._clock.now_seconds()))

    async def _read(self, after_revision: int) -> list[EncodedEntry]:
        records = await self._journal.read(self.room_id, after_revision)
        return [EncodedEntry(each.revision, each.seat, each.number, each.payload, each.sealed) for each in records]


def _record(entry: EncodedEntry) -> Record:
    return Record(entry.revision, entry.seat, entry.number, entry.payload, entry.sealed)
