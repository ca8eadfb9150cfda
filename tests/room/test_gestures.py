"""R6: gestures fade."""

import pytest

from chromavive import errors, limits
from chromavive.hints.edit import Add, Move, Placed, Recolor, Remove, Retitle
from chromavive.room.effects import PassOrder
from chromavive.wire import messages
from tests.room.stage import Stage, add, new_hint


def move(x: float, y: float = 0.5, hint: str = "hint") -> Move:
    return Move((Placed(hint, x, y),))


def with_hint() -> Stage:
    """A room with one hint, rendered and settled, and Ann and Bob in it."""
    stage = Stage()
    ann = stage.join()
    stage.join(who="bob")
    ann.edit(add())
    stage.land()
    stage.render()
    stage.wait(1)
    return stage


def rendered(stage: Stage) -> PassOrder:
    result = stage.render()
    assert result is not None
    return result[0]


def test_R6_1_a_gesture_is_checked_like_its_edit() -> None:
    """A point outside and an unknown hint are refused, naming the gesture."""
    stage = with_hint()
    ann = stage.members[1]
    ann.gesture(move(1.5), 1)
    assert (ann.last(messages.Refused).gesture, ann.last(messages.Refused).code) == (1, errors.HintOutside.code)
    ann.gesture(move(0.5, hint="nothing"), 2)
    assert ann.last(messages.Refused).code == errors.HintUnknown.code
    assert stage.render() is None


def test_R6_2_a_gesture_is_seen_and_rendered_and_never_journaled() -> None:
    """Bob hears it, the pass shows it, the journal has one entry as before."""
    stage = with_hint()
    ann, bob = stage.members[1], stage.members[2]
    ann.gesture(move(0.25))
    assert bob.last(messages.Gestures).gestures[0].edit == move(0.25)
    assert rendered(stage).content.hints[0].x == 0.25
    assert stage.out is None
    assert stage.state.hints["hint"].x == 0.5


@pytest.mark.parametrize("end", ["edit", "cancel", "leave", "silence"])
def test_R6_3_a_gesture_ends(end: str) -> None:
    """With an edit, a cancel, the seat's leaving or 2 s of silence; then nobody sees it any more."""
    stage = with_hint()
    ann, bob = stage.members[1], stage.members[2]
    ann.gesture(move(0.25))
    match end:
        case "edit":
            ann.edit(move(0.75), gesture=1)
            stage.land()
        case "cancel":
            ann.send(messages.Cancel(1))
        case "leave":
            stage.leave(ann)
        case "silence":
            stage.wait(limits.GESTURE_SILENCE_SECONDS - 0.01)
            assert bob.last(messages.Gestures).gestures
    stage.wait(0.1)
    assert bob.last(messages.Gestures).gestures == ()
    assert rendered(stage).content.hints[0].x == (0.75 if end == "edit" else 0.5)


def test_R6_3_a_late_sample_brings_no_ended_gesture_back() -> None:
    """It was overtaken by the end."""
    stage = with_hint()
    ann, bob = stage.members[1], stage.members[2]
    ann.gesture(move(0.25))
    ann.send(messages.Cancel(1))
    ann.gesture(move(0.3))
    stage.wait(0.1)
    assert bob.last(messages.Gestures).gestures == ()


def test_R6_4_a_repeated_sample_keeps_a_held_finger_alive() -> None:
    """Once a second is enough."""
    stage = with_hint()
    ann, bob = stage.members[1], stage.members[2]
    for _ in range(5):
        ann.gesture(move(0.25))
        stage.wait(1)
    assert bob.last(messages.Gestures).gestures
    assert len(stage.journal) == 2


def test_R6_5_the_last_sample_stays_until_the_edit_is_decided() -> None:
    """However long the journal takes: no jump back, then no second jump."""
    stage = with_hint()
    ann = stage.members[1]
    ann.gesture(move(0.25))
    assert rendered(stage).content.hints[0].x == 0.25
    ann.edit(move(0.25), gesture=1)
    stage.wait(10)
    assert stage.render() is None
    stage.land()
    assert stage.render() is None
    assert stage.settled[-1].revision == 3


