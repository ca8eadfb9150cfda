"""Edits on their way into the journal (R1): one append is out, what arrives meanwhile goes together in the next."""

from dataclasses import dataclass

import msgspec

from chromavive import errors, ids, limits
from chromavive.hints.edit import ChooseNetwork, Edit, Import, Redo, Restore, Rotate, Undo, kind_of, resolve, restored
from chromavive.hints.entry import Change, Entry, GenerationSet, NetworkSet, VividnessSet, encode_entry
from chromavive.room import rights
from chromavive.room.effects import AppendEntries, EncodedEntry
from chromavive.room.ledger import Ledger
from chromavive.room.moments import Moments
from chromavive.room.opening import links_of, rotation_of_all
from chromavive.room.presence import Person
from chromavive.room.undo import Step, Steps, reverted
from chromavive.wire.messages import EditMessage, EngineNote, Role


@dataclass(slots=True)
class Proposal:
    """An edit that was understood and waits for the journal. seat: public id; page_seat: as the page names it.

    asked_by: the connections that sent it, and that are owed the answer: a page and one that took it for dead.
    """

    asked_by: list[int]
    role: Role
    capability: str
    member: str
    seat: str
    page_seat: str
    number: int
    edit: Edit
    entry: Entry | None = None
    encoded: EncodedEntry | None = None

    @property
    def key(self) -> tuple[str, int]:
        return self.seat, self.number

    def repeated(self, connection: int) -> None:
        """This connection sent it too."""
        if connection not in self.asked_by:
            self.asked_by.append(connection)


def proposal_of(person: Person, message: EditMessage) -> Proposal:
    """The edit that a person asks for, under a seat of theirs."""
    return Proposal(
        [person.connection],
        person.role,
        person.capability,
        person.member,
        ids.seat_id(person.secret, message.seat),
        message.seat,
        message.number,
        message.edit,
    )


class Proposals:
    """The proposals of a room, and the ledger as it will be once the journal holds them all."""

    def __init__(self, confirmed: Ledger, engine: EngineNote, moments: Moments) -> None:
        self._engine = engine
        self._moments = moments
        self.ahead = confirmed.copy()
        self.out: list[Proposal] = []  # bounded with waiting by EDITS_WAITING_MAX and EDITS_WAITING_BYTES_MAX
        self.waiting: list[Proposal] = []

    def find(self, seat: str, number: int) -> Proposal | None:
        """The proposal of this seat and number, if it is on its way."""
        return next((each for each in self.out + self.waiting if each.key == (seat, number)), None)

    def has(self, seat: str) -> bool:
        """Whether anything of this seat is on its way."""
        return any(each.seat == seat for each in self.out + self.waiting)

    def propose(self, proposal: Proposal, unix_seconds: float) -> None:
        """Resolves the edit against the state ahead and lets it wait.

        Raises:
            EditRefused: nothing changed.
        """
        if len(self.out) + len(self.waiting) >= limits.EDITS_WAITING_MAX:
            raise errors.RoomBusy()
        for what in _rights_of(proposal.edit):
            rights.check(proposal.role, what, self.ahead.state)
        chosen = proposal.edit.network if isinstance(proposal.edit, ChooseNetwork | Import) else None
        if chosen is not None and not self._engine.serves(chosen):
            raise errors.NetworkNotServed()
        entry, sealed = _entry(proposal, self.ahead, self._moments, unix_seconds)
        payload = encode_entry(entry)
        on_their_way = sum(len(each.encoded.payload) for each in self.out + self.waiting if each.encoded is not None)
        if on_their_way and on_their_way + len(payload) > limits.EDITS_WAITING_BYTES_MAX:
            raise errors.RoomBusy()
        proposal.entry = entry
        proposal.encoded = EncodedEntry(entry.revision, entry.seat, entry.number, payload, sealed)
        self.ahead.advance(entry, sealed)
        self.waiting.append(proposal)

    def next_append(self) -> AppendEntries | None:
        """All that waits, as one append; None if one is out or nothing waits."""
        if self.out or not self.waiting:
            return None
        self.out, self.waiting = self.waiting, []
        entries = tuple(each.encoded for each in self.out if each.encoded is not None)
        return AppendEntries(entries[0].revision - 1, entries)

    def landed(self) -> list[Proposal]:
        """The append that was out is in the journal; gives its proposals."""
        landed, self.out = self.out, []
        return landed

    def restart(self, confirmed: Ledger) -> list[Proposal]:
        """Takes everything back, to be proposed again over what the journal turned out to hold."""
        every = self.out + self.waiting
        self.out, self.waiting = [], []
        self.ahead = confirmed.copy()
        return every


