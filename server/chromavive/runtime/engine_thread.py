"""The engine as the event loop sees it: one thread of its own, which builds it and alone may call it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from chromavive.colorizer.contract import Engine, EngineInfo, PaintHint, Painting, Request
from chromavive.runtime.clock import Clock
from chromavive.runtime.workers import ThreadWorker


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """One look to paint. key names the photograph as shown; lightness is (h, w) float32, L 0..100, at working size.

    vividness and points are those of `colorizer.contract.Request`.
    """

    key: str
    lightness: NDArray[np.float32]
    network: str
    hints: tuple[PaintHint, ...]
    vividness: float = 0.0
    points: tuple[tuple[float, float], ...] = ()


class AsyncEngine(Protocol):
    """An `Engine` whose passes are awaited. Callers take turns; cancelling one does not stop a pass under way."""

    @property
    def info(self) -> EngineInfo:
        """What serves."""
        ...

    async def paint(self, jobs: Sequence[Job]) -> list[Painting]:
        """One painting a job, in their order, from one batch."""
        ...

    async def distributions(self, jobs: Sequence[Job]) -> list[NDArray[np.float32]]:
        """The distributions at each job's points, (points, 313) float32, without painting."""
        ...

    async def close(self) -> None:
        """Frees the engine; a pass under way is abandoned, and its thread ends with the process."""
        ...


def _requests(engine: Engine, jobs: Sequence[Job]) -> list[Request]:
    return [
        Request(engine.prepare(job.key, job.lightness, job.network), job.hints, job.vividness, job.points)
        for job in jobs
    ]


def _paint(engine: Engine, jobs: Sequence[Job]) -> list[Painting]:
    return engine.render(_requests(engine, jobs))


def _distributions(engine: Engine, jobs: Sequence[Job]) -> list[NDArray[np.float32]]:
    return engine.distributions(_requests(engine, jobs))


class EngineThread:
    """The engine that the server uses; `started` makes it."""

    def __init__(self, engine: Engine, thread: ThreadWorker) -> None:
        self._engine = engine
        self._thread = thread

    @classmethod
    async def started(cls, build: Callable[[], Engine]) -> Self:
        """An engine built on its thread; raises what building raises."""
        thread = ThreadWorker("engine")
        try:
            return cls(await thread.run(build), thread)
        except BaseException:
            thread.close()
            raise

    @property
    def info(self) -> EngineInfo:
        return self._engine.info

    async def paint(self, jobs: Sequence[Job]) -> list[Painting]:
        return await self._thread.run(_paint, self._engine, jobs)

    async def distributions(self, jobs: Sequence[Job]) -> list[NDArray[np.float32]]:
        return await self._thread.run(_distributions, self._engine, jobs)

    async def close(self) -> None:
        if not self._thread.busy:
            await self._thread.run(self._engine.close)
        self._thread.close()


class InlineEngine:
    """The double without a thread: each batch takes so many seconds of the clock, then is painted on the loop."""

    def __init__(self, engine: Engine, clock: Clock, batch_seconds: Callable[[], float] = lambda: 0.0) -> None:
        self._engine = engine
        self._clock = clock
        self._batch_seconds = batch_seconds

    @property
    def info(self) -> EngineInfo:
        return self._engine.info

    async def paint(self, jobs: Sequence[Job]) -> list[Painting]:
        await self._clock.sleep(self._batch_seconds())
        return _paint(self._engine, jobs)

    async def distributions(self, jobs: Sequence[Job]) -> list[NDArray[np.float32]]:
        return _distributions(self._engine, jobs)

    async def close(self) -> None:
        self._engine.close()
