"""A simulated page: the real follower, and somebody who uses it."""

import asyncio
import random
from collections.abc import Callable

from chromavive import ids
from chromavive.hints.edit import (
    Add,
    ChooseNetwork,
    Edit,
    GestureEdit,
    Move,
    NewHint,
    Placed,
    Recolor,
    Redo,
    Remove,
    Resize,
    Retitle,
    SetVividness,
    Undo,
)
from chromavive.hints.entry import CHAIN_START
from chromavive.room.follower import Follower
from chromavive.wire import messages
from chromavive.wire.frame import FrameHeader, unpack_frame
from tests.simulation.network import SimulatedSocket

KINDS = ["add", "add", "move", "move", "recolor", "resize", "remove", "undo", "redo", "title", "network", "vividness"]
"""Of edits, the usual ones twice."""


class Diverged(AssertionError):
    """A promise was broken; the message says which."""


class Page:
    """One page load. It comes back by itself, and says what it could not say before."""

    def __init__(
        self, name: str, secret: str, follower: Follower, connect: Callable[[], SimulatedSocket], seed: int
    ) -> None:
        self.name = name
        self.seat = ids.seat_id(secret, f"seat-{name}")
        self.follower = follower
        self.socket: SimulatedSocket | None = None
        self.frames: dict[str, FrameHeader] = {}  # newest by epoch
        self.frames_heard = 0
        self.palettes_heard = 0
        self.previews_heard = 0
        self.point: tuple[float, float] | None = None  # selected on this connection, and so is all up to `_wishes`
        self.palette: messages.Palette | None = None
        self._selected: set[tuple[float, float]] = set()
        self._wishes = 0
        self.repeats = 0
        self.reconnects = -1
        self.online = True
        self._connect = connect
        self._rng = random.Random(seed)
        self._hints = 0
        self._gesture = 0

    async def live(self) -> None:
        """Connects for ever."""
        while True:
            if self.online:
                await self._visit()
                self.reconnects += 1
            await asyncio.sleep(0.05 + self._rng.random())

    async def _visit(self) -> None:
        self.point, self.palette, self._selected, self._wishes = None, None, set(), 0
        self.socket = socket = self._connect()
        socket.up.send(messages.encode(self.follower.hello()).decode())
        while self.online and (data := await socket.down.arrived.get()) is not None:
            if isinstance(data, bytes):
                self._see(socket, data)
            else:
                self._hear(socket, messages.decode_to_page(data))
        self.socket = None
        socket.cut()

    def _hear(self, socket: SimulatedSocket, message: messages.ToPage) -> None:
        self._check(message)
        again = self.follower.take(message)
        if isinstance(message, messages.Ping):
            self._send(socket, messages.Pong())
        if isinstance(message, messages.Refused) and again:
            loop = asyncio.get_running_loop()
            loop.call_later((message.after_seconds or 0.0) + 0.01, self._send_all, socket, again)
        else:
            self._send_all(socket, again)

    def _check(self, message: messages.ToPage) -> None:
        if isinstance(message, messages.Accepted):
            known = self.follower.accepted.get(message.number, message.revision)
            if known != message.revision:
                raise Diverged(f"{self.name}: number {message.number} is revision {known} and {message.revision}")
            if message.number in self.follower.refused:
                raise Diverged(f"{self.name}: number {message.number} was refused, then accepted")

        if isinstance(message, messages.Palette):
            self._check_palette(message)

    def _check_palette(self, palette: messages.Palette) -> None:
        """R7.15, as far as a page can tell: messages of its own may be on their way."""
        if (palette.x, palette.y) not in self._selected:
            raise Diverged(f"{self.name}: a palette of somebody else's point")
        if self.palette is not None and palette.look < self.palette.look:
            raise Diverged(f"{self.name}: a palette of look {palette.look} after one of {self.palette.look}")
        self.palette = palette
        self.palettes_heard += 1

    def _see(self, socket: SimulatedSocket, data: bytes) -> None:
        header, _ = unpack_frame(data)
        if header.preview:
            self._wishes -= 1
            self.previews_heard += 1
            if self._wishes < 0 or header.look or not header.settled:
                raise Diverged(f"{self.name}: a preview that it did not ask for: {header}")
            return
        self.frames_heard += 1
        shown = self.frames.get(header.epoch)
        if shown is not None and (header.look, header.settled) < (shown.look, shown.settled):
            raise Diverged(f"{self.name}: look {header.look} after {shown}")
        self.frames[header.epoch] = header
        self._send(socket, messages.Painted(header.look))

    def _send(self, socket: SimulatedSocket, message: messages.FromPage) -> None:
        socket.up.send(messages.encode(message).decode())

    def _send_all(self, socket: SimulatedSocket, again: list[messages.EditMessage]) -> None:
        for message in again:
            self.repeats += 1
            self._send(socket, message)

    # -- somebody uses the page -----------------------------------------------------------------------------------

    def use(self) -> bool:
        """One thing that a person does; True if it was an edit."""
        rng = self._rng
        if rng.random() < 0.25 and self.socket is not None and self.follower.confirmed is not None:
            self._drag(self.socket)
            return False
        if rng.random() < 0.15 and self.socket is not None and self.follower.may_send:
            self._wish(self.socket)
            return False
        gesture = self._gesture if self._gesture and rng.random() < 0.3 else None
        message = self.follower.edit(self._edit(), gesture)
        if self.socket is not None and self.follower.may_send:
            self._send(self.socket, message)
            if rng.random() < 0.1:
                self._send_all(self.socket, [message])
        return True

    def _drag(self, socket: SimulatedSocket) -> None:
        if self._rng.random() < 0.3:
            self._gesture += 1
        hints = list(self._known())
        if hints and self._rng.random() < 0.8:
            edit: GestureEdit = Move((Placed(self._rng.choice(hints), self._rng.random(), 0.5),))
        else:
            edit = self._add()
        self._send(socket, messages.GestureMessage(max(1, self._gesture), edit))

    def _wish(self, socket: SimulatedSocket) -> None:
        """Looks at another point, or at another picture."""
        rng = self._rng
        if rng.random() < 0.6:
            self.point = (rng.random(), rng.random()) if rng.random() < 0.8 else None
            self._selected |= {self.point} if self.point is not None else set()
            self._send(socket, messages.PaletteFor(*(self.point or (None, None))))
        elif rng.random() < 0.8:
            self._wishes += 1
            self._send(socket, messages.PreviewOf(rng.choice(["stub", "other", None]), rng.random()))
        else:
            self._send(socket, messages.PreviewOf())

    def _edit(self) -> Edit:
        rng, hints = self._rng, list(self._known())
        kind = rng.choice(KINDS)
        if kind == "network":
            return ChooseNetwork(rng.choice(["stub", "other", "other", "rembrandt"]))
        if kind == "vividness":
            return SetVividness(rng.choice([0.0, 0.5, 1.0]))
        if kind == "undo":
            return Undo()
        if kind == "redo":
            return Redo()
        if kind == "title":
            return Retitle(f"{self.name} {rng.randrange(100)}")
        if kind == "add" or not hints:
            return self._add()
        some = rng.sample(hints, min(len(hints), rng.choice([1, 1, 2, 3])))
        match kind:
            case "move":
                return Move(tuple(Placed(each, rng.random(), rng.random()) for each in some))
            case "recolor":
                return Recolor(tuple(some), rng.uniform(-90, 90), rng.uniform(-90, 90))
            case "resize":
                return Resize(tuple(some), float(rng.randint(1, 9)))
            case _:
                return Remove(tuple(some))

    def _add(self) -> Add:
        self._hints += 1
        rng = self._rng
        name = f"{self.name}-{self._hints}"
        return Add((NewHint(name, rng.random(), rng.random(), rng.uniform(-90, 90), rng.uniform(-90, 90)),))

    def _known(self) -> tuple[str, ...]:
        shown = self.follower.shown()
        return () if shown is None else tuple(shown.hints)

    @property
    def chain(self) -> str:
        return self.follower.chain or CHAIN_START
