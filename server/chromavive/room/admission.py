"""How many edits a page and a room may send, and of how many seats (R10)."""

from chromavive import errors, limits
from chromavive.room.allowance import Allowance
from chromavive.room.presence import People, Person
from chromavive.room.proposals import Proposals
from chromavive.room.seats import Seats


class Admission:
    """What stands between the edits of a room's pages and the room."""

    def __init__(self, seats: Seats) -> None:
        self._seats = seats
        self._edits = Allowance(limits.ROOM_EDITS_A_SECOND_MAX, limits.ROOM_EDITS_A_SECOND_MAX)

    def check_seat(self, person: Person, seat: str) -> None:
        """Nothing, if the person may send edits of this seat; one without an entry costs memory while they are here.

        Raises:
            SeatsTooMany: close the connection.
        """
        if seat in person.seats or self._seats.has_entries(seat):
            return
        person.seats = {each for each in person.seats if not self._seats.has_entries(each)}
        if len(person.seats) >= limits.SEATS_A_CONNECTION_MAX:
            raise errors.SeatsTooMany()
        person.seats.add(seat)

    def check_pace(self, person: Person, now_seconds: float) -> None:
        """Counts one more edit of the person, and of the room.

        Raises:
            EditsTooFast, RoomTooFast: it has to come again.
        """
        if not person.edits.may(now_seconds):
            raise errors.EditsTooFast()
        if not self._edits.take(now_seconds):
            raise errors.RoomTooFast()
        person.edits.take(now_seconds)

    def left(self, person: Person, people: People, proposals: Proposals) -> None:
        """The person is not among the people any more: what nobody else could repeat is forgotten."""
        for seat in person.seats:
            if not people.send_for(seat) and not proposals.has(seat):
                self._seats.forget(seat)
