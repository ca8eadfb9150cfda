"""What members of rooms asked, and what they were told, checked against the journal as Jepsen checks a register.

Nothing that anybody was told may be lost, doubled or moved; what was asked and not answered may be there or not.
"""

from collections import Counter
from dataclasses import dataclass, field

from chromavive import ids
from chromavive.hints.edit import Add, Edit, Move, NewHint, Placed
from chromavive.hints.entry import decode_entry
from chromavive.journal import Record
from chromavive.room.follower import Follower
from chromavive.wire import messages

Source = tuple[str, int]
"""A seat's public id, and its number of an edit."""


@dataclass
class RoomHistory:
    """One room: what was asked, acknowledged and shown, and what the journal held when it was last looked at."""

    asked: dict[Source, str] = field(default_factory=dict)  # the edit's tag
    acknowledged: dict[Source, int] = field(default_factory=dict)  # the revision
    shown: dict[int, bytes] = field(default_factory=dict)  # by revision: the entry as some member got it
    held: list[Record] = field(default_factory=list)

    def tell(self, seat: str, message: messages.ToPage) -> None:
        """Note what a seat was told: an acknowledgement, or entries, of which its own are acknowledgements too."""
        match message:
            case messages.Accepted():
                self._acknowledge((seat, message.number), message.revision)
            case messages.EntryMessage():
                self._show(seat, bytes(message.entry))
            case messages.Welcome():
                for entry in message.entries or ():
                    self._show(seat, bytes(entry))
            case _:
                pass

    def _show(self, seat: str, payload: bytes) -> None:
        entry = decode_entry(payload)
        assert self.shown.setdefault(entry.revision, payload) == payload, f"revision {entry.revision} was shown twice"
        if entry.seat == seat:
            self._acknowledge((seat, entry.number), entry.revision)

    def _acknowledge(self, source: Source, revision: int) -> None:
        assert self.acknowledged.setdefault(source, revision) == revision, f"{source} has two revisions"

    def check(self, records: list[Record]) -> int:
        """Compare with the journal; gives how many edits it holds whose author was never told so."""
        assert [record.revision for record in records] == list(range(1, len(records) + 1)), "a gap"
        assert records[: len(self.held)] == self.held, "what the journal held is not there any more"
        sources = [(record.seat, record.number) for record in records[1:]]
        doubled = [source for source, times in Counter(sources).items() if times > 1]
        assert not doubled, f"doubled: {doubled}"
        newest: dict[str, int] = {}
        for seat, number in sources:
            assert number > newest.get(seat, 0), f"the edits of {seat} are out of order at {number}"
            newest[seat] = number
        revisions = {source: revision for revision, source in enumerate(sources, start=2)}
        assert all(revisions.get(source) == told for source, told in self.acknowledged.items()), "lost or moved"
        assert all(records[revision - 1].payload == payload for revision, payload in self.shown.items()), "shown, gone"
        kinds = {source: decode_entry(record.payload).kind for source, record in zip(sources, records[1:], strict=True)}
        assert all(self.asked.get(source) == kind for source, kind in kinds.items()), "nobody asked for this"
        self.held = records
        return sum(source not in self.acknowledged for source in sources)


class Scripted:
    """One seat with a script without end: it adds a few hints of its own, and then moves them about."""

    HINTS = 6

    def __init__(self, room: str, capability: str, member_secret: str, seat: str, history: RoomHistory) -> None:
        self.room = room
        self.follower = Follower(capability, member_secret, seat)
        self._public = ids.seat_id(member_secret, seat)
        self._history = history
        self._made = 0

    def next_edit(self) -> messages.EditMessage:
        """What it asks next."""
        self._made += 1
        hint = f"{self._public[:8]}-{self._made % self.HINTS}"
        x, y = self._made % 97 / 97, self._made % 89 / 89
        fresh = self._made <= self.HINTS
        edit: Edit = Add((NewHint(hint, x, y, 20.0, -20.0),)) if fresh else Move((Placed(hint, x, y),))
        message = self.follower.edit(edit)
        self._history.asked[self._public, message.number] = "add" if fresh else "move"
        return message

    def take(self, message: messages.ToPage) -> list[messages.EditMessage]:
        """Take in what it is told; gives what to send again."""
        self._history.tell(self._public, message)
        again = self.follower.take(message)
        assert not self.follower.refused, f"refused: {self.follower.refused}"
        return again
