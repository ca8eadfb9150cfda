"""R12: undo is mine."""

import pytest

from chromavive import errors, limits
from chromavive.hints.edit import (
    Add,
    AllowExport,
    ChooseNetwork,
    Clear,
    CropTo,
    Edit,
    Import,
    Lock,
    Move,
    Placed,
    Recolor,
    Redo,
    Remove,
    Resize,
    Retitle,
    Rotate,
    SetVividness,
    Turn,
    Undo,
)
from chromavive.hints.entry import decode_entry
from chromavive.hints.recipe import RecipeHint
from chromavive.wire import messages
from tests.room.stage import Member, Stage, add, new_hint


def company() -> tuple[Stage, Member, Member]:
    stage = Stage()
    return stage, stage.join(), stage.join(who="bob")


def test_R12_1_undo_takes_back_the_members_own_newest_step() -> None:
    """Bob's newer edit stays."""
    stage, ann, bob = company()
    ann.edit(add("anns"))
    bob.edit(add("bobs", x=0.1))
    ann.edit(Undo())
    stage.land()
    assert set(stage.state.hints) == {"bobs"}


def test_R12_2_a_field_changed_by_another_is_left_alone_and_named() -> None:
    """A moves, B recolors, A undoes: the place goes back, B's color stays."""
    stage, ann, bob = company()
    ann.edit(add())
    ann.edit(Move((Placed("hint", 0.9, 0.9),)))
    bob.edit(Recolor(("hint",), 1.0, 2.0))
    ann.edit(Undo())
    stage.land()
    hint = stage.state.hints["hint"]
    assert (hint.x, hint.y, hint.a, hint.b) == (0.5, 0.5, 1.0, 2.0)
    ann.edit(Redo())
    bob.edit(Move((Placed("hint", 0.2, 0.2),)))
    ann.edit(Undo())
    stage.land()
    assert decode_entry(stage.journal[-1].payload).skipped == ("place of hint",)
    assert stage.state.hints["hint"].x == 0.2


def test_R12_3_a_restored_hint_keeps_its_id_and_author() -> None:
    """Bob removes Ann's hint and takes that back: it is still hers."""
    stage, ann, bob = company()
    ann.edit(add())
    stage.land()
    before = stage.state.hints["hint"]
    bob.edit(Remove(("hint",)))
    bob.edit(Undo())
    stage.land()
    assert stage.state.hints["hint"] == before


def test_R12_4_a_wholly_skipped_step_is_used_up() -> None:
    """The next undo takes the one before it."""
    stage, ann, bob = company()
    ann.edit(add("one1"))
    ann.edit(Move((Placed("one1", 0.9, 0.9),)))
    bob.edit(Move((Placed("one1", 0.1, 0.1),)))
    ann.edit(Undo())
    stage.land()
    assert stage.state.hints["one1"].x == 0.1
    assert decode_entry(stage.journal[-1].payload).changes == ()
    ann.edit(Undo())
    stage.land()
    assert stage.state.hints == {}
    ann.edit(Redo())
    ann.edit(Redo())
    stage.land()
    assert ann.last(messages.Refused).code == errors.NothingToRedo.code


def test_R12_5_a_new_edit_clears_only_the_members_own_redo() -> None:
    """Bob edits: Ann can still redo. Ann edits: she cannot."""
    stage, ann, bob = company()
    ann.edit(add("anns"))
    ann.edit(Undo())
    bob.edit(add("bobs"))
    ann.edit(Redo())
    stage.land()
    assert set(stage.state.hints) == {"anns", "bobs"}
    ann.edit(Undo())
    ann.edit(add("more"))
    ann.edit(Redo())
    stage.land()
    assert ann.last(messages.Refused).code == errors.NothingToRedo.code


def test_R12_6_a_member_has_a_hundred_steps_over_all_seats() -> None:
    """The hundred-and-first is gone, whichever tab asks."""
    stage = Stage()
    tabs = [stage.join(seat="seat-1"), stage.join(seat="seat-2")]
    for number in range(limits.UNDO_STEPS_MAX + 1):
        tabs[number % 2].edit(add(f"h{number:03}"))
    stage.now += 1
    for _ in range(limits.UNDO_STEPS_MAX + 1):
        tabs[0].edit(Undo())
    stage.land()
    assert set(stage.state.hints) == {"h000"}
    assert tabs[0].last(messages.Refused).code == errors.NothingToUndo.code


def test_R12_7_several_at_once_are_one_step() -> None:
    """A paste of three, a move of three."""
    stage, ann, _ = company()
    names = ("one1", "two2", "tri3")
    ann.edit(Add(tuple(new_hint(name, x=place / 10) for place, name in enumerate(names))))
    stage.land()
    before = dict(stage.state.hints)
    ann.edit(Move(tuple(Placed(name, 0.9, 0.9) for name in names)))
    ann.edit(Undo())
    stage.land()
    assert {name: hint.x for name, hint in stage.state.hints.items()} == {name: hint.x for name, hint in before.items()}
    ann.edit(Undo())
    stage.land()
    assert stage.state.hints == {}


def test_R12_8_undo_survives_reload_and_restart() -> None:
    """Undo, redo and undo again, each after a restart."""
    stage, ann, _ = company()
    ann.edit(add())
    ann.edit(Recolor(("hint",), 1.0, 2.0))
    ann.edit(Resize(("hint",), 9.0))
    stage.land()
    for edit, color, size in ((Undo(), 1.0, 5.0), (Undo(), 20.0, 5.0), (Redo(), 1.0, 5.0), (Redo(), 1.0, 9.0)):
        stage.load()
        member = stage.join(seat="another")
        member.follower._number = len(stage.journal)
        member.edit(edit)
        stage.land()
        assert (stage.state.hints["hint"].a, stage.state.hints["hint"].size) == (color, size)


