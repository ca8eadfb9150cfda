"""Earlier moments of a room: seen by one (R7), and brought back for all (R12)."""

import pytest

from chromavive import errors
from chromavive.hints.edit import (
    ChooseNetwork,
    Clear,
    CropTo,
    Lock,
    Move,
    Placed,
    Restore,
    Retitle,
    SetVividness,
    Undo,
)
from chromavive.hints.entry import decode_entry
from chromavive.room.effects import EndPreview, PaintPreview
from chromavive.room.moments import MOMENTS_KEPT
from chromavive.wire import messages
from chromavive.wire.messages import Role
from tests.room.stage import Member, Stage, add


def evening() -> tuple[Stage, Member, Member]:
    """Revisions 2 to 5: a hint, its move, another vividness, all hints removed."""
    stage = Stage()
    owner, editor = stage.join("owner", who="own"), stage.join("editor")
    owner.edit(add())
    owner.edit(Move((Placed("hint", 0.9, 0.9),)))
    owner.edit(SetVividness(0.5))
    owner.edit(Clear())
    stage.land()
    return stage, owner, editor


def restore(stage: Stage, member: Member, revision: int) -> None:
    """As a page does: what is not at hand is sent again after a moment."""
    member.edit(Restore(revision))
    stage.recall()
    for pending in list(member.follower.pending):
        member.send(pending)
    stage.land()


@pytest.mark.parametrize("role", ["owner", "editor", "viewer"])
def test_R7_19_a_preview_shows_an_earlier_moment(role: Role) -> None:
    """Its hints, network and vividness, under its revision; what the wish names beside it counts."""
    stage, _, _ = evening()
    member = stage.join(role, who="eve")
    member.send(messages.PreviewOf(revision=2))
    member.send(messages.PreviewOf(revision=3))
    assert stage.previews == []
    stage.recall()
    member.send(messages.PreviewOf("other", 0.25, 3))
    moment, otherwise = stage.previews
    assert isinstance(moment, PaintPreview)
    assert isinstance(otherwise, PaintPreview)
    assert (moment.connection, moment.revision, moment.content.vividness) == (member.connection, 3, 0.0)
    assert [hint.x for hint in moment.content.hints] == [0.9]
    assert (otherwise.content.network, otherwise.content.vividness) == ("other", 0.25)
    assert otherwise.content.hints == moment.content.hints


def test_R7_19_no_moment_before_the_last_turn_or_crop_is_shown() -> None:
    """Nor one that has not been. Who asked is told, and the preview before ends."""
    stage, owner, editor = evening()
    owner.edit(CropTo((0.0, 0.0, 0.5, 1.0)))
    stage.land()
    for revision in (1, 5, 7):
        editor.send(messages.PreviewOf(revision=revision))
        assert editor.last(messages.EngineChanged).sentence == errors.MomentUnknown.sentence
    assert stage.previews == [EndPreview(editor.connection)] * 3
    editor.send(messages.PreviewOf(revision=6))
    assert isinstance(stage.previews[-1], PaintPreview)
    assert stage.recalls == []


def test_R7_19_moments_are_read_one_at_a_time_and_few_are_kept() -> None:
    """Each who scrubs waits for the newest it wished; whoever left waits for none."""
    stage = Stage()
    owner, ann = stage.join("owner", who="own"), stage.join()
    for each in range(MOMENTS_KEPT + 4):
        owner.edit(Retitle(str(each)))
    stage.land()
    for revision in range(2, 8):
        ann.send(messages.PreviewOf(revision=revision))
        owner.send(messages.PreviewOf(revision=9 - revision))
    stage.leave(owner)
    assert stage.recalls == [2]
    stage.recall()
    assert [each.revision for each in stage.previews if isinstance(each, PaintPreview)] == [7]
    for revision in range(2, MOMENTS_KEPT + 3):
        ann.send(messages.PreviewOf(revision=revision))
        stage.recall()
    ann.send(messages.PreviewOf(revision=MOMENTS_KEPT + 2))
    assert stage.recalls == []
    ann.send(messages.PreviewOf(revision=2))
    assert stage.recalls == [2]


def test_R12_12_a_restore_is_one_step_that_an_undo_takes_back() -> None:
    """The owner's brings hints, network and vividness back, as they were; the title and the lock stay."""
    stage, owner, _ = evening()
    for edit in (ChooseNetwork("other"), Retitle("Another"), Lock(True)):
        owner.edit(edit)
    stage.land()
    before = stage.state
    restore(stage, owner, 3)
    after = stage.state
    assert (after.hints["hint"].x, after.hints["hint"].touched) == (0.9, 3)
    assert (after.network, after.vividness, after.title, after.locked) == ("stub", 0.0, "Another", True)
    assert decode_entry(stage.journal[-1].payload).undoes == 3
    owner.edit(Undo())
    stage.land()
    assert stage.state == before


def test_R12_12_an_editors_restore_brings_the_hints_alone() -> None:
    """Network and vividness are the owner's."""
    stage, _, editor = evening()
    restore(stage, editor, 3)
    assert (set(stage.state.hints), stage.state.vividness) == ({"hint"}, 0.5)


def test_R12_12_a_moment_that_is_not_at_hand_is_asked_for_again() -> None:
    """Kind retry, under the same number (R3.4); nothing waits, and it is applied once."""
    stage, owner, _ = evening()
    number = owner.edit(Restore(3))
    refused = owner.last(messages.Refused)
    assert (refused.code, refused.kind, refused.number) == (errors.MomentComing.code, "retry", number)
    later = owner.edit(add("later"))
    assert owner.last(messages.Refused).code == errors.NumberEarly.code
    stage.recall()
    for pending in list(owner.follower.pending):
        owner.send(pending)
    stage.land()
    assert owner.follower.accepted == {1: 2, 2: 3, 3: 4, 4: 5, number: 6, later: 7}
    assert set(stage.state.hints) == {"hint", "later"}


def test_R12_12_a_moment_that_was_read_for_a_restore_waits_for_it() -> None:
    """However many other moments somebody looks at, or others restore, before the edit comes again."""
    stage = Stage()
    owner, editor, viewer = stage.join("owner", who="own"), stage.join("editor"), stage.join("viewer", who="eve")
    owner.edit(add())
    for each in range(2 * MOMENTS_KEPT):
        owner.edit(Retitle(str(each)))
    stage.land()
    editor.edit(Restore(2))
    stage.recall()
    for revision in range(3, 2 * MOMENTS_KEPT):
        viewer.send(messages.PreviewOf(revision=revision))
        stage.recall()
    for pending in list(editor.follower.pending):
        editor.send(pending)
    stage.land()
    assert not editor.follower.pending
    assert decode_entry(stage.journal[-1].payload).undoes == 2


def test_R12_12_no_moment_before_the_last_turn_or_crop_comes_back() -> None:
    """Also where the crop is still on its way; refused for good."""
    stage, owner, editor = evening()
    owner.edit(CropTo((0.0, 0.0, 0.5, 1.0)))
    editor.edit(Restore(3))
    assert (editor.last(messages.Refused).code, editor.last(messages.Refused).kind) == ("moment_unknown", "drop")
    stage.land()
    assert stage.state.hints == {}
