"""What a room asks the world to do. The runtime carries effects out in the order of their list."""

from dataclasses import dataclass
from enum import Enum

from chromavive import errors
from chromavive.hints.hint import Mark
from chromavive.wire.messages import ToPage


class Slot(Enum):
    """How a message waits in an outbox (R8)."""

    RELIABLE = "reliable"  # never dropped, in order
    GESTURES = "gestures"  # newest wins
    PRESENCE = "presence"  # newest wins
    PALETTE = "palette"  # newest wins
    PREVIEW = "preview"  # newest wins; a frame that counts as no frame


@dataclass(frozen=True, slots=True)
class Send:
    """Put the message into these connections' outboxes; encode it once."""

    connections: tuple[int, ...]
    message: ToPage
    slot: Slot = Slot.RELIABLE


@dataclass(frozen=True, slots=True)
class Close:
    """Flush the connection's outbox, then close it with the error's code."""

    connection: int
    error: errors.ConnectionClosed


@dataclass(frozen=True, slots=True)
class EncodedEntry:
    """An entry as the journal keeps it. sealed: JSON that members never get."""

    revision: int
    seat: str
    number: int
    payload: bytes
    sealed: bytes = b""


@dataclass(frozen=True, slots=True)
class AppendEntries:
    """Compare and append; answer with Room.appended, conflicted or unanswered. At most one is out at a time (R1)."""

    expected_revision: int
    entries: tuple[EncodedEntry, ...]


@dataclass(frozen=True, slots=True)
class ReadBack:
    """Read the journal's entries after this revision; answer with Room.read_back."""

    after_revision: int


@dataclass(frozen=True, slots=True)
class WantPass:
    """There is a newer look than the one last rendered; the engine's turn decides when Room.start_pass is called."""


@dataclass(frozen=True, slots=True)
class SettleFrame:
    """Send the newest painting once more as a settled frame: lossless, with this look and revision; no pass."""

    look: int
    revision: int


@dataclass(frozen=True, slots=True)
class OfferFrame:
    """Put the newest frame, if there is one, into this connection's outbox."""

    connection: int


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take back what waits in this slot of the connection's outbox."""

    connection: int
    slot: Slot


@dataclass(frozen=True, slots=True)
class WantPalettes:
    """Points wait although no pass is due; the engine's turn decides when Room.start_palettes is called."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a look shows: all that the picture's colors depend on.

    network: the one that paints. hints: merged, oldest first, gestures on top. turn: quarter turns clockwise. crop:
    fractions of the turned photograph. working_px: (height, width) that the network works at. vividness: 0 to 1.
    """

    network: str
    turn: int
    crop: tuple[float, float, float, float]
    working_px: tuple[int, int]
    hints: tuple[Mark, ...]
    vividness: float = 0.0


@dataclass(frozen=True, slots=True)
class PassOrder:
    """One pass to run, taken when the engine is free: always the newest look (R7).

    points: x and y of the points whose distributions it gives, as fractions of the shown picture. An order of
    Room.start_palettes asks for them alone.
    """

    look: int
    revision: int
    content: Content
    points: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class PaintPreview:
    """Paint this for the connection alone (R7); it takes the place of one that waits."""

    connection: int
    revision: int
    content: Content


@dataclass(frozen=True, slots=True)
class RecallMoment:
    """Read what the room was at this revision; answer with Room.recalled. At most one is asked for at a time."""

    revision: int


@dataclass(frozen=True, slots=True)
class EndPreview:
    """The connection wants no preview any more: what waits or is painted for it goes nowhere."""

    connection: int


Effect = (
    Send
    | Close
    | AppendEntries
    | ReadBack
    | WantPass
    | SettleFrame
    | OfferFrame
    | Withdraw
    | WantPalettes
    | PaintPreview
    | RecallMoment
    | EndPreview
)