def test_R6_5_a_refused_edit_lets_its_gesture_go() -> None:
    """The hint went meanwhile: what the gesture showed fades with the refusal."""
    stage = with_hint()
    ann, bob = stage.members[1], stage.members[2]
    ann.gesture(move(0.25))
    bob.edit(Remove(("hint",)))
    stage.land()
    ann.edit(move(0.3), gesture=1)
    assert ann.last(messages.Refused).code == errors.HintUnknown.code
    stage.wait(0.1)
    assert bob.last(messages.Gestures).gestures == ()


def test_R6_6_of_two_on_one_hint_the_later_one_shows() -> None:
    """Whichever sampled last."""
    stage = with_hint()
    ann, bob = stage.members[1], stage.members[2]
    ann.gesture(move(0.2))
    bob.gesture(move(0.8))
    ann.gesture(move(0.3))
    assert rendered(stage).content.hints[0].x == 0.8


def test_a_seat_has_ten_fingers() -> None:
    """One more gesture is not taken."""
    stage = with_hint()
    ann, bob = stage.members[1], stage.members[2]
    for number in range(1, limits.GESTURES_A_SEAT_MAX + 2):
        ann.gesture(add(f"new{number}", x=number / 20), number)
    stage.wait(0.1)
    assert len(bob.last(messages.Gestures).gestures) == limits.GESTURES_A_SEAT_MAX


def test_R7_1_who_comes_and_goes_without_a_gesture_changes_no_picture() -> None:
    """Joining again, leaving and editing without a gesture sends nobody a list of gestures anew."""
    stage = with_hint()
    ann = stage.members[1]
    heard = len(ann.all(messages.Gestures))
    stage.leave(stage.join(who="cy"))
    stage.join(who="dan")
    dan = stage.join(who="dan")
    dan.send(messages.Cancel(1))
    dan.gesture(move(1.5))
    ann.edit(Remove(("hint",)))
    stage.land()
    stage.wait(1)
    assert len(ann.all(messages.Gestures)) == heard


def test_an_edit_that_has_to_come_again_keeps_its_gesture() -> None:
    """The room is busy: no jump back while the edit waits to be sent again; it fades with its seat."""
    stage = with_hint()
    ann, bob = stage.members[1], stage.members[2]
    for number in range(limits.EDITS_WAITING_MAX):
        bob.edit(Retitle(str(number)))
        stage.now += 0.01
    ann.gesture(move(0.25))
    ann.edit(move(0.25), gesture=1)
    assert ann.last(messages.Refused).kind == "retry"
    stage.wait(5)
    assert bob.last(messages.Gestures).gestures
    stage.leave(ann)
    stage.wait(0.1)
    assert bob.last(messages.Gestures).gestures == ()


def test_R6_8_all_gestures_of_a_room_hold_2048_hints() -> None:
    """Four who move 512 each; the fifth is told, its gesture has ended, and there is room when another lets go."""
    stage = Stage()
    pages = [stage.join("owner", who=f"ann{number}") for number in range(5)]
    hints = tuple(new_hint(f"h{number:03}", x=number / 512) for number in range(limits.HINTS_MAX))
    pages[0].edit(Add(hints))
    stage.land()
    for turn in range(2):
        for page in pages[:4]:
            page.gesture(Move(tuple(Placed(hint.id, 0.5, turn / 2) for hint in hints)))
    assert [page.all(messages.Refused) for page in pages[:4]] == [[]] * 4
    pages[4].gesture(move(0.25, hint="h001"))
    told = pages[4].last(messages.Refused)
    assert (told.code, told.gesture) == (errors.GesturesFull.code, 1)
    assert f"{limits.GESTURED_HINTS_MAX:,}" in told.sentence
    stage.wait(0.5)
    assert len(pages[4].last(messages.Gestures).gestures) == 4
    pages[0].send(messages.Cancel(1))
    pages[4].gesture(Recolor(("h001",), 1.0, 2.0), 2)
    stage.wait(0.5)
    assert len(pages[4].last(messages.Gestures).gestures) == 4
    assert len(pages[4].all(messages.Refused)) == 1
