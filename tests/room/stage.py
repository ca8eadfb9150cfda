"""A stage for one room: members with real followers, a journal that answers when told to, a clock moved by hand."""

from dataclasses import dataclass, field
from typing import TypeVar

from chromavive import errors, ids
from chromavive.hints.edit import Add, Edit, GestureEdit, NewHint
from chromavive.hints.entry import Photograph
from chromavive.hints.state import State
from chromavive.room.effects import (
    AppendEntries,
    Close,
    Effect,
    EncodedEntry,
    EndPreview,
    OfferFrame,
    PaintPreview,
    PassOrder,
    ReadBack,
    RecallMoment,
    Send,
    SettleFrame,
    Slot,
    WantPalettes,
    WantPass,
    Withdraw,
)
from chromavive.room.follower import Follower
from chromavive.room.opening import links_of, opening_entry
from chromavive.room.room import Room
from chromavive.wire import messages
from chromavive.wire.messages import EngineNote, NetworkNote, Role

PHOTOGRAPH = Photograph("0" * 64, 300, 400, False)
ENGINE = EngineNote(
    "cpu", (NetworkNote("stub", "fp32", True, "stub"), NetworkNote("other", "fp32", False, "stub")), "stub"
)
OWNER = "owner-capability-22chr"
M = TypeVar("M")


def secret(text: str) -> str:
    """A 22-character secret that can be told apart in a failure."""
    return (text + "-" * 22)[:22]


def new_hint(hint: str = "hint", x: float = 0.5, y: float = 0.5, a: float = 20.0, b: float = -30.0) -> NewHint:
    return NewHint(hint, x, y, a, b)


def add(hint: str = "hint", x: float = 0.5, y: float = 0.5, a: float = 20.0, b: float = -30.0) -> Add:
    return Add((new_hint(hint, x, y, a, b),))


@dataclass
class Member:
    """One page load on the stage. heard: every message, decoded from what would travel."""

    stage: "Stage"
    connection: int
    follower: Follower
    seat: str
    heard: list[messages.ToPage] = field(default_factory=list)
    closed: errors.ConnectionClosed | None = None

    def send(self, message: messages.FromPage) -> None:
        """Over the wire and into the room."""
        arrived = messages.decode_from_page(messages.encode(message))
        self.stage.carry(self.stage.room.receive(self.connection, arrived, self.stage.now, 0))

    def edit(self, edit: Edit, gesture: int | None = None) -> int:
        """Sends an edit; gives its number."""
        message = self.follower.edit(edit, gesture)
        self.send(message)
        return message.number

    def gesture(self, edit: GestureEdit, gesture: int = 1) -> None:
        self.send(messages.GestureMessage(gesture, edit))

    def last(self, kind: type[M]) -> M:
        """The newest message of this kind."""
        return [message for message in self.heard if isinstance(message, kind)][-1]

    def all(self, kind: type[M]) -> list[M]:
        return [message for message in self.heard if isinstance(message, kind)]


class Stage:
    """The room, what it asked for, and the means to answer."""

    def __init__(self) -> None:
        first = opening_entry(PHOTOGRAPH, "stub", "A title", OWNER, 0)
        self.journal: list[EncodedEntry] = [first]
        self.now = 0.0
        self.members: dict[int, Member] = {}
        self.load()

    def load(self) -> None:
        """A server start: the room comes out of the journal alone."""
        self.room = Room.load("r" * 16, ids.new_epoch(), self.journal, ENGINE)
        self.out: AppendEntries | None = None
        self.reading: ReadBack | None = None
        self.wants = 0
        self.settled: list[SettleFrame] = []
        self.palettes_wanted = 0
        self.withdrawn: list[Withdraw] = []
        self.previews: list[PaintPreview | EndPreview] = []
        self.recalls: list[int] = []
        self.offered: list[int] = []
        self.sent: list[Send] = []
        self.members.clear()

    def capability(self, role: str) -> str:
        return str(getattr(links_of(OWNER, self.room.state.generations), role))

    def join(
        self, role: Role = "editor", who: str = "ann", seat: str = "seat-1", follower: Follower | None = None
    ) -> Member:
        """Lets a member in; a follower that is given resumes."""
        if follower is None:
            follower = Follower(self.capability(role), secret(who), f"{who}-{seat}", who)
        connection = len(self.members) + 1
        member = Member(self, connection, follower, ids.seat_id(secret(who), f"{who}-{seat}"))
        self.members[connection] = member
        self.carry(self.room.hello(connection, follower.hello(), self.now))
        return member

    def leave(self, member: Member) -> None:
        self.carry(self.room.left(member.connection, self.now))

    def carry(self, effects: list[Effect]) -> None:
        """Carries effects out, in order."""
        for effect in effects:
            match effect:
                case Send():
                    self.sent.append(effect)
                    for connection in effect.connections:
                        self._deliver(self.members[connection], messages.encode(effect.message))
                case Close(connection, error):
                    self.members[connection].closed = error
                case AppendEntries():
                    assert self.out is None, "two appends of one room are out (R1.6)"
                    self.out = effect
                case ReadBack():
                    self.reading = effect
                case WantPass():
                    self.wants += 1
                case SettleFrame():
                    self.settled.append(effect)
                case OfferFrame(connection):
                    self.offered.append(connection)
                case WantPalettes():
                    self.palettes_wanted += 1
                case Withdraw():
                    self.withdrawn.append(effect)
                case PaintPreview() | EndPreview():
                    self.previews.append(effect)
                case RecallMoment(revision):
                    self.recalls.append(revision)

    def _deliver(self, member: Member, text: bytes) -> None:
        message = messages.decode_to_page(text)
        member.heard.append(message)
        for again in member.follower.take(message):
            if not isinstance(message, messages.Refused):  # who is refused waits before sending again
                member.send(again)

    def land(self) -> None:
        """The journal takes what is out, until nothing is out."""
        while self.out is not None:
            append, self.out = self.out, None
            assert append.expected_revision == len(self.journal)
            self.journal.extend(append.entries)
            self.carry(self.room.appended(self.now))

    def read_back(self) -> None:
        """The journal is read, as the room asked."""
        assert self.reading is not None
        reading, self.reading, self.out = self.reading, None, None
        self.carry(self.room.read_back(self.journal[reading.after_revision :], self.now, 0))

    def recall(self) -> None:
        """The journal tells of every moment that the room asks for."""
        while self.recalls:
            revision = self.recalls.pop(0)
            moment = Room.load(self.room.room_id, self.room.epoch, self.journal[:revision], ENGINE).state
            self.carry(self.room.recalled(revision, moment, self.now))

    def wait(self, seconds: float) -> None:
        """Time passes, tick by due tick."""
        until = self.now + seconds
        while (due := self.room.wake_seconds()) is not None and due <= until:
            self.now = max(self.now, due)
            self.carry(self.room.tick(self.now))
        self.now = until

    def render(self) -> tuple[PassOrder, bool] | None:
        """Runs one pass, if the room has one to start now; gives its order and whether the frame is settled."""
        order = self.room.start_pass(self.now)
        if order is None:
            return None
        settled, _, effects = self.room.pass_ended(order, self.now)
        self.carry(effects)
        return order, settled

    @property
    def state(self) -> State:
        return self.room.state

    def heard_last(self, slot: Slot) -> Send:
        return [send for send in self.sent if send.slot is slot][-1]
