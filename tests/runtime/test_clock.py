"""The clocks: the real one and the one that tests move by hand."""

import asyncio
import time

from chromavive.runtime.clock import Clock, ManualClock, SystemClock
from tests.simulation.virtual_loop import VirtualClock, run_virtual


def test_the_system_clock_obeys_the_running_loop() -> None:
    """Inside a loop with virtual time the clock gives that time, outside of one the monotonic time."""

    async def main() -> tuple[float, float]:
        clock: Clock = SystemClock()
        began = clock.now_seconds()
        await clock.sleep(1000)
        return began, clock.now_seconds()

    assert run_virtual(main(), seed=1) == (0.0, 1000.0)
    before = time.monotonic()
    assert before <= SystemClock().now_seconds() <= time.monotonic()
    assert abs(SystemClock().unix_seconds() - time.time()) < 60


def test_the_manual_clock_wakes_in_the_order_of_time() -> None:
    """Nobody wakes before the clock is moved; then all whose time has come do, earliest first; both times move."""

    async def main() -> None:
        clock = ManualClock(now_seconds=5.0, unix_seconds=1000.0)
        woken: list[float] = []

        async def sleeper(seconds: float) -> None:
            await clock.sleep(seconds)
            woken.append(seconds)

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(sleeper(seconds)) for seconds in (3.0, 1.0, 2.0, 9.0, 0.0)]
            await settle()
            assert woken == [0.0]
            tasks[1].cancel()
            clock.advance(2.5)
            await settle()
            assert woken == [0.0, 2.0]
            clock.advance(6.5)
            await settle()
            assert woken == [0.0, 2.0, 3.0, 9.0]
        assert (clock.now_seconds(), clock.unix_seconds()) == (14.0, 1009.0)

    asyncio.run(main())


def test_the_virtual_clock_is_a_clock() -> None:
    """The simulation's clock keeps the contract: sleeping moves both of its times by the same amount."""

    async def main() -> tuple[float, float]:
        clock: Clock = VirtualClock()
        now, unix = clock.now_seconds(), clock.unix_seconds()
        await clock.sleep(12.5)
        return clock.now_seconds() - now, clock.unix_seconds() - unix

    assert run_virtual(main(), seed=1) == (12.5, 12.5)


async def settle() -> None:
    """Let everything that is ready run."""
    for _ in range(5):
        await asyncio.sleep(0)
