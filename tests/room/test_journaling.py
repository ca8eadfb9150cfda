"""R1, R2, R3: edits into the journal, in one order, once."""

import itertools

import msgspec
import pytest

from chromavive import errors, ids, limits
from chromavive.hints.edit import Edit, Lock, Move, Placed, Recolor, Remove, Retitle
from chromavive.hints.entry import decode_entry
from chromavive.wire import messages
from tests.room.stage import OWNER, Stage, add, secret


def test_R1_1_nothing_is_spoken_before_the_journal_holds_it() -> None:
    """Until the append is answered, nobody hears entry or acknowledgement, and no look shows the edit."""
    stage = Stage()
    ann, bob = stage.join(), stage.join(who="bob")
    stage.render()
    stage.wait(1)
    before = [list(member.heard) for member in (ann, bob)]
    ann.edit(add())
    stage.wait(1)
    assert [member.heard for member in (ann, bob)] == before
    assert stage.render() is None
    stage.land()
    assert len(bob.all(messages.EntryMessage)) == 1
    assert ann.last(messages.Accepted).revision == 2
    rendered = stage.render()
    assert rendered is not None
    assert len(rendered[0].content.hints) == 1


def test_R1_12_only_gestures_are_rendered_before_they_are_durable() -> None:
    """While the append of one hint is out, the pass shows only the other, which is still being dragged."""
    stage = Stage()
    ann = stage.join()
    stage.render()
    stage.wait(1)
    ann.edit(add("edited", x=0.2))
    ann.gesture(add("dragged", x=0.8))
    rendered = stage.render()
    assert rendered is not None
    assert [hint.x for hint in rendered[0].content.hints] == [0.8]
    assert len(stage.journal) == 1


def test_R1_3_conflict_reads_checks_and_tries_again() -> None:
    """Another hub removed the hint meanwhile: the move is refused, the recolor of another hint lands."""
    stage, other = Stage(), Stage()
    ann = stage.join()
    ann.edit(add("one1"))
    ann.edit(add("two2", x=0.1))
    stage.land()
    other.journal[:] = stage.journal
    other.load()
    rival = other.join(who="rival")
    rival.edit(Remove(("one1",)))
    other.land()
    moved = ann.edit(Move((Placed("one1", 0.9, 0.9),)))
    recolored = ann.edit(Recolor(("two2",), 1.0, 2.0))
    stage.journal[:] = other.journal
    stage.carry(stage.room.conflicted())
    stage.read_back()
    assert ann.last(messages.Refused).number == moved
    assert ann.last(messages.Refused).code == errors.HintUnknown.code
    stage.land()
    assert ann.last(messages.Accepted).number == recolored
    assert [decode_entry(entry.payload).revision for entry in stage.journal] == [1, 2, 3, 4, 5]
    assert ann.follower.confirmed == stage.state


@pytest.mark.parametrize("written", [True, False])
def test_R1_4_unknown_is_read_back_before_anything_else(written: bool) -> None:
    """Whether the lost answer was a yes or a no, the edit is in the journal once, and acknowledged."""
    stage = Stage()
    ann = stage.join()
    number = ann.edit(add())
    assert stage.out is not None
    if written:
        stage.journal.extend(stage.out.entries)
    stage.carry(stage.room.unanswered())
    ann.edit(Recolor(("hint",), 5.0, 5.0))
    assert not ann.all(messages.Accepted)
    stage.read_back()
    stage.land()
    accepted = ann.all(messages.Accepted)
    assert [(each.number, each.revision) for each in accepted] == [(number, 2), (number + 1, 3)]
    assert len(stage.journal) == 3


def test_R1_6_edits_that_arrive_while_an_append_is_out_go_together() -> None:
    """Five edits, two appends."""
    stage = Stage()
    ann = stage.join()
    ann.edit(add("hint0"))
    for number in range(1, 5):
        ann.edit(add(f"hint{number}", x=number / 10))
    first, stage.out = stage.out, None
    assert first is not None
    assert len(first.entries) == 1
    stage.journal.extend(first.entries)
    stage.carry(stage.room.appended(stage.now))
    second = stage.out
    assert second is not None
    assert len(second.entries) == 4


def test_R1_8_the_first_entry_is_opened() -> None:
    """It holds photograph and network; the whole state follows from entries."""
    stage = Stage()
    first = decode_entry(stage.journal[0].payload)
    assert (first.revision, first.kind) == (1, "opened")
    owner = stage.join("owner")
    owner.edit(add())
    owner.edit(Lock(True))
    stage.land()
    before = stage.state
    stage.load()
    assert stage.state == before


def test_R1_9_the_sealed_part_reaches_nobody() -> None:
    """Neither capabilities nor their hashes are in what members hear, but for the owner's own links."""
    stage = Stage()
    ann = stage.join("editor")
    owner = stage.join("owner", "olga")
    owner.edit(rotation("viewer"))
    stage.land()
    heard = b"".join(messages.encode(message) for message in ann.heard).decode()
    for role in ("owner", "editor", "viewer"):
        capability = stage.capability(role)
        assert capability not in heard
        assert ids.capability_hash(capability) not in heard
    assert stage.journal[0].sealed
    assert OWNER not in stage.journal[0].sealed.decode()


def rotation(role: str) -> Edit:
    """A rotation, as the wire has it."""
    edit: Edit = msgspec.convert({"type": "rotate", "role": role}, Edit)
    return edit


def test_R2_1_entries_are_numbered_without_gaps() -> None:
    """Refused edits take no revision."""
    stage = Stage()
    ann = stage.join()
    for number in range(6):
        ann.edit(add(f"hint{number}"))
        ann.edit(Remove(("nothing",)))
    stage.land()
    assert [entry.revision for entry in stage.journal] == list(range(1, 8))


