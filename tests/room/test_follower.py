"""R5: ahead, then right; R3.5, as a page tells it."""

from chromavive.hints.edit import Move, Placed, Recolor
from tests.room.stage import Stage, add


def test_R5_1_own_edits_show_at_once() -> None:
    """Before the journal has them; confirmed stays what it was."""
    stage = Stage()
    ann = stage.join()
    ann.edit(add())
    shown = ann.follower.shown()
    assert shown is not None
    assert set(shown.hints) == {"hint"}
    assert ann.follower.confirmed == stage.state
    assert not stage.state.hints


def test_R5_2_pending_edits_are_applied_again_over_each_entry() -> None:
    """Bob's move is journaled first; Ann still sees her own, later one, on top, and the room ends up the same."""
    stage = Stage()
    ann, bob = stage.join(), stage.join(who="bob")
    ann.edit(add())
    stage.land()
    bob.edit(Move((Placed("hint", 0.1, 0.1),)))
    ann.edit(Move((Placed("hint", 0.9, 0.9),)))
    ann.edit(Recolor(("hint",), 1.0, 2.0))
    out, stage.out = stage.out, None
    assert out is not None
    stage.journal.extend(out.entries)
    stage.carry(stage.room.appended(stage.now))
    shown, confirmed = ann.follower.shown(), ann.follower.confirmed
    assert shown is not None
    assert confirmed is not None
    assert (confirmed.hints["hint"].x, shown.hints["hint"].x, shown.hints["hint"].a) == (0.1, 0.9, 1.0)
    stage.land()
    assert ann.follower.shown() == ann.follower.confirmed == stage.state


def test_R5_3_confirmed_is_what_the_journal_holds() -> None:
    """Also while a refused edit was shown ahead."""
    stage = Stage()
    ann = stage.join()
    ann.edit(Recolor(("nothing",), 1.0, 2.0))
    ann.edit(add())
    stage.land()
    assert ann.follower.confirmed == stage.state
    assert ann.follower.pending == []
    assert list(ann.follower.refused) == [1]


def test_R3_5_a_dead_pages_edits_go_before_the_own_ones_and_are_answered_apart() -> None:
    """Under its seat and numbers; the own edit of the same number is another one; nothing is taken over twice."""
    stage = Stage()
    dead, heir = stage.join(), stage.join(seat="seat-2")
    unsent = [dead.follower.edit(add("one1")), dead.follower.edit(add("two2"))]
    own = heir.follower.edit(Recolor(("one1",), 1.0, 2.0))
    assert heir.follower.adopt(unsent) == unsent
    assert heir.follower.adopt(unsent) == []
    assert heir.follower.pending == [*unsent, own]
    heir.send(unsent[0])
    stage.land()
    assert heir.follower.pending == [unsent[1], own]
    assert heir.follower.accepted == {}
    for message in list(heir.follower.pending):
        heir.send(message)
    stage.land()
    assert heir.follower.pending == []
    assert list(heir.follower.accepted) == [1]
    assert heir.follower.shown() == stage.state
