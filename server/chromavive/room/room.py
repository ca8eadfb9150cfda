"""The room: one photograph, its hints, and everybody who colors it.

Messages come in, effects come out, in the order in which they have to happen. The file is ordered by what comes in:
people, their messages, the journal's answers, the engine's answers, the clock; private parts last.
"""

from collections.abc import Sequence

from chromavive import errors, limits
from chromavive.hints.entry import decode_entry
from chromavive.hints.state import State
from chromavive.room import rights
from chromavive.room.admission import Admission
from chromavive.room.effects import (
    Close,
    Content,
    Effect,
    EncodedEntry,
    OfferFrame,
    PassOrder,
    ReadBack,
    Send,
    Slot,
)
from chromavive.room.gestures import Gestures
from chromavive.room.joining import Past, after_rotation, check_hello, person_of, welcome
from chromavive.room.ledger import Ledger
from chromavive.room.looks import working_px
from chromavive.room.moments import Moments, Previews
from chromavive.room.picture import Picture, PointColors
from chromavive.room.presence import People, Person
from chromavive.room.proposals import Proposal, Proposals, proposal_of
from chromavive.room.seats import Fate, Seats
from chromavive.wire import messages
from chromavive.wire.messages import Role

_Unanswered = (
    messages.Cancel | messages.Pointer | messages.View | messages.Rename | messages.PaletteFor | messages.PreviewOf
)


