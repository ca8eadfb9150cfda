"""One socket: a reader that only parses and hands on, one writer over the outbox, and a pulse. Nothing outlives it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Protocol

from chromavive import errors, limits
from chromavive.room.allowance import Allowance
from chromavive.room.effects import Slot
from chromavive.room.outbox import Outbox
from chromavive.runtime.clock import Clock
from chromavive.wire.messages import FromPage, Hello, Painted, Ping, Pong, decode_from_page, encode

INBOX_MESSAGES_MAX = 1000
"""Messages of one connection that may wait for its room, at most while it loads; past it the connection is closed."""

REASON_BYTES_MAX = 123
"""RFC 6455, 5.5: a control frame carries 125 bytes, two of which are the code."""

_PING = encode(Ping()).decode()


class SocketGone(Exception):
    """The other side has left, or was cut off."""


class Socket(Protocol):
    """What a connection needs of a web socket."""

    async def receive(self) -> str | bytes:
        """The next message. Raises SocketGone."""
        ...

    async def send(self, data: str | bytes) -> None:
        """Returns when there is room for more. Raises SocketGone."""
        ...

    async def close(self, code: int, reason: str) -> None:
        """Says why, then closes. Raises SocketGone."""
        ...

    def abort(self) -> None:
        """Cuts the transport off, now."""
        ...


class Door(Protocol):
    """Where a connection's messages go: the room's task."""

    def join(self, connection: "Connection", hello: Hello) -> None:
        """The connection said hello; what follows from it waits behind."""
        ...

    def receive(self, connection: "Connection", message: FromPage) -> None:
        """The connection said something else. The room calls `connection.taken` when it takes it up."""
        ...

    def leave(self, connection: "Connection") -> None:
        """The connection has ended."""
        ...


class Lobby(Protocol):
    """Where rooms are found: the hub."""

    def door(self, room_id: str) -> Door:
        """The room's task, which may still be loading. Raises ConnectionClosed if nobody may come in."""
        ...


