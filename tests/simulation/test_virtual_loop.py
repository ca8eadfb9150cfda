"""The loop of the simulations: virtual time, seeded order, deadlocks found."""

import asyncio
import time

import pytest

from tests.simulation.virtual_loop import UNIX_START_SECONDS, Deadlock, VirtualClock, run_virtual


async def names_in_order(count: int = 8) -> list[int]:
    order: list[int] = []

    async def step(name: int) -> None:
        for _ in range(3):
            await asyncio.sleep(0)
            order.append(name)

    async with asyncio.TaskGroup() as group:
        for name in range(count):
            group.create_task(step(name))
    return order


def test_an_hour_passes_at_once() -> None:
    """Sleeping moves the virtual time exactly and takes no real time."""

    async def main() -> tuple[float, float]:
        await asyncio.sleep(3600.25)
        return VirtualClock().now_seconds(), VirtualClock().unix_seconds()

    began = time.monotonic()
    assert run_virtual(main(), seed=1) == (3600.25, UNIX_START_SECONDS + 3600.25)
    assert time.monotonic() - began < 60


def test_a_day_and_more_is_one_jump() -> None:
    """The base class caps one wait at a day; the loop must land on the timer all the same."""

    async def main() -> float:
        await asyncio.sleep(10 * 86400)
        return asyncio.get_running_loop().time()

    assert run_virtual(main(), seed=1) == 10 * 86400


def test_timers_fire_in_the_order_of_their_time() -> None:
    """Who sleeps shorter wakes first, whatever the seed."""

    async def main() -> list[float]:
        woken: list[float] = []

        async def sleeper(seconds: float) -> None:
            await asyncio.sleep(seconds)
            woken.append(seconds)

        async with asyncio.TaskGroup() as group:
            for seconds in (0.3, 0.1, 0.2, 0.05):
                group.create_task(sleeper(seconds))
        return woken

    for seed in range(5):
        assert run_virtual(main(), seed) == [0.05, 0.1, 0.2, 0.3]


def test_the_seed_decides_the_order_of_ready_tasks() -> None:
    """The same seed gives the same order, other seeds give others, and every task runs to its end."""
    orders = [run_virtual(names_in_order(), seed) for seed in range(10)]
    assert orders == [run_virtual(names_in_order(), seed) for seed in range(10)]
    assert len({tuple(order) for order in orders}) > 5
    assert all(sorted(order) == sorted([*range(8)] * 3) for order in orders)


def test_plain_callbacks_keep_their_order() -> None:
    """asyncio promises the order of `call_soon`; the loop must not break it."""

    async def main() -> list[int]:
        called: list[int] = []
        loop = asyncio.get_running_loop()
        for number in range(20):
            loop.call_soon(called.append, number)
        await asyncio.sleep(0.1)
        return called

    for seed in range(5):
        assert run_virtual(main(), seed) == list(range(20))


def test_queues_and_timeouts_work() -> None:
    """A bounded queue passes everything on in order, and a timeout ends a wait at its time."""

    async def main() -> tuple[list[int], float]:
        queue: asyncio.Queue[int] = asyncio.Queue(maxsize=2)
        taken: list[int] = []

        async def producer() -> None:
            for number in range(10):
                await queue.put(number)

        async def consumer() -> None:
            for _ in range(10):
                await asyncio.sleep(0.01)
                taken.append(await queue.get())

        async with asyncio.TaskGroup() as group:
            group.create_task(producer())
            group.create_task(consumer())
        began = asyncio.get_running_loop().time()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(5):
                await queue.get()
        return taken, asyncio.get_running_loop().time() - began

    assert run_virtual(main(), seed=3) == (list(range(10)), 5.0)


def test_a_deadlock_is_raised() -> None:
    """Waiting for what nobody will ever bring is an error, not a hang."""

    async def main() -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(Deadlock, match=r"at 0\.000 s"):
        run_virtual(main(), seed=1)


def test_a_failing_task_ends_its_group() -> None:
    """An error in one task cancels the others of its group and reaches the caller."""

    async def fail() -> None:
        await asyncio.sleep(1)
        raise ValueError("one failed")

    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(1000))
            group.create_task(fail())

    with pytest.raises(ExceptionGroup) as raised:
        run_virtual(main(), seed=1)
    assert [str(error) for error in raised.value.exceptions] == ["one failed"]


def test_threads_are_refused() -> None:
    """A thread would bring real time and real chance into the run."""

    async def main() -> None:
        with pytest.raises(RuntimeError, match="no threads"):
            await asyncio.to_thread(time.monotonic)

    run_virtual(main(), seed=1)
