"""A journal that fails on demand, around any other: what tests use to force Conflict, Unknown and a broken disk."""

from collections.abc import Sequence
from enum import Enum, auto

from chromavive.errors import JournalBroken
from chromavive.journal.contract import Append, Conflict, Journal, Outcome, Record, Unknown


class Fault(Enum):
    """What happens to one append."""

    CONFLICT = auto()  # Nothing is written, and Conflict is answered.
    UNKNOWN_ABSENT = auto()  # Nothing is written, and the answer is lost.
    UNKNOWN_PRESENT = auto()  # The append is carried out, and the answer is lost.
    BROKEN_ABSENT = auto()  # The disk fails, and a restart does not find the append.
    BROKEN_PRESENT = auto()  # The disk fails, and a restart finds the append all the same.


class FaultyJournal:
    """A `Journal` that passes everything on, but gives the next appends the faults it was told."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._faults: list[Fault | None] = []

    def fail_next(self, *faults: Fault | None) -> None:
        """Give the next appends these faults, one each, in order; None lets one pass."""
        self._faults.extend(faults)

    def append(self, batch: Sequence[Append]) -> list[Outcome]:
        return [self._append_one(append) for append in batch]

    def _append_one(self, append: Append) -> Outcome:
        fault = self._faults.pop(0) if self._faults else None
        outcome: Outcome = Unknown()
        if fault in (None, Fault.UNKNOWN_PRESENT, Fault.BROKEN_PRESENT):
            [outcome] = self._journal.append([append])
        if fault in (Fault.BROKEN_ABSENT, Fault.BROKEN_PRESENT):
            self._journal.close()
            raise JournalBroken("The disk failed (forced by a test).")
        if fault is Fault.CONFLICT:
            return Conflict(self._journal.revision(append.room))
        return outcome if fault is None else Unknown()

    def read(self, room: str, after_revision: int = 0, limit: int | None = None) -> list[Record]:
        return self._journal.read(room, after_revision, limit)

    def revision(self, room: str) -> int:
        return self._journal.revision(room)

    def find(self, room: str, seat: str, number: int) -> int | None:
        return self._journal.find(room, seat, number)

    def rooms(self) -> list[str]:
        return self._journal.rooms()

    def forget(self, room: str) -> None:
        self._journal.forget(room)

    def close(self) -> None:
        self._journal.close()
