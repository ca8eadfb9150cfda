"""The state of a room: what its entries add up to."""

import msgspec

from chromavive.hints.entry import (
    WHOLE,
    AllHintsSet,
    Change,
    ColorSet,
    Crop,
    CropSet,
    Entry,
    GenerationSet,
    HintSet,
    LockSet,
    Opened,
    Photograph,
    PlaceSet,
    SizeSet,
    TitleSet,
    TurnSet,
    ViewersExportSet,
)
from chromavive.hints.hint import Hint


class State(msgspec.Struct, frozen=True):
    """Everything durable that members may know. A value: applying an entry gives a new one."""

    photograph: Photograph
    network: str
    title: str = ""
    locked: bool = False
    viewers_export: bool = True
    turn: int = 0
    crop: Crop = WHOLE
    generations: dict[str, int] = msgspec.field(default_factory=lambda: {"owner": 0, "editor": 0, "viewer": 0})
    hints: dict[str, Hint] = {}

    def shown_size(self) -> tuple[int, int]:
        """(height, width) in pixels of the picture as shown: turned, then cropped to the nearest pixel boundaries."""
        height, width = self.photograph.height_px, self.photograph.width_px
        if self.turn % 2:
            height, width = width, height
        left, top, right, bottom = self.crop
        return max(1, round(bottom * height) - round(top * height)), max(1, round(right * width) - round(left * width))


def opened_state(change: Opened) -> State:
    """The state of a room that was just opened."""
    return State(photograph=change.photograph, network=change.network, title=change.title)


def applied(state: State, changes: tuple[Change, ...], revision: int) -> State:
    """The state after the changes of the entry with this revision. Every value comes from the change itself."""
    for change in changes:
        state = _apply(state, change, revision)
    return state


def state_after(state: State | None, entry: Entry) -> State:
    """The state after one more entry; the first one has to be *opened*."""
    if state is None:
        first = entry.changes[0]
        assert isinstance(first, Opened), f"revision {entry.revision} of an unopened room"
        return opened_state(first)
    return applied(state, entry.changes, entry.revision)


def _apply(state: State, change: Change, revision: int) -> State:
    match change:
        case HintSet() | PlaceSet() | ColorSet() | SizeSet():
            return msgspec.structs.replace(state, hints=_hints_after(state.hints, change, revision))
        case AllHintsSet():
            return msgspec.structs.replace(state, hints={hint.id: hint for hint in change.after})
        case TitleSet():
            return msgspec.structs.replace(state, title=change.after)
        case LockSet():
            return msgspec.structs.replace(state, locked=change.after)
        case ViewersExportSet():
            return msgspec.structs.replace(state, viewers_export=change.after)
        case TurnSet():
            return msgspec.structs.replace(state, turn=change.after)
        case CropSet():
            return msgspec.structs.replace(state, crop=change.after)
        case GenerationSet():
            return msgspec.structs.replace(state, generations={**state.generations, change.role: change.after})
        case Opened():
            pass
    raise AssertionError("a room is opened once")


def _hints_after(
    hints: dict[str, Hint], change: HintSet | PlaceSet | ColorSet | SizeSet, revision: int
) -> dict[str, Hint]:
    changed = dict(hints)
    if isinstance(change, HintSet):
        if change.after is None:
            changed.pop(change.hint, None)
        else:
            changed[change.hint] = change.after
        return changed
    hint = changed[change.hint]
    match change:
        case PlaceSet():
            hint = msgspec.structs.replace(hint, x=change.after[0], y=change.after[1], touched=revision)
        case ColorSet():
            hint = msgspec.structs.replace(hint, a=change.after[0], b=change.after[1], touched=revision)
        case SizeSet():
            hint = msgspec.structs.replace(hint, size=change.after)
    changed[change.hint] = hint
    return changed
