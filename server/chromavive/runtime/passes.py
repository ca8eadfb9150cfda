"""Whose pass is next (R7): rooms in turn, each with its newest look; what is asked for beside them when none waits.

Exports and previews are asked for; after a few batches of rooms one of them comes all the same. Palettes of points that
no pass takes along cost next to nothing and go with the rooms.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from chromavive import logs
from chromavive.colorizer.contract import Painting
from chromavive.errors import EngineFailed, PhotographMissing
from chromavive.pictures.display import arrange, working_lightness
from chromavive.room.effects import Content, PassOrder
from chromavive.room.points import Point
from chromavive.runtime.content import paint_hints
from chromavive.runtime.engine_thread import AsyncEngine, Job
from chromavive.runtime.workers import Worker

EXPORT_PATIENCE_BATCHES = 8
"""Batches of rooms that an export lets go first: it never delays a drag much, and a drag never holds it up for ever."""

_TURNS_TO_ASK = 2
"""Of the loop: in the first a room that was just painted hears of it, so that it asks before an export comes first."""

LIGHTNESS_KEPT = 256
"""Photographs at working size kept in memory, 256 KB each."""


class Photographs(Protocol):
    """Where lightness comes from: `pictures.store.PhotographStore`, or a double."""

    def lightness(self, room: str) -> NDArray[np.uint16]:
        """The room's lightness at full size, (H, W) uint16, CIE L 0..100 as 0..65535."""
        ...


class Painter(Protocol):
    """A room as the passes see it."""

    @property
    def room_id(self) -> str:
        """Whose photograph it is."""
        ...

    def start_pass(self) -> PassOrder | None:
        """The newest look, now in flight; None if there is nothing to render now."""
        ...

    def pass_ended(self, order: PassOrder, painting: Painting, lightness: NDArray[np.float32]) -> None:
        """The look is painted. lightness: (h, w) float32, L 0..100, at working size."""
        ...

    def pass_failed(self, order: PassOrder, sentence: str) -> None:
        """The look cannot be painted, for which the sentence gives the reason."""
        ...

    def start_palettes(self) -> PassOrder | None:
        """Points that no pass takes along; None if there are none any more."""
        ...

    def palettes_ended(
        self, order: PassOrder, distributions: NDArray[np.float32], lightness: NDArray[np.float32]
    ) -> None:
        """The distributions at the order's points, (points, 313) float32."""
        ...