class Room:
    """One room in memory. Nothing here waits, reads a clock or draws a number."""

    def __init__(self, room_id: str, epoch: str, opened: EncodedEntry, engine: messages.EngineNote) -> None:
        self.room_id = room_id
        self.epoch = epoch
        self.engine = engine
        self._ledger = Ledger.opened(opened)
        self._past = Past()
        self._past.add(opened)
        self._seats = Seats()
        self._admission = Admission(self._seats)
        self._moments = Moments()
        self._previews = Previews(engine, self._moments)
        self._proposals = Proposals(self._ledger, engine, self._moments)
        self._people = People()
        self._gestures = Gestures()
        self._picture = Picture(engine)
        self._generations = self.state.generations
        self._reading = False

    @classmethod
    def load(cls, room_id: str, epoch: str, entries: Sequence[EncodedEntry], engine: messages.EngineNote) -> "Room":
        """The room that these entries, all of the journal's, add up to. There has to be at least the first one."""
        room = cls(room_id, epoch, entries[0], engine)
        for encoded in entries[1:]:
            room._take_in(encoded)
        room._proposals.restart(room._ledger)
        room._generations = room.state.generations
        room._picture.see(room.state, room.revision, room._gestures)
        return room

    @property
    def state(self) -> State:
        """What the journal holds."""
        return self._ledger.state

    @property
    def serving(self) -> messages.NetworkNote:
        """The network that paints: the one that the owner chose, if it is loaded."""
        return self.engine.serving(self.state.network)

    @property
    def revision(self) -> int:
        return self._ledger.revision

    @property
    def first_moment(self) -> int:
        """The earliest revision that can be shown: the picture was turned or cropped there."""
        return self._ledger.shaped

    @property
    def chain(self) -> str:
        return self._past.chains[-1]

    @property
    def connections(self) -> tuple[int, ...]:
        return self._people.connections()

    def role_of(self, capability: str) -> Role | None:
        """The role that the capability gives here; None if it gives none."""
        return self._ledger.role_of(capability)

    def confirmed_content(self) -> Content:
        """What the journal's state looks like, without gestures: for exports."""
        return self._picture.content(self.state)

    # -- people ---------------------------------------------------------------------------------------------------

    def hello(self, connection: int, hello: messages.Hello, now_seconds: float) -> list[Effect]:
        """Welcomes a connection. A newer connection of the same seat replaces the older one.

        Raises:
            NotFound, VersionMismatch, Malformed, RoomFull: close the connection.
        """
        check_hello(hello)
        role = self.role_of(hello.capability)
        if role is None:
            raise errors.NotFound()
        person = person_of(connection, hello, role)
        effects: list[Effect] = [self._dismiss(old, errors.Replaced()) for old in self._people.of_seat(person.seat)]
        if len(self._people) >= limits.MEMBERS_MAX:
            raise errors.RoomFull()
        self._people.add(person)
        told = welcome(
            person,
            hello,
            room=self.room_id,
            epoch=self.epoch,
            number=self._seats.highest(person.seat),
            ledger=self._ledger,
            past=self._past,
            working_px=working_px(self.state),
            look=self._picture.newest_look,
            engine=self.engine,
        )
        effects.append(Send((connection,), told))
        effects.append(OfferFrame(connection))
        effects.append(Send((connection,), self._gestures.message(), Slot.GESTURES))
        return effects + self._news(now_seconds)

    def left(self, connection: int, now_seconds: float) -> list[Effect]:
        """A connection is gone. Edits of it that are on their way go on."""
        person = self._people.remove(connection)
        if person is None:
            return []
        self._gone(person)
        return self._news(now_seconds)

    # -- their messages -------------------------------------------------------------------------------------------

    def receive(
        self, connection: int, message: messages.FromPage, now_seconds: float, unix_seconds: float
    ) -> list[Effect]:
        """One message of a connection that was welcomed; late messages of others change nothing."""
        person = self._people.get(connection)
        if person is None:
            return []
        effects: list[Effect] = []
        match message:
            case messages.EditMessage():
                effects = self._edit(person, message, now_seconds, unix_seconds)
            case messages.GestureMessage():
                effects = self._gesture(person, message, now_seconds)
            case messages.Hello():
                raise errors.Malformed("This connection has said hello already.")
            case messages.Painted() | messages.Pong():
                pass  # the connection has heard them
            case _:
                effects = self._unanswered(person, message)
        return effects + self._news(now_seconds)

    # -- the journal's answers ------------------------------------------------------------------------------------

    def appended(self, now_seconds: float) -> list[Effect]:
        """The append that was out is durable: only now is it spoken of (R1)."""
        effects: list[Effect] = []
        for proposal in self._proposals.landed():
            assert proposal.encoded is not None
            effects += self._speak(proposal.encoded)
            effects += self._accept(proposal)
        return effects + self._after_rotation() + self._append() + self._news(now_seconds)

    def conflicted(self) -> list[Effect]:
        """The journal holds other entries than this room knows: read them first."""
        self._reading = True
        return [ReadBack(self.revision)]

    def unanswered(self) -> list[Effect]:
        """The append's answer was lost: nobody knows whether it is there, so read before anything else."""
        return self.conflicted()

    def read_back(self, entries: Sequence[EncodedEntry], now_seconds: float, unix_seconds: float) -> list[Effect]:
        """What the journal holds after the room's revision. Edits not among it are checked and tried again."""
        self._reading = False
        effects: list[Effect] = []
        for encoded in entries:
            effects += self._speak(encoded)
        for proposal in self._proposals.restart(self._ledger):
            if self._seats.fate(*proposal.key) is Fate.ACCEPTED:
                effects += self._accept(proposal)
            else:
                effects += self._propose(proposal, unix_seconds)
        return effects + self._after_rotation() + self._append() + self._news(now_seconds)

    def recalled(self, revision: int, moment: State | None, now_seconds: float) -> list[Effect]:
        """What this room was at a revision; whoever restores it sends the edit again, as it was told."""
        self._moments.recalled(revision, moment)
        return self._previews.recalled(revision, self._ledger) + self._news(now_seconds)

    # -- the engine's answers -------------------------------------------------------------------------------------

    def start_pass(self, now_seconds: float) -> PassOrder | None:
        """The newest look, taken when the engine is free for it; None if there is nothing to render now."""
        return self._picture.start_pass(self.revision, now_seconds)

    def pass_ended(self, order: PassOrder, now_seconds: float) -> tuple[bool, int, list[Effect]]:
        """(whether the frame is settled, the revision it shows, what follows)."""
        settled, revision = self._picture.pass_ended(order, self.revision, moving=bool(self._gestures))
        return settled, revision, self._follows(now_seconds)

    def pass_failed(self, order: PassOrder, sentence: str, now_seconds: float) -> list[Effect]:
        """The pass gave nothing; everybody is told, once until one succeeds. It is tried again after a pause."""
        first = self._picture.pass_failed(order)
        told = Send(self.connections, messages.EngineChanged(sentence))
        return [told] * first + self._follows(now_seconds)

    def start_palettes(self) -> PassOrder | None:
        """The points that wait although nothing is to be rendered; None if there are none, or a pass takes them."""
        return self._picture.start_palettes(self.revision)

    def palettes(self, found: Sequence[PointColors], now_seconds: float) -> list[Effect]:
        """Palettes of points, each of the newest look that has one; told to those whose point it still is."""
        return self._picture.palettes(found) + self._follows(now_seconds)

    # -- the clock ------------------------------------------------------------------------------------------------

    def tick(self, now_seconds: float) -> list[Effect]:
        """What is due by now: silent gestures end, merged news goes out, a pass that had to wait is wanted."""
        self._gestures.expire(now_seconds)
        effects: list[Effect] = []
        for person, message in self._gestures.due(now_seconds):
            effects += self._gesture(person, message, now_seconds)
        return effects + self._news(now_seconds)

    def wake_seconds(self) -> float | None:
        """When tick is due next; None: not before something comes in."""
        due = [self._gestures.wake_seconds()]
        if self._people:
            due += [
                self._gestures.pace.wake_seconds(),
                self._people.pace.wake_seconds(),
                self._picture.wake_seconds(),
            ]
        return min((seconds for seconds in due if seconds is not None), default=None)

    # -- private: edits -------------------------------------------------------------------------------------------

    def _edit(
        self, person: Person, message: messages.EditMessage, now_seconds: float, unix_seconds: float
    ) -> list[Effect]:
        proposal = proposal_of(person, message)
        on_its_way = self._proposals.find(*proposal.key)
        if on_its_way is not None:
            on_its_way.repeated(person.connection)
            return []
        try:
            self._admission.check_seat(person, proposal.seat)
        except errors.SeatsTooMany as error:
            return [self._dismiss(person, error)]
        if message.gesture is not None:
            self._gestures.hold(person.seat, message.gesture, proposal.key)
        match self._seats.fate(*proposal.key):
            case Fate.ACCEPTED:
                return self._accept(proposal)
            case Fate.SPENT:
                return [self._refuse(proposal, errors.NumberSpent())]
            case Fate.EARLY:
                return [self._refuse(proposal, errors.NumberEarly())]
            case Fate.FRESH:
                try:
                    self._admission.check_pace(person, now_seconds)
                except errors.EditRefused as error:
                    self._seats.retry(*proposal.key)
                    return [self._refuse(proposal, error)]
                return self._propose(proposal, unix_seconds) + self._append()

    def _propose(self, proposal: Proposal, unix_seconds: float) -> list[Effect]:
        try:
            self._proposals.propose(proposal, unix_seconds)
        except errors.EditRefused as error:
            if error.kind == "retry":
                self._seats.retry(*proposal.key)
            else:
                self._seats.refused(*proposal.key)
            return [self._refuse(proposal, error)]
        self._seats.taken(*proposal.key)
        return []

    def _append(self) -> list[Effect]:
        append = None if self._reading else self._proposals.next_append()
        return [] if append is None else [append]

    def _accept(self, proposal: Proposal) -> list[Effect]:
        """Answers the author, once the journal holds the edit."""
        self._gestures.decided(proposal.key)
        asked_by = self._people.here(proposal.asked_by)
        if not asked_by:
            return []
        revision = self._seats.revision(*proposal.key)
        return [Send(asked_by, messages.Accepted(proposal.page_seat, proposal.number, revision))]

    def _refuse(self, proposal: Proposal, error: errors.EditRefused) -> Effect:
        if error.kind == "drop":  # one that comes again keeps its gesture: no jump back
            self._gestures.decided(proposal.key)
        refused = messages.refusal(error, seat=proposal.page_seat, number=proposal.number)
        return Send(self._people.here(proposal.asked_by), refused)

    def _after_rotation(self) -> list[Effect]:
        """Closes every connection whose capability opens this room no more; gives owners the new links (R9)."""
        if self._generations == self.state.generations:
            return []
        self._generations = self.state.generations
        gone, owners = after_rotation(self._people, self._ledger)
        effects: list[Effect] = [self._dismiss(person, errors.LinkRotated()) for person in gone]
        return effects + [Send((each,), links) for each, links in owners]

    # -- private: entries -----------------------------------------------------------------------------------------

    def _take_in(self, encoded: EncodedEntry) -> str:
        """Adds a durable entry to what the room knows; gives the chain after it."""
        self._ledger.advance(decode_entry(encoded.payload), encoded.sealed)
        self._seats.accepted(encoded.seat, encoded.number, encoded.revision)
        return self._past.add(encoded)

    def _speak(self, encoded: EncodedEntry) -> list[Effect]:
        """Takes in a durable entry and tells everybody."""
        chain = self._take_in(encoded)
        entry = messages.EntryMessage(messages.raw(encoded.payload), chain, working_px(self.state))
        return [Send(self.connections, entry)] if self.connections else []

    # -- private: gestures and looks ------------------------------------------------------------------------------

    def _gesture(self, person: Person, message: messages.GestureMessage, now_seconds: float) -> list[Effect]:
        ahead = self._proposals.ahead
        try:
            self._gestures.take(person, message, ahead.state, ahead.revision + 1, now_seconds)
        except errors.EditRefused as error:
            return [Send((person.connection,), messages.refusal(error, gesture=message.gesture))]
        return []

    def _dismiss(self, person: Person, error: errors.ConnectionClosed) -> Close:
        self._people.remove(person.connection)
        self._gone(person)
        return Close(person.connection, error)

    def _gone(self, person: Person) -> None:
        self._admission.left(person, self._people, self._proposals)
        self._picture.left(person.connection)
        self._previews.left(person.connection)
        self._gestures.left(person.seat, self._proposals.find)

    def _unanswered(self, person: Person, message: _Unanswered) -> list[Effect]:
        """What is no edit and is not refused: without the right to it, nothing happens (R9)."""
        if person.role not in rights.TABLE[str(message.__struct_config__.tag)]:
            return []
        match message:
            case messages.Cancel():
                self._gestures.cancel(person.seat, message.gesture)
            case messages.Pointer():
                self._people.point(person, message.x, message.y)
            case messages.View():
                self._people.show(person, message)
            case messages.Rename():
                self._people.rename(person, message.name)
            case messages.PaletteFor():
                return self._picture.select(person.connection, message.x, message.y)
            case messages.PreviewOf():
                return self._previews.want(person.connection, message, self._ledger)
        return []

    def _news(self, now_seconds: float) -> list[Effect]:
        """Everything that follows from what just came in: merged news, and what the picture needs."""
        effects: list[Effect] = []
        everybody = self.connections
        if everybody and self._gestures.pace.go(now_seconds, len(everybody)):
            effects.append(Send(everybody, self._gestures.message(), Slot.GESTURES))
        if everybody and self._people.pace.go(now_seconds, len(everybody)):
            effects.append(Send(everybody, self._people.message(), Slot.PRESENCE))
        self._picture.see(self.state, self.revision, self._gestures)
        return effects + self._moments.ask() + self._follows(now_seconds)

    def _follows(self, now_seconds: float) -> list[Effect]:
        watched, moving = bool(self._people), bool(self._gestures)  # a request about a room paints nothing
        return self._picture.follows(self.revision, now_seconds, watched=watched, moving=moving)
