"""Who is here and where they point (R8); and the pace at which such news goes out."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from chromavive import limits
from chromavive.room.allowance import Allowance
from chromavive.wire.messages import Presence, Present, Role, Sight, View


def _edits() -> Allowance:
    return Allowance(limits.EDITS_A_SECOND_MAX, limits.EDITS_A_SECOND_MAX)


def _samples() -> Allowance:
    return Allowance(limits.SAMPLES_A_SECOND_MAX, limits.SAMPLES_A_SECOND_MAX)


@dataclass(slots=True)
class Person:
    """One connection of the room. secret, capability: as given in its hello; kept in memory only.

    edits, samples: how many more it may send. seats: the seats without an entry of which it sent edits.
    """

    connection: int
    secret: str
    capability: str
    role: Role
    member: str
    seat: str
    name: str
    x: float | None = None
    y: float | None = None
    view: Sight | None = None
    moved: int = 0  # counts moves of pointers and views of the room; larger is newer
    edits: Allowance = field(default_factory=_edits)
    samples: Allowance = field(default_factory=_samples)
    seats: set[str] = field(default_factory=set)  # at most SEATS_A_CONNECTION_MAX


class Pace:
    """Lets news through at once, then at most every interval."""

    def __init__(self) -> None:
        self._waiting = False
        self._last_seconds = float("-inf")
        self._interval_seconds = limits.GESTURE_INTERVAL_SECONDS

    def news(self) -> None:
        """Something changed."""
        self._waiting = True

    def go(self, now_seconds: float, members: int) -> bool:
        """Whether to send now; if so, it counts as sent."""
        crowded = members > limits.CROWD_MEMBERS
        self._interval_seconds = limits.GESTURE_INTERVAL_CROWDED_SECONDS if crowded else limits.GESTURE_INTERVAL_SECONDS
        if not self._waiting or now_seconds < self._last_seconds + self._interval_seconds:
            return False
        self._waiting = False
        self._last_seconds = now_seconds
        return True

    def wake_seconds(self) -> float | None:
        """When waiting news may go."""
        return self._last_seconds + self._interval_seconds if self._waiting else None


class People:
    """The connections of a room, and the pace at which they hear of each other."""

    def __init__(self) -> None:
        self.pace = Pace()
        self._people: dict[int, Person] = {}  # at most MEMBERS_MAX
        self._moves = 0

    def here(self, connections: Iterable[int]) -> tuple[int, ...]:
        """Those of the connections that are here."""
        return tuple(each for each in connections if each in self._people)

    def __len__(self) -> int:
        return len(self._people)

    def add(self, person: Person) -> None:
        self._people[person.connection] = person
        self.pace.news()

    def remove(self, connection: int) -> Person | None:
        self.pace.news()
        return self._people.pop(connection, None)

    def get(self, connection: int) -> Person | None:
        return self._people.get(connection)

    def connections(self) -> tuple[int, ...]:
        return tuple(self._people)

    def of_seat(self, seat: str) -> list[Person]:
        return [person for person in self._people.values() if person.seat == seat]

    def send_for(self, seat: str) -> bool:
        """Whether somebody here sent edits of this seat, which had no entry then."""
        return any(seat in person.seats for person in self._people.values())

    def of_roles(self, roles: frozenset[str]) -> list[Person]:
        return [person for person in self._people.values() if person.role in roles]

    def point(self, person: Person, x: float | None, y: float | None) -> None:
        """Moves a cursor; a place outside the picture is nowhere."""
        inside = x is not None and y is not None and 0 <= x <= 1 and 0 <= y <= 1
        person.x, person.y = (x, y) if inside else (None, None)
        self._moved(person)

    def show(self, person: Person, view: View) -> None:
        """Takes what a page shows; what no page can show is nothing."""
        inside = 0 <= view.x <= 1 and 0 <= view.y <= 1 and 0 < view.span <= 1
        person.view = Sight(view.x, view.y, view.span) if inside else None
        self._moved(person)

    def rename(self, person: Person, name: str) -> None:
        """Gives a person another name."""
        person.name = name[: limits.NAME_CHARACTERS_MAX]
        self.pace.news()

    def _moved(self, person: Person) -> None:
        self.pace.news()
        self._moves += 1
        person.moved = self._moves

    def message(self) -> Presence:
        """Who is here: those who moved last, at most CURSORS_MAX."""
        newest = sorted(self._people.values(), key=lambda person: person.moved, reverse=True)[: limits.CURSORS_MAX]
        present = tuple(
            Present(each.seat, each.member, each.name, each.role, each.x, each.y, each.view) for each in newest
        )
        return Presence(present, len(self._people))