Gauged = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Distributions at the points that were asked about, (points, 313), and (h, w), L 0..100, at working size."""


@dataclass(slots=True, eq=False)
class _Ask:
    """An export's or a preview's turn: everybody who waits for the same content of a room waits for one pass.

    points: where distributions are asked for instead of a painting.
    """

    room_id: str
    content: Content
    answer: asyncio.Future[Painting | Gauged]
    points: tuple[Point, ...] = ()
    lightness: NDArray[np.float32] | None = None  # of a photograph that no room has, at working size
    askers: int = 0
    started: bool = False


class Passes:
    """The engine's only user.

    started: counts the passes of rooms, exported those of exports and previews, gauged those that had
    distributions without a pass.
    """

    def __init__(self, engine: AsyncEngine, photographs: Photographs, files: Worker, batch_max: int = 1) -> None:
        self.started = 0
        self.exported = 0
        self.gauged = 0
        self._engine = engine
        self._photographs = photographs
        self._files = files
        self._batch_max = batch_max
        self._rooms: OrderedDict[str, Painter] = OrderedDict()
        self._pointed: OrderedDict[str, Painter] = OrderedDict()  # rooms whose points no pass takes along
        self._asks: dict[tuple[str, Content, tuple[Point, ...]], _Ask] = {}
        self._waited_batches = 0
        self._work = asyncio.Event()
        self._lightness: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._drops = 0  # what is being read across one may be of the room that is gone

    def want(self, room: Painter) -> None:
        """The room has a newer look than the one last rendered; it waits once, whatever it wants."""
        self._rooms.setdefault(room.room_id, room)
        self._work.set()

    def want_palettes(self, room: Painter) -> None:
        """Points of the room wait although nothing is to be painted; it waits once, however many they are."""
        self._pointed.setdefault(room.room_id, room)
        self._work.set()

    def forget(self, room_id: str) -> None:
        """The room is leaving: it wants nothing any more."""
        self._rooms.pop(room_id, None)
        self._pointed.pop(room_id, None)

    def drop(self, room_id: str) -> None:
        """The room was deleted: nothing of its photograph is kept, nor what is being read of it."""
        self._drops += 1
        for key in [key for key in self._lightness if key.startswith(f"{room_id}/")]:
            del self._lightness[key]

    async def ask(self, room_id: str, content: Content, lightness: NDArray[np.float32] | None = None) -> Painting:
        """A painting of this content, outside the room's own looks; one that all who asked gave up is not painted.

        lightness: (h, w) float32, L 0..100, at working size, of a photograph that the store does not have.

        Raises:
            EngineFailed: the pass did not end well.
            PhotographMissing: it was deleted meanwhile, or the disk has lost it.
        """
        painting = await self._asked(room_id, content, (), lightness)
        assert isinstance(painting, Painting)
        return painting

    async def gauge(self, room_id: str, content: Content, points: tuple[Point, ...]) -> Gauged:
        """Distributions at these points of this content, without painting; its turn is that of a painting asked for.

        Raises:
            EngineFailed, PhotographMissing: as above.
        """
        gauged = await self._asked(room_id, content, points)
        assert isinstance(gauged, tuple)
        return gauged

    async def _asked(
        self,
        room_id: str,
        content: Content,
        points: tuple[Point, ...],
        lightness: NDArray[np.float32] | None = None,
    ) -> Painting | Gauged:
        key = (room_id, content, points)
        ask = self._asks.get(key)
        if ask is None:
            ask = _Ask(room_id, content, asyncio.get_running_loop().create_future(), points, lightness)
            self._asks[key] = ask
            self._work.set()
        ask.askers += 1
        try:
            return await asyncio.shield(ask.answer)
        finally:
            ask.askers -= 1
            if not ask.askers and not ask.started:
                self._asks.pop(key, None)

    async def run(self) -> None:
        """Serve for ever."""
        while True:
            await self._work.wait()
            rooms_wait = self._rooms or self._pointed
            if self._asks and (not rooms_wait or self._waited_batches >= EXPORT_PATIENCE_BATCHES):
                self._waited_batches = 0
                await self._serve_ask(next(iter(self._asks.values())))
            else:
                self._waited_batches += bool(self._asks)
                await self._serve_rooms()
                await self._serve_points()
                for _ in range(_TURNS_TO_ASK):
                    await asyncio.sleep(0)
            if not self._rooms and not self._pointed and not self._asks:
                self._work.clear()

    def _taken(
        self, waiting: OrderedDict[str, Painter], start: Callable[[Painter], PassOrder | None]
    ) -> list[tuple[Painter, PassOrder]]:
        """What the rooms that waited longest order, as many as go together; some want nothing any more."""
        orders: list[tuple[Painter, PassOrder]] = []
        while waiting and len(orders) < self._batch_max:
            _, room = waiting.popitem(last=False)
            if (order := start(room)) is not None:
                orders.append((room, order))
        return orders

    async def _serve_rooms(self) -> None:
        orders = self._taken(self._rooms, lambda room: room.start_pass())
        if not orders:
            return
        self.started += len(orders)
        ready: list[tuple[Painter, PassOrder, Job]] = []
        for room, order in orders:
            try:
                with _typed("pass_failed", 1):
                    ready.append((room, order, await self._job(room.room_id, order.content, order.points)))
            except (EngineFailed, PhotographMissing) as error:  # which must not cost the rest of the batch its pass
                room.pass_failed(order, str(error))
        if not ready:
            return
        try:
            with _typed("pass_failed", len(ready)):
                paintings = await self._engine.paint([job for _, _, job in ready])
        except EngineFailed as error:
            for room, order, _ in ready:
                room.pass_failed(order, str(error))
            return
        for (room, order, job), painting in zip(ready, paintings, strict=True):
            room.pass_ended(order, painting, job.lightness)

    async def _serve_points(self) -> None:
        """Palettes without a pass; where they fail, the next look's pass brings them."""
        orders = self._taken(self._pointed, lambda room: room.start_palettes())
        if not orders:
            return
        self.gauged += len(orders)
        with suppress(EngineFailed, PhotographMissing), _typed("palettes_failed", len(orders)):
            jobs = [await self._job(room.room_id, order.content, order.points) for room, order in orders]
            found = await self._engine.distributions(jobs)
            for (room, order), job, distributions in zip(orders, jobs, found, strict=True):
                room.palettes_ended(order, distributions, job.lightness)

    async def _serve_ask(self, ask: _Ask) -> None:
        ask.started = True
        answer: Painting | Gauged
        try:
            with _typed("pass_failed", 1):
                job = await self._job(ask.room_id, ask.content, ask.points, ask.lightness)
                if ask.points:
                    self.gauged += 1
                    [distributions] = await self._engine.distributions([job])
                    answer = distributions, job.lightness
                else:
                    self.exported += 1
                    [answer] = await self._engine.paint([job])
        except (EngineFailed, PhotographMissing) as error:
            ask.answer.set_exception(error)
            ask.answer.exception()  # the asker may be gone; then nobody else has to hear of it
        else:
            ask.answer.set_result(answer)
        finally:
            del self._asks[ask.room_id, ask.content, ask.points]

    async def _job(
        self, room_id: str, content: Content, points: tuple[Point, ...], lightness: NDArray[np.float32] | None = None
    ) -> Job:
        key = f"{room_id}/{content.turn}/{content.crop}"
        if lightness is None:
            lightness = await self._kept_lightness(key, room_id, content)
        return Job(key, lightness, content.network, paint_hints(content), content.vividness, points)

    async def _kept_lightness(self, key: str, room_id: str, content: Content) -> NDArray[np.float32]:
        lightness = self._lightness.get(key)
        if lightness is None:
            drops = self._drops
            lightness = await self._files.run(self._read, room_id, content)
            if drops != self._drops:
                return lightness
            self._lightness[key] = lightness
            if len(self._lightness) > LIGHTNESS_KEPT:
                self._lightness.popitem(last=False)
        self._lightness.move_to_end(key)
        return lightness

    def _read(self, room_id: str, content: Content) -> NDArray[np.float32]:
        lightness = working_lightness(arrange(self._photographs.lightness(room_id), content.turn, content.crop))
        assert lightness.shape == content.working_px, f"{lightness.shape} at working size {content.working_px}"
        return lightness


@contextmanager
def _typed(event: str, rooms: int) -> Iterator[None]:
    """What the engine failed at, written down and typed; a photograph that is gone is none of its failures."""
    try:
        yield
    except PhotographMissing:
        raise
    except Exception as error:
        logs.fault(event, rooms=rooms)
        raise EngineFailed() from error
