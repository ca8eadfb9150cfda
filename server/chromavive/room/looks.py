"""When a pass starts and for which look (R7): first at once, then one in flight and the newest next."""

from collections.abc import Mapping

from chromavive import limits
from chromavive.color.sizes import working_size
from chromavive.hints.hint import Hint, mark_of, merged
from chromavive.hints.state import State
from chromavive.room.effects import Content

_INTERVAL_SECONDS = 1 / limits.FRAMES_A_SECOND_MAX
_RETRY_SECONDS_MAX = 30.0


def working_px(state: State) -> tuple[int, int]:
    """(height, width) at which the network works on the picture as shown."""
    return working_size(*state.shown_size())


def content_of(state: State, hints: Mapping[str, Hint], network: str) -> Content:
    """What the picture of this state depends on, with these hints and painted by this network."""
    size = working_px(state)
    marks = tuple(mark_of(hint) for hint in merged(hints, *size))
    return Content(network, state.turn, state.crop, size, marks, state.vividness)


class Looks:
    """Counts the looks of a room and remembers which one was rendered."""

    def __init__(self) -> None:
        self.newest = 0
        self._content: Content | None = None
        self._in_flight: int | None = None
        self._painted = 0  # the newest look that has a painting
        self._failures = 0  # passes in a row that gave nothing
        self._settled = False  # whether the painted look went out as settled
        self._asked = False  # the engine was asked for a pass and has not come for it
        self._started_seconds = float("-inf")

    @property
    def content(self) -> Content:
        """What the newest look shows."""
        assert self._content is not None, "see() comes first"
        return self._content

    @property
    def at_rest(self) -> int | None:
        """The newest look, if it is painted: nothing is in flight and nothing is to be rendered."""
        return self.newest if self._in_flight is None and self._painted == self.newest > 0 else None

    def see(self, content: Content) -> None:
        """Counts a look if it would be rendered differently; nothing else counts."""
        if content != self._content:
            self._content = content
            self.newest += 1

    def ask(self, now_seconds: float) -> bool:
        """Whether to ask the engine for a pass now; it is asked once until it comes."""
        if not self._wanted() or self._asked or now_seconds < self._ready_seconds():
            return False
        self._asked = True
        return True

    def wake_seconds(self) -> float | None:
        """When to ask, if only time is missing."""
        return self._ready_seconds() if self._wanted() and not self._asked else None

    def start(self, now_seconds: float) -> int | None:
        """Takes the newest look into flight; None if there is nothing to do now."""
        self._asked = False
        if not self._wanted() or now_seconds < self._ready_seconds():
            return None
        self._in_flight = self.newest
        self._started_seconds = now_seconds
        return self.newest

    def ended(self, look: int, settled: bool) -> None:
        """The pass in flight gave a painting."""
        assert self._in_flight == look, f"look {look} was not in flight"
        self._in_flight = None
        self._painted = look
        self._settled = settled
        self._failures = 0

    def failed(self, look: int) -> bool:
        """The pass gave nothing; the newest look is tried again after a pause. True for the first in a row."""
        assert self._in_flight == look, f"look {look} was not in flight"
        self._in_flight = None
        self._failures += 1
        return self._failures == 1

    def settle(self) -> bool:
        """Whether the newest painting, which was moving, now is the settled one; it then counts as sent."""
        due = self.at_rest is not None and not self._settled
        self._settled = self._settled or due
        return due

    def _wanted(self) -> bool:
        return self._in_flight is None and self.newest > self._painted

    def _ready_seconds(self) -> float:
        pause = min(_RETRY_SECONDS_MAX, 2.0 ** (self._failures - 1)) if self._failures else _INTERVAL_SECONDS
        return self._started_seconds + pause
