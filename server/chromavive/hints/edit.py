"""Edits: what a member asks to change, and the field changes that each one makes."""

from typing import Literal

import msgspec

from chromavive import errors, limits
from chromavive.hints.bounds import (
    check_author,
    check_color,
    check_crop,
    check_hint,
    check_ids,
    check_place,
    check_size,
    check_swatch,
    check_title,
    check_vividness,
)
from chromavive.hints.entry import (
    WHOLE,
    AllHintsSet,
    Change,
    ColorSet,
    Crop,
    CropSet,
    HintSet,
    LockSet,
    NetworkSet,
    PlaceSet,
    SizeSet,
    SwatchSet,
    TitleSet,
    TurnSet,
    ViewersExportSet,
    VividnessSet,
)
from chromavive.hints.hint import Hint
from chromavive.hints.recipe import RecipeHint, carried_over, taken_up
from chromavive.hints.state import State
from chromavive.hints.swatch import NamedColor


class NewHint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A hint as its author asks for it. Units and pinned as in Hint; the id is drawn by the client."""

    id: str
    x: float
    y: float
    a: float
    b: float
    size: float = 5.0
    pinned: bool = False


class Placed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a hint goes, in fractions of the shown picture."""

    id: str
    x: float
    y: float


class _Edit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of all edits: unknown fields are refused."""


class Add(_Edit, frozen=True, tag="add"):
    hints: tuple[NewHint, ...]


class Move(_Edit, frozen=True, tag="move"):
    moves: tuple[Placed, ...]


class Recolor(_Edit, frozen=True, tag="recolor"):
    hints: tuple[str, ...]
    a: float
    b: float


class Resize(_Edit, frozen=True, tag="resize"):
    hints: tuple[str, ...]
    size: float


class Remove(_Edit, frozen=True, tag="remove"):
    hints: tuple[str, ...]


class Clear(_Edit, frozen=True, tag="clear"):
    """Removes all hints."""


class Import(_Edit, frozen=True, tag="import"):
    """Puts a recipe's hints, oldest first, in the place of all hints; they keep their ids and authors.

    photograph, turn, crop: the recipe's. On its own photograph the hints go to the same points of it, however either
    was turned and cropped; on another one they keep their fractions. network, vividness: the recipe's, set in the same
    step where they are given, which only the owner may.
    """

    hints: tuple[RecipeHint, ...]
    photograph: str = ""
    turn: int = 0
    crop: Crop = WHOLE
    network: str | None = None
    vividness: float | None = None


class Restore(_Edit, frozen=True, tag="restore"):
    """Brings back the hints of an earlier revision and, where the owner asks, its network and vividness.

    The room computes it from the journal, and takes no revision before the last turn or crop.
    """

    revision: int


class Undo(_Edit, frozen=True, tag="undo"):
    """Takes back the author's newest step. The room computes it (R12)."""


class Redo(_Edit, frozen=True, tag="redo"):
    """Takes back the author's newest undo."""


class Retitle(_Edit, frozen=True, tag="retitle"):
    title: str


class Lock(_Edit, frozen=True, tag="lock"):
    locked: bool


class AllowExport(_Edit, frozen=True, tag="allow_export"):
    """Whether viewers may download the picture."""

    viewers: bool


class Turn(_Edit, frozen=True, tag="turn"):
    """Turns the photograph clockwise; only while there are no hints. The crop is forgotten."""

    quarter_turns: int


class CropTo(_Edit, frozen=True, tag="crop"):
    """Crops the turned photograph; only while there are no hints. Always relative to the whole turned photograph."""

    crop: Crop


class ChooseNetwork(_Edit, frozen=True, tag="network"):
    """Lets another network paint this room. The room refuses one that the server has not loaded."""

    network: str


class SetVividness(_Edit, frozen=True, tag="vividness"):
    """How far the picture leaves the mean of the distribution for its annealed mean, 0 to 1."""

    vividness: float


class NewSwatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a swatch is to be. a, b: CIE Lab units."""

    name: str
    a: float
    b: float


class SetSwatch(_Edit, frozen=True, tag="swatch"):
    """Keeps a color by name for everybody in the room, or another one under its id; None: not any more."""

    id: str
    swatch: NewSwatch | None


class Rotate(_Edit, frozen=True, tag="rotate"):
    """Replaces a link. Rotating the owner's replaces all three; its new capability is drawn by the owner's browser."""

    role: Literal["owner", "editor", "viewer"]
    capability: str | None = None


GestureEdit = Add | Move | Recolor | Resize
"""What a gesture can do while it lasts."""

Edit = (
    Add
    | Move
    | Recolor
    | Resize
    | Remove
    | Clear
    | Import
    | Restore
    | Undo
    | Redo
    | Retitle
    | Lock
    | AllowExport
    | Turn
    | CropTo
    | ChooseNetwork
    | SetVividness
    | SetSwatch
    | Rotate
)


def kind_of(edit: Edit) -> str:
    """The edit's tag on the wire and in entries."""
    return str(edit.__struct_config__.tag)


