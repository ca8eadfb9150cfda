"""A hint, and the one list of hints that every network gets."""

from collections.abc import Iterable, Mapping

import msgspec

MERGE_DISTANCE_PX = 2.0
"""Hints nearer than this in both x and y, in working pixels, are one place to the network: the newest stays."""


class Hint(msgspec.Struct, frozen=True):
    """A color said at a point.

    x, y: fractions of the shown picture's width and height, x right, y down. a, b: CIE Lab units.
    size: side of its square in working pixels, 1 to 9. author: the public id of the member who placed it.
    touched: the revision that last set its place or color; the newest lies on top. pinned: it keeps what the picture
    showed there, and is drawn so; the picture obeys it like any other.
    """

    id: str
    x: float
    y: float
    a: float
    b: float
    size: float
    author: str
    touched: int = 0
    pinned: bool = False


class Mark(msgspec.Struct, frozen=True):
    """A hint as the picture sees it: what is left when id, author and age do not matter. Units as in Hint."""

    x: float
    y: float
    a: float
    b: float
    size: float


def mark_of(hint: Hint) -> Mark:
    """What the picture sees of a hint."""
    return Mark(hint.x, hint.y, hint.a, hint.b, hint.size)


def merged(hints: Mapping[str, Hint] | Iterable[Hint], height_px: int, width_px: int) -> tuple[Hint, ...]:
    """The hints that act, oldest first.

    Newest first, each that lies within MERGE_DISTANCE_PX of one already kept is dropped. height_px and width_px are
    the working size. Ties in age are broken by id, so that every process orders them alike.
    """
    every = hints.values() if isinstance(hints, Mapping) else hints
    kept: list[Hint] = []
    by_cell: dict[tuple[int, int], list[Hint]] = {}  # so that 512 hints are not compared pair by pair
    for hint in sorted(every, key=lambda hint: (hint.touched, hint.id), reverse=True):
        column, row = int(hint.x * width_px / MERGE_DISTANCE_PX), int(hint.y * height_px / MERGE_DISTANCE_PX)
        cells = ((column + dx, row + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
        if not any(_near(hint, other, height_px, width_px) for cell in cells for other in by_cell.get(cell, ())):
            kept.append(hint)
            by_cell.setdefault((column, row), []).append(hint)
    return tuple(reversed(kept))


def _near(one: Hint, other: Hint, height_px: int, width_px: int) -> bool:
    return (
        abs(one.x - other.x) * width_px <= MERGE_DISTANCE_PX and abs(one.y - other.y) * height_px <= MERGE_DISTANCE_PX
    )