@pytest.mark.parametrize(
    "edit",
    [
        Rotate("viewer"),
        Lock(True),
        Turn(1),
        CropTo((0.0, 0.0, 0.5, 0.5)),
        Retitle("other"),
        AllowExport(False),
    ],
)
def test_R12_9_the_rest_is_not_undone(edit: Edit) -> None:
    """Undo finds no step."""
    stage = Stage()
    owner = stage.join("owner")
    owner.edit(edit)
    owner.edit(Undo())
    stage.land()
    assert owner.last(messages.Refused).code == errors.NothingToUndo.code
    assert len(stage.journal) == 2


@pytest.mark.parametrize("reshape", [Turn(1), CropTo((0.0, 0.0, 0.5, 0.5))])
def test_R12_9_no_step_comes_back_over_a_turn_or_crop(reshape: Edit) -> None:
    """Its places mean other places now; steps made after it are undone as ever."""
    stage = Stage()
    owner, ann = stage.join("owner", "olga"), stage.join()
    ann.edit(add())
    owner.edit(Clear())
    owner.edit(reshape)
    owner.edit(Undo())
    ann.edit(Undo())
    stage.land()
    for member in (owner, ann):
        assert member.last(messages.Refused).code == errors.NothingToUndo.code
    ann.edit(add("new1"))
    ann.edit(Undo())
    stage.land()
    assert stage.state.hints == {}


def test_clear_comes_back_whole_or_not_at_all() -> None:
    """A hint placed since the clear is nobody's to remove."""
    stage = Stage()
    owner = stage.join("owner")
    for name in ("one1", "two2"):
        owner.edit(add(name))
    stage.land()
    before = stage.state.hints
    owner.edit(Clear())
    owner.edit(Undo())
    stage.land()
    assert stage.state.hints == before
    owner.edit(Redo())
    stage.join(who="bob").edit(add("bobs"))
    owner.edit(Undo())
    stage.land()
    assert set(stage.state.hints) == {"bobs"}
    assert decode_entry(stage.journal[-1].payload).skipped == ("all_hints",)


def test_R12_2_a_clear_comes_again_though_the_hints_lie_in_another_order() -> None:
    """Bob took one away and brought it back: every hint is what it was, so nothing stands in the way."""
    stage = Stage()
    owner, bob = stage.join("owner", "olga"), stage.join(who="bob")
    owner.edit(Add((new_hint("one1"), new_hint("two2", x=0.1))))
    owner.edit(Clear())
    owner.edit(Undo())
    bob.edit(Remove(("one1",)))
    bob.edit(Undo())
    stage.land()
    assert list(stage.state.hints) == ["two2", "one1"]
    owner.edit(Redo())
    stage.land()
    assert not stage.state.hints


def test_R12_10_network_and_vividness_come_back_each_by_itself() -> None:
    """A second owner's vividness stays, and what they changed since is named."""
    stage = Stage()
    ann, bob = stage.join("owner"), stage.join("owner", who="bob")
    ann.edit(ChooseNetwork("other"))
    ann.edit(SetVividness(0.5))
    bob.edit(SetVividness(0.75))
    ann.edit(Undo())
    stage.land()
    assert decode_entry(stage.journal[-1].payload).skipped == ("vividness",)
    assert (stage.state.network, stage.state.vividness) == ("other", 0.75)
    ann.edit(Undo())
    stage.land()
    assert (stage.state.network, stage.state.vividness) == ("stub", 0.75)
    ann.edit(Redo())
    bob.edit(Undo())
    stage.land()
    assert (stage.state.network, stage.state.vividness) == ("other", 0.5)


def test_R9_6_a_step_needs_the_right_to_what_it_takes_back() -> None:
    """Who chose the network as an owner, and has an editor's link now, chooses no more."""
    stage = Stage()
    owner, editor = stage.join("owner"), stage.join("editor", seat="seat-2")
    owner.edit(ChooseNetwork("other"))
    editor.edit(Undo())
    stage.land()
    assert editor.last(messages.Refused).code == errors.NotAllowed.code
    assert stage.state.network == "other"
    owner.edit(Undo())
    stage.land()
    assert stage.state.network == "stub"


def test_R12_1_an_import_with_network_and_vividness_is_one_step() -> None:
    """One undo takes all of it back, save what somebody changed meanwhile; one redo brings it again."""
    stage = Stage()
    owner = stage.join("owner")
    hint = RecipeHint("from-a-recipe", 0.5, 0.5, 0.0, 0.0)
    owner.edit(Import((hint,), network="other", vividness=0.5))
    stage.land()
    assert (set(stage.state.hints), stage.state.network, stage.state.vividness) == ({hint.id}, "other", 0.5)
    owner.edit(Undo())
    stage.land()
    assert (stage.state.hints, stage.state.network, stage.state.vividness) == ({}, "stub", 0.0)
    owner.edit(Redo())
    stage.land()
    assert (set(stage.state.hints), stage.state.network, stage.state.vividness) == ({hint.id}, "other", 0.5)
    stage.join("owner", "bea").edit(SetVividness(0.9))
    owner.edit(Undo())
    stage.land()
    assert (stage.state.hints, stage.state.network, stage.state.vividness) == ({}, "stub", 0.9)
    assert decode_entry(stage.journal[-1].payload).skipped == ("vividness",)
