"""The awaited journal: one contract for the thread and for the simulation, then what is the thread's own."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

import pytest

from chromavive.errors import JournalBroken
from chromavive.journal import Append, Appended, Conflict, Fault, FaultyJournal, MemoryJournal, Outcome, Record, Unknown
from chromavive.runtime.journal_thread import AsyncJournal, InlineJournal, JournalThread
from tests.simulation.virtual_loop import run_virtual

SEAT = "a1" * 16
TIMEOUT_SECONDS = 30.0


def record(revision: int) -> Record:
    """A record whose number is its revision."""
    return Record(revision, SEAT, revision, b"payload %d" % revision)


class Slow(FaultyJournal):
    """A journal that notes its batches and can be held between taking one in and writing it."""

    def __init__(self, memory: MemoryJournal) -> None:
        super().__init__(memory)
        self.memory = memory
        self.batches: list[list[str]] = []
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.taken = threading.Semaphore(0)

    def append(self, batch: Sequence[Append]) -> list[Outcome]:
        self.batches.append([append.room for append in batch])
        self.taken.release()
        assert self.may_go_on.wait(TIMEOUT_SECONDS)
        return super().append(batch)


Scenario = Callable[[AsyncJournal, Slow], Coroutine[Any, Any, None]]
Run = Callable[[Scenario], None]


@pytest.fixture(params=["thread", "inline"])
def run(request: pytest.FixtureRequest) -> Run:
    """Runs a scenario on either implementation and closes it afterwards."""

    async def main(scenario: Scenario, make: Callable[[Slow], AsyncJournal]) -> None:
        slow = Slow(MemoryJournal())
        journal = make(slow)
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await scenario(journal, slow)
            await journal.close()

    if request.param == "thread":
        return lambda scenario: asyncio.run(main(scenario, JournalThread))
    return lambda scenario: run_virtual(main(scenario, lambda slow: InlineJournal(slow, lambda: 0.01)), seed=1)


def test_R1_2_every_call_reaches_the_journal(run: Run) -> None:
    """Each method gives what the journal gives."""

    async def scenario(journal: AsyncJournal, slow: Slow) -> None:
        assert await journal.append("room", 0, [record(1), record(2)]) == Appended(2)
        assert await journal.append("room", 0, [record(1)]) == Conflict(2)
        assert await journal.read("room") == [record(1), record(2)]
        assert await journal.read("room", 1, limit=1) == [record(2)]
        assert [await journal.find("room", SEAT, 2), await journal.find("room", SEAT, 3)] == [2, None]
        assert await journal.rooms() == ["room"]
        await journal.forget("room")
        assert await journal.rooms() == []
        assert not journal.broken.is_set()

    run(scenario)


def test_R1_7_whatever_waits_goes_together(run: Run) -> None:
    """Appends of many rooms that wait at once are one batch, in the order of their coming, each with its outcome."""

    async def scenario(journal: AsyncJournal, slow: Slow) -> None:
        rooms = [f"room {number}" for number in range(20)]
        slow.may_go_on.clear()
        async with asyncio.TaskGroup() as group:
            first = group.create_task(journal.append("first", 0, [record(1)]))
            await until(lambda: len(slow.batches) == 1 or isinstance(journal, InlineJournal))
            tasks = [group.create_task(journal.append(room, 0, [record(1)])) for room in rooms]
            late = group.create_task(journal.append("room 3", 9, [record(10)]))
            await settle()
            slow.may_go_on.set()
        assert {task.result() for task in [first, *tasks]} == {Appended(1)}
        assert late.result() in (Conflict(0), Conflict(1))
        assert max(len(batch) for batch in slow.batches) >= 21
        assert len(slow.batches) <= 2

    run(scenario)


def test_R1_2_unknown_and_conflict_reach_the_caller(run: Run) -> None:
    """A lost answer of one room is told to that room only."""

    async def scenario(journal: AsyncJournal, slow: Slow) -> None:
        slow.fail_next(Fault.UNKNOWN_PRESENT, Fault.CONFLICT)
        assert await journal.append("room", 0, [record(1)]) == Unknown()
        assert await journal.append("other", 0, [record(1)]) == Conflict(0)
        assert await journal.find("room", SEAT, 1) == 1

    run(scenario)


def test_cancelling_a_caller_never_cancels_its_write(run: Run) -> None:
    """A cancelled append is written all the same, and the journal goes on."""

    async def scenario(journal: AsyncJournal, slow: Slow) -> None:
        slow.may_go_on.clear()
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(journal.append(room, 0, [record(1)])) for room in ("one", "two")]
            await settle()
            for task in tasks:
                task.cancel()
        slow.may_go_on.set()
        assert all(task.cancelled() for task in tasks)
        assert await journal.append("three", 0, [record(1)]) == Appended(1)
        assert await journal.rooms() == ["one", "three", "two"]

    run(scenario)


@pytest.mark.parametrize("fault, present", [(Fault.BROKEN_ABSENT, False), (Fault.BROKEN_PRESENT, True)])
def test_R1_5_a_broken_disk_fails_every_caller(run: Run, fault: Fault, present: bool) -> None:
    """All that wait and all that come later get JournalBroken, `broken` is set, and close still ends."""

    async def scenario(journal: AsyncJournal, slow: Slow) -> None:
        assert await journal.append("room", 0, [record(1)]) == Appended(1)
        slow.fail_next(fault)
        waiting = [journal.append("room", 1, [record(2)]), journal.append("other", 0, [record(1)]), journal.rooms()]
        assert [await failure_of(call) for call in waiting] == [JournalBroken] * 3
        await journal.broken.wait()
        assert await failure_of(journal.read("room")) is JournalBroken
        assert slow.memory.reopened().revision("room") == (2 if present else 1)

    run(scenario)


def test_R1_5_a_bug_in_the_journal_never_leaves_a_caller_waiting(run: Run) -> None:
    """An error that nobody foresaw is a broken journal, named in the message."""

    class Buggy(MemoryJournal):
        def append(self, batch: Sequence[Append]) -> list[Outcome]:
            raise ZeroDivisionError("a bug")

    async def scenario(journal: AsyncJournal, slow: Slow) -> None:
        slow._journal = Buggy()
        with pytest.raises(JournalBroken, match="ZeroDivisionError"):
            await journal.append("room", 0, [record(1)])
        assert journal.broken.is_set()

    run(scenario)


def test_a_malformed_append_fails_its_caller_alone(run: Run) -> None:
    """A gap is the caller's own fault: it is told, and the journal is not broken."""

    async def scenario(journal: AsyncJournal, slow: Slow) -> None:
        with pytest.raises(AssertionError):
            await journal.append("room", 0, [record(2)])
        assert await journal.append("room", 0, [record(1)]) == Appended(1)

    run(scenario)