class Connection:
    """What a room holds of a member's socket. Its methods never wait; after the end they do nothing."""

    def __init__(self, number: int, clock: Clock) -> None:
        self.number = number
        self._clock = clock
        self._outbox = Outbox()
        self._wake = asyncio.Event()
        self._heard_seconds = clock.now_seconds()
        self._talk = Allowance(limits.MESSAGES_A_SECOND_MAX, limits.MESSAGES_AT_ONCE_MAX)
        self.shared: Allowance | None = None  # what its address may say
        self._waiting = 0
        self._door: Door | None = None

    @property
    def waiting_bytes(self) -> int:
        """What waits for this member here; the socket's own buffers come to it."""
        return self._outbox.waiting_bytes

    # -- what the room calls

    def offer(self, slot: Slot, text: str, *, counted: bool = True) -> None:
        """Put a message into the outbox; a connection that is too slow for it is closed instead."""
        if self._outbox.closing is not None:
            return
        try:
            self._outbox.offer(slot, text, counted=counted)
        except errors.OutboxOverflow as error:
            self._outbox.close(error)
        self._wake.set()

    def offer_frame(self, look: int, data: bytes) -> None:
        """Put a frame into the outbox; an older one that waits is dropped."""
        if self._outbox.closing is None:
            self._outbox.offer_frame(look, data, self._clock.now_seconds())
            self._wake.set()

    def offer_preview(self, data: bytes) -> None:
        """Put a preview into the outbox; an older one that waits is dropped."""
        self._outbox.offer_preview(data)
        self._wake.set()

    def withdraw(self, slot: Slot) -> None:
        """Take back what waits in a slot of the outbox."""
        self._outbox.withdraw(slot)

    def close(self, error: errors.ConnectionClosed) -> None:
        """Let what waits go out, then close with this error; the first one counts."""
        self._outbox.close(error)
        self._wake.set()

    def taken(self) -> None:
        """The room took up one of the messages that waited for it."""
        self._waiting -= 1

    # -- the tasks of one socket

    async def serve(self, socket: Socket, room_id: str, lobby: Lobby) -> None:
        """Return when the socket has ended, for whatever reason; nothing of it is left then."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._write(socket))
                group.create_task(self._read(socket, room_id, lobby))
                group.create_task(self._pulse(socket))
        except* SocketGone:
            pass  # each of the three ends the others by it
        finally:
            if self._door is not None:
                self._door.leave(self)

    async def _read(self, socket: Socket, room_id: str, lobby: Lobby) -> None:
        """Parse and hand on; nothing is waited for here but the socket."""
        try:
            try:
                async with asyncio.timeout(limits.HELLO_SECONDS_MAX):
                    hello = self._parsed(await socket.receive())
            except TimeoutError:
                raise errors.HelloLate() from None
            if not isinstance(hello, Hello):
                raise errors.Malformed("The first message has to be a hello.")
            if self._outbox.closing is not None:
                return  # it is on its way out, and does not come in
            door = lobby.door(room_id)
            door.join(self, hello)
            self._door = door
            while True:
                self._hand_on(door, self._parsed(await socket.receive()))
        except errors.ConnectionClosed as error:
            self.close(error)

    def _parsed(self, data: str | bytes) -> FromPage:
        self._heard_seconds = self._clock.now_seconds()
        if not self._talk.take(self._heard_seconds):
            raise errors.MessagesTooFast()
        if isinstance(data, bytes):
            raise errors.Malformed("Messages are texts in UTF-8.")
        return decode_from_page(data)

    def _hand_on(self, door: Door, message: FromPage) -> None:
        match message:
            case Hello():
                raise errors.Malformed("One hello is enough.")
            case Pong():
                return
            case Painted():
                self._outbox.painted(message.look, self._clock.now_seconds())
                self._wake.set()
            case _:
                if self.shared is not None and not self.shared.take(self._heard_seconds):
                    raise errors.AddressTooFast(
                        f"The pages of your address may say {self.shared.a_second:,.0f} messages a second together."
                    )
                if self._waiting >= INBOX_MESSAGES_MAX:
                    raise errors.OutboxOverflow(
                        f"The room has not taken up {INBOX_MESSAGES_MAX:,} messages of this connection."
                    )
                self._waiting += 1
                door.receive(self, message)

    async def _write(self, socket: Socket) -> None:
        """The only writer: what the outbox gives, and at the end the close."""
        while self._outbox.closing is None:
            data = self._outbox.take()
            if data is None:
                await self._until_woken()
            else:
                await self._bounded(socket, socket.send(data))
        await self._bounded(socket, self._farewell(socket, self._outbox.closing))
        raise SocketGone

    async def _farewell(self, socket: Socket, error: errors.ConnectionClosed) -> None:
        while (data := self._outbox.take()) is not None:
            await socket.send(data)
        await socket.close(error.close_code, _reason(error))

    async def _bounded(self, socket: Socket, write: Coroutine[Any, Any, None]) -> None:
        """Wait for a write; one that waits too long belongs to a peer that stopped reading (R8)."""
        try:
            async with asyncio.timeout(limits.WRITE_SECONDS_MAX):
                await write
        except TimeoutError:
            socket.abort()
            raise SocketGone from None

    async def _until_woken(self) -> None:
        self._wake.clear()
        deadline = self._outbox.deadline_seconds()
        try:
            async with asyncio.timeout(None if deadline is None else max(0.0, deadline - self._clock.now_seconds())):
                await self._wake.wait()
        except TimeoutError:
            self.close(errors.NotPainting())

    async def _pulse(self, socket: Socket) -> None:
        """Ping, and notice a peer that has fallen silent."""
        while True:
            await self._clock.sleep(limits.PING_INTERVAL_SECONDS)
            if self._clock.now_seconds() - self._heard_seconds > limits.SILENCE_SECONDS_MAX:
                socket.abort()
                raise SocketGone
            self.offer(Slot.RELIABLE, _PING)


def _reason(error: errors.ConnectionClosed) -> str:
    return str(error).encode()[:REASON_BYTES_MAX].decode(errors="ignore")
