"""Entries: edits accepted into the room's order, as the field changes that they made.

An entry holds, for every field that it set, the value before and the value after. Members apply the values after; undo
compares with them and restores the values before (R12). That is all that history, resume and undo need.
"""

import hashlib

import msgspec

from chromavive.hints.hint import Hint
from chromavive.hints.swatch import NamedColor

Crop = tuple[float, float, float, float]
"""Left, top, right, bottom as fractions of the turned photograph."""

WHOLE: Crop = (0.0, 0.0, 1.0, 1.0)


class Photograph(msgspec.Struct, frozen=True):
    """What everybody may know of the uploaded photograph. Height and width are those after EXIF orientation."""

    sha256: str
    height_px: int
    width_px: int
    had_colors: bool


class HintSet(msgspec.Struct, frozen=True, tag="hint"):
    """A hint came (before is None), went (after is None)."""

    hint: str
    before: Hint | None
    after: Hint | None


class PlaceSet(msgspec.Struct, frozen=True, tag="place"):
    hint: str
    before: tuple[float, float]
    after: tuple[float, float]


class ColorSet(msgspec.Struct, frozen=True, tag="color"):
    hint: str
    before: tuple[float, float]
    after: tuple[float, float]


class SizeSet(msgspec.Struct, frozen=True, tag="size"):
    hint: str
    before: float
    after: float


class AllHintsSet(msgspec.Struct, frozen=True, tag="all_hints"):
    """Clear, import, restore: all hints at once."""

    before: tuple[Hint, ...]
    after: tuple[Hint, ...]


class TitleSet(msgspec.Struct, frozen=True, tag="title"):
    before: str
    after: str


class LockSet(msgspec.Struct, frozen=True, tag="locked"):
    before: bool
    after: bool


class ViewersExportSet(msgspec.Struct, frozen=True, tag="viewers_export"):
    before: bool
    after: bool


class TurnSet(msgspec.Struct, frozen=True, tag="turn"):
    """Quarter turns clockwise, 0 to 3."""

    before: int
    after: int


class CropSet(msgspec.Struct, frozen=True, tag="crop"):
    before: Crop
    after: Crop


class NetworkSet(msgspec.Struct, frozen=True, tag="network"):
    """The network that the owner chose; another one may serve where this one is not loaded."""

    before: str
    after: str


class VividnessSet(msgspec.Struct, frozen=True, tag="vividness"):
    before: float
    after: float


class SwatchSet(msgspec.Struct, frozen=True, tag="swatch"):
    """A swatch came (before is None), went (after is None), or got another name or color."""

    id: str
    before: NamedColor | None
    after: NamedColor | None


class GenerationSet(msgspec.Struct, frozen=True, tag="generation"):
    """A link was rotated; the new capability's hash is in the entry's sealed part."""

    role: str
    before: int
    after: int


class Opened(msgspec.Struct, frozen=True, tag="opened"):
    """The room's first change."""

    photograph: Photograph
    network: str
    title: str


Change = (
    HintSet
    | PlaceSet
    | ColorSet
    | SizeSet
    | AllHintsSet
    | TitleSet
    | LockSet
    | ViewersExportSet
    | TurnSet
    | CropSet
    | NetworkSet
    | VividnessSet
    | SwatchSet
    | GenerationSet
    | Opened
)


class Entry(msgspec.Struct, frozen=True):
    """An edit in the room's order.

    member and seat are public ids, number is the seat's. kind is the edit's tag. undoes: the revision that an undo or
    redo takes back, or that a restore brings back. skipped: the fields that it left alone because somebody else had
    changed them since.
    unix_seconds: wall clock, for people; nothing is decided by it.
    """

    revision: int
    member: str
    seat: str
    number: int
    kind: str
    changes: tuple[Change, ...]
    unix_seconds: int
    undoes: int | None = None
    skipped: tuple[str, ...] = ()


CHAIN_START = "0" * 16


def chained(chain: str, payload: bytes) -> str:
    """The 64-bit chained hash after an entry with this encoded payload, 16 hex digits (R4)."""
    return hashlib.sha256(bytes.fromhex(chain) + payload).hexdigest()[:16]


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Entry)


def encode_entry(entry: Entry) -> bytes:
    """The entry's public part as the journal keeps it and members get it: JSON."""
    return _encoder.encode(entry)


def decode_entry(payload: bytes) -> Entry:
    """The entry of an encoded payload."""
    return _decoder.decode(payload)
