"""What the simulated server paints with, and on: in no time of the processor's, in a random time of the loop's."""

import asyncio
import random

import numpy as np
from numpy.typing import NDArray

from chromavive.color.bins import BIN_COUNT
from chromavive.colorizer.contract import EngineInfo, NetworkInfo, Painting
from chromavive.runtime.engine_thread import Job
from chromavive.wire import messages
from tests.simulation.accounts import mark_of

INFO = EngineInfo(
    "simulated", 1, {name: NetworkInfo(name, "0" * 64, 0, "fp32", True, True, "stub") for name in ("stub", "other")}, ()
)

NOTE = messages.EngineNote(
    INFO.device, tuple(messages.NetworkNote(name, "fp32", True, "stub") for name in INFO.networks), "stub"
)

# Likely bins are few, so that choosing a palette of them is quick.
_DISTRIBUTION = np.zeros(BIN_COUNT, np.float32)
_DISTRIBUTION[[0, 100, 200, 300]] = 0.25


class QuickEngine:
    """Paints four cells, all of the value that stands for what they show."""

    info = INFO

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    async def paint(self, jobs: list[Job]) -> list[Painting]:
        await asyncio.sleep(self._rng.random() * 0.08)
        if self._rng.random() < 0.02:
            raise RuntimeError("a pass that failed, on purpose")
        return [Painting(_painted(job), 0.05, _distributions(job)) for job in jobs]

    async def distributions(self, jobs: list[Job]) -> list[NDArray[np.float32]]:
        await asyncio.sleep(self._rng.random() * 0.02)
        return [_distributions(job) for job in jobs]

    async def close(self) -> None:
        pass


def _painted(job: Job) -> NDArray[np.float32]:
    return np.full((2, 2, 2), mark_of(job.network, job.hints, job.vividness), np.float32)


def _distributions(job: Job) -> NDArray[np.float32]:
    return np.tile(_DISTRIBUTION, (len(job.points), 1))


class OnePhotograph:
    """A store that has the same small photograph for every room."""

    def __init__(self, rooms: list[str]) -> None:
        self._rooms = rooms

    def rooms(self) -> list[str]:
        return self._rooms

    def lightness(self, room: str) -> NDArray[np.uint16]:
        return np.zeros((64, 64), np.uint16)
