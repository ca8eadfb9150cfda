"""The engine that the server uses, in this process: its bare passes, and passes without end."""

import asyncio
import math
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from chromavive.cli.engines import Serving, build
from chromavive.colorizer.contract import PaintHint
from chromavive.runtime.clock import SystemClock
from chromavive.runtime.engine_thread import EngineThread, Job
from chromavive.settings import Settings

SIDE_PX = 256
HINTS = 16


class LocalEngine:
    """An engine thread, and the pass that every figure is compared with: 256 x 256, of sixteen hints one moves."""

    def __init__(self, thread: EngineThread, network: str) -> None:
        self.thread = thread
        self.network = network
        self._jobs = _jobs(network)

    def describe(self) -> dict[str, Any]:
        """What it is."""
        info = self.thread.info
        precision = info.networks[self.network].precision
        return {"network": self.network, "precision": precision, "device": info.device, "threads": info.threads}

    async def bare_pass_seconds(self) -> float:
        """What one pass takes, by the engine's own clock."""
        [painting] = await self.thread.paint([next(self._jobs)])
        return painting.pass_seconds

    @asynccontextmanager
    async def busy(self) -> AsyncIterator[None]:
        """One pass after the other."""

        async def paint() -> None:
            while True:
                await self.bare_pass_seconds()

        async with asyncio.TaskGroup() as group:
            task = group.create_task(paint())
            yield
            task.cancel()


@asynccontextmanager
async def local_engine(settings: Settings) -> AsyncIterator[LocalEngine]:
    """The engine of these settings, warm, until the context ends."""
    serving: list[Serving] = []
    with TemporaryDirectory() as weights:

        def built() -> Any:
            serving.append(build(settings, SystemClock(), Path(weights)))
            return serving[0].engine

        thread = await EngineThread.started(built)
        try:
            engine = LocalEngine(thread, serving[0].network)
            await engine.bare_pass_seconds()
            yield engine
        finally:
            await thread.close()


def _jobs(network: str) -> Iterator[Job]:
    y, x = np.mgrid[0:SIDE_PX, 0:SIDE_PX] / SIDE_PX
    lightness = (50 + 40 * np.sin(7 * x + 3 * y)).astype(np.float32)
    still = [PaintHint((i % 4 + 0.5) / 4, (i // 4 + 0.5) / 4, 20 - 2 * i, 3 * i - 20, 5) for i in range(HINTS - 1)]
    for step in count():
        moving = PaintHint(0.5 + 0.4 * math.cos(step), 0.5 + 0.4 * math.sin(step), 30, 30, 5)
        yield Job("bare pass", lightness, network, (*still, moving))
