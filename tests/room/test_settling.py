"""When a script's picture is settled: which frames count, and which entries have to be waited for."""

from dataclasses import replace

import msgspec
import pytest

from chromavive.hints.edit import Add, Edit, Move, NewHint, Placed, Remove, Retitle, SetVividness, resolve
from chromavive.hints.entry import Entry, Photograph, decode_entry, encode_entry
from chromavive.hints.state import State, state_after
from chromavive.room.opening import opening_entry
from chromavive.room.settling import Settling
from chromavive.wire import messages
from chromavive.wire.frame import FrameHeader
from tests.room.stage import Stage

EPOCH, OTHER_EPOCH = "0" * 16, "1" * 16
OPENING = decode_entry(opening_entry(Photograph("0" * 64, 300, 400, False), "stub", "", "o" * 22, 0).payload)
OPENED = state_after(None, OPENING)
HEADER = FrameHeader(EPOCH, 1, 1, True, "stub", 1, 1, 0.0, 1.0, 0.0, 1.0, 0.0, "image/webp")


def add(hint: str, x: float = 0.5, a: float = 20.0) -> Add:
    return Add((NewHint(hint, x, 0.5, a, 20.0),))


def journaled(state: State, *edits: Edit) -> tuple[list[Entry], State]:
    """The entries that these edits make after revision 1, and the state after them."""
    entries = []
    for revision, edit in enumerate(edits, start=2):
        changes = resolve(edit, state, author="member", revision=revision)
        entries.append(Entry(revision, "member", "seat", revision, "edit", changes, 0))
        state = state_after(state, entries[-1])
    return entries, state


def welcome(
    state: State | None, *entries: Entry, epoch: str = EPOCH, revision: int = 1, look: int = 1
) -> messages.Welcome:
    raw = tuple(msgspec.Raw(encode_entry(entry)) for entry in entries)
    note = messages.EngineNote("cpu", (messages.NetworkNote("stub", "fp32", True, "stub"),), "stub")
    chain, size = "0" * 16, (224, 288)
    return messages.Welcome(
        2, "room", epoch, "owner", "m", "s", 0, revision, chain, size, look, note, None if state else raw, state
    )


def heard(*edits: Edit) -> Settling:
    """A member that was welcomed to the fresh room and has heard of these edits one by one."""
    settling = Settling()
    settling.take(welcome(OPENED))
    for entry in journaled(OPENED, *edits)[0]:
        settling.take(messages.EntryMessage(msgspec.Raw(encode_entry(entry)), "0" * 16, (224, 288)))
    return settling


def shown(settling: Settling, **header: object) -> bool:
    """Whether the picture counts as settled after this frame."""
    settling.see(replace(HEADER, **header))  # type: ignore[arg-type]
    return settling.settled() is not None


def test_a_settled_frame_of_the_newest_change_is_waited_for() -> None:
    """Neither an unsettled frame nor one from before the entry will do."""
    settling = heard(add("hint"))
    assert settling.settled() is None
    assert not shown(settling, look=1, revision=1)
    assert not shown(settling, look=2, revision=2, settled=False)
    assert shown(settling, look=2, revision=2)
    assert not shown(settling, look=3, revision=2, settled=False), "somebody drags"


def test_an_entry_that_changes_no_picture_needs_no_frame() -> None:
    """A title, and a hint that is merged away and removed, leave the settled frame as good as it was."""
    assert shown(heard(Retitle("Grandmother")), revision=1)
    below = (add("below"), add("above", a=-20.0), Remove(("below",)))
    assert shown(heard(*below), look=3, revision=3)
    assert not shown(heard(*below), look=2, revision=2)


def test_frames_of_another_epoch_and_of_older_looks_touch_nothing() -> None:
    """As on a page (R7)."""
    settling = heard(add("hint"))
    assert not shown(settling, epoch=OTHER_EPOCH, look=9, revision=9)
    assert shown(settling, look=4, revision=2)
    settling.see(replace(HEADER, look=3, revision=9, settled=False))
    assert settling.settled() == replace(HEADER, look=4, revision=2)


def test_a_restart_asks_for_a_frame_of_the_new_epoch() -> None:
    """What was settled before the server died says nothing of the room that was loaded anew."""
    settling = heard(add("hint"))
    assert shown(settling, revision=2)
    settling.take(welcome(None, epoch=OTHER_EPOCH, revision=2))
    assert settling.settled() is None
    assert shown(settling, epoch=OTHER_EPOCH, look=1, revision=2)


def test_missed_entries_count_each_by_itself() -> None:
    """Of the entries that a welcome brings, the last that changed the picture decides, not the last of all."""
    entries, _ = journaled(OPENED, add("hint"), Move((Placed("hint", 0.1, 0.1),)), Retitle("Grandmother"))
    settling = heard()
    settling.take(welcome(None, *entries, revision=4))
    assert not shown(settling, revision=2)
    assert shown(settling, revision=3)


@pytest.mark.parametrize(
    "last", [Remove(("hint",)), SetVividness(0.5), add("other", 0.1)], ids=["remove", "vivid", "add"]
)
def test_a_snapshot_asks_for_its_look(last: Edit) -> None:
    """Who joins while the pass of the newest entry runs gets the frame before it, which was settled: it will not do."""
    stage = Stage()
    first = stage.join("owner")
    first.edit(add("hint"))
    stage.land()
    stage.wait(1)
    assert stage.render() is not None
    first.edit(last)
    stage.land()
    settling = Settling()
    settling.take(stage.join("viewer", "bea").last(messages.Welcome))
    assert not shown(settling, epoch=stage.room.epoch, look=2, revision=2)
    assert shown(settling, epoch=stage.room.epoch, look=3, revision=3)


def test_a_snapshot_after_what_changed_no_picture_takes_the_frame_that_is_there() -> None:
    """A title came after the pass: the frame says an older revision and is settled all the same."""
    settling = Settling()
    settling.take(welcome(journaled(OPENED, add("hint"), Retitle("Grandmother"))[1], revision=3, look=2))
    assert shown(settling, look=2, revision=2)