def test_close_carries_out_what_waits(run: Run) -> None:
    """Everything that was asked before is written and answered; what comes later is refused; closing twice is one."""

    async def scenario(journal: AsyncJournal, slow: Slow) -> None:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(journal.append(f"room {n}", 0, [record(1)])) for n in range(5)]
            await settle()
            closing = [group.create_task(journal.close()) for _ in range(2)]
            await settle()
            assert await failure_of(journal.append("late", 0, [record(1)])) is JournalBroken
        assert [task.result() for task in tasks] == [Appended(1)] * 5
        assert all(task.done() for task in closing)
        await journal.close()
        assert not journal.broken.is_set()
        assert len(slow.memory.reopened().rooms()) == 5

    run(scenario)


def test_more_callers_than_places_wait_in_line() -> None:
    """With room for three calls at once, ten are carried out all the same, never more than three together."""

    async def main() -> None:
        slow = Slow(MemoryJournal())
        journal = JournalThread(slow, waiting_calls_max=3)
        async with asyncio.timeout(TIMEOUT_SECONDS), asyncio.TaskGroup() as group:
            tasks = [group.create_task(journal.append(f"room {n}", 0, [record(1)])) for n in range(10)]
        assert [task.result() for task in tasks] == [Appended(1)] * 10
        assert max(len(batch) for batch in slow.batches) <= 3
        await journal.close()

    asyncio.run(main())


