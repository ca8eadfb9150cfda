"""Once (R3): what became of every number of every seat."""

from dataclasses import dataclass, field
from enum import Enum


class Fate(Enum):
    """What became of a seat's number."""

    FRESH = "fresh"
    ACCEPTED = "accepted"
    SPENT = "spent"  # refused before, or overtaken by a higher number
    EARLY = "early"  # an earlier number was asked to come again, and has not


@dataclass(slots=True)
class _Numbers:
    accepted: dict[int, int] = field(default_factory=dict)  # number -> revision; as many as the journal has entries
    highest: int = 0
    retried: int | None = None  # was answered with a retry and has to come first


class Seats:
    """The memory of a room's seats, by public seat id. Rebuilt from the journal when a room is loaded."""

    def __init__(self) -> None:
        # Seats without an entry: bounded by SEATS_A_CONNECTION_MAX, and forgotten with who sent their edits.
        self._numbers: dict[str, _Numbers] = {}

    def has_entries(self, seat: str) -> bool:
        """Whether the journal holds anything of this seat."""
        numbers = self._numbers.get(seat)
        return numbers is not None and bool(numbers.accepted)

    def forget(self, seat: str) -> None:
        """Nobody is here any more who could repeat a number of it; as after a restart, only entries are remembered."""
        if not self.has_entries(seat):
            self._numbers.pop(seat, None)

    def fate(self, seat: str, number: int) -> Fate:
        """What became of this number."""
        numbers = self._numbers.get(seat)
        if numbers is None:
            return Fate.FRESH
        if number in numbers.accepted:
            return Fate.ACCEPTED
        if number <= numbers.highest:
            return Fate.SPENT
        if numbers.retried is not None and number > numbers.retried:
            return Fate.EARLY
        return Fate.FRESH

    def revision(self, seat: str, number: int) -> int:
        """The revision of an accepted number."""
        return self._numbers[seat].accepted[number]

    def highest(self, seat: str) -> int:
        """The highest number of the seat that was taken up or refused for good; 0 if none."""
        numbers = self._numbers.get(seat)
        return 0 if numbers is None else numbers.highest

    def taken(self, seat: str, number: int) -> None:
        """The number is on its way to the journal: lower ones that were never seen cannot come any more."""
        numbers = self._of(seat)
        numbers.highest = max(numbers.highest, number)
        numbers.retried = None if numbers.retried == number else numbers.retried

    def accepted(self, seat: str, number: int, revision: int) -> None:
        """The journal holds it."""
        numbers = self._of(seat)
        numbers.accepted[number] = revision
        numbers.highest = max(numbers.highest, number)

    def refused(self, seat: str, number: int) -> None:
        """It was refused for good."""
        numbers = self._of(seat)
        numbers.highest = max(numbers.highest, number)
        numbers.retried = None if numbers.retried == number else numbers.retried

    def retry(self, seat: str, number: int) -> None:
        """It was asked to come again; later ones wait for it."""
        numbers = self._of(seat)
        if numbers.retried is None or number < numbers.retried:
            numbers.retried = number

    def _of(self, seat: str) -> _Numbers:
        return self._numbers.setdefault(seat, _Numbers())
