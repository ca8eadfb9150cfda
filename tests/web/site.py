"""A whole server on a real loopback socket: its hub, and clients for its requests and sockets."""

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import websockets
from PIL import Image

from chromavive import limits
from chromavive.assets import client_folder
from chromavive.colorizer.stub import StubEngine
from chromavive.hints.edit import Edit
from chromavive.journal import MemoryJournal
from chromavive.pictures.contract import PhotographLimits
from chromavive.pictures.store import PhotographStore
from chromavive.room.follower import Follower
from chromavive.runtime.child import ChildDecoder
from chromavive.runtime.clock import SystemClock
from chromavive.runtime.engine_thread import EngineThread
from chromavive.runtime.hub import Hub
from chromavive.runtime.journal_thread import JournalThread
from chromavive.runtime.parts import Parts
from chromavive.runtime.workers import ThreadWorker
from chromavive.settings import Settings
from chromavive.web.app import create_app
from chromavive.web.origins import Origins
from chromavive.web.server import Server, listener
from chromavive.wire import messages

TIMEOUT_SECONDS = 30.0

SAFE_HEADERS = {
    "content-security-policy": (
        "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'self'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


@dataclass
class Opened:
    """A room as its owner got it."""

    room: str
    owner: str
    editor: str
    viewer: str


@dataclass
class Site:
    """The server under test."""

    hub: Hub
    server: Server
    http: httpx.AsyncClient
    port: int
    memory: MemoryJournal

    async def open_room(self, content: bytes | None = None) -> Opened:
        answer = await self.http.post("api/rooms?title=Grandmother", content=content or photograph())
        assert answer.status_code == 201, answer.text
        told = answer.json()
        return Opened(told["room"], **told["links"])

    async def module_path(self) -> str:
        """Where the landing page's own module lies, from the page on."""
        return (await self.http.get("")).text.partition('<script type="module" src="')[2].partition('"')[0]

    def get(self, path: str, capability: str) -> Awaitable[httpx.Response]:
        return self.http.get(path, headers=bearer(capability))

    @asynccontextmanager
    async def page(self, room: str, capability: str, name: str = "anna") -> AsyncIterator["SocketPage"]:
        """A page that was welcomed."""
        async with self.connect(room) as connection:
            page = SocketPage(connection, Follower(capability, name.ljust(22, "-"), f"seat-{name}".ljust(22, "-")))
            await page.say(page.follower.hello())
            await page.until(lambda: page.follower.welcome is not None)
            yield page

    def connect(self, room: str, **options: Any) -> websockets.connect:
        return websockets.connect(f"ws://127.0.0.1:{self.port}/api/rooms/{room}/socket", proxy=None, **options)


@dataclass
class SocketPage:
    """A page over a real socket; it hears only while it waits for something."""

    connection: websockets.ClientConnection
    follower: Follower
    frames: int = 0

    async def say(self, message: messages.FromPage) -> None:
        await self.connection.send(messages.encode(message).decode())

    async def edit(self, edit: Edit) -> None:
        await self.say(self.follower.edit(edit))

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while not true():
                await self.hear()

    async def hear(self) -> None:
        data = await self.connection.recv()
        if isinstance(data, bytes):
            self.frames += 1
            return
        for again in self.follower.take(messages.decode_to_page(data)):
            await self.say(again)


@asynccontextmanager
async def served(
    tmp_path: Path, root_path: str = "", seconds_max: float = 2 * TIMEOUT_SECONDS, **chosen: Any
) -> AsyncIterator[Site]:
    """The server at work for so long at most: real decoder, threads, sockets; the stub paints, the journal forgets."""
    settings = Settings(**chosen)
    clock = SystemClock()
    memory = MemoryJournal()
    journal = JournalThread(memory)
    files, pictures, grays, frames = (ThreadWorker(name, 2) for name in ("files", "pictures", "grays", "frames"))
    engine = await EngineThread.started(lambda: StubEngine(clock.now_seconds))
    store = PhotographStore(tmp_path / "photographs")
    decoder = ChildDecoder(PhotographLimits(settings.upload_bytes_max, settings.pixels_max))
    hub = Hub(Parts(journal, engine, store, decoder, files, pictures, grays, frames, clock), "stub", settings)
    with listener("127.0.0.1", 0) as accepting:
        port = accepting.getsockname()[1]
        origins = Origins.of((), port, settings.public_url)
        app = create_app(hub, origins, client_folder(), tmp_path, ("The stub serves.",), root_path)
        started = asyncio.Event()
        server = Server(app, hub, started.set)
        async with asyncio.timeout(seconds_max), asyncio.TaskGroup() as group, hub.serving(server.leave):
            serving = group.create_task(server.serve([accepting]))
            await started.wait()
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as http:
                yield Site(hub, server, http, port, memory)
            server.leave()
            await serving
    for worker in (files, pictures, grays, frames):
        worker.close()
    await engine.close()
    await journal.close()


def bearer(capability: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {capability}"}


def photograph(height: int = 48, width: int = 64) -> bytes:
    """A gray PNG, no two rows alike."""
    ramp = np.linspace(0, 255, height * width).reshape(height, width).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(ramp).save(buffer, "PNG")
    return buffer.getvalue()


def hello(capability: str, version: int = limits.PROTOCOL_VERSION) -> str:
    return messages.encode(messages.Hello(version, capability, "m" * 22, "s" * 22)).decode()
