"""What every journal keeps, in memory and on disk, bare and under forced faults."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from chromavive.errors import JournalBroken
from chromavive.journal import (
    Append,
    Appended,
    Conflict,
    Fault,
    FaultyJournal,
    Journal,
    MemoryJournal,
    Outcome,
    Record,
    Unknown,
)
from chromavive.journal.sqlite import SqliteJournal

SEAT, OTHER_SEAT = "a1" * 16, "b2" * 16


def record(revision: int, number: int | None = None, seat: str = SEAT, size_bytes: int = 5) -> Record:
    """A record whose payload tells it from every other."""
    payload = f"{seat}:{number}:{revision}".encode().ljust(size_bytes, b".")
    return Record(revision, seat, revision if number is None else number, payload, sealed=b"sealed %d" % revision)


def append_one(journal: Journal, room: str, expected_revision: int, *records: Record) -> Outcome:
    """The outcome of a batch of one."""
    [outcome] = journal.append([Append(room, expected_revision, records)])
    return outcome


class Kept:
    """Something that keeps records while the journals on it come and go, as a disk does."""

    def __init__(self, open_journal: Callable[[], Journal]) -> None:
        self._open_journal = open_journal
        self.journal = open_journal()

    def restart(self) -> Journal:
        """Close the journal and open another on the same records."""
        self.journal.close()
        self.journal = self._open_journal()
        return self.journal


@pytest.fixture(params=["memory", "sqlite", "faulty-memory", "faulty-sqlite"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Kept:
    """Each journal that ships; a FaultyJournal that was told no fault has to be one too."""
    kind: str = request.param
    memory = MemoryJournal()

    def open_journal() -> Journal:
        nonlocal memory
        if kind.endswith("sqlite"):
            journal: Journal = SqliteJournal(tmp_path / "journal.db")
        else:
            journal = memory = memory.reopened()
        return FaultyJournal(journal) if kind.startswith("faulty") else journal

    return Kept(open_journal)


@pytest.fixture
def journal(kept: Kept) -> Journal:
    """An empty journal."""
    return kept.journal


def test_R1_2_an_append_answers_appended_with_the_last_revision(journal: Journal) -> None:
    """What was appended is read as it was written, sealed part included."""
    records = [record(1), record(2)]
    assert append_one(journal, "room", 0, *records) == Appended(2)
    assert append_one(journal, "room", 2, record(3)) == Appended(3)
    assert journal.read("room") == [*records, record(3)]
    assert journal.revision("room") == 3


@pytest.mark.parametrize("expected_revision", [0, 1, 3, 100])
def test_R1_2_another_revision_is_a_conflict_and_writes_nothing(journal: Journal, expected_revision: int) -> None:
    """An expectation below or above what is held answers what is held."""
    append_one(journal, "room", 0, record(1), record(2))
    late = record(expected_revision + 1, number=9)
    assert append_one(journal, "room", expected_revision, late) == Conflict(2)
    assert journal.read("room") == [record(1), record(2)]


def test_R1_2_an_empty_room_is_at_revision_zero(journal: Journal) -> None:
    """A room nobody has written to reads empty, and an append that expects more is a conflict."""
    assert (journal.revision("room"), journal.read("room"), journal.rooms()) == (0, [], [])
    assert append_one(journal, "room", 1, record(2)) == Conflict(0)
    assert journal.rooms() == []


def test_R1_7_the_conflict_of_one_room_leaves_the_others_whole(journal: Journal) -> None:
    """In one batch each room gets its own outcome, in the batch's order."""
    append_one(journal, "b", 0, record(1))
    outcomes = journal.append(
        [
            Append("a", 0, (record(1), record(2))),
            Append("b", 0, (record(1, number=7), record(2, number=8))),
            Append("c", 0, (record(1),)),
        ]
    )
    assert outcomes == [Appended(2), Conflict(1), Appended(1)]
    assert [journal.revision(room) for room in "abc"] == [2, 1, 1]
    assert journal.read("b") == [record(1)]


def test_R1_7_two_appends_of_one_room_in_a_batch_follow_each_other(journal: Journal) -> None:
    """The second sees the first; one that did not know of it is a conflict."""
    batch = [Append("room", 0, (record(1),)), Append("room", 1, (record(2),)), Append("room", 1, (record(2, 9),))]
    assert journal.append(batch) == [Appended(1), Appended(2), Conflict(2)]
    assert journal.read("room") == [record(1), record(2)]


def test_R1_7_an_empty_batch_has_no_outcomes(journal: Journal) -> None:
    """Nothing asked, nothing answered."""
    assert journal.append([]) == []


