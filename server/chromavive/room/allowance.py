"""How much somebody may do: so many at once, and so many a second after that."""


class Allowance:
    """A token bucket, full at first. Only one time is kept: when it would be full again if nothing more were taken."""

    def __init__(self, a_second: float, at_once: float) -> None:
        self.a_second = a_second
        self._at_once = at_once
        self._full_seconds = float("-inf")

    def ready_seconds(self) -> float:
        """From when on one may be taken."""
        return self._full_seconds + (1 - self._at_once) / self.a_second

    def may(self, now_seconds: float) -> bool:
        """Whether one may be taken."""
        return now_seconds >= self.ready_seconds()

    def take(self, now_seconds: float) -> bool:
        """Takes one, if one may be taken."""
        if not self.may(now_seconds):
            return False
        self._full_seconds = max(self._full_seconds, now_seconds) + 1 / self.a_second
        return True

    def full(self, now_seconds: float) -> bool:
        """Whether nothing is missing, so that a fresh one would be the same."""
        return now_seconds >= self._full_seconds
