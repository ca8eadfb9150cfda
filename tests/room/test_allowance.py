"""How much somebody may do."""

from chromavive.room.allowance import Allowance


def test_so_many_at_once_and_then_so_many_a_second() -> None:
    """A full one gives what it holds; after that one comes at a time, at its pace, and never more than it holds."""
    allowance = Allowance(4, 10)
    assert [allowance.take(100.0) for _ in range(12)] == [True] * 10 + [False] * 2
    assert not allowance.take(100.2)
    assert allowance.ready_seconds() == 100.25
    assert allowance.take(100.25)
    assert not allowance.take(100.25)
    assert [allowance.take(1000.0) for _ in range(12)] == [True] * 10 + [False] * 2


def test_over_any_time_it_gives_its_pace_and_what_it_held() -> None:
    """Asked 1,000 times a second for 7 s: 10 and 7 times 4."""
    allowance = Allowance(4, 10)
    assert sum(allowance.take(step / 1000) for step in range(7001)) == 10 + 7 * 4


def test_what_was_not_used_is_full() -> None:
    """Full at first, and again when what was taken has come back; then it can be forgotten."""
    allowance = Allowance(4, 10)
    assert allowance.full(0.0)
    assert allowance.take(0.0)
    assert not allowance.full(0.2)
    assert allowance.full(0.25)
