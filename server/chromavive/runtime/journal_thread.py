"""The journal as the event loop sees it: one thread of its own, one sync for whatever waits when it is free (R1)."""

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from chromavive.errors import JournalBroken
from chromavive.journal.contract import Append, Journal, Outcome, Record

# Calls that may wait for the journal at once. A room has one append out, so this is far above the rooms of a process;
# past it, callers wait in line before their call is taken in.
WAITING_CALLS_MAX = 4096


class AsyncJournal(Protocol):
    """A `Journal` whose calls are awaited.

    Calls that wait at the same time are carried out appends first, in the order of their coming, then the rest.
    Cancelling a caller never cancels its write: who was cancelled does not know the outcome and reads back.
    After `broken` is set every call raises `JournalBroken`: the rooms are closed and the process has to end. `cause`
    says why.
    """

    broken: asyncio.Event
    cause: JournalBroken | None

    async def append(self, room: str, expected_revision: int, records: Sequence[Record]) -> Outcome:
        """Answer when the records are synced, or were refused; see `Journal.append`."""
        ...

    async def read(self, room: str, after_revision: int = 0, limit: int | None = None) -> list[Record]:
        """Give the room's records after a revision, in order."""
        ...

    async def find(self, room: str, seat: str, number: int) -> int | None:
        """Give the revision of a seat's edit; None: it is not there."""
        ...

    async def rooms(self) -> list[str]:
        """Give the ids of all rooms, sorted."""
        ...

    async def forget(self, room: str) -> None:
        """Delete the room for good."""
        ...

    async def close(self) -> None:
        """Carry out what waits, then close the journal; a second call does nothing."""
        ...


@dataclass(frozen=True, slots=True)
class _Call:
    """One waiting call: an append to go into the next batch, or something else to run alone."""

    answer: asyncio.Future[Any]
    work: Append | Callable[[Journal], object]


_Answer = tuple[_Call, object]  # An exception as the second is raised at the caller.


def _carry_out(journal: Journal, calls: Sequence[_Call], after_append: Callable[[], None]) -> list[_Answer]:
    """Give every call's answer; any failure of one fails them all, since the journal is closed by then."""
    appends = [(call, call.work) for call in calls if isinstance(call.work, Append)]
    try:
        outcomes: list[Outcome] = []
        if appends:
            outcomes = journal.append([append for _, append in appends])
            after_append()
        answers: list[_Answer] = [(call, outcome) for (call, _), outcome in zip(appends, outcomes, strict=True)]
        answers += [(call, call.work(journal)) for call in calls if not isinstance(call.work, Append)]
    except Exception as error:  # noqa: BLE001 - or the thread would die and leave its callers waiting for ever.
        broken = _as_broken(error)
        return [(call, broken) for call in calls]
    return answers


def _as_broken(error: Exception) -> JournalBroken:
    if isinstance(error, JournalBroken):
        return error
    broken = JournalBroken(f"The journal failed in an unforeseen way ({error!r}). Start again, and report this.")
    broken.__cause__ = error
    return broken


class _Calls(ABC):
    """What both implementations share: the calls that wait, and how they are answered on the loop."""

    def __init__(self, waiting_calls_max: int) -> None:
        self.broken = asyncio.Event()
        self.cause: JournalBroken | None = None
        self._closing: asyncio.Future[None] | None = None
        self._loop = asyncio.get_running_loop()
        self._places = asyncio.Semaphore(waiting_calls_max)

    async def append(self, room: str, expected_revision: int, records: Sequence[Record]) -> Outcome:
        outcome: Outcome = await self._ask(Append(room, expected_revision, tuple(records)))
        return outcome

    async def read(self, room: str, after_revision: int = 0, limit: int | None = None) -> list[Record]:
        records: list[Record] = await self._ask(lambda journal: journal.read(room, after_revision, limit))
        return records

    async def find(self, room: str, seat: str, number: int) -> int | None:
        revision: int | None = await self._ask(lambda journal: journal.find(room, seat, number))
        return revision

    async def rooms(self) -> list[str]:
        rooms: list[str] = await self._ask(lambda journal: journal.rooms())
        return rooms

    async def forget(self, room: str) -> None:
        await self._ask(lambda journal: journal.forget(room))

    async def _ask(self, work: Append | Callable[[Journal], object]) -> Any:
        await self._places.acquire()
        if self.cause is not None or self._closing is not None:
            self._places.release()
            raise self._refusal()
        call = _Call(self._loop.create_future(), work)
        self._put(call)
        return await call.answer

    @abstractmethod
    def _put(self, call: _Call) -> None:
        """Take the call in; `_answer` gets it later."""

    def _refusal(self) -> JournalBroken:
        return JournalBroken(str(self.cause) if self.cause is not None else "The journal is closed.")

    def _answer(self, answers: Sequence[_Answer]) -> None:
        """Hand each caller its answer, on the loop; who was cancelled gets none."""
        for _, answer in answers:
            if isinstance(answer, JournalBroken) and self.cause is None:
                self.cause = answer
                self.broken.set()
        for call, answer in answers:
            self._places.release()
            if call.answer.done():
                continue
            if isinstance(answer, JournalBroken):
                call.answer.set_exception(self._refusal())
            else:
                call.answer.set_result(answer)


