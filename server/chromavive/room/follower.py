"""A member's side of a room: what is confirmed, what is pending, what to send again (R3, R5).

Pure, and mirrored by the page's `room/follower.js`. Scripts and the simulation use this one.
"""

from collections.abc import Sequence

import msgspec

from chromavive import errors, limits
from chromavive.hints.edit import Edit, Redo, Restore, Rotate, Undo, resolve
from chromavive.hints.entry import Entry
from chromavive.hints.state import State, applied, state_after
from chromavive.wire import messages

_entry = msgspec.json.Decoder(Entry)


class Follower:
    """What one page load knows of its room."""

    def __init__(self, capability: str, member_secret: str, seat: str, name: str = "") -> None:
        self.capability = capability  # what the next hello carries; after a rotation the caller puts the new one here
        self._member_secret = member_secret
        self._seat = seat
        self._name = name
        self._number = 0
        self.welcome: messages.Welcome | None = None
        self.may_send = False  # welcomed on this connection; before that an edit would overtake the pending ones (R3)
        self.confirmed: State | None = None
        self.revision: int | None = None
        self.chain: str | None = None
        self.pending: list[messages.EditMessage] = []  # dead seats' first, then this one's, each in number order
        self.offered: list[messages.EditMessage] = []  # pending at a rollback: to be offered again one by one (R4)
        self.accepted: dict[int, int] = {}  # this seat's number -> revision, as acknowledged
        self.refused: dict[int, str] = {}  # this seat's number -> code, as refused for good

    def hello(self) -> messages.Hello:
        """The first message of every connection."""
        self.may_send = False
        return messages.Hello(
            version=limits.PROTOCOL_VERSION,
            capability=self.capability,
            member=self._member_secret,
            seat=self._seat,
            name=self._name,
            epoch=self.welcome.epoch if self.welcome else None,
            revision=self.revision,
            chain=self.chain,
        )

    def edit(self, edit: Edit, gesture: int | None = None) -> messages.EditMessage:
        """Takes the seat's next number; the edit is pending from now on.

        After this call, send the message if `may_send`; else the welcome's `take` gives it in its turn.
        """
        self._number += 1
        message = messages.EditMessage(self._seat, self._number, edit, gesture)
        self.pending.append(message)
        return message

    def adopt(self, unsent: Sequence[messages.EditMessage]) -> list[messages.EditMessage]:
        """Takes over what pages of this member that died left unanswered, under their seats and numbers (R3).

        Gives those that are new here, each seat's in number order; after this call, send them if `may_send`.
        """
        known = {(each.seat, each.number) for each in self.pending}
        fresh = [each for each in unsent if each.seat != self._seat and (each.seat, each.number) not in known]
        fresh.sort(key=lambda each: (each.seat, each.number))
        others = [each for each in self.pending if each.seat != self._seat]
        own = [each for each in self.pending if each.seat == self._seat]
        self.pending = others + fresh + own
        return fresh

    def take(self, message: messages.ToPage) -> list[messages.EditMessage]:
        """Takes in a message; gives the edits to send (again) now, in number order."""
        match message:
            case messages.Welcome():
                return self._welcomed(message)
            case messages.EntryMessage():
                self._entered(message)
            case messages.Accepted():
                if message.seat == self._seat:
                    self.accepted[message.number] = message.revision
                self._answered(message.seat, message.number)
            case messages.Refused(seat=str(seat), number=int(number)):
                return self._refused(message, seat, number)
            case _:
                pass
        return []

    def shown(self) -> State | None:
        """The confirmed state with the pending edits over it, in number order (R5)."""
        state = self.confirmed
        if state is None or self.welcome is None:
            return None
        for later, message in enumerate(self.pending, start=1):
            if isinstance(message.edit, Undo | Redo | Restore | Rotate):
                continue  # only the room can compute these
            revision = (self.revision or 0) + later
            try:
                changes = resolve(message.edit, state, author=self.welcome.member, revision=revision)
            except errors.EditRefused:
                continue  # the room will say so too
            state = applied(state, changes, revision)
        return state

    def _welcomed(self, message: messages.Welcome) -> list[messages.EditMessage]:
        self.welcome = message
        self.may_send = True
        if message.rolled_back:
            self.offered, self.pending = self.offered + self.pending, []
        if message.state is not None:
            self.confirmed = message.state
        for raw in message.entries or ():
            self._apply(_entry.decode(raw))
        self.revision, self.chain = message.revision, message.chain
        self._number = max(self._number, message.number)
        return list(self.pending)

    def _entered(self, message: messages.EntryMessage) -> None:
        entry = _entry.decode(message.entry)
        if self.revision is None or entry.revision != self.revision + 1:
            raise errors.Malformed(f"entry {entry.revision} after {self.revision}")
        self._apply(entry)
        self.revision, self.chain = entry.revision, message.chain

    def _apply(self, entry: Entry) -> None:
        self.confirmed = state_after(self.confirmed, entry)
        if self.welcome is not None and entry.seat == self.welcome.seat:
            self._answered(self._seat, entry.number)

    def _refused(self, message: messages.Refused, seat: str, number: int) -> list[messages.EditMessage]:
        if message.kind == "drop":
            if seat == self._seat:
                self.refused.setdefault(number, message.code)
            self._answered(seat, number)
            return []
        if message.code == errors.NumberEarly.code:
            return []  # it goes again together with the one that it has to wait for
        return [each for each in self.pending if each.seat == seat and each.number >= number]

    def _answered(self, seat: str, number: int) -> None:
        self.pending = [each for each in self.pending if (each.seat, each.number) != (seat, number)]
