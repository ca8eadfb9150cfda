"""What a room was, out of the journal: in pages, from the nearest snapshot, in bounded memory."""

import asyncio
from collections.abc import Sequence

from chromavive.hints.entry import Entry, Photograph, TitleSet, encode_entry
from chromavive.journal import MemoryJournal
from chromavive.journal.contract import Append, Record
from chromavive.room.opening import opening_entry
from chromavive.runtime.journal_thread import InlineJournal
from chromavive.runtime.moments import PAGE_ENTRIES, SNAPSHOTS_MAX, Moments
from chromavive.runtime.workers import InlineWorker

ROOM = "r" * 16


class CountedMemory(MemoryJournal):
    """Notes what was read."""

    def __init__(self, entries: int) -> None:
        super().__init__()
        self.reads: list[tuple[int, int | None]] = []
        first = opening_entry(Photograph("0" * 64, 64, 64, False), "stub", "1", "o" * 22, 0)
        records = [Record(1, first.seat, first.number, first.payload, first.sealed)]
        for revision in range(2, entries + 1):
            entry = Entry(revision, "m", "s", revision, "retitle", (TitleSet("", str(revision)),), 0)
            records.append(Record(revision, "s", revision, encode_entry(entry)))
        self.append([Append(ROOM, 0, tuple(records))])

    def read(self, room: str, after_revision: int = 0, limit: int | None = None) -> list[Record]:
        self.reads.append((after_revision, limit))
        return super().read(room, after_revision, limit)


def titles(memory: CountedMemory, revisions: Sequence[int]) -> list[str | None]:
    """What the room was called at each revision; looked at in this order."""

    async def scenario() -> list[str | None]:
        moments = Moments(ROOM, InlineJournal(memory), InlineWorker())
        states = [await moments.at(revision) for revision in revisions]
        assert len(moments._snapshots) <= SNAPSHOTS_MAX
        return [None if state is None else state.title for state in states]

    return asyncio.run(scenario())


def test_every_moment_is_what_the_entries_up_to_it_make() -> None:
    """Whatever was looked at before; of a revision that the journal lacks there is none."""
    memory = CountedMemory(3 * PAGE_ENTRIES)
    looked = [600, 1, 255, 256, 257, 600, 768, 2, 511]
    assert titles(memory, looked) == [str(revision) for revision in looked]
    assert titles(memory, [769]) == [None]


def test_a_look_reads_pages_and_no_more_than_one_from_a_snapshot() -> None:
    """A long first look leaves snapshots behind: the next one near it reads one page at most."""
    memory = CountedMemory(4 * PAGE_ENTRIES)
    titles(memory, [1000, 900, 1001])
    assert all(limit is not None and limit <= PAGE_ENTRIES for _, limit in memory.reads)
    assert len(memory.reads) == 4 + 1 + 1


def test_snapshots_are_few_however_long_the_evening() -> None:
    """The longer the room's past, the farther they stand apart."""
    memory = CountedMemory((SNAPSHOTS_MAX + 3) * PAGE_ENTRIES)
    last = (SNAPSHOTS_MAX + 3) * PAGE_ENTRIES
    assert titles(memory, [last, last - 5, 3]) == [str(last), str(last - 5), "3"]
