"""Palettes of the points that a pass was asked about, chosen away from the loop (R7)."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from chromavive.color.palette import palette
from chromavive.colorizer.fidelity import cells_of, half_size
from chromavive.room.effects import PassOrder
from chromavive.room.picture import PointColors
from chromavive.room.points import Point
from chromavive.runtime.workers import Worker
from chromavive.wire.messages import LikelyColor

PALETTES_AT_ONCE = 16
"""Points a turn of the thread that encodes the frames of all rooms: 5 ms, then frames that wait may go."""


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """distribution: (313,) float32. lightness: (h, w) float32, L 0..100, at working size."""

    point: Point
    look: int
    network: str
    distribution: NDArray[np.float32]
    lightness: NDArray[np.float32]


class Palettes:
    """Of what waits for a point the newest look wins. tell: takes the palettes, on the loop."""

    def __init__(self, frames: Worker, group: asyncio.TaskGroup, tell: Callable[[Sequence[PointColors]], None]) -> None:
        self._frames = frames
        self._group = group
        self._tell = tell
        self._waiting: dict[Point, _Asked] = {}  # at most two passes' points: others are waited for
        self._choosing = False

    def choose(
        self, order: PassOrder, network: str, distributions: NDArray[np.float32], lightness: NDArray[np.float32]
    ) -> None:
        """The palettes of an order's points. network: whose distributions they are, (points, 313) float32."""
        for point, distribution in zip(order.points, distributions, strict=True):
            self._waiting[point] = _Asked(point, order.look, network, distribution, lightness)
        if self._waiting and not self._choosing:
            self._choosing = True
            self._group.create_task(self._choose())

    async def _choose(self) -> None:
        while self._waiting:
            some = [self._waiting.pop(point) for point in list(islice(self._waiting, PALETTES_AT_ONCE))]
            self._tell(await self._frames.run(_chosen, some))
        self._choosing = False


def _chosen(asked: Sequence[_Asked]) -> list[PointColors]:
    found = []
    for each in asked:
        colors = palette(each.distribution, lightness_at(each.point, each.lightness))
        told = tuple(LikelyColor(one.a, one.b, one.share) for one in colors)
        found.append(PointColors(each.point, each.look, each.network, told))
    return found


def lightness_at(point: Point, lightness: NDArray[np.float32]) -> float:
    """Of the chroma cell that holds the point, 2 x 2 working pixels, as where fidelity obeys a hint; L 0..100."""
    height, width = lightness.shape
    row, column = divmod(int(cells_of(np.array([point], np.float64), height // 2, width // 2)[0]), width // 2)
    return float(half_size(lightness[2 * row : 2 * row + 2, 2 * column : 2 * column + 2])[0, 0])
