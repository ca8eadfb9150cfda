"""What entries add up to."""

import statistics
import time

import msgspec

from chromavive.hints.edit import Add, NewHint, resolve
from chromavive.hints.entry import ColorSet, Entry, HintSet, Photograph, PlaceSet, SizeSet, decode_entry, encode_entry
from chromavive.hints.hint import Hint, mark_of
from chromavive.hints.state import State, applied

HINTS = [Hint(f"hint{n:03}", n / 512, 0.5, 1.0, 2.0, 5.0, "ann", 1) for n in range(512)]
STATE = State(Photograph("0" * 64, 300, 400, False), "stub", hints={hint.id: hint for hint in HINTS})


def test_each_change_sets_its_own_field_and_leaves_the_state_before_as_it_was() -> None:
    """Place and color make a hint the newest, its size does not; one that comes is kept as it is."""
    added = Hint("added", 0.1, 0.2, 3.0, 4.0, 5.0, "bob", 0)
    after = applied(
        STATE,
        (
            HintSet("added", None, added),
            HintSet("hint000", HINTS[0], None),
            PlaceSet("hint001", (1 / 512, 0.5), (0.9, 0.8)),
            ColorSet("hint002", (1.0, 2.0), (7.0, 8.0)),
            SizeSet("hint003", 5.0, 9.0),
        ),
        4,
    )
    assert after.hints["added"] == added
    assert "hint000" not in after.hints
    assert after.hints["hint001"] == Hint("hint001", 0.9, 0.8, 1.0, 2.0, 5.0, "ann", 4)
    assert after.hints["hint002"] == Hint("hint002", 2 / 512, 0.5, 7.0, 8.0, 5.0, "ann", 4)
    assert after.hints["hint003"] == Hint("hint003", 3 / 512, 0.5, 1.0, 2.0, 9.0, "ann", 1)
    assert list(STATE.hints.values()) == HINTS


def test_a_pin_is_a_hint_that_is_drawn_otherwise_and_stays_one_wherever_it_goes() -> None:
    """To the picture it is a hint like any other; an entry from before pins is read, and what it placed is none."""
    empty = State(STATE.photograph, "stub")
    changes = resolve(Add((NewHint("face", 0.1, 0.2, 3.0, 4.0, pinned=True),)), empty, author="ann", revision=2)
    placed = applied(empty, changes, 2)
    moved = applied(placed, (PlaceSet("face", (0.1, 0.2), (0.3, 0.4)),), 3)
    assert moved.hints["face"] == Hint("face", 0.3, 0.4, 3.0, 4.0, 5.0, "ann", 3, pinned=True)
    assert mark_of(moved.hints["face"]) == mark_of(msgspec.structs.replace(moved.hints["face"], pinned=False))
    told = encode_entry(Entry(2, "ann", "seat", 1, "add", changes, 0))
    assert b'"pinned":true' in told
    (old,) = decode_entry(told.replace(b',"pinned":true', b"")).changes
    assert isinstance(old, HintSet)
    assert old.after == Hint("face", 0.1, 0.2, 3.0, 4.0, 5.0, "ann", 2)


def test_moving_all_hints_at_once_does_not_copy_them_for_each() -> None:
    """One step of 512 changes costs at most a third of 512 steps of one; five interleaved pairs."""
    changes = tuple(PlaceSet(hint.id, (hint.x, hint.y), (0.5, 0.5)) for hint in HINTS)
    ratios = []
    for _ in range(5):
        start = time.perf_counter()
        applied(STATE, changes, 2)
        between = time.perf_counter()
        for change in changes:
            applied(STATE, (change,), 2)
        ratios.append((between - start) / (time.perf_counter() - between))
    assert statistics.median(ratios) < 1 / 3
