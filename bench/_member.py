"""A headless member: the follower over a real socket, measuring how long its edits take to be seen."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from websockets.asyncio.client import ClientConnection, connect

from chromavive.hints.edit import Edit
from chromavive.room.follower import Follower
from chromavive.wire import messages
from chromavive.wire.frame import unpack_frame

ANSWER_SECONDS_MAX = 20.0


@dataclass(slots=True)
class _Sent:
    """The edit under way. frames: (arrival in seconds, revision) of those that came since it was sent."""

    number: int
    seconds: float
    seen: asyncio.Future[float]
    revision: int | None = None
    frames: list[tuple[float, int]] = field(default_factory=list)

    def settle(self) -> None:
        """Once revision and frame are known: how long the first frame that shows the edit took."""
        for arrival, revision in self.frames:
            if self.revision is not None and revision >= self.revision and not self.seen.done():
                self.seen.set_result(arrival - self.seconds)


class Member:
    """One connection. passes: by look, what the server says that its pass took, in seconds."""

    def __init__(self, socket: ClientConnection, follower: Follower) -> None:
        self.passes: dict[int, float] = {}
        self._socket = socket
        self._follower = follower
        self._welcomed = asyncio.Event()
        self._sent: _Sent | None = None

    @property
    def engine(self) -> messages.EngineNote:
        """What paints for this room; known after the first edit was seen."""
        assert self._follower.welcome is not None, "not welcomed"
        return self._follower.welcome.engine

    async def seconds_until_seen(self, edit: Edit) -> float:
        """Sends the edit; the seconds until the first frame that shows it has arrived."""
        await asyncio.wait_for(self._welcomed.wait(), ANSWER_SECONDS_MAX)
        message = self._follower.edit(edit)
        text = messages.encode(message).decode()
        self._sent = _Sent(message.number, time.perf_counter(), asyncio.get_running_loop().create_future())
        await self._socket.send(text)
        return await asyncio.wait_for(self._sent.seen, ANSWER_SECONDS_MAX)

    async def send_all(self, edits: list[Edit]) -> None:
        """Sends the edits, each when the journal holds the one before."""
        await asyncio.wait_for(self._welcomed.wait(), ANSWER_SECONDS_MAX)
        async with asyncio.timeout(ANSWER_SECONDS_MAX):
            for edit in edits:
                await self._say(self._follower.edit(edit))
                while self._follower.pending:
                    await asyncio.sleep(0.001)

    async def listen(self) -> None:
        """Takes in what the hub says, until the connection ends."""
        await self._say(self._follower.hello())
        async for data in self._socket:
            if isinstance(data, bytes):
                await self._see(data)
            else:
                await self._hear(messages.decode_to_page(data))

    async def _see(self, data: bytes) -> None:
        arrival = time.perf_counter()
        header, _ = unpack_frame(data)
        self.passes.setdefault(header.look, header.pass_seconds)
        if self._sent is not None:
            self._sent.frames.append((arrival, header.revision))
            self._sent.settle()
        await self._say(messages.Painted(header.look))

    async def _hear(self, message: messages.ToPage) -> None:
        for again in self._follower.take(message):
            await self._say(again)
        match message:
            case messages.Welcome():
                self._welcomed.set()
            case messages.Ping():
                await self._say(messages.Pong())
            case messages.Accepted() if self._sent is not None and message.number == self._sent.number:
                self._sent.revision = message.revision
                self._sent.settle()
            case messages.Refused():
                raise RuntimeError(f"an edit of the measurement was refused: {message.sentence}")
            case _:
                pass

    async def _say(self, message: messages.FromPage) -> None:
        await self._socket.send(messages.encode(message).decode())


@asynccontextmanager
async def joined(url: str, capability: str, name: str) -> AsyncIterator[Member]:
    """A member of the room behind this socket URL, in a seat of its own, until the context ends."""
    follower = Follower(capability, name.ljust(22, "-"), f"seat-{name}", name)
    async with connect(url, compression=None) as socket, asyncio.TaskGroup() as group:
        member = Member(socket, follower)
        listening = group.create_task(member.listen())
        yield member
        listening.cancel()
