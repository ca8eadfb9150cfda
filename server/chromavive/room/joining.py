"""From hello to welcome: the missing entries or a snapshot (R4)."""

from enum import Enum

import msgspec

from chromavive import errors, ids, limits
from chromavive.hints.entry import CHAIN_START, chained
from chromavive.ids import SEAT_PATTERN, SECRET_PATTERN
from chromavive.room.effects import EncodedEntry
from chromavive.room.ledger import Ledger
from chromavive.room.opening import links_of
from chromavive.room.presence import People, Person
from chromavive.wire.messages import EngineNote, Hello, Links, Role, Welcome, raw


class Answer(Enum):
    """How a hello is answered."""

    ENTRIES = "entries"
    SNAPSHOT = "snapshot"
    ROLLED_BACK = "rolled back"


_TABLE = {
    # (page has something, its chain is ours, few enough are missing)
    (False, False, False): Answer.SNAPSHOT,
    (False, False, True): Answer.SNAPSHOT,
    (False, True, False): Answer.SNAPSHOT,
    (False, True, True): Answer.SNAPSHOT,
    (True, False, False): Answer.ROLLED_BACK,
    (True, False, True): Answer.ROLLED_BACK,
    (True, True, False): Answer.SNAPSHOT,
    (True, True, True): Answer.ENTRIES,
}


class Past:
    """The entries of a room as members got them: chains of all, payloads of the newest."""

    def __init__(self) -> None:
        self.chains = [CHAIN_START]  # by revision; 16 digits an entry
        self._payloads: dict[int, bytes] = {}  # at most RESUME_ENTRIES_MAX

    def add(self, entry: EncodedEntry) -> str:
        """Takes in the next entry; gives the chain after it."""
        chain = chained(self.chains[-1], entry.payload)
        self.chains.append(chain)
        self._payloads[entry.revision] = entry.payload
        self._payloads.pop(entry.revision - limits.RESUME_ENTRIES_MAX, None)
        return chain

    def answer(self, hello: Hello) -> Answer:
        """How this hello is answered."""
        newest = len(self.chains) - 1
        has = hello.revision is not None
        revision = hello.revision or 0
        ours = has and 0 <= revision <= newest and self.chains[revision] == hello.chain
        few = newest - revision <= limits.RESUME_ENTRIES_MAX
        return _TABLE[has, ours, few]

    def after(self, revision: int) -> list[bytes]:
        """The payloads after this revision, in order."""
        return [self._payloads[number] for number in range(revision + 1, len(self.chains))]


def check_hello(hello: Hello) -> None:
    """Nothing, if the hello is well-formed and of our version.

    Raises:
        VersionMismatch: the page speaks another version.
        Malformed: a secret of another shape.
    """
    if hello.version != limits.PROTOCOL_VERSION:
        raise errors.VersionMismatch()
    if not (SECRET_PATTERN.fullmatch(hello.member) and SEAT_PATTERN.fullmatch(hello.seat)):
        raise errors.Malformed("A member's secret has 22 and a seat 8 to 32 URL-safe characters.")


def person_of(connection: int, hello: Hello, role: Role) -> Person:
    """Who said this hello, by a capability that gives this role."""
    return Person(
        connection,
        hello.member,
        hello.capability,
        role,
        ids.member_id(hello.member),
        ids.seat_id(hello.member, hello.seat),
        hello.name[: limits.NAME_CHARACTERS_MAX],
    )


def welcome(
    person: Person,
    hello: Hello,
    *,
    room: str,
    epoch: str,
    number: int,
    ledger: Ledger,
    past: Past,
    working_px: tuple[int, int],
    look: int,
    engine: EngineNote,
) -> Welcome:
    """The answer to a hello whose capability was found good. number: the highest that this seat got an answer to.

    look: the room's newest.
    """
    answer = past.answer(hello)
    resumed = answer is Answer.ENTRIES
    return Welcome(
        version=limits.PROTOCOL_VERSION,
        room=room,
        epoch=epoch,
        role=person.role,
        member=person.member,
        seat=person.seat,
        number=number,
        revision=ledger.revision,
        chain=past.chains[-1],
        working_px=working_px,
        look=look,
        engine=_noted(engine, ledger.state.network),
        entries=tuple(raw(payload) for payload in past.after(hello.revision or 0)) if resumed else None,
        state=None if resumed else ledger.state,
        rolled_back=answer is Answer.ROLLED_BACK,
        links=links_of(person.capability, ledger.state.generations) if person.role == "owner" else None,
    )


def after_rotation(people: People, ledger: Ledger) -> tuple[list[Person], list[tuple[int, Links]]]:
    """Whose capability opens this room no more (R9), and the owners' connections with their new links."""
    here = [person for each in people.connections() if (person := people.get(each)) is not None]
    gone = [person for person in here if ledger.role_of(person.capability) is None]
    owners = [person for person in here if person not in gone and person.role == "owner"]
    return gone, [(each.connection, links_of(each.capability, ledger.state.generations)) for each in owners]


def _noted(engine: EngineNote, chosen: str) -> EngineNote:
    """What the member is told of the engine; also where another network than the chosen one paints."""
    if engine.serves(chosen):
        return engine
    note = f"This room's network is {chosen}, which this server has not loaded; {engine.default} paints it."
    return msgspec.structs.replace(engine, note=note)
