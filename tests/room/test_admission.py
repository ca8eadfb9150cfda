"""How many edits and samples a page and a room may send (R6, R10): what is too much comes again, others do not pay."""

import pytest

from chromavive import errors, ids, limits
from chromavive.hints.edit import Move, Placed, Retitle
from chromavive.wire import messages
from tests.room.stage import Member, Stage, add, secret


def flood(member: Member, edits: int) -> None:
    """So many edits in one moment."""
    for number in range(edits):
        member.edit(Retitle(str(number)))
        member.stage.land()


def refusals(member: Member) -> list[str]:
    return [message.code for message in member.all(messages.Refused)]


def test_R10_8_a_page_sends_120_edits_a_second() -> None:
    """The next is asked to come again after a second, in its order; then it is taken, and all are there once."""
    stage = Stage()
    ann, bob = stage.join("owner"), stage.join("owner", who="bob")
    flood(ann, limits.EDITS_A_SECOND_MAX + 2)
    assert refusals(ann) == [errors.EditsTooFast.code, errors.NumberEarly.code]
    told = ann.all(messages.Refused)[0]
    assert (told.kind, told.after_seconds, told.number) == ("retry", 1.0, limits.EDITS_A_SECOND_MAX + 1)
    assert str(limits.EDITS_A_SECOND_MAX) in told.sentence
    bob.edit(Retitle("bob's"))
    stage.land()
    assert bob.follower.accepted == {1: limits.EDITS_A_SECOND_MAX + 2}
    stage.now += 1
    for message in list(ann.follower.pending):
        ann.send(message)
    stage.land()
    assert len(ann.follower.accepted) == limits.EDITS_A_SECOND_MAX + 2
    assert stage.room.revision == limits.EDITS_A_SECOND_MAX + 4


