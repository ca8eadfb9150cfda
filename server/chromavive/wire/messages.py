"""The messages of both directions, as JSON texts tagged by "type". `docs/protocol.md` tells their story.

Unknown types and fields are refused, so that a page and a server that differ find out at once.
"""

from typing import Annotated, Literal

import msgspec

from chromavive import errors, limits
from chromavive.hints.edit import Edit, GestureEdit
from chromavive.hints.state import State
from chromavive.ids import SEAT_PATTERN

Role = Literal["owner", "editor", "viewer"]

Number = Annotated[int, msgspec.Meta(ge=1, lt=2**53)]
"""What a page counts: edits and gestures from 1, as far as a browser counts exactly."""

Seat = Annotated[str, msgspec.Meta(pattern=f"^{SEAT_PATTERN.pattern}$")]
"""A seat's secret, drawn by the page."""


# -- from the page ----------------------------------------------------------------------------------------------------


class _FromPage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of the messages that a page sends."""


class Hello(_FromPage, frozen=True, tag="hello"):
    """The first message of every connection (R4).

    version: protocol version. capability: the secret of the link. member, seat: the browser's and the page load's
    secrets. epoch, revision, chain: what the page has, if it has anything.
    """

    version: int
    capability: str
    member: str
    seat: str
    name: str = ""
    epoch: str | None = None
    revision: int | None = None
    chain: str | None = None


class EditMessage(_FromPage, frozen=True, tag="edit"):
    """An edit under a seat's number (R3). seat: the seat's secret, which may be that of a page that died.

    gesture: the gesture of this page that the edit ends (R6).
    """

    seat: Seat
    number: Number
    edit: Edit
    gesture: Number | None = None


class GestureMessage(_FromPage, frozen=True, tag="gesture"):
    """A sample of a drag or press in progress; never durable (R6)."""

    gesture: Number
    edit: GestureEdit


class Cancel(_FromPage, frozen=True, tag="cancel"):
    """Ends a gesture without an edit."""

    gesture: Number


class Pointer(_FromPage, frozen=True, tag="pointer"):
    """Where this member's cursor is, in fractions of the shown picture; None: nowhere."""

    x: float | None = None
    y: float | None = None


class View(_FromPage, frozen=True, tag="view"):
    """What part of the picture this page shows, for who follows it; newest only, as the pointer (R8).

    x, y: the middle of what is in sight, in fractions of the shown picture. span: how much of it; 1: all, as large as
    it fits; 0.5: twice as large. Screens of another shape show the same place as large for their size.
    """

    x: float
    y: float
    span: float


class Rename(_FromPage, frozen=True, tag="rename"):
    """The name that others see."""

    name: str


class Painted(_FromPage, frozen=True, tag="painted"):
    """This look, and all before it, was drawn, skipped, undecodable or not wanted by a hidden page (R8)."""

    look: int


class Pong(_FromPage, frozen=True, tag="pong"):
    """Answers a ping, in the page's message handler (timers sleep in hidden tabs)."""


class PaletteFor(_FromPage, frozen=True, tag="palette_for"):
    """The point whose palette this page shows, in fractions of the shown picture; None: none any more (R7)."""

    x: float | None = None
    y: float | None = None


class PreviewOf(_FromPage, frozen=True, tag="preview_of"):
    """Asks for the picture by another network or vividness, or of an earlier moment, for this page alone (R7).

    network, vividness: None is the room's, of that moment. revision: None is the present one. All None: no preview any
    more, and what waits is dropped.
    """

    network: str | None = None
    vividness: float | None = None
    revision: int | None = None


FromPage = (
    Hello | EditMessage | GestureMessage | Cancel | Pointer | View | Rename | Painted | Pong | PaletteFor | PreviewOf
)


# -- to the page ------------------------------------------------------------------------------------------------------


class _ToPage(msgspec.Struct, frozen=True):
    """Base of the messages that a page gets."""


class Links(_ToPage, frozen=True, tag="links"):
    """The three capabilities, for owners only: in the welcome, and again after a rotation."""

    owner: str
    editor: str
    viewer: str


class NetworkNote(msgspec.Struct, frozen=True):
    """A network that is loaded. guided: whether hints, sizes too, reach it; fidelity obeys their colors in any case.

    distribution: the network whose distribution its palettes and its vividness come from.
    """

    name: str
    precision: str
    guided: bool
    distribution: str


class EngineNote(msgspec.Struct, frozen=True):
    """What is loaded, where, and what members should know. default: serves where a room's network is not loaded."""

    device: str
    networks: tuple[NetworkNote, ...]
    default: str
    note: str = ""

    def serves(self, network: str) -> bool:
        """Whether this network is loaded."""
        return any(each.name == network for each in self.networks)

    def serving(self, chosen: str) -> NetworkNote:
        """What paints a room whose owner chose this network."""
        known = {each.name: each for each in self.networks}
        return known.get(chosen) or known[self.default]