class JournalThread(_Calls):
    """An `AsyncJournal` on a thread of its own; make it inside the loop that will await it.

    `after_append` is a fault point: it runs in the thread after a batch's sync and before any of its answers.
    """

    def __init__(
        self,
        journal: Journal,
        waiting_calls_max: int = WAITING_CALLS_MAX,
        after_append: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(waiting_calls_max)
        self._journal = journal
        self._after_append = after_append
        self._waiting: list[_Call] = []  # Bounded by the places.
        self._wake = threading.Condition()
        self._last_round = False
        # A daemon: a process that fails elsewhere ends at once, and the journal bears being stopped anywhere.
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def _put(self, call: _Call) -> None:
        with self._wake:
            self._waiting.append(call)
            self._wake.notify()

    def _run(self) -> None:
        last_round = False
        while not last_round:
            with self._wake:
                while not self._waiting and not self._last_round:
                    self._wake.wait()
                calls, last_round = list(self._waiting), self._last_round
                self._waiting.clear()
            self._tell(self._answer, _carry_out(self._journal, calls, self._after_append))
        try:
            self._journal.close()
        finally:
            self._tell(self._closed)

    def _tell(self, callback: Callable[..., None], *arguments: object) -> None:
        try:
            self._loop.call_soon_threadsafe(callback, *arguments)
        except RuntimeError:
            # The loop was closed without `close`: nobody is left to be told, and what was written stays written.
            self._last_round = True

    def _closed(self) -> None:
        assert self._closing is not None
        self._closing.set_result(None)

    async def close(self) -> None:
        if self._closing is None:
            self._closing = self._loop.create_future()
            with self._wake:
                self._last_round = True
                self._wake.notify()
        await asyncio.shield(self._closing)
        self._thread.join()


class InlineJournal(_Calls):
    """An `AsyncJournal` without a thread, for a loop with virtual time; each half of a round takes `delay()` seconds.

    Between the halves a batch is written and not yet answered, so `crash` there leaves what a killed process leaves.
    """

    def __init__(
        self,
        journal: Journal,
        delay: Callable[[], float] = lambda: 0.0,
        waiting_calls_max: int = WAITING_CALLS_MAX,
    ) -> None:
        super().__init__(waiting_calls_max)
        self._journal = journal
        self._delay = delay
        self._waiting: list[_Call] = []  # Bounded by the places.
        self._next_step: asyncio.TimerHandle | None = None

    def _put(self, call: _Call) -> None:
        self._waiting.append(call)
        if self._next_step is None:
            self._next_step = self._loop.call_later(self._delay(), self._write)

    def _write(self) -> None:
        calls, self._waiting = self._waiting, []
        answers = _carry_out(self._journal, calls, lambda: None)
        self._next_step = self._loop.call_later(self._delay(), self._finish, answers)

    def _finish(self, answers: Sequence[_Answer]) -> None:
        self._answer(answers)
        self._next_step = self._loop.call_later(self._delay(), self._write) if self._waiting else None
        if self._next_step is None and self._closing is not None:
            self._end()

    def _end(self) -> None:
        assert self._closing is not None
        self._journal.close()
        self._closing.set_result(None)

    async def close(self) -> None:
        if self._closing is None:
            self._closing = self._loop.create_future()
            if self._next_step is None:
                self._end()
        await asyncio.shield(self._closing)

    def crash(self) -> None:
        """Stop where it is, as a killed process does: nothing more is written, nobody is answered."""
        if self._next_step is not None:
            self._next_step.cancel()
        self._waiting.clear()
        self._journal.close()
