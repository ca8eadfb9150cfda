"""R5: ahead, then right."""

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
