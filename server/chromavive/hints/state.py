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
    NetworkSet,
    Opened,
    Photograph,
    PlaceSet,
    SizeSet,
    SwatchSet,
    TitleSet,
    TurnSet,
    ViewersExportSet,
    VividnessSet,
)
from chromavive.hints.hint import Hint
from chromavive.hints.swatch import NamedColor


class State(msgspec.Struct, frozen=True):
    """Everything durable that members may know. A value: applying an entry gives a new one.

    network: as chosen; where it is not loaded, the server's default serves. vividness: 0 to 1.
    """

    photograph: Photograph
    network: str
    title: str = ""
    locked: bool = False
    viewers_export: bool = True
    turn: int = 0
    crop: Crop = WHOLE
    vividness: float = 0.0
    generations: dict[str, int] = msgspec.field(default_factory=lambda: {"owner": 0, "editor": 0, "viewer": 0})
    hints: dict[str, Hint] = {}
    swatches: dict[str, NamedColor] = {}

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
    hints = dict(state.hints)  # copied once, not at every change: one drag may move all hints of a room
    for change in changes:
        match change:
            case HintSet() | PlaceSet() | ColorSet() | SizeSet():
                _change_hint(hints, change, revision)
            case AllHintsSet():
                hints = {hint.id: hint for hint in change.after}
            case _:
                state = _apply(state, change)
    return msgspec.structs.replace(state, hints=hints)


def state_after(state: State | None, entry: Entry) -> State:
    """The state after one more entry; the first one has to be *opened*."""
    if state is None:
        first = entry.changes[0]
        assert isinstance(first, Opened), f"revision {entry.revision} of an unopened room"
        return opened_state(first)
    return applied(state, entry.changes, entry.revision)


def _apply(state: State, change: Change) -> State:
    match change:
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
        case NetworkSet():
            return msgspec.structs.replace(state, network=change.after)
        case VividnessSet():
            return msgspec.structs.replace(state, vividness=change.after)
        case SwatchSet(id, _, after):
            others = {key: each for key, each in state.swatches.items() if key != id or after is not None}
            return msgspec.structs.replace(state, swatches=others if after is None else {**others, id: after})
        case GenerationSet():
            return msgspec.structs.replace(state, generations={**state.generations, change.role: change.after})
        case _:
            raise AssertionError("a room is opened once")


def _change_hint(hints: dict[str, Hint], change: HintSet | PlaceSet | ColorSet | SizeSet, revision: int) -> None:
    match change:
        case HintSet(id, _, None):
            hints.pop(id, None)
        case HintSet(id, _, Hint() as after):
            hints[id] = after
        case PlaceSet(id, _, (x, y)):
            hints[id] = msgspec.structs.replace(hints[id], x=x, y=y, touched=revision)
        case ColorSet(id, _, (a, b)):
            hints[id] = msgspec.structs.replace(hints[id], a=a, b=b, touched=revision)
        case SizeSet(id, _, size):
            hints[id] = msgspec.structs.replace(hints[id], size=size)
