"""The checker of histories sees each kind of loss; one that cannot would let every kill pass."""

from collections.abc import Callable

import pytest

from chromavive.hints.entry import CHAIN_START, Entry, decode_entry, encode_entry
from chromavive.journal import Record
from chromavive.wire import messages
from tests.faults.history import RoomHistory

SEATS = ("anna", "bert")


def record(revision: int, seat: str, number: int, kind: str = "move") -> Record:
    """An entry as the journal keeps it."""
    return Record(revision, seat, number, encode_entry(Entry(revision, "m", seat, number, kind, (), 0)))


def journal() -> list[Record]:
    """*Opened*, then three edits of each seat in turn."""
    edits = [
        record(2 + 2 * number + place, seat, number + 1) for number in range(3) for place, seat in enumerate(SEATS)
    ]
    return [record(1, "", 1, "open"), *edits]


def told() -> RoomHistory:
    """Everything was asked; all but the last edit was acknowledged to its author."""
    history = RoomHistory()
    for each in journal()[1:]:
        history.asked[each.seat, each.number] = "move"
    for each in journal()[1:-1]:
        history.tell(each.seat, messages.Accepted(each.seat, each.number, each.revision))
    return history


def renumbered(records: list[Record]) -> list[Record]:
    """The same entries, counted anew."""
    return [record(at, each.seat, each.number, decode_entry(each.payload).kind) for at, each in enumerate(records, 1)]


def test_a_sound_journal_passes_and_what_was_not_acknowledged_is_counted() -> None:
    """One edit is there whose author never heard; without it the journal is as sound."""
    assert told().check(journal()) == 1
    assert told().check(journal()[:-1]) == 0


@pytest.mark.parametrize(
    "spoil, said",
    [
        (lambda records: records[:-2], "lost or moved"),
        (lambda records: records[:3] + records[4:], "a gap"),
        (lambda records: renumbered([*records, records[2]]), "doubled"),
        (lambda records: renumbered([*records[:2], records[4], records[3], records[2], *records[5:]]), "out of order"),
        (lambda records: renumbered([records[0], records[2], records[1], *records[3:]]), "lost or moved"),
        (lambda records: [*records, record(8, "carl", 1)], "nobody asked"),
        (lambda records: [*records[:-1], record(7, "bert", 3, "remove")], "nobody asked"),
    ],
    ids=["lost", "gap", "doubled", "reordered for its seat", "moved", "never asked", "another edit"],
)
def test_R1_1_R2_1_R3_1_the_checker_sees_it(spoil: Callable[[list[Record]], list[Record]], said: str) -> None:
    """Each kind of fault is named."""
    with pytest.raises(AssertionError, match=said):
        told().check(spoil(journal()))


def test_R1_1_the_checker_sees_what_was_shown_and_is_gone() -> None:
    """An entry that a member got has to stay as it was, also when nobody was acknowledged."""
    history = told()
    other = journal()[-1].payload.replace(b'"m"', b'"x"')
    history.tell("anna", messages.EntryMessage(messages.raw(other), CHAIN_START, (1, 1)))
    with pytest.raises(AssertionError, match="shown, gone"):
        history.check(journal())


def test_R1_1_the_checker_sees_what_an_earlier_look_found_and_is_gone() -> None:
    """What the journal held once it holds for good."""
    history = told()
    history.check(journal())
    with pytest.raises(AssertionError, match="held"):
        history.check(journal()[:-1])


def test_R3_2_the_checker_sees_two_answers_to_one_edit() -> None:
    """A repeat has to get the revision of the first time."""
    with pytest.raises(AssertionError, match="two revisions"):
        told().tell("anna", messages.Accepted("anna", 1, 5))
