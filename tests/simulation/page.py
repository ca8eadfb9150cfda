"""A simulated page: the real follower, and somebody who uses it."""

import asyncio
import math
import random
from collections import Counter
from collections.abc import Callable

from chromavive import errors, ids
from chromavive.hints.edit import kind_of
from chromavive.hints.entry import CHAIN_START
from chromavive.room.follower import Follower
from chromavive.wire import messages
from chromavive.wire.frame import FrameHeader, unpack_frame
from tests.simulation.hands import Hands
from tests.simulation.network import SimulatedSocket

SILENCE_SECONDS_MAX = 15.0
"""The client's, of connection/heartbeat.js."""

HIDDEN_TIMER_SECONDS = 60.0
"""The timers of a hidden tab run once in so long."""

_LINK_IS_OLD = (errors.LinkRotated.close_code, errors.NotFound.close_code)


class Diverged(AssertionError):
    """A promise was broken; the message says which."""


class Page:
    """One page load. It comes back by itself, and says what it could not say before."""

    def __init__(
        self,
        name: str,
        secret: str,
        role: messages.Role,
        hands: Hands,
        link: Callable[[], str],
        connect: Callable[[], SimulatedSocket],
        seed: int,
    ) -> None:
        self.name = name
        self.role = role
        self.hands = hands
        self.secret = secret
        self.page_seat = f"seat-{name}"
        self.seat = ids.seat_id(secret, self.page_seat)
        self.follower = Follower(link(), secret, self.page_seat, name)
        self.socket: SimulatedSocket | None = None
        self.happened: Counter[str] = Counter()
        self.sent: dict[int, str] = {}  # every number of this seat, and the kind of its edit
        self.lost: set[tuple[str, int]] = set()  # (page seat, number) of what was offered after a rollback
        self.adopted: dict[tuple[str, int], str] = {}  # what was answered to numbers of seats that it took over
        self.frames: dict[str, FrameHeader] = {}  # newest by epoch
        self.point: tuple[float, float] | None = None  # selected on this connection, and so is all up to `_wishes`
        self.palette: messages.Palette | None = None
        self.gestures: messages.Gestures | None = None
        self.presence: messages.Presence | None = None
        self.online = True
        self.hidden = False
        self.paints = True
        self.left = False
        self._selected: set[tuple[float, float]] = set()
        self._wishes = 0
        self._link = link
        self._connect = connect
        self._rng = random.Random(seed)
        self._gesture = 0
        self._heard_seconds = 0.0
        self._return_seconds: float | None = None
        self._retry: SimulatedSocket | None = None  # the connection on which a retry is planned

    async def live(self) -> None:
        """Connects for ever."""
        while True:
            if self.online:
                await self._visit()
                self.happened["reconnect"] += 1
            wait, self._return_seconds = self._return_seconds, None
            await asyncio.sleep(self._slept(0.05 + self._rng.random() if wait is None else wait))

    async def watch(self) -> None:
        """Notices that the hub has fallen silent, while somebody looks."""
        while True:
            await asyncio.sleep(5)
            silent = asyncio.get_running_loop().time() - self._heard_seconds
            if self.socket is not None and not self.hidden and silent > SILENCE_SECONDS_MAX:
                self.happened["silence noticed"] += 1
                self.socket.down.give_up()

    def leave(self, rng: random.Random) -> None:
        """The tab is closed; call it before its tasks are cancelled."""
        self.left = True
        if self.socket is not None:
            self.socket.linger() if rng.random() < 0.5 else self.socket.cut()

    def change_socket(self) -> None:
        """The page turns to another connection while what it said on this one is still under way."""
        if self.socket is not None:
            self.socket.linger()
            self.socket.down.give_up()

    def adopt(self, others: list["Page"]) -> None:
        """Takes over what other pages of this member left unanswered."""
        for other in others:
            fresh = self.follower.adopt(other.follower.pending)
            self.happened["adopted"] += len(fresh)
            if self.socket is not None and self.follower.may_send:
                self._send_all(self.socket, fresh)

    def _slept(self, seconds: float) -> float:
        """How long a timer of this page sleeps."""
        if not self.hidden:
            return seconds
        now = asyncio.get_running_loop().time()
        return math.ceil((now + seconds) / HIDDEN_TIMER_SECONDS) * HIDDEN_TIMER_SECONDS - now

    async def _visit(self) -> None:
        self.point, self.palette, self._selected, self._wishes = None, None, set(), 0
        self.gestures = self.presence = None
        self._heard_seconds = asyncio.get_running_loop().time()
        self.socket = socket = self._connect()
        socket.up.send(messages.encode(self.follower.hello()).decode())
        try:
            while self.online and (data := await socket.down.arrived.get()) is not None:
                self._heard_seconds = asyncio.get_running_loop().time()
                if isinstance(data, bytes):
                    self._see(socket, data)
                else:
                    self._hear(socket, messages.decode_to_page(data))
            self._closed(socket.close_code)
        finally:
            self.socket = None
            if not (self.left or socket.freed):
                socket.cut()

    def _closed(self, code: int | None) -> None:
        self.happened[f"closed: {code}"] += 1
        if code in _LINK_IS_OLD:
            self.follower.capability = self._link()
        elif code is not None and 4400 <= code < 4500 and code != errors.Replaced.close_code:
            raise Diverged(f"{self.name}: it was told to stay away with {code} (R10)")

    def _hear(self, socket: SimulatedSocket, message: messages.ToPage) -> None:
        self._check(message)
        if isinstance(message, messages.Welcome) and message.rolled_back:
            self.happened["rolled back"] += 1
            self.lost |= {(each.seat, each.number) for each in self.follower.pending}
        again = self.follower.take(message)
        if isinstance(message, messages.Welcome) and message.rolled_back and again:
            raise Diverged(f"{self.name}: it sends {again} after a rollback, without asking (R4.5)")
        match message:
            case messages.Ping():
                self._send(socket, messages.Pong())  # here, for the timers of a hidden tab sleep
            case messages.Gestures():
                self.gestures = message
            case messages.Presence():
                self.presence = message
            case messages.Leaving():
                self._return_seconds = message.after_seconds
            case messages.Welcome():
                answer = "state" if message.entries is None else "entries"
                self.happened[f"welcome: {answer}"] += 1
        if isinstance(message, messages.Refused) and again:
            self._plan_retry(socket, message.after_seconds or 0.0)
        else:
            self._send_all(socket, again)

    def _plan_retry(self, socket: SimulatedSocket, after_seconds: float) -> None:
        """One wait serves all that was asked to come again."""
        self.happened["retry"] += 1
        if self._retry is not socket:
            self._retry = socket
            wait = self._slept(after_seconds + 0.01)
            asyncio.get_running_loop().call_later(wait, self._send_again, socket)

    def _send_again(self, socket: SimulatedSocket) -> None:
        if self._retry is socket:
            self._retry = None
        if self.socket is socket and self.follower.may_send:
            self._send_all(socket, self.follower.pending)

    def _check(self, message: messages.ToPage) -> None:
        match message:
            case messages.Accepted() if message.seat != self.page_seat:
                self.adopted[message.seat, message.number] = "accepted"
            case messages.Refused(seat=str(seat), number=int(number)) if seat != self.page_seat:
                self.adopted[seat, number] = message.code
            case messages.Accepted() if not self.happened["rolled back"]:
                known = self.follower.accepted.get(message.number, message.revision)
                if known != message.revision:
                    raise Diverged(f"{self.name}: number {message.number} is revision {known} and {message.revision}")
                if message.number in self.follower.refused:
                    raise Diverged(f"{self.name}: number {message.number} was refused, then accepted")
            case messages.Palette():
                self._check_palette(message)
            case messages.Presence():
                seats = [each.seat for each in message.present]
                if len(set(seats)) < len(seats):
                    raise Diverged(f"{self.name}: a seat is here twice (R4.6): {seats}")

    def _check_palette(self, palette: messages.Palette) -> None:
        """R7.15, as far as a page can tell: messages of its own may be on their way."""
        if (palette.x, palette.y) not in self._selected:
            raise Diverged(f"{self.name}: a palette of somebody else's point")
        if self.palette is not None and palette.look < self.palette.look:
            raise Diverged(f"{self.name}: a palette of look {palette.look} after one of {self.palette.look}")
        self.palette = palette
        self.happened["palette"] += 1

    def _see(self, socket: SimulatedSocket, data: bytes) -> None:
        header, _ = unpack_frame(data)
        if header.preview:
            self._wishes -= 1
            self.happened["preview"] += 1
            if self._wishes < 0 or header.look or not header.settled:
                raise Diverged(f"{self.name}: a preview that it did not ask for: {header}")
            return
        self.happened["frame"] += 1
        shown = self.frames.get(header.epoch)
        if shown is not None and (header.look, header.settled) < (shown.look, shown.settled):
            raise Diverged(f"{self.name}: look {header.look} after {shown}")
        self.frames[header.epoch] = header
        if self.paints:
            self._send(socket, messages.Painted(header.look))

    def _send(self, socket: SimulatedSocket, message: messages.FromPage) -> None:
        socket.up.send(messages.encode(message).decode())

    def _send_all(self, socket: SimulatedSocket, again: list[messages.EditMessage]) -> None:
        for message in again:
            self.happened["repeat"] += 1
            self._send(socket, message)

    # -- somebody uses the page -----------------------------------------------------------------------------------

    def use(self) -> bool:
        """One thing that a person does; True if it was an edit."""
        rng = self._rng
        if self.socket is not None and self.follower.may_send:
            if rng.random() < 0.25:
                self._fidget(self.socket)
                return False
            if rng.random() < 0.15:
                self._wish(self.socket)
                return False
        if self.follower.offered and rng.random() < 0.5:
            offered = self.follower.offered.pop(0)
            if rng.random() < 0.5:
                return False  # not again
            message = self.follower.edit(offered.edit)
            self.happened["offered again"] += 1
        else:
            gesture = self._gesture if self._gesture and rng.random() < 0.3 else None
            message = self.follower.edit(self.hands.edit(self._known()), gesture)
        self.sent[message.number] = kind_of(message.edit)
        if self.socket is not None and self.follower.may_send:
            self._send(self.socket, message)
            if rng.random() < 0.1:
                self._send_all(self.socket, [message])
        return True

    def _fidget(self, socket: SimulatedSocket) -> None:
        """What is never durable: gestures, pointer, name."""
        rng = self._rng
        roll = rng.random()
        if roll < 0.1:
            x, y = rng.random(), rng.random()
            self._send(socket, messages.Pointer(x, y) if x < 0.5 else messages.View(x, y, y))
        elif roll < 0.15:
            self._send(socket, messages.Rename(f"{self.name} {rng.randrange(9)}"))
        elif roll < 0.25 and self._gesture:
            self._send(socket, messages.Cancel(self._gesture))
            self.happened["cancel"] += 1
        else:
            if roll < 0.6 or not self._gesture:
                self._gesture += 1
            edit = self.hands.gesture(self._known())
            self._send(socket, messages.GestureMessage(self._gesture, edit))
            self.happened[f"gesture: {kind_of(edit)}"] += 1

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

    def _known(self) -> tuple[str, ...]:
        shown = self.follower.shown()
        return () if shown is None else tuple(shown.hints)

    @property
    def chain(self) -> str:
        return self.follower.chain or CHAIN_START