def test_R2_2_members_hear_the_entries_in_order() -> None:
    """All of them, each once."""
    stage = Stage()
    ann, bob = stage.join(), stage.join(who="bob")
    for number in range(3):
        ann.edit(add(f"ann{number}"))
        bob.edit(add(f"bob{number}"))
    stage.land()
    for member in (ann, bob):
        entries = [decode_entry(bytes(message.entry)) for message in member.all(messages.EntryMessage)]
        assert [entry.revision for entry in entries] == list(range(2, 8))
        assert member.follower.confirmed == stage.state


def test_R3_1_a_seat_and_number_stand_in_the_journal_once() -> None:
    """However often and on whatever connection the same edit is sent."""
    stage = Stage()
    ann = stage.join()
    message = ann.follower.edit(add())
    for _ in range(3):
        ann.send(message)
    again = stage.join(follower=ann.follower)
    again.send(message)
    stage.land()
    again.send(message)
    stage.land()
    keys = [(entry.seat, entry.number) for entry in stage.journal]
    assert keys == [("", 0), (ann.seat, 1)]


def test_R3_2_a_repeat_gets_its_first_answer_also_after_a_restart() -> None:
    """The journal's index is the memory."""
    stage = Stage()
    ann = stage.join()
    message = ann.follower.edit(add())
    ann.send(message)
    stage.land()
    ann.send(message)
    first = ann.all(messages.Accepted)
    assert first[0] == first[1]
    stage.load()
    back = stage.join(follower=ann.follower)
    back.send(message)
    assert back.last(messages.Accepted) == first[0]
    assert stage.out is None


def test_R3_7_whoever_sent_an_edit_is_answered() -> None:
    """A page that was taken for dead, and those that sent its edit too; one is gone when the journal answers."""
    stage = Stage()
    asleep, heir, gone = stage.join(), stage.join(seat="seat-2"), stage.join(seat="seat-3")
    asleep.edit(add())
    sleeping = list(asleep.follower.pending)
    for member in (heir, gone):
        for message in member.follower.adopt(sleeping):
            member.send(message)
    stage.leave(gone)
    stage.land()
    expected = messages.Accepted(sleeping[0].seat, 1, 2)
    assert [each.all(messages.Accepted) for each in (asleep, heir, gone)] == [[expected], [expected], []]
    assert asleep.follower.pending == heir.follower.pending == []


def test_R3_3_a_refused_number_is_refused_again() -> None:
    """Even if by now it would be possible."""
    stage = Stage()
    ann = stage.join()
    refused = ann.follower.edit(Recolor(("hint",), 1.0, 1.0))
    ann.send(refused)
    assert ann.last(messages.Refused).code == errors.HintUnknown.code
    ann.edit(add())
    stage.land()
    ann.send(refused)
    assert ann.last(messages.Refused).code == errors.NumberSpent.code
    assert ann.last(messages.Refused).kind == "drop"
    assert stage.state.hints["hint"].a == 20.0


def test_R3_3_a_number_that_was_overtaken_is_refused() -> None:
    """Numbers are taken in order, also while the higher one is still on its way."""
    stage = Stage()
    ann = stage.join()
    first, second = ann.follower.edit(add("one1")), ann.follower.edit(add("two2"))
    ann.send(second)
    ann.send(first)
    assert ann.last(messages.Refused).code == errors.NumberSpent.code
    stage.land()
    assert set(stage.state.hints) == {"two2"}


def test_R3_4_after_a_retry_later_numbers_wait_for_it() -> None:
    """The room is busy: the number that did not fit has to come again before the next may."""
    stage = Stage()
    ann = stage.join("owner")
    titles = itertools.cycle("ab")
    for _ in range(limits.EDITS_WAITING_MAX):
        ann.edit(retitle(next(titles)))
        stage.now += 0.01
    early = ann.edit(retitle("early"))
    later = ann.edit(retitle("later"))
    busy, waits = ann.all(messages.Refused)
    assert (busy.number, busy.code, busy.kind) == (early, errors.RoomBusy.code, "retry")
    assert (waits.number, waits.code, waits.kind) == (later, errors.NumberEarly.code, "retry")
    stage.land()
    by_number = {message.number: message for message in ann.follower.pending}
    ann.send(by_number[later])
    assert ann.last(messages.Refused).code == errors.NumberEarly.code
    ann.send(by_number[early])
    ann.send(by_number[later])
    stage.land()
    assert stage.state.title == "later"
    assert not ann.follower.pending


def retitle(title: str) -> Edit:
    return Retitle(title)


def test_R3_5_a_dead_seats_edit_is_sent_under_its_own_number() -> None:
    """It was journaled before the tab died, so its repeat by another tab adds nothing."""
    stage = Stage()
    dead = stage.join(seat="seat-1")
    message = dead.follower.edit(add())
    dead.send(message)
    stage.leave(dead)
    stage.land()
    heir = stage.join(seat="seat-2")
    heir.send(message)
    assert heir.last(messages.Accepted) == messages.Accepted("ann-seat-1", 1, 2)
    assert len(stage.journal) == 2


def test_R3_6_another_members_seat_gives_other_numbers() -> None:
    """The seat id contains the member's secret: Bob naming Ann's seat uses numbers of his own."""
    stage = Stage()
    ann, bob = stage.join(), stage.join(who="bob")
    ann.edit(add())
    stage.land()
    bob.send(messages.EditMessage("ann-seat-1", 1, add("bobs")))
    stage.land()
    assert stage.journal[-1].seat == ids.seat_id(secret("bob"), "ann-seat-1") != ann.seat
    assert set(stage.state.hints) == {"hint", "bobs"}
