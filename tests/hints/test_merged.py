"""The one list of hints that every network gets."""

import random

from chromavive.hints.hint import MERGE_DISTANCE_PX, Hint, merged


def hint(name: str, x: float, y: float, touched: int) -> Hint:
    return Hint(name, x, y, 0.0, 0.0, 5.0, "ann", touched)


def test_the_newest_of_a_place_stays() -> None:
    """Within two working pixels in both directions; oldest first in the list."""
    hints = [hint("old", 0.5, 0.5, 1), hint("new", 0.5 + 2 / 256, 0.5 - 2 / 256, 3), hint("far", 0.5 + 3 / 256, 0.5, 2)]
    assert [each.id for each in merged(hints, 256, 256)] == ["new"]
    hints[1] = hint("new", 0.5, 0.5 - 2.1 / 256, 3)
    assert [each.id for each in merged(hints, 256, 256)] == ["old", "far", "new"]


def test_ties_in_age_are_broken_by_id() -> None:
    """Whatever the order they come in."""
    pair = [hint("aaaa", 0.1, 0.1, 1), hint("bbbb", 0.9, 0.9, 1)]
    assert merged(pair, 256, 256) == merged(pair[::-1], 256, 256)


def test_the_grid_agrees_with_comparing_every_pair() -> None:
    """512 random hints, many of them close, on an oblong picture."""
    rng = random.Random(11)
    hints = [hint(f"{n:04}", rng.random() * 0.2, rng.random() * 0.2, rng.randrange(200)) for n in range(512)]
    kept: list[Hint] = []
    for each in sorted(hints, key=lambda one: (one.touched, one.id), reverse=True):
        if not any(
            abs(each.x - other.x) * 288 <= MERGE_DISTANCE_PX and abs(each.y - other.y) * 224 <= MERGE_DISTANCE_PX
            for other in kept
        ):
            kept.append(each)
    assert 50 < len(kept) < 500
    assert merged(hints, 224, 288) == tuple(reversed(kept))
