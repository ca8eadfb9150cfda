"""The engine behind the loop: what a job asks for reaches it, on its own thread or on the loop."""

import asyncio
import threading
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from chromavive.colorizer.contract import PaintHint, Request
from chromavive.colorizer.stub import StubEngine
from chromavive.runtime.clock import SystemClock
from chromavive.runtime.engine_thread import AsyncEngine, EngineThread, InlineEngine, Job

LIGHTNESS = np.full((64, 96), 70, np.float32)
JOB = Job("p", LIGHTNESS, "stub", (PaintHint(0.2, 0.2, 40, 40, 5),), 0.5, ((0.2, 0.2), (0.9, 0.9)))


class Watched(StubEngine):
    """A stub that remembers what it was asked, and on which thread."""

    def __init__(self) -> None:
        super().__init__(lambda: 0.0)
        self.asked: list[tuple[Request, int]] = []

    def distributions(self, requests: Sequence[Request]) -> list[NDArray[np.float32]]:
        """As the stub's."""
        self.asked += [(request, threading.get_ident()) for request in requests]
        return super().distributions(requests)


@pytest.mark.parametrize("threaded", [True, False])
def test_jobs_carry_vividness_and_points_to_the_engine(threaded: bool) -> None:
    """Paintings have the distributions at the points; asked for alone they are the same, on the engine's thread."""
    stub = Watched()

    async def story() -> None:
        engine: AsyncEngine = InlineEngine(stub, SystemClock())
        if threaded:
            engine = await EngineThread.started(lambda: stub)
        [painting] = await engine.paint([JOB])
        [rows] = await engine.distributions([JOB])
        await engine.close()
        assert rows.shape == (2, 313)
        np.testing.assert_array_equal(painting.distributions, rows)

    asyncio.run(story())
    [(request, thread)] = stub.asked
    assert (request.hints, request.vividness, request.points) == (JOB.hints, 0.5, JOB.points)
    assert (thread != threading.get_ident()) is threaded
