"""What every journal promises (rules R1 to R3); it keeps opaque bytes and knows nothing of hints.

A journal holds, for each room, entries numbered 1, 2, 3, ... without gaps.
Its only writes are a compare-and-append and `forget`; both are durable before they answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Record:
    """One entry as the journal keeps it; (room, seat, number) is there at most once (R3)."""

    revision: int
    seat: str  # The hashed seat id, in hex.
    number: int  # The seat's own number of the edit, 0 or more.
    payload: bytes  # The public part, sent to members as it is.
    sealed: bytes = b""  # The part that members do not get (capability hashes).


@dataclass(frozen=True, slots=True)
class Append:
    """What one room asks to be written, as a whole or not at all: records expected_revision + 1, + 2, ..."""

    room: str
    expected_revision: int
    records: tuple[Record, ...]

    def __post_init__(self) -> None:
        # Raised by hand and not by `assert`: `python -O` must not be able to write a gap into a room's order.
        if not self.records:
            raise AssertionError("an append has at least one record")
        revisions = [record.revision for record in self.records]
        first = self.expected_revision + 1
        if first < 1 or revisions != list(range(first, first + len(revisions))):
            raise AssertionError(f"records are numbered from {first} without gaps, not {revisions}")
        sources = {(record.seat, record.number) for record in self.records}
        if len(sources) != len(self.records) or min(number for _, number in sources) < 0:
            raise AssertionError("a seat's number is 0 or more and comes once in an append")


@dataclass(frozen=True, slots=True)
class Appended:
    """The records are there, synced; `revision` is the last one's."""

    revision: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Nothing was written: `revision` is what the journal holds.

    The expected revision was another, one of the (seat, number) pairs is there already, or the room was forgotten.
    Read the room, check the edits again and try again; if the room reads empty, it is gone for good.
    """

    revision: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """The answer was lost: the records are there, all of them, or none is. Read back before anything else."""


Outcome = Appended | Conflict | Unknown


class Journal(Protocol):
    """A synchronous journal, used by one thread at a time.

    Every call raises `JournalBroken` once the disk failed (or after `close`): the journal is closed then, refuses
    everything, and the process must end. Nothing is read back after that: the page cache may show what the disk lacks.
    """

    def append(self, batch: Sequence[Append]) -> list[Outcome]:
        """Answer each of the batch, in its order, after one sync; a Conflict of one leaves the others alone."""
        ...

    def read(self, room: str, after_revision: int = 0, limit: int | None = None) -> list[Record]:
        """Give the room's records after a revision, in order; none if there is no such room."""
        ...

    def revision(self, room: str) -> int:
        """Give the revision of the room's last record; 0: no such room."""
        ...

    def find(self, room: str, seat: str, number: int) -> int | None:
        """Give the revision of a seat's edit; None: it is not there."""
        ...

    def rooms(self) -> list[str]:
        """Give the ids of all rooms that hold a record, sorted."""
        ...

    def forget(self, room: str) -> None:
        """Delete every record of the room, durably, and never take its id again: later appends are a Conflict at 0."""
        ...

    def close(self) -> None:
        """Let go of the file; a second call does nothing."""
        ...