def test_the_loop_goes_on_while_the_thread_syncs() -> None:
    """A journal that hangs holds up its callers and nobody else."""

    async def main() -> None:
        slow = Slow(MemoryJournal())
        journal = JournalThread(slow)
        slow.may_go_on.clear()
        async with asyncio.timeout(TIMEOUT_SECONDS), asyncio.TaskGroup() as group:
            waiting = group.create_task(journal.append("room", 0, [record(1)]))
            await until(lambda: len(slow.batches) == 1)
            await settle()
            assert not waiting.done()
            slow.may_go_on.set()
        await journal.close()

    asyncio.run(main())


def test_the_fault_point_lies_between_the_sync_and_the_answer() -> None:
    """It runs in the journal's thread, when the records are there and nobody was answered."""
    seen: list[tuple[str, int, bool]] = []

    async def main() -> None:
        memory = MemoryJournal()
        tasks: list[asyncio.Task[Outcome]] = []
        journal = JournalThread(
            memory,
            after_append=lambda: seen.append(
                (threading.current_thread().name, memory.revision("room"), tasks[0].done())
            ),
        )
        async with asyncio.TaskGroup() as group:
            tasks.append(group.create_task(journal.append("room", 0, [record(1)])))
        await journal.rooms()
        await journal.close()

    asyncio.run(main())
    assert seen == [("journal", 1, False)]


def test_closing_ends_the_thread() -> None:
    """After close no thread of ours is left."""

    async def main() -> None:
        journal = JournalThread(MemoryJournal())
        assert "journal" in {thread.name for thread in threading.enumerate()}
        await journal.close()

    asyncio.run(main())
    assert "journal" not in {thread.name for thread in threading.enumerate()}


def test_a_loop_that_vanished_ends_the_thread() -> None:
    """If the loop is gone without close, the thread finishes its round and ends."""
    slow = Slow(MemoryJournal())

    async def main() -> None:
        journal = JournalThread(slow)
        slow.may_go_on.clear()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await journal.append("room", 0, [record(1)])
        await until(lambda: len(slow.batches) == 1)

    asyncio.run(main())
    [thread] = [thread for thread in threading.enumerate() if thread.name == "journal"]
    slow.may_go_on.set()
    thread.join(TIMEOUT_SECONDS)
    assert not thread.is_alive()
    assert slow.memory.reopened().revision("room") == 1


@pytest.mark.parametrize("crash_after_seconds, present", [(0.5, False), (1.5, True), (2.5, True)])
def test_a_crash_inline_leaves_what_a_killed_process_leaves(crash_after_seconds: float, present: bool) -> None:
    """Before the write nothing is there; after it, it is there, answered or not; nothing moves after the crash."""
    memory = MemoryJournal()

    async def main() -> bool:
        journal = InlineJournal(memory, lambda: 1.0)
        async with asyncio.TaskGroup() as group:
            task = group.create_task(journal.append("room", 0, [record(1)]))
            await asyncio.sleep(crash_after_seconds)
            journal.crash()
            await asyncio.sleep(10)
            answered = task.done()
            task.cancel()
        return answered

    assert run_virtual(main(), seed=1) == (crash_after_seconds > 2)
    assert memory.reopened().revision("room") == int(present)


def test_inline_delays_are_virtual() -> None:
    """One round takes two delays, and what arrives during a round goes in the next."""

    async def main() -> tuple[float, list[list[str]]]:
        slow = Slow(MemoryJournal())
        journal = InlineJournal(slow, lambda: 1.0)
        async with asyncio.TaskGroup() as group:
            group.create_task(journal.append("a", 0, [record(1)]))
            await asyncio.sleep(1.5)
            group.create_task(journal.append("b", 0, [record(1)]))
        return asyncio.get_running_loop().time(), slow.batches

    assert run_virtual(main(), seed=1) == (4.0, [["a"], ["b"]])


async def settle() -> None:
    """Let every task that is ready run, in whatever order the loop takes them."""
    for _ in range(5):
        await asyncio.sleep(0)


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop turn until the condition holds."""
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while not condition():
            await asyncio.sleep(0)


async def failure_of(call: Awaitable[object]) -> type[BaseException] | None:
    """The kind of error that the call ends with, if it does."""
    try:
        await call
    except JournalBroken as error:
        return type(error)
    return None
