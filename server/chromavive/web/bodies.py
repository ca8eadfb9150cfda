"""The JSON bodies of requests and of their answers."""

from typing import Annotated

import msgspec

from chromavive.pictures.export_form import QUALITY, ExportForm, Format, Layout
from chromavive.wire.messages import Role

Quality = Annotated[int, msgspec.Meta(ge=1, le=100)]


class ExportWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a POST of exports asks for."""

    format: Format = "png"
    quality: Quality = QUALITY
    layout: Layout = "picture"

    @property
    def form(self) -> ExportForm:
        """What is to be written."""
        return ExportForm(self.format, self.quality, self.layout)


class RoomLinks(msgspec.Struct, frozen=True):
    """The three capabilities of a room."""

    owner: str
    editor: str
    viewer: str


class RoomOpened(msgspec.Struct, frozen=True):
    """A room that was just opened. capability: the owner's."""

    room: str
    capability: str
    links: RoomLinks


class RoomShown(msgspec.Struct, frozen=True):
    """What a page wants to know of a room before it connects. height_px, width_px: of the picture as shown."""

    room: str
    title: str
    role: Role
    revision: int
    height_px: int
    width_px: int
    had_colors: bool
    network: str
    members: int


class Asked(msgspec.Struct, frozen=True):
    """The most uncertain place of the picture without hints; null: there is none."""

    x: float | None
    y: float | None


class HistoryEntry(msgspec.Struct, frozen=True):
    """What a timeline says of an entry. member: its author's public id. hints: how many hints it touched."""

    revision: int
    unix_seconds: int
    member: str
    kind: str
    hints: int


class History(msgspec.Struct, frozen=True):
    """A page of a room's history. first: the earliest moment that can be shown. revision: the newest."""

    first: int
    revision: int
    entries: tuple[HistoryEntry, ...]


class Ticket(msgspec.Struct, frozen=True):
    """A file that waits to be fetched once."""

    ticket: str


class ExportProgress(msgspec.Struct, frozen=True):
    """A line of an answer that says how far it is."""

    progress: float


class Refusal(msgspec.Struct, frozen=True):
    """Why there is no other answer."""

    code: str
    sentence: str


class Reach(msgspec.Struct, frozen=True):
    """Whether a page would be welcomed; if not, why."""

    reachable: bool
    code: str
    sentence: str


class About(msgspec.Struct, frozen=True):
    """What the landing page says. kept: a sentence, where photographs are kept."""

    version: str
    network: str
    device: str
    precision: str
    notes: tuple[str, ...]
    kept: str
    password_needed: bool
    upload_bytes_max: int
    pixels_max: int


class SampleNote(msgspec.Struct, frozen=True):
    """A photograph to try."""

    name: str
    title: str


class Samples(msgspec.Struct, frozen=True):
    """The photographs to try."""

    samples: tuple[SampleNote, ...]


class Health(msgspec.Struct, frozen=True):
    """Counts, for whoever watches over the server. waiting_bytes: in the outboxes of all connections."""

    ok: bool
    passes_started: int
    passes_exported: int
    rooms_loaded: int
    connections: int
    waiting_bytes: int


REQUESTS = (ExportWish,)
ANSWERS = (RoomOpened, RoomShown, Asked, Ticket, ExportProgress, Refusal, Reach, About, Samples, Health, History)