def resolve(edit: Edit, state: State, *, author: str, revision: int) -> tuple[Change, ...]:
    """The field changes that the edit makes to this state, as the entry with this revision.

    author: the member's public id. Undo, redo, restore and rotation need more than the state: the room resolves those.

    Raises:
        EditRefused: with the reason; nothing changed.
    """
    match edit:
        case Add():
            return _add(edit, state, author, revision)
        case Move():
            return _move(edit, state)
        case Recolor():
            check_color(edit.a, edit.b)
            return tuple(ColorSet(hint.id, (hint.a, hint.b), (edit.a, edit.b)) for hint in _present(edit.hints, state))
        case Resize():
            check_size(edit.size)
            return tuple(SizeSet(hint.id, hint.size, edit.size) for hint in _present(edit.hints, state))
        case Remove():
            return tuple(HintSet(hint.id, hint, None) for hint in _present(edit.hints, state))
        case Clear():
            return (AllHintsSet(tuple(state.hints.values()), ()),)
        case Import():
            return _import(edit, state, revision)
        case Retitle():
            check_title(edit.title)
            return (TitleSet(state.title, edit.title),)
        case Lock():
            return (LockSet(state.locked, edit.locked),)
        case AllowExport():
            return (ViewersExportSet(state.viewers_export, edit.viewers),)
        case Turn():
            return _turn(edit, state)
        case CropTo():
            return _crop(edit, state)
        case ChooseNetwork():
            return (NetworkSet(state.network, edit.network),)
        case SetVividness():
            check_vividness(edit.vividness)
            return (VividnessSet(state.vividness, edit.vividness),)
        case SetSwatch():
            return _swatch(edit, state)
        case _:
            raise AssertionError(f"{kind_of(edit)} is resolved by the room")


def restored(moment: State, state: State, *, by_owner: bool) -> tuple[Change, ...]:
    """The field changes that make the state what it was at a moment, as far as one edit may.

    Hints come back with ids, authors and ages. by_owner: network and vividness too, where they differ.
    """
    changes: list[Change] = [AllHintsSet(tuple(state.hints.values()), tuple(moment.hints.values()))]
    if by_owner and moment.network != state.network:
        changes.append(NetworkSet(state.network, moment.network))
    if by_owner and moment.vividness != state.vividness:
        changes.append(VividnessSet(state.vividness, moment.vividness))
    return tuple(changes)


def _add(edit: Add, state: State, author: str, revision: int) -> tuple[Change, ...]:
    check_ids(hint.id for hint in edit.hints)
    if len(state.hints) + len(edit.hints) > limits.HINTS_MAX:
        raise errors.HintsFull()
    for new in edit.hints:
        if new.id in state.hints:
            raise errors.HintTaken()
        check_hint(new)
    return tuple(
        HintSet(new.id, None, Hint(new.id, new.x, new.y, new.a, new.b, new.size, author, revision, new.pinned))
        for new in edit.hints
    )


def _move(edit: Move, state: State) -> tuple[Change, ...]:
    to = {placed.id: (placed.x, placed.y) for placed in edit.moves}
    for x, y in to.values():
        check_place(x, y)
    present = _present(tuple(placed.id for placed in edit.moves), state)
    return tuple(PlaceSet(hint.id, (hint.x, hint.y), to[hint.id]) for hint in present)


def _import(edit: Import, state: State, revision: int) -> tuple[Change, ...]:
    check_ids(hint.id for hint in edit.hints)
    check_crop(edit.crop)
    if len(edit.hints) > limits.HINTS_MAX:
        raise errors.HintsFull()
    for hint in edit.hints:
        check_hint(hint)
        check_author(hint.author)
    hints = edit.hints
    if edit.photograph == state.photograph.sha256:
        hints = carried_over(hints, (edit.turn % 4, edit.crop), state)
    check_ids(hint.id for hint in hints)  # a crop that shows none of them takes none
    changes: list[Change] = [AllHintsSet(tuple(state.hints.values()), tuple(taken_up(hints, revision).values()))]
    if edit.network is not None:
        changes.append(NetworkSet(state.network, edit.network))
    if edit.vividness is not None:
        check_vividness(edit.vividness)
        changes.append(VividnessSet(state.vividness, edit.vividness))
    return tuple(changes)


def _swatch(edit: SetSwatch, state: State) -> tuple[Change, ...]:
    before, wanted = state.swatches.get(edit.id), edit.swatch
    if wanted is None:
        if before is None:
            raise errors.SwatchUnknown()
        return (SwatchSet(edit.id, before, None),)
    check_swatch(edit.id, wanted.name, wanted.a, wanted.b)
    if before is None and len(state.swatches) >= limits.SWATCHES_MAX:
        raise errors.SwatchesFull()
    return (SwatchSet(edit.id, before, NamedColor(edit.id, wanted.name, wanted.a, wanted.b)),)


def _turn(edit: Turn, state: State) -> tuple[Change, ...]:
    if state.hints:
        raise errors.HintsPresent()
    turn = (state.turn + edit.quarter_turns) % 4
    return (TurnSet(state.turn, turn), CropSet(state.crop, (0.0, 0.0, 1.0, 1.0)))


def _crop(edit: CropTo, state: State) -> tuple[Change, ...]:
    if state.hints:
        raise errors.HintsPresent()
    check_crop(edit.crop)
    change = CropSet(state.crop, edit.crop)
    if min(msgspec.structs.replace(state, crop=edit.crop).shown_size()) < limits.CROP_SIDE_PX_MIN:
        raise errors.CropTooSmall()
    return (change,)


def _present(ids: tuple[str, ...], state: State) -> list[Hint]:
    """The named hints that are there. Some may be gone already, which is nobody's fault; all gone is refused."""
    check_ids(ids)
    present = [state.hints[id] for id in ids if id in state.hints]
    if not present:
        raise errors.HintUnknown()
    return present
