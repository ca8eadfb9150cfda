"""The only reader of clocks; everything else is told the time."""

import asyncio
import heapq
import itertools
import time
from typing import Protocol


class Clock(Protocol):
    """What the runtime asks of time."""

    def now_seconds(self) -> float:
        """Give the monotonic time; only differences mean something."""
        ...

    def unix_seconds(self) -> float:
        """Give the wall-clock time in seconds since 1970, for showing to people."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return when so many seconds have passed."""
        ...


class SystemClock:
    """The real clock; inside a running event loop, that loop's, so that a loop with virtual time is obeyed."""

    def now_seconds(self) -> float:
        try:
            return asyncio.get_running_loop().time()
        except RuntimeError:  # No loop runs in this thread; a real loop's time is the same clock.
            return time.monotonic()

    def unix_seconds(self) -> float:
        return time.time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class ManualClock:
    """A clock that stands still until a test moves it.

    Whoever sleeps is only made ready by `advance`; the test has to let the loop run for it to go on.
    Timeouts of asyncio itself do not see this clock.
    """

    def __init__(self, now_seconds: float = 0.0, unix_seconds: float = 1_750_000_000.0) -> None:
        self._now_seconds = now_seconds
        self._unix_offset_seconds = unix_seconds - now_seconds
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    def now_seconds(self) -> float:
        return self._now_seconds

    def unix_seconds(self) -> float:
        return self._now_seconds + self._unix_offset_seconds

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now_seconds + seconds, next(self._order), woken))
        await woken

    def advance(self, seconds: float) -> None:
        """Move the time on and wake, in the order of their deadlines, all whose time has come."""
        self._now_seconds += seconds
        while self._sleepers and self._sleepers[0][0] <= self._now_seconds:
            _, _, woken = heapq.heappop(self._sleepers)
            if not woken.done():
                woken.set_result(None)