def test_R3_1_a_number_of_a_seat_comes_once_in_a_room(journal: Journal) -> None:
    """A (seat, number) that is there makes the whole append a conflict, its good records included."""
    append_one(journal, "room", 0, record(1, number=5))
    repeat = (record(2, number=6), record(3, number=5))
    assert append_one(journal, "room", 1, *repeat) == Conflict(1)
    assert journal.read("room") == [record(1, number=5)]
    assert journal.find("room", SEAT, 6) is None


def test_R3_1_other_seats_and_rooms_have_their_own_numbers(journal: Journal) -> None:
    """The same number of another seat, or in another room, is another edit."""
    assert append_one(journal, "room", 0, record(1, number=1)) == Appended(1)
    assert append_one(journal, "room", 1, record(2, number=1, seat=OTHER_SEAT)) == Appended(2)
    assert append_one(journal, "other", 0, record(1, number=1)) == Appended(1)


def test_R3_2_a_repeat_is_found_with_its_revision_after_a_restart(kept: Kept) -> None:
    """The index outlives the process, and tells absent numbers from present ones."""
    append_one(kept.journal, "room", 0, record(1, number=4), record(2, number=9, seat=OTHER_SEAT))
    journal = kept.restart()
    assert journal.find("room", SEAT, 4) == 1
    assert journal.find("room", OTHER_SEAT, 9) == 2
    assert [journal.find("room", SEAT, 9), journal.find("no room", SEAT, 4)] == [None, None]


def test_R2_1_a_restart_finds_every_record_in_order(kept: Kept) -> None:
    """What was answered Appended is there after closing and opening, byte for byte."""
    records = [record(revision, size_bytes=1 + 3000 * (revision % 5)) for revision in range(1, 41)]
    for each in records:
        assert append_one(kept.journal, "room", each.revision - 1, each) == Appended(each.revision)
    assert kept.restart().read("room") == records


@pytest.mark.parametrize(
    "after_revision, limit, expected",
    [
        (0, None, [1, 2, 3, 4, 5]),
        (2, None, [3, 4, 5]),
        (1, 2, [2, 3]),
        (0, 0, []),
        (5, None, []),
        (99, 3, []),
    ],
)
def test_reading_starts_after_a_revision(
    journal: Journal, after_revision: int, limit: int | None, expected: list[int]
) -> None:
    """A part of the room is read in order, at most so many."""
    append_one(journal, "room", 0, *(record(revision) for revision in range(1, 6)))
    assert [each.revision for each in journal.read("room", after_revision, limit)] == expected


def test_rooms_are_sorted_and_each_comes_once(journal: Journal) -> None:
    """Only rooms that hold a record are named."""
    for room in ("m", "a", "z"):
        append_one(journal, room, 0, record(1), record(2))
    append_one(journal, "never", 5, record(6))
    assert journal.rooms() == ["a", "m", "z"]


def test_R1_11_forget_leaves_nothing_and_touches_no_other_room(kept: Kept) -> None:
    """The room reads as if it had never been, now and after a restart; its neighbor stays."""
    append_one(kept.journal, "room", 0, record(1), record(2))
    append_one(kept.journal, "other", 0, record(1))
    kept.journal.forget("room")
    for restarted in (False, True):
        journal = kept.restart() if restarted else kept.journal
        assert (journal.read("room"), journal.revision("room"), journal.find("room", SEAT, 1)) == ([], 0, None)
        assert (journal.rooms(), journal.read("other")) == (["other"], [record(1)])


def test_R1_11_a_forgotten_room_never_comes_back(kept: Kept) -> None:
    """A late append of a deleted room is a conflict for ever, whatever it expects; forgetting twice does nothing."""
    append_one(kept.journal, "room", 0, record(1))
    kept.journal.forget("room")
    kept.journal.forget("room")
    for restarted in (False, True):
        journal = kept.restart() if restarted else kept.journal
        assert append_one(journal, "room", 1, record(2)) == Conflict(0)
        assert append_one(journal, "room", 0, record(1, number=7)) == Conflict(0)
        assert journal.rooms() == []


def test_R1_5_a_closed_journal_refuses_everything(journal: Journal) -> None:
    """After close, which may be called twice, no call answers."""
    journal.close()
    journal.close()
    calls: list[Callable[[], object]] = [
        lambda: append_one(journal, "room", 0, record(1)),
        lambda: journal.read("room"),
        lambda: journal.revision("room"),
        lambda: journal.find("room", SEAT, 1),
        journal.rooms,
        lambda: journal.forget("room"),
    ]
    for call in calls:
        with pytest.raises(JournalBroken):
            call()


