"""Undo is mine (R12): the steps of each member, and how one is taken back.

Everything here follows from the entries alone, so undo survives reload and restart.
"""

from dataclasses import dataclass
from typing import Final

from chromavive import limits
from chromavive.hints.entry import (
    AllHintsSet,
    Change,
    ColorSet,
    Entry,
    HintSet,
    NetworkSet,
    PlaceSet,
    SizeSet,
    SwatchSet,
    VividnessSet,
)
from chromavive.hints.state import State, applied

UNDOABLE: Final = frozenset(
    {"add", "move", "recolor", "resize", "remove", "clear", "import", "restore", "network", "vividness", "swatch"}
)

STEP_CHANGES: Final = (AllHintsSet, HintSet, PlaceSet, ColorSet, SizeSet, NetworkSet, VividnessSet, SwatchSet)
"""What a step may change: every one has an inverse."""

RESHAPING: Final = frozenset({"turn", "crop"})
"""After these a place in the picture means another one: nobody's earlier steps can come back."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one entry of a member changed."""

    revision: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """A member's steps, newest last."""

    undo: tuple[Step, ...] = ()
    redo: tuple[Step, ...] = ()


def steps_after(steps: Steps, entry: Entry) -> Steps:
    """The author's steps after one more of their entries."""
    # A step that was wholly skipped is used up: it comes onto no list again.
    step = (Step(entry.revision, entry.changes),) if entry.changes else ()
    if entry.kind == "undo":
        return Steps(steps.undo[:-1], steps.redo + step)
    if entry.kind == "redo":
        return Steps(_newest(steps.undo + step), steps.redo[:-1])
    if entry.kind in UNDOABLE:
        return Steps(_newest(steps.undo + step), ())
    return steps


def reverted(step: Step, state: State, revision: int) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """The changes that take the step back from this state, and the names of the fields that were left alone.

    Per field: where the present value is still the one that the step gave, the value before it comes back.
    """
    changes: list[Change] = []
    skipped: list[str] = []
    for change in reversed(step.changes):
        inverse = _inverse(change, state)
        if inverse is None:
            skipped.append(_name(change))
        else:
            changes.append(inverse)
            state = applied(state, (inverse,), revision)
    return tuple(changes), tuple(skipped)


def _inverse(change: Change, state: State) -> Change | None:
    match change:
        case HintSet(id, None, _):
            present = state.hints.get(id)
            return None if present is None else HintSet(id, present, None)
        case HintSet(id, before, _):
            full = len(state.hints) >= limits.HINTS_MAX
            return None if id in state.hints or full else HintSet(id, None, before)
        case AllHintsSet(before, after):
            unchanged = state.hints == {hint.id: hint for hint in after}  # whatever the order they lie in
            return AllHintsSet(after, before) if unchanged else None
        case PlaceSet(id, before, after):
            hint = state.hints.get(id)
            return PlaceSet(id, after, before) if hint and (hint.x, hint.y) == after else None
        case ColorSet(id, before, after):
            hint = state.hints.get(id)
            return ColorSet(id, after, before) if hint and (hint.a, hint.b) == after else None
        case SizeSet(id, before, after):
            hint = state.hints.get(id)
            return SizeSet(id, after, before) if hint and hint.size == after else None
        case NetworkSet(before, after):
            return NetworkSet(after, before) if state.network == after else None
        case VividnessSet(before, after):
            return VividnessSet(after, before) if state.vividness == after else None
        case SwatchSet(id, before, after):
            full = after is None and len(state.swatches) >= limits.SWATCHES_MAX
            return SwatchSet(id, after, before) if state.swatches.get(id) == after and not full else None
    raise AssertionError(f"{type(change).__name__} is not a step")


def _name(change: Change) -> str:
    tag = str(change.__struct_config__.tag)
    if isinstance(change, SwatchSet):
        return f"{tag} of {change.id}"
    return f"{tag} of {change.hint}" if isinstance(change, HintSet | PlaceSet | ColorSet | SizeSet) else tag


def _newest(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return steps[-limits.UNDO_STEPS_MAX :]
