"""An event loop for simulations: virtual time, a seed for every order that asyncio leaves open, no threads, no I/O."""

import asyncio
import random
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn, TypeVar

UNIX_START_SECONDS = 1_750_000_000.0
T = TypeVar("T")


class Deadlock(RuntimeError):
    """Nothing is ready and nothing is scheduled: what is being awaited will never come."""


class VirtualLoop(asyncio.BaseEventLoop):
    """An event loop whose time stands still while anything is ready and else jumps to the next timer.

    Tasks that are ready at the same time run in an order drawn from the seed; plain callbacks keep theirs, since
    asyncio promises it. The same seed gives the same run, as long as the code under test draws no order from
    the addresses of objects (a `set` of tasks does).
    """

    # What `asyncio.BaseEventLoop` keeps and typeshed does not name (CPython 3.11 to 3.14: Lib/asyncio/base_events.py).
    _ready: deque[asyncio.Handle]
    _scheduled: list[asyncio.TimerHandle]

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._now_seconds = 0.0
        self._random = random.Random(seed)
        self._selector = self  # The base class asks its selector once a turn: `select`.

    def time(self) -> float:
        """Give the virtual time in seconds since the loop was made."""
        return self._now_seconds

    def select(self, timeout: float | None) -> list[object]:
        """Move the time to the next timer if nothing is ready (called by the base class once a turn)."""
        if timeout is None:
            raise Deadlock(f"nothing is left to happen at {self._now_seconds:.3f} s")
        if timeout > 0:
            self._now_seconds = max(self._now_seconds, self._scheduled[0].when())
        self._shuffle_ready_tasks()
        return []

    def _shuffle_ready_tasks(self) -> None:
        places = [place for place, handle in enumerate(self._ready) if _runs_a_task(handle)]
        shuffled = [self._ready[place] for place in places]
        self._random.shuffle(shuffled)
        for place, handle in zip(places, shuffled, strict=True):
            self._ready[place] = handle

    def _process_events(self, events: list[object]) -> None:
        assert not events

    def _write_to_self(self) -> None:
        """Called after `call_soon_threadsafe`: nobody sleeps in a selector here, so there is nobody to wake."""

    def run_in_executor(self, executor: object, func: Callable[..., Any], *args: object) -> NoReturn:
        raise RuntimeError("a simulation has no threads")


def _runs_a_task(handle: asyncio.Handle) -> bool:
    callback = getattr(handle, "_callback", None)
    return isinstance(getattr(callback, "__self__", None), asyncio.Task)


class VirtualClock:
    """A `Clock` on the loop's virtual time, wall clock included."""

    def now_seconds(self) -> float:
        return asyncio.get_running_loop().time()

    def unix_seconds(self) -> float:
        return UNIX_START_SECONDS + self.now_seconds()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def run_virtual(main: Coroutine[Any, Any, T], seed: int) -> T:
    """Run the coroutine to its end on a fresh `VirtualLoop`; what it left behind is cancelled."""
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(seed)) as runner:
        return runner.run(main)
