"""The double: a journal in memory that keeps the whole contract except outliving its process."""

from collections.abc import Sequence
from typing import Self

from chromavive.errors import JournalBroken
from chromavive.journal.contract import Append, Appended, Conflict, Outcome, Record


class MemoryJournal:
    """A `Journal` without a disk; `reopened` gives what a restarted process would find."""

    def __init__(self) -> None:
        self._rooms: dict[str, list[Record]] = {}
        self._revisions: dict[tuple[str, str, int], int] = {}
        self._forgotten: set[str] = set()
        self._closed = False

    def reopened(self) -> Self:
        """Close this one and give another on the same records, as a restart does."""
        self.close()
        again = type(self)()
        again._rooms, again._revisions, again._forgotten = self._rooms, self._revisions, self._forgotten
        return again

    def append(self, batch: Sequence[Append]) -> list[Outcome]:
        self._check_open()
        return [self._append_one(append) for append in batch]

    def _append_one(self, append: Append) -> Outcome:
        held = self.revision(append.room)
        keys = [(append.room, record.seat, record.number) for record in append.records]
        taken = any(key in self._revisions for key in keys)
        if append.room in self._forgotten or held != append.expected_revision or taken:
            return Conflict(held)
        self._rooms.setdefault(append.room, []).extend(append.records)
        self._revisions.update((key, record.revision) for key, record in zip(keys, append.records, strict=True))
        return Appended(append.records[-1].revision)

    def read(self, room: str, after_revision: int = 0, limit: int | None = None) -> list[Record]:
        self._check_open()
        end = None if limit is None else after_revision + limit
        return self._rooms.get(room, [])[after_revision:end]

    def revision(self, room: str) -> int:
        self._check_open()
        return len(self._rooms.get(room, []))

    def find(self, room: str, seat: str, number: int) -> int | None:
        self._check_open()
        return self._revisions.get((room, seat, number))

    def rooms(self) -> list[str]:
        self._check_open()
        return sorted(self._rooms)

    def forget(self, room: str) -> None:
        self._check_open()
        for record in self._rooms.pop(room, []):
            del self._revisions[room, record.seat, record.number]
        self._forgotten.add(room)

    def close(self) -> None:
        self._closed = True

    def _check_open(self) -> None:
        if self._closed:
            raise JournalBroken("The journal is closed.")
