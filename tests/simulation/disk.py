"""What outlives the simulated server: a journal in memory or in a file, opened anew by each incarnation."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from chromavive.journal.contract import Append, Appended, Journal, Outcome, Record
from chromavive.journal.faults import FaultyJournal
from chromavive.journal.memory import MemoryJournal
from chromavive.journal.sqlite import SqliteJournal
from chromavive.room.effects import EncodedEntry


class _Counted(FaultyJournal):
    """Passes everything on and tells the disk how far the one room has come."""

    def __init__(self, journal: Journal, disk: "Disk") -> None:
        super().__init__(journal)
        self._disk = disk

    def append(self, batch: Sequence[Append]) -> list[Outcome]:
        outcomes = super().append(batch)
        for outcome in outcomes:
            if isinstance(outcome, Appended):
                self._disk.appended = outcome.revision
        return outcomes


class Disk(Protocol):
    """appended: the newest revision on it. answered: the newest that a member heard of."""

    appended: int
    answered: int

    def open(self) -> Journal: ...
    def records(self, room: str) -> list[Record]: ...
    def encoded(self, room: str) -> list[EncodedEntry]: ...


class _Disk:
    def __init__(self) -> None:
        self.appended = self.answered = 0

    def _reopened(self) -> Journal:
        raise NotImplementedError

    def open(self) -> Journal:
        """The journal of a new incarnation."""
        return _Counted(self._reopened(), self)

    def records(self, room: str) -> list[Record]:
        journal = self._reopened()
        return journal.read(room)

    def encoded(self, room: str) -> list[EncodedEntry]:
        return [
            EncodedEntry(each.revision, each.seat, each.number, each.payload, each.sealed)
            for each in self.records(room)
        ]


class MemoryDisk(_Disk):
    """As good as a disk while the test runs."""

    def __init__(self) -> None:
        super().__init__()
        self._journal = MemoryJournal()

    def _reopened(self) -> Journal:
        self._journal = self._journal.reopened()
        return self._journal


class FileDisk(_Disk):
    """The shipped journal on a real file."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._journal: SqliteJournal | None = None

    def _reopened(self) -> Journal:
        if self._journal is not None:
            self._journal.close()
        self._journal = SqliteJournal(self._path)
        return self._journal