def _rights_of(edit: Edit) -> list[str]:
    """What an edit needs: mostly its own right, and that of each other field that an import sets beside the hints."""
    if not isinstance(edit, Import):
        return [kind_of(edit)]
    beside = {"network": edit.network, "vividness": edit.vividness}
    return [kind_of(edit), *(name for name, value in beside.items() if value is not None)]


def _entry(proposal: Proposal, ahead: Ledger, moments: Moments, unix_seconds: float) -> tuple[Entry, bytes]:
    revision = ahead.revision + 1
    undoes: int | None = None
    skipped: tuple[str, ...] = ()
    sealed = b""
    changes: tuple[Change, ...]
    match proposal.edit:
        case Undo() | Redo():
            step = _step(proposal.edit, ahead.steps.get(proposal.member, Steps()))
            _check_step(proposal.role, step, ahead)
            changes, skipped = reverted(step, ahead.state, revision)
            undoes = step.revision
        case Restore(earlier):
            moment = moments.at(earlier, ahead, proposal.seat)
            if moment is None:
                raise errors.MomentComing()
            changes = restored(moment, ahead.state, by_owner=proposal.role == "owner")
            undoes = earlier
        case Rotate():
            changes, sealed = _rotation(proposal.edit, proposal.capability, ahead)
        case _:
            changes = resolve(proposal.edit, ahead.state, author=proposal.member, revision=revision)
    entry = Entry(
        revision=revision,
        member=proposal.member,
        seat=proposal.seat,
        number=proposal.number,
        kind=kind_of(proposal.edit),
        changes=changes,
        unix_seconds=int(unix_seconds),
        undoes=undoes,
        skipped=skipped,
    )
    return entry, sealed


def _step(edit: Undo | Redo, steps: Steps) -> Step:
    if isinstance(edit, Undo):
        if not steps.undo:
            raise errors.NothingToUndo()
        return steps.undo[-1]
    if not steps.redo:
        raise errors.NothingToRedo()
    return steps.redo[-1]


def _check_step(role: Role, step: Step, ahead: Ledger) -> None:
    """Nothing, if the role may set the fields of the step: who was the owner once may be an editor now (R9)."""
    for change in step.changes:
        if isinstance(change, NetworkSet | VividnessSet):
            rights.check(role, str(change.__struct_config__.tag), ahead.state)


def _rotation(edit: Rotate, owner_capability: str, ahead: Ledger) -> tuple[tuple[Change, ...], bytes]:
    """The changes of a rotation, and the new capabilities' hashes as the sealed part."""
    if ahead.role_of(owner_capability) != "owner":
        raise errors.NotAllowed()  # an earlier rotation on its way has taken the right away
    before = ahead.state.generations
    if edit.role != "owner":
        after = {**before, edit.role: before[edit.role] + 1}
        hashed = ids.capability_hash(getattr(links_of(owner_capability, after), edit.role))
        return (GenerationSet(edit.role, before[edit.role], after[edit.role]),), msgspec.json.encode(
            {edit.role: hashed}
        )
    fresh = edit.capability or ""
    if fresh == owner_capability or not ids.SECRET_PATTERN.fullmatch(fresh):
        raise errors.CapabilityMissing()
    return rotation_of_all(before, fresh)
