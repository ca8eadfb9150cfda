"""What outlives the simulated server: a journal in memory or in a file, opened anew by each incarnation."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from chromavive.journal.contract import Append, Appended, Journal, Outcome, Record
from chromavive.journal.faults import FaultyJournal
from chromavive.journal.memory import MemoryJournal
from chromavive.journal.sqlite import SqliteJournal
from chromavive.room.effects import EncodedEntry


class _Counted(FaultyJournal):
    """Passes everything on and tells the disk how far each room has come."""

    def __init__(self, journal: Journal, disk: "Disk") -> None:
        super().__init__(journal)
        self._disk = disk

    def append(self, batch: Sequence[Append]) -> list[Outcome]:
        outcomes = super().append(batch)
        for append, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Appended):
                self._disk.appended[append.room] = outcome.revision
                self._disk.sealed.setdefault(append.room, []).extend(each for each in append.records if each.sealed)
        self._disk.wrote()
        return outcomes


class Disk(ABC):
    """appended: the newest revision of each room on it. answered: the newest that a member heard of.

    sealed: of each room the records with a sealed part, which are those that say what opens it.
    wrote: called after every append, before anybody is answered.
    """

    def __init__(self) -> None:
        self.appended: Counter[str] = Counter()
        self.answered: Counter[str] = Counter()
        self.sealed: dict[str, list[Record]] = {}
        self.wrote: Callable[[], None] = lambda: None

    def open(self) -> Journal:
        """The journal of a new incarnation."""
        return _Counted(self._reopened(), self)

    def records(self, room: str) -> list[Record]:
        """All of the room; the journal that was open is closed by it."""
        return self._reopened().read(room)

    def encoded(self, room: str) -> list[EncodedEntry]:
        return [
            EncodedEntry(each.revision, each.seat, each.number, each.payload, each.sealed)
            for each in self.records(room)
        ]

    def restore(self, revisions: Mapping[str, int]) -> None:
        """Puts a backup in the place of the journal: of each room what it held at this revision."""
        kept = {room: self.records(room)[:revision] for room, revision in revisions.items()}
        self._replace()
        self.sealed = {}
        self.open().append([Append(room, 0, tuple(records)) for room, records in kept.items()])
        self.answered = Counter(dict(revisions))

    @abstractmethod
    def _reopened(self) -> Journal: ...

    @abstractmethod
    def _replace(self) -> None:
        """From now on an empty one."""


class MemoryDisk(Disk):
    """As good as a disk while the test runs."""

    def __init__(self) -> None:
        super().__init__()
        self._journal = MemoryJournal()

    def _reopened(self) -> Journal:
        self._journal = self._journal.reopened()
        return self._journal

    def _replace(self) -> None:
        self._journal = MemoryJournal()


class FileDisk(Disk):
    """The shipped journal on a real file."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._files = 0
        self._journal: SqliteJournal | None = None

    def _reopened(self) -> Journal:
        self.close()
        self._journal = SqliteJournal(self._folder / f"{self._files}.sqlite")
        return self._journal

    def _replace(self) -> None:
        self.close()
        self._files += 1

    def close(self) -> None:
        if self._journal is not None:
            self._journal.close()
