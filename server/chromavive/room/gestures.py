"""Drags and presses in progress (R6): seen and rendered live, never journaled."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from chromavive import errors, limits
from chromavive.hints.edit import GestureEdit, Move, resolve
from chromavive.hints.hint import Hint
from chromavive.hints.state import State, applied
from chromavive.room import rights
from chromavive.room.presence import Pace, Person
from chromavive.wire import messages
from chromavive.wire.messages import LiveGesture

Key = tuple[str, int]
"""(public seat id, the seat's number of the gesture)"""


@dataclass(slots=True)
class _Gesture:
    member: str
    edit: GestureEdit
    sampled_seconds: float
    ends_with: Key | None = None  # (seat, number) of the edit that ends it, while that is on its way to the journal


def held_hints(edit: GestureEdit) -> int:
    """How many hints a gesture holds."""
    return len(edit.moves) if isinstance(edit, Move) else len(edit.hints)


class Gestures:
    """The gestures of a room, in the order they began. changes: counts what members are told and the picture shows."""

    def __init__(self) -> None:
        self.pace = Pace()
        self.changes = 0
        self._gestures: dict[Key, _Gesture] = {}  # at most GESTURES_A_SEAT_MAX a connected seat
        self._ended: dict[str, deque[int]] = {}  # of connected seats: late samples bring nothing back
        # The newest sample of each, where its seat sent too many; counted among the seat's GESTURES_A_SEAT_MAX.
        self._waiting: dict[Key, tuple[Person, messages.GestureMessage]] = {}

    def __len__(self) -> int:
        return len(self._gestures)

    def take(self, person: Person, message: messages.GestureMessage, state: State, revision: int, now: float) -> None:
        """Takes in a sample, checked as the edit would be against this state, as the entry with this revision.

        now: in seconds. What comes late, or of too many fingers, touches nothing. Of samples that come too fast the
        newest of each gesture waits: give it again when it is `due`.

        Raises:
            EditRefused: it cannot be done; the gesture has ended.
        """
        seat, number = person.seat, message.gesture
        if not self._takes(seat, number):
            return
        if not person.samples.take(now):
            self._waiting[seat, number] = (person, message)
            return
        self._waiting.pop((seat, number), None)
        try:
            rights.check(person.role, "gesture", state)
            resolve(message.edit, state, author=person.member, revision=revision)
            self._check_room(seat, number, message.edit)
        except errors.EditRefused:
            self.cancel(seat, number)
            raise
        gesture = self._gestures.setdefault((seat, number), _Gesture(person.member, message.edit, now))
        gesture.edit, gesture.sampled_seconds = message.edit, now
        self._changed()

    def _check_room(self, seat: str, number: int, edit: GestureEdit) -> None:
        held = sum(held_hints(each.edit) for key, each in self._gestures.items() if key != (seat, number))
        if held + held_hints(edit) > limits.GESTURED_HINTS_MAX:
            raise errors.GesturesFull()

    def _takes(self, seat: str, number: int) -> bool:
        """Whether a sample of this gesture may come: it has not ended, and the seat has not too many fingers."""
        if number in self._ended.get(seat, ()):
            return False
        gesture = self._gestures.get((seat, number))
        if gesture is not None:
            return gesture.ends_with is None
        fingers = {key for key in (*self._gestures, *self._waiting) if key[0] == seat}
        return (seat, number) in fingers or len(fingers) < limits.GESTURES_A_SEAT_MAX

    def due(self, now_seconds: float) -> list[tuple[Person, messages.GestureMessage]]:
        """The samples that waited and may be taken in by now."""
        return [(person, message) for person, message in self._waiting.values() if person.samples.may(now_seconds)]

    def cancel(self, seat: str, number: int) -> None:
        """Ends the gesture without an edit; one whose edit is on its way waits for that."""
        gesture = self._gestures.get((seat, number))
        if gesture is None or gesture.ends_with is None:
            self._end((seat, number))

    def hold(self, seat: str, number: int, edit: Key) -> None:
        """The gesture keeps its last sample until this edit is journaled or refused: no jump back."""
        self._waiting.pop((seat, number), None)
        gesture = self._gestures.get((seat, number))
        if gesture is not None:
            gesture.ends_with = edit

    def decided(self, edit: Key) -> None:
        """The edit was journaled or refused: the gestures that it ends are over."""
        for key in [key for key, gesture in self._gestures.items() if gesture.ends_with == edit]:
            self._end(key)

    def left(self, seat: str, on_its_way: Callable[[str, int], object]) -> None:
        """The seat left: its gestures end, except those whose edit is still on its way."""
        ending = [
            key
            for key, held in self._gestures.items()
            if key[0] == seat and not (held.ends_with and on_its_way(*held.ends_with))
        ]
        for key in ending:
            self._remove(key)
        for key in [key for key in self._waiting if key[0] == seat]:
            del self._waiting[key]
        self._ended.pop(seat, None)

    def expire(self, now_seconds: float) -> None:
        """Ends what was silent too long. A sample after that begins it anew."""
        for key in [key for key, held in self._gestures.items() if self._expiry(held) <= now_seconds]:
            self._remove(key)

    def wake_seconds(self) -> float | None:
        """When the next one may expire, or a sample that waits be taken in."""
        due = [self._expiry(gesture) for gesture in self._gestures.values()]
        return min(due + [person.samples.ready_seconds() for person, _ in self._waiting.values()], default=None)

    def over(self, state: State, revision: int) -> dict[str, Hint]:
        """The hints with all gestures on top, the one that began last uppermost."""
        for later, gesture in enumerate(self._gestures.values(), start=1):
            try:
                changes = resolve(gesture.edit, state, author=gesture.member, revision=revision + later)
            except errors.EditRefused:
                continue  # its hint went meanwhile; nothing to show
            state = applied(state, changes, revision + later)
        return state.hints

    def message(self) -> messages.Gestures:
        """What members are told."""
        live = (LiveGesture(seat, held.member, number, held.edit) for (seat, number), held in self._gestures.items())
        return messages.Gestures(tuple(live))

    def _changed(self) -> None:
        self.changes += 1
        self.pace.news()

    def _remove(self, key: Key) -> None:
        self._waiting.pop(key, None)
        if self._gestures.pop(key, None) is not None:
            self._changed()

    def _end(self, key: Key) -> None:
        self._remove(key)
        self._ended.setdefault(key[0], deque(maxlen=32)).append(key[1])

    @staticmethod
    def _expiry(gesture: _Gesture) -> float:
        if gesture.ends_with is not None:
            return float("inf")
        return gesture.sampled_seconds + limits.GESTURE_SILENCE_SECONDS