@pytest.mark.parametrize(
    "expected_revision, records",
    [
        (0, ()),
        (0, (record(2),)),
        (-1, (record(0),)),
        (0, (record(1), record(3))),
        (0, (record(2), record(1))),
        (0, (record(1, number=4), record(2, number=4))),
        (0, (record(1, number=-1),)),
    ],
    ids=["empty", "gap at the start", "revision 0", "gap", "backwards", "number twice", "negative number"],
)
def test_R2_1_a_malformed_append_cannot_be_made(expected_revision: int, records: tuple[Record, ...]) -> None:
    """Gaps and repeats inside one append are our own fault and never reach a journal."""
    with pytest.raises(AssertionError):
        Append("room", expected_revision, records)


def test_memory_and_disk_agree_on_anything(tmp_path: Path) -> None:
    """Over random batches, right and wrong, both journals give the same outcomes and hold the same records."""
    dice = random.Random(11)
    memory, disk = MemoryJournal(), SqliteJournal(tmp_path / "journal.db")
    seen: set[type[Outcome]] = set()
    for _ in range(300):
        batch = [random_append(memory, dice) for _ in range(dice.randint(1, 4))]
        outcomes = disk.append(batch)
        assert outcomes == memory.append(batch)
        seen |= {type(outcome) for outcome in outcomes}
        if dice.random() < 0.02:
            room = dice.choice("abcdef")
            memory.forget(room)
            disk.forget(room)
    assert seen == {Appended, Conflict}
    assert memory.rooms() == disk.rooms()
    assert len(memory.rooms()) > 0
    for room in "abcdef":
        assert disk.read(room) == memory.read(room)


def random_append(journal: Journal, dice: random.Random) -> Append:
    """An append to one of six rooms, mostly at the right revision, mostly with fresh numbers."""
    room = dice.choice("abcdef")
    expected_revision = max(0, journal.revision(room) + dice.choice([0] * 8 + [-1, 1]))
    count = dice.randint(1, 3)
    numbers = dice.sample(range(200), count)
    records = (record(expected_revision + place + 1, number) for place, number in enumerate(numbers))
    return Append(room, expected_revision, tuple(records))


@pytest.fixture(params=["memory", "sqlite"])
def told(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[FaultyJournal, Callable[[], Journal]]:
    """A journal that can be told to fail, and what a restart finds."""
    if request.param == "memory":
        memory = MemoryJournal()
        return FaultyJournal(memory), memory.reopened
    path = tmp_path / "journal.db"
    disk = SqliteJournal(path)

    def restart() -> Journal:
        disk.close()
        return SqliteJournal(path)

    return FaultyJournal(disk), restart


Told = tuple[FaultyJournal, Callable[[], Journal]]


def test_R1_2_a_forced_conflict_writes_nothing_and_is_over(told: Told) -> None:
    """The next append is refused with what is held, the one after it is carried out."""
    journal, _ = told
    journal.fail_next(None, Fault.CONFLICT)
    assert append_one(journal, "room", 0, record(1)) == Appended(1)
    assert append_one(journal, "room", 1, record(2)) == Conflict(1)
    assert append_one(journal, "room", 1, record(2)) == Appended(2)


@pytest.mark.parametrize("fault, present", [(Fault.UNKNOWN_ABSENT, False), (Fault.UNKNOWN_PRESENT, True)])
def test_R1_2_after_unknown_reading_back_tells(told: Told, fault: Fault, present: bool) -> None:
    """A lost answer leaves all of the append or nothing, and `find` says which; the rest of the batch is as ever."""
    journal, _ = told
    journal.fail_next(fault)
    batch = [Append("room", 0, (record(1), record(2))), Append("other", 0, (record(1),))]
    assert journal.append(batch) == [Unknown(), Appended(1)]
    assert journal.read("room") == ([record(1), record(2)] if present else [])
    assert journal.find("room", SEAT, 2) == (2 if present else None)
    again = append_one(journal, "room", 0, record(1), record(2))
    assert again == (Conflict(2) if present else Appended(2))


@pytest.mark.parametrize("fault, present", [(Fault.BROKEN_ABSENT, False), (Fault.BROKEN_PRESENT, True)])
def test_R1_5_a_broken_disk_ends_the_journal(told: Told, fault: Fault, present: bool) -> None:
    """Nothing is answered or read back after the failure; only a restart shows what is there."""
    journal, restart = told
    append_one(journal, "room", 0, record(1))
    journal.fail_next(fault)
    with pytest.raises(JournalBroken):
        append_one(journal, "room", 1, record(2))
    with pytest.raises(JournalBroken):
        journal.read("room")
    assert restart().revision("room") == (2 if present else 1)
