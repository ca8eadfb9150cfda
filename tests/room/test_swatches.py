"""Swatches: the colors that a room keeps by name."""

import msgspec
import pytest

from chromavive import errors, limits
from chromavive.hints.bounds import check_change
from chromavive.hints.edit import Lock, NewSwatch, Redo, SetSwatch, Undo
from chromavive.hints.entry import SwatchSet, decode_entry
from chromavive.hints.swatch import NamedColor
from chromavive.wire import messages
from tests.room.stage import Stage, add

SKY = NewSwatch("Sky", -5.0, -30.0)


def test_R9_8_an_editor_keeps_a_color_also_while_the_room_is_locked() -> None:
    """A viewer does not; of hints the lock keeps the editor."""
    stage = Stage()
    owner, editor, viewer = stage.join("owner", "owner"), stage.join(), stage.join("viewer", "eve")
    owner.edit(Lock(True))
    stage.land()
    editor.edit(SetSwatch("sky1", SKY))
    viewer.edit(SetSwatch("skin", SKY))
    editor.edit(add())
    stage.land()
    assert stage.state.swatches == {"sky1": NamedColor("sky1", "Sky", -5.0, -30.0)}
    assert viewer.last(messages.Refused).code == errors.NotAllowed.code
    assert editor.last(messages.Refused).code == errors.RoomLocked.code


def test_R12_11_undo_of_a_swatch_compares_name_and_color_as_one() -> None:
    """Ann keeps a color, Bob renames it: Ann's undo skips and names it; Bob's brings her name back."""
    stage = Stage()
    ann, bob = stage.join(), stage.join(who="bob")
    ann.edit(SetSwatch("sky1", SKY))
    bob.edit(SetSwatch("sky1", NewSwatch("Sea", -5.0, -30.0)))
    stage.land()
    ann.edit(Undo())
    stage.land()
    assert stage.state.swatches["sky1"].name == "Sea"
    assert decode_entry(stage.journal[-1].payload).skipped == ("swatch of sky1",)
    bob.edit(Undo())
    stage.land()
    assert stage.state.swatches["sky1"].name == "Sky"
    bob.edit(Redo())
    bob.edit(SetSwatch("sky1", None))
    bob.edit(Undo())
    stage.land()
    assert stage.state.swatches["sky1"].name == "Sea"


def test_no_swatch_makes_a_look() -> None:
    """The picture is the same: nothing is rendered for it."""
    stage = Stage()
    ann = stage.join()
    stage.render()
    stage.wait(1)
    ann.edit(SetSwatch("sky1", SKY))
    stage.land()
    assert stage.render() is None


def test_a_room_holds_48_swatches() -> None:
    """The 49th is refused, a removed one does not come back into a full room, and one of them can be changed."""
    stage = Stage()
    ann = stage.join()
    ann.edit(SetSwatch("gone", SKY))
    ann.edit(SetSwatch("gone", None))
    bob = stage.join(who="bob")
    for number in range(limits.SWATCHES_MAX):
        bob.edit(SetSwatch(f"swatch{number}", SKY))
    stage.land()
    ann.edit(SetSwatch("more", SKY))
    assert ann.last(messages.Refused).code == errors.SwatchesFull.code
    ann.edit(SetSwatch("swatch0", NewSwatch("", 0, 0)))
    ann.edit(Undo())
    ann.edit(Undo())
    stage.land()
    assert len(stage.state.swatches) == limits.SWATCHES_MAX
    assert "gone" not in stage.state.swatches


@pytest.mark.parametrize(
    ("edit", "error"),
    [
        (SetSwatch("none", None), errors.SwatchUnknown),
        (SetSwatch("bad id", SKY), errors.SwatchUnknown),
        (SetSwatch("sky1", NewSwatch("n" * 41, 0, 0)), errors.TextTooLong),
        (SetSwatch("sky1", NewSwatch("", 0, 110.5)), errors.ColorOutside),
    ],
)
def test_R10_2_a_refused_swatch_changes_nothing(edit: SetSwatch, error: type[errors.EditRefused]) -> None:
    """Each reason has its code, for a room's file as for an edit."""
    stage = Stage()
    ann = stage.join()
    ann.edit(edit)
    assert ann.last(messages.Refused).code == error.code
    assert stage.out is None
    if edit.swatch is not None:
        named = NamedColor(edit.id, edit.swatch.name, edit.swatch.a, edit.swatch.b)
        with pytest.raises(error):
            check_change(SwatchSet(edit.id, None, named))


def test_swatches_come_back_with_the_journal() -> None:
    """A room without any, as all were once, is read as one that has none."""
    stage = Stage()
    ann = stage.join()
    ann.edit(add())
    stage.land()
    assert b"swatch" not in b"".join(each.payload for each in stage.journal)
    assert stage.state.swatches == {}
    ann.edit(SetSwatch("sky1", SKY))
    stage.land()
    before = stage.state
    stage.load()
    assert stage.state == before
    assert msgspec.json.decode(msgspec.json.encode(before), type=type(before)) == before
