"""R7: what is painted for one connection alone."""

import pytest

from chromavive import errors
from chromavive.hints.edit import SetVividness
from chromavive.room.effects import EndPreview, PaintPreview
from chromavive.wire import messages
from chromavive.wire.messages import Role
from tests.room.stage import Stage, add


@pytest.mark.parametrize("role", ["owner", "editor", "viewer"])
def test_R7_16_a_preview_shows_the_confirmed_revision(role: Role) -> None:
    """Without gestures and edits on their way; what is not wished for is the room's. No look is counted."""
    stage = Stage()
    owner, member = stage.join("owner", who="own"), stage.join(role)
    owner.edit(SetVividness(0.25))
    owner.edit(add("held", x=0.2))
    stage.land()
    stage.render()
    stage.wait(1)
    owner.edit(add("ahead", x=0.8))
    owner.gesture(add("dragged", x=0.5))
    newest = stage.room.start_pass(stage.now)
    member.send(messages.PreviewOf("other"))
    member.send(messages.PreviewOf(None, 0.75))
    first, second = stage.previews
    assert isinstance(first, PaintPreview)
    assert isinstance(second, PaintPreview)
    assert (first.connection, first.revision) == (second.connection, second.revision) == (member.connection, 3)
    assert (first.content.network, first.content.vividness) == ("other", 0.25)
    assert (second.content.network, second.content.vividness) == ("stub", 0.75)
    assert [hint.x for hint in first.content.hints] == [0.2]
    assert newest is not None
    stage.carry(stage.room.pass_ended(newest, stage.now)[2])
    stage.wait(1)
    assert stage.render() is None


def test_R7_16_what_cannot_be_had_is_said_to_the_one_who_asked() -> None:
    """In a plain sentence; the preview before ends, since its page asked for another one."""
    stage = Stage()
    ann, bob = stage.join(), stage.join(who="bob")
    for wish, error in (
        (messages.PreviewOf("rembrandt"), errors.NetworkNotServed),
        (messages.PreviewOf("other", 1.5), errors.VividnessOutside),
    ):
        ann.send(wish)
        assert ann.last(messages.EngineChanged).sentence == error.sentence
    assert stage.previews == [EndPreview(ann.connection)] * 2
    assert bob.all(messages.EngineChanged) == []


def test_R7_17_no_wish_ends_the_preview() -> None:
    """Both null."""
    stage = Stage()
    ann = stage.join()
    ann.send(messages.PreviewOf())
    assert stage.previews == [EndPreview(ann.connection)]
