"""Whether values lie where they may, whoever gives them: members by their edits, or a room's file by its entries.

Each check gives nothing, or raises the refusal of an edit with that value.
"""

import math
from collections.abc import Iterable
from typing import Protocol

from chromavive import errors, limits
from chromavive.hints.entry import (
    AllHintsSet,
    Change,
    ColorSet,
    Crop,
    CropSet,
    GenerationSet,
    HintSet,
    NetworkSet,
    Opened,
    PlaceSet,
    SizeSet,
    SwatchSet,
    TitleSet,
    TurnSet,
    VividnessSet,
)
from chromavive.hints.hint import Hint
from chromavive.ids import HINT_PATTERN, MEMBER_PATTERN


class HintValues(Protocol):
    """What every kind of hint has. Units as in `Hint`."""

    @property
    def id(self) -> str: ...
    @property
    def x(self) -> float: ...
    @property
    def y(self) -> float: ...
    @property
    def a(self) -> float: ...
    @property
    def b(self) -> float: ...
    @property
    def size(self) -> float: ...


def check_ids(ids: Iterable[str]) -> None:
    """At least one, and none twice."""
    every = list(ids)
    if not every or len(set(every)) != len(every):
        raise errors.EditEmpty()


def check_hint(hint: HintValues) -> None:
    """All of a hint that its author chooses."""
    _check_id(hint.id)
    check_place(hint.x, hint.y)
    check_color(hint.a, hint.b)
    check_size(hint.size)


def check_author(author: str) -> None:
    """A member's public id; empty: not known."""
    if not MEMBER_PATTERN.fullmatch(author):
        raise errors.HintUnknown("A hint's author is the public id of a member, 16 hexadecimal digits.")


def check_crop(crop: Crop) -> None:
    """A part of the photograph, left to right and top to bottom."""
    left, top, right, bottom = crop
    if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
        raise errors.CropTooSmall()


def check_place(x: float, y: float) -> None:
    """On the picture."""
    if not (0 <= x <= 1 and 0 <= y <= 1):  # False for NaN too
        raise errors.HintOutside()


def check_color(a: float, b: float) -> None:
    """What the networks can take and say."""
    if not (math.isfinite(a) and math.isfinite(b) and max(abs(a), abs(b)) <= limits.AB_MAX):
        raise errors.ColorOutside()


def check_size(size: float) -> None:
    """What the published network was trained with."""
    if not limits.HINT_SIZE_MIN <= size <= limits.HINT_SIZE_MAX:
        raise errors.SizeOutside()


def check_title(title: str) -> None:
    """Short enough to be shown."""
    if len(title) > limits.TITLE_CHARACTERS_MAX:
        raise errors.TextTooLong()


def check_swatch(id: str, name: str, a: float, b: float) -> None:
    """All of a swatch."""
    if not HINT_PATTERN.fullmatch(id):
        raise errors.SwatchUnknown("A swatch's id is 4 to 24 letters, digits, - or _.")
    if len(name) > limits.NAME_CHARACTERS_MAX:
        raise errors.TextTooLong()
    check_color(a, b)


def check_vividness(vividness: float) -> None:
    """What a picture can be."""
    if not 0 <= vividness <= 1:  # False for NaN too
        raise errors.VividnessOutside()


def check_change(change: Change) -> None:
    """Both values of a change, since undo may bring the one before back.

    Raises:
        EditRefused: one of them could not have come about here.
    """
    match change:
        case Opened(_, network, title):
            check_title(network)
            check_title(title)
        case AllHintsSet(before, after):
            _check_all(before)
            _check_all(after)
        case HintSet(id, before, after):
            _check_id(id)
            _check_all(tuple(hint for hint in (before, after) if hint is not None), ids=False)
            if any(hint is not None and hint.id != id for hint in (before, after)):
                raise errors.HintUnknown("The entry files a hint as another one.")
        case SwatchSet(id, before, after):
            for swatch in (before, after):
                if swatch is not None:
                    check_swatch(id, swatch.name, swatch.a, swatch.b)
                    if swatch.id != id:
                        raise errors.SwatchUnknown("The entry files a swatch as another one.")
        case GenerationSet(role, before, after):
            if role not in ("owner", "editor", "viewer") or min(before, after) < 0:
                raise errors.EditEmpty("The entry replaces a link of nobody.")
        case _:
            _check_value(change, change.before)
            _check_value(change, change.after)


def _check_value(change: Change, value: object) -> None:
    match change, value:
        case PlaceSet(), (float() | int() as x, float() | int() as y):
            check_place(x, y)
        case ColorSet(), (float() | int() as a, float() | int() as b):
            check_color(a, b)
        case SizeSet(), float() | int() as size:
            check_size(size)
        case TitleSet() | NetworkSet(), str() as text:
            check_title(text)
        case CropSet(), (float() as left, float() as top, float() as right, float() as bottom):
            check_crop((left, top, right, bottom))
        case VividnessSet(), float() | int() as vividness:
            check_vividness(vividness)
        case TurnSet(), int() as turn:
            if turn not in range(4):
                raise errors.EditEmpty("A photograph is turned by 0 to 3 quarters.")


def _check_all(hints: tuple[Hint, ...], *, ids: bool = True) -> None:
    if len(hints) > limits.HINTS_MAX:
        raise errors.HintsFull()
    if ids and hints:
        check_ids(hint.id for hint in hints)
    for hint in hints:
        check_hint(hint)
        check_author(hint.author)


def _check_id(id: str) -> None:
    if not HINT_PATTERN.fullmatch(id):
        raise errors.HintUnknown("A hint's id is 4 to 24 letters, digits, - or _.")
