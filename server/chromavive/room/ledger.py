"""What the entries of a room add up to: state, capability hashes, and everybody's steps."""

from dataclasses import dataclass, field

import msgspec

from chromavive.hints.entry import Entry, decode_entry
from chromavive.hints.state import State, state_after
from chromavive.ids import capability_hash, same_secret
from chromavive.room.effects import EncodedEntry
from chromavive.room.undo import RESHAPING, Steps, steps_after
from chromavive.wire.messages import Role

_sealed = msgspec.json.Decoder(dict[Role, str])


@dataclass(slots=True)
class Ledger:
    """The sum of the entries up to a revision. A copy may run ahead of what the journal holds."""

    state: State
    revision: int = 0
    capability_hashes: dict[Role, str] = field(default_factory=dict)
    steps: dict[str, Steps] = field(default_factory=dict)  # by member, bounded by UNDO_STEPS_MAX each
    shaped: int = 1  # the revision that turned or cropped last: no earlier moment has its places in this picture

    @classmethod
    def opened(cls, first: EncodedEntry) -> "Ledger":
        """The ledger after the room's first entry."""
        entry = decode_entry(first.payload)
        ledger = cls(state_after(None, entry))
        if first.sealed:  # that of a backup is not: nothing opens it until its links are drawn anew
            ledger.capability_hashes = _sealed.decode(first.sealed)
        ledger.revision = entry.revision
        return ledger

    def advance(self, entry: Entry, sealed: bytes) -> None:
        """Takes in the next entry."""
        assert entry.revision == self.revision + 1, f"revision {entry.revision} after {self.revision} (R2)"
        self.state = state_after(self.state, entry)
        self.revision = entry.revision
        if sealed:
            self.capability_hashes = {**self.capability_hashes, **_sealed.decode(sealed)}
        if entry.kind in RESHAPING:
            self.steps.clear()
            self.shaped = self.revision
        else:
            self.steps[entry.member] = steps_after(self.steps.get(entry.member, Steps()), entry)

    def copy(self) -> "Ledger":
        """A ledger that can run ahead of this one. The values inside are immutable and shared."""
        return Ledger(self.state, self.revision, self.capability_hashes, dict(self.steps), self.shaped)

    def role_of(self, capability: str) -> Role | None:
        """The role that the capability gives. Compares with every hash, in constant time."""
        given = capability_hash(capability)
        roles = [role for role, known in self.capability_hashes.items() if same_secret(given, known)]
        return roles[0] if roles else None
