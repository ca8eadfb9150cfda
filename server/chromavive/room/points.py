"""The points whose palettes members look at: one a seat, answered by the room's passes (R7)."""

from collections.abc import Iterable
from dataclasses import dataclass

from chromavive import limits

Point = tuple[float, float]
"""x, y: fractions of the shown picture, x right, y down."""


@dataclass(slots=True)
class _Selection:
    point: Point
    since: int  # counts selections of the room; larger is newer
    look: int = 0  # the newest look at which this point was asked about
    told: int = 0  # the newest look whose palette this connection was sent, of whatever point


class Points:
    """What is selected, by connection."""

    def __init__(self) -> None:
        self._selections: dict[int, _Selection] = {}  # at most MEMBERS_MAX
        self._count = 0

    def select(self, connection: int, point: Point) -> bool:
        """The connection looks at this point now. Gives whether that is news."""
        before = self._selections.get(connection)
        if before is not None and before.point == point:
            return False
        self._count += 1
        told = 0 if before is None else before.told
        self._selections[connection] = _Selection(point, self._count, told=told)
        return True

    def drop(self, connection: int) -> None:
        """The connection looks at no point any more."""
        self._selections.pop(connection, None)

    def waits(self, look: int) -> bool:
        """Whether anybody's point has not been asked about at this look."""
        return any(each.look < look for each in self._selections.values())

    def due(self, look: int) -> tuple[Point, ...]:
        """The distinct points to ask about at this look, at most POINTS_A_PASS_MAX.

        First those that were never asked about, the newest selected before the others; then those whose turn is longest
        ago.
        """
        turns: dict[Point, tuple[int, int]] = {}
        for each in self._selections.values():
            if each.look < look:
                turns[each.point] = min(turns.get(each.point, (look, 0)), (each.look, -each.since))
        return tuple(sorted(turns, key=turns.__getitem__)[: limits.POINTS_A_PASS_MAX])

    def asked(self, look: int, points: Iterable[Point]) -> None:
        """These were asked about at this look."""
        known = set(points)
        for each in self._selections.values():
            if each.point in known:
                each.look = max(each.look, look)

    def told(self, look: int, point: Point) -> tuple[int, ...]:
        """The connections to be told of this point's palette at this look: none that heard of a newer look."""
        telling = []
        for connection, each in self._selections.items():
            if each.point == point and each.told <= look:
                each.told = look
                telling.append(connection)
        return tuple(telling)