class Welcome(_ToPage, frozen=True, tag="welcome"):
    """Answers hello: the missing entries, or a snapshot that says it is one.

    member, seat: the public ids of this member and seat. number: the highest of this seat that was taken up or refused.
    chain: the chained hash after revision. entries: the missing entries in order. state: the snapshot.
    rolled_back: the page had entries that the journal does not hold.
    working_px: (height, width) of the working size, in whose pixels a hint's size counts.
    look: the newest one of this epoch; a frame of an older look does not show all that the welcome tells.
    """

    version: int
    room: str
    epoch: str
    role: Role
    member: str
    seat: str
    number: int
    revision: int
    chain: str
    working_px: tuple[int, int]
    look: int
    engine: EngineNote
    entries: tuple[msgspec.Raw, ...] | None = None
    state: State | None = None
    rolled_back: bool = False
    links: Links | None = None


class EntryMessage(_ToPage, frozen=True, tag="entry"):
    """An entry, to everybody, its author included. chain: the chained hash after it.

    working_px: as in the welcome; a turn or a crop changes it.
    """

    entry: msgspec.Raw
    chain: str
    working_px: tuple[int, int]


class Accepted(_ToPage, frozen=True, tag="accepted"):
    """To the author: the journal holds the edit, as this revision. A repeat gets the same answer (R3)."""

    seat: str
    number: int
    revision: int


class Refused(_ToPage, frozen=True, tag="refused"):
    """To the author: nothing changed. Either seat and number name an edit, or gesture names a gesture."""

    code: str
    sentence: str
    kind: errors.Kind
    seat: str | None = None
    number: int | None = None
    gesture: int | None = None
    after_seconds: float | None = None


class LiveGesture(msgspec.Struct, frozen=True):
    """Somebody's gesture as it is now. seat, member: public ids."""

    seat: str
    member: str
    gesture: int
    edit: GestureEdit


class Gestures(_ToPage, frozen=True, tag="gestures"):
    """All gestures in progress, in the order they began. Replaces the list before."""

    gestures: tuple[LiveGesture, ...]


class Sight(msgspec.Struct, frozen=True):
    """What a page shows, as it said in its view."""

    x: float
    y: float
    span: float


class Present(msgspec.Struct, frozen=True):
    """One connected seat. x, y: its cursor in fractions of the shown picture. view: what it shows, if it said so."""

    seat: str
    member: str
    name: str
    role: Role
    x: float | None = None
    y: float | None = None
    view: Sight | None = None


class Presence(_ToPage, frozen=True, tag="presence"):
    """Who is here. Replaces the list before. count: connections in all; the list holds at most 64."""

    present: tuple[Present, ...]
    count: int


class Ping(_ToPage, frozen=True, tag="ping"):
    """Asks for a pong."""


class EngineChanged(_ToPage, frozen=True, tag="engine"):
    """A plain sentence about the picture, such as a pass that failed."""

    sentence: str


class LikelyColor(msgspec.Struct, frozen=True):
    """A color of a palette. a, b: CIE Lab units. share: of the distribution, 0 to 1."""

    a: float
    b: float
    share: float


class Palette(_ToPage, frozen=True, tag="palette"):
    """To whoever selected this point: its likely colors, at most nine, the likeliest first.

    look: the look whose pass they come from. network: whose distribution they are.
    """

    x: float
    y: float
    look: int
    network: str
    colors: tuple[LikelyColor, ...]


class Leaving(_ToPage, frozen=True, tag="leaving"):
    """The server leaves and closes this connection with 4503: come back after so many seconds (R11)."""

    after_seconds: float


ToPage = (
    Welcome | EntryMessage | Accepted | Refused | Gestures | Presence | Ping | Links | EngineChanged | Palette | Leaving
)

_from_page: msgspec.json.Decoder[FromPage] = msgspec.json.Decoder(FromPage)
_to_page: msgspec.json.Decoder[ToPage] = msgspec.json.Decoder(ToPage)
_encoder = msgspec.json.Encoder()


def decode_from_page(text: str | bytes) -> FromPage:
    """The message of a page.

    Raises:
        Malformed: not JSON, not a known message, a field of another type, or longer than MESSAGE_BYTES_MAX.
    """
    if len(text) > limits.MESSAGE_BYTES_MAX:
        raise errors.Malformed(f"A message may have {limits.MESSAGE_BYTES_MAX} bytes.")
    try:
        return _from_page.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise errors.Malformed() from error


def decode_to_page(text: str | bytes) -> ToPage:
    """The message of the hub, for the members' side."""
    return _to_page.decode(text)


def encode(message: FromPage | ToPage) -> bytes:
    """The message as JSON."""
    return _encoder.encode(message)


def raw(payload: bytes) -> msgspec.Raw:
    """JSON that goes into a message as it is."""
    return msgspec.Raw(payload)


def refusal(
    error: errors.EditRefused, *, seat: str | None = None, number: int | None = None, gesture: int | None = None
) -> Refused:
    """The answer that an error gives to its author."""
    return Refused(error.code, str(error), error.kind, seat, number, gesture, error.retry_after_seconds)
