"""What a room shows: its looks, when one is painted and when it is settled, and the palettes that follow them (R7)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chromavive.hints.state import State
from chromavive.room.effects import (
    Content,
    Effect,
    PassOrder,
    Send,
    SettleFrame,
    Slot,
    WantPalettes,
    WantPass,
    Withdraw,
)
from chromavive.room.gestures import Gestures
from chromavive.room.looks import Looks, content_of
from chromavive.room.points import Point, Points
from chromavive.wire import messages


@dataclass(frozen=True, slots=True)
class PointColors:
    """The palette of a point, as the look's pass has it. network: whose distribution it comes from."""

    point: Point
    look: int
    network: str
    colors: tuple[messages.LikelyColor, ...]


class Picture:
    """The picture side of one room; the room says what changed and who looks."""

    def __init__(self, engine: messages.EngineNote) -> None:
        self._engine = engine
        self._looks = Looks()
        self._points = Points()
        self._seen: tuple[int, int] | None = None
        self._palettes_wanted = False  # the engine was told that points wait and has not come for them

    @property
    def newest_look(self) -> int:
        """The newest look that was counted."""
        return self._looks.newest

    def see(self, state: State, revision: int, gestures: Gestures) -> None:
        """Counts a look if the picture would differ; merging hints is worth it only after a change."""
        if self._seen != (revision, gestures.changes):
            self._seen = (revision, gestures.changes)
            hints = gestures.over(state, revision)
            self._looks.see(content_of(state, hints, self._engine.serving(state.network).name))

    def content(self, state: State) -> Content:
        """What the state looks like, without gestures."""
        return content_of(state, state.hints, self._engine.serving(state.network).name)

    # -- the engine's answers

    def start_pass(self, revision: int, now_seconds: float) -> PassOrder | None:
        """The newest look with the points that ride on its pass; None if there is nothing to render now."""
        look = self._looks.start(now_seconds)
        if look is None:
            return None
        return PassOrder(look, revision, self._looks.content, self._points.due(look))

    def pass_ended(self, order: PassOrder, revision: int, *, moving: bool) -> tuple[bool, int]:
        """(whether the frame is settled, the revision it shows). moving: a gesture is in progress."""
        newest = order.look == self._looks.newest
        settled = newest and not moving
        self._looks.ended(order.look, settled)
        self._points.asked(order.look, order.points)
        return settled, revision if newest else order.revision

    def pass_failed(self, order: PassOrder) -> bool:
        """The pass gave nothing; the look is tried again after a pause. True for the first in a row."""
        return self._looks.failed(order.look)

    def start_palettes(self, revision: int) -> PassOrder | None:
        """The points that wait although nothing is to be rendered, and the look to which they belong."""
        self._palettes_wanted = False
        look = self._looks.at_rest
        points = () if look is None else self._points.due(look)
        if look is None or not points:
            return None
        self._points.asked(look, points)
        return PassOrder(look, revision, self._looks.content, points)

    def palettes(self, found: Sequence[PointColors]) -> list[Effect]:
        """Tells each palette to those whose point it still is."""
        effects: list[Effect] = []
        for each in found:
            if connections := self._points.told(each.look, each.point):
                told = messages.Palette(*each.point, each.look, each.network, each.colors)
                effects.append(Send(connections, told, Slot.PALETTE))
        return effects

    # -- who looks at which point

    def select(self, connection: int, x: float | None, y: float | None) -> list[Effect]:
        """The connection looks at this point; outside the picture is nowhere. What waits of another is taken back."""
        if x is None or y is None or not (0 <= x <= 1 and 0 <= y <= 1):
            self._points.drop(connection)
        elif not self._points.select(connection, (x, y)):
            return []
        return [Withdraw(connection, Slot.PALETTE)]

    def left(self, connection: int) -> None:
        """The connection is gone."""
        self._points.drop(connection)

    # -- what follows

    def follows(self, revision: int, now_seconds: float, *, watched: bool, moving: bool) -> list[Effect]:
        """A pass, a settled frame or palettes, whichever is due. watched: somebody looks, else nothing is painted."""
        if watched and self._looks.ask(now_seconds):
            return [WantPass()]
        effects: list[Effect] = []
        if not moving and self._looks.settle():
            effects.append(SettleFrame(self._looks.newest, revision))
        look = self._looks.at_rest
        if look is not None and not self._palettes_wanted and self._points.waits(look):
            self._palettes_wanted = True
            effects.append(WantPalettes())
        return effects

    def wake_seconds(self) -> float | None:
        """When a pass that had to wait is wanted."""
        return self._looks.wake_seconds()