def test_R10_8_other_seats_of_one_page_give_it_no_more() -> None:
    """The pace is the connection's, whatever seats its edits name."""
    stage = Stage()
    ann = stage.join("owner")
    for number in range(limits.EDITS_A_SECOND_MAX + 1):
        ann.send(messages.EditMessage(secret(f"seat{number % 8}"), number // 8 + 1, Retitle(str(number))))
        stage.land()
    assert refusals(ann) == [errors.EditsTooFast.code]


def test_R10_9_a_room_takes_500_edits_a_second() -> None:
    """Of five pages at their full pace; the next edit of any of them comes again, and another second has room."""
    stage = Stage()
    pages = [stage.join("owner", who=f"ann{number}") for number in range(5)]
    for page in pages:
        flood(page, limits.ROOM_EDITS_A_SECOND_MAX // 5)
    pages[0].edit(Retitle("one more"))
    told = pages[0].last(messages.Refused)
    assert (told.code, told.kind) == (errors.RoomTooFast.code, "retry")
    assert str(limits.ROOM_EDITS_A_SECOND_MAX) in told.sentence
    assert told.after_seconds is not None
    stage.now += told.after_seconds
    pages[0].send(pages[0].follower.pending[0])
    stage.land()
    assert stage.state.title == "one more"


def test_R10_9_another_room_is_not_affected() -> None:
    """Each room counts its own."""
    full, other = Stage(), Stage()
    for number in range(5):
        flood(full.join("owner", who=f"ann{number}"), limits.ROOM_EDITS_A_SECOND_MAX // 5)
    bob = other.join("owner")
    bob.edit(Retitle("calm"))
    assert refusals(bob) == []


def test_R6_7_of_too_many_samples_the_newest_is_taken_in_when_there_is_room() -> None:
    """A thousand in one moment: 240 are taken in, and the last of all as soon as one more may; nobody is refused."""
    stage = Stage()
    ann, bob = stage.join("owner"), stage.join(who="bob")
    ann.edit(add())
    stage.land()
    for step in range(1000):
        ann.gesture(Move((Placed("hint", step / 1000, 0.5),)))
    assert refusals(ann) == []
    stage.wait(1 / limits.SAMPLES_A_SECOND_MAX + limits.GESTURE_INTERVAL_SECONDS)
    assert shown(bob) == [0.999]
    taken = stage.now
    for step in range(1000):  # over half a second, in which half of 240 come back
        stage.now = taken + step / 2000
        ann.gesture(Move((Placed("hint", 0.001 * step, 0.1),)))
    stage.wait(1)
    assert shown(bob) == [0.999]


def test_R6_7_a_finger_that_begins_too_fast_begins_a_moment_later() -> None:
    """Its first sample waits as any other, ten of a seat at most; who was let go of or canceled does not come back."""
    stage = Stage()
    ann, bob = stage.join("owner"), stage.join(who="bob")
    ann.edit(add())
    stage.land()
    for step in range(limits.SAMPLES_A_SECOND_MAX):
        ann.gesture(Move((Placed("hint", step / 1000, 0.5),)))
    for finger in range(2, 30):
        ann.gesture(Move((Placed("hint", 0.3, finger / 100),)), gesture=finger)
    ann.send(messages.Cancel(3))
    stage.wait(0.5)
    told = bob.last(messages.Gestures).gestures
    assert [each.gesture for each in told] == [1, 2, *range(4, limits.GESTURES_A_SEAT_MAX + 1)]
    stage.leave(ann)
    stage.wait(0.5)
    assert bob.last(messages.Gestures).gestures == ()


def shown(member: Member) -> list[float]:
    """Where the gestures are, as the member was told last."""
    edits = [each.edit for each in member.last(messages.Gestures).gestures]
    return [edit.moves[0].x for edit in edits if isinstance(edit, Move)]


def test_R10_10_a_connection_sends_edits_of_16_seats_without_an_entry() -> None:
    """The next closes it with a code to come back with; a seat that has an entry costs nothing and counts no more."""
    stage = Stage()
    ann, bob = stage.join("owner"), stage.join(who="bob")
    for number in range(40):  # tabs that died, whose edits are taken: as many as there are
        ann.send(messages.EditMessage(secret(f"kept{number}"), 1, Retitle(str(number))))
        stage.land()
    assert ann.closed is None
    for number in range(limits.SEATS_A_CONNECTION_MAX + 1):
        assert ann.closed is None
        ann.send(messages.EditMessage(secret(f"invented{number}"), 1, Retitle("x" * 1000)))
    assert isinstance(ann.closed, errors.SeatsTooMany)
    assert str(limits.SEATS_A_CONNECTION_MAX) in str(ann.closed)
    assert stage.room.connections == (bob.connection,)
    bob.edit(add())
    stage.land()
    assert bob.follower.accepted == {1: 42}


def test_R10_10_what_was_invented_is_forgotten_with_the_connection() -> None:
    """Memory does not grow with those who come, invent seats and go; what is on its way stays in order."""
    stage = Stage()
    for visit in range(20):
        ann = stage.join("owner", seat=f"seat-{visit}")
        for number in range(limits.SEATS_A_CONNECTION_MAX):
            ann.send(messages.EditMessage(secret(f"{visit}of{number}"), 1, Retitle("x" * 1000)))
        stage.leave(ann)
        stage.now += 1
    assert len(stage.room._seats._numbers) == 0
    ann = stage.join("owner")
    ann.edit(Retitle("x" * 1000))
    ann.edit(Retitle("on its way"))
    stage.leave(ann)
    ann.send(messages.EditMessage("late-seat", 1, Retitle("late")))
    again = stage.join("owner", follower=ann.follower)
    again.send(messages.EditMessage("ann-seat-1", 1, Retitle("x")))
    assert again.last(messages.Refused).code == errors.NumberSpent.code
    stage.land()
    assert stage.state.title == "on its way"


@pytest.mark.parametrize("leaver", ["page", "other tab"])
def test_R10_10_a_seat_is_remembered_while_somebody_sends_for_it(leaver: str) -> None:
    """A tab sent for one that seemed dead and goes: the seat's own refusals hold."""
    stage = Stage()
    page = stage.join("owner", seat="page")
    tab = stage.join("owner", seat="other")
    page.edit(Retitle("x" * 1000))
    tab.send(messages.EditMessage("ann-page", 1, Retitle("x" * 1000)))
    stage.leave(page if leaver == "page" else tab)
    left = tab if leaver == "page" else page
    left.send(messages.EditMessage("ann-page", 1, Retitle("well")))
    assert left.last(messages.Refused).code == errors.NumberSpent.code
    assert ids.seat_id(secret("ann"), "ann-page") in stage.room._seats._numbers
