"""One seed's story: members edit while everything fails, then all heals, and everybody has to agree."""

import asyncio
from collections import Counter

from chromavive.settings import Settings
from chromavive.wire import messages
from tests.simulation.accounts import shows
from tests.simulation.cast import Cast
from tests.simulation.disk import Disk
from tests.simulation.page import Diverged, Page
from tests.simulation.world import World

HEAL_SECONDS_MAX = 600

TIGHT = {
    "EDITS_WAITING_MAX": 3,
    "RESUME_ENTRIES_MAX": 4,
    "HINTS_MAX": 10,
    "UNDO_STEPS_MAX": 4,
    "OUTBOX_MESSAGES_MAX": 10,
    "EDITS_A_SECOND_MAX": 5,
}
"""Limits that a hundred edits reach."""

CHANCES = (
    ("drop", 0.03),
    ("half-open", 0.01),
    ("changed socket", 0.01),
    ("stalled reader", 0.01),
    ("not painting", 0.01),
    ("hidden", 0.015),
    ("offline", 0.015),
    ("came", 0.02),
    ("left", 0.02),
    ("taken over", 0.015),
    ("crash", 0.015),
    ("drain", 0.01),
    ("backup", 0.01),
    ("restore", 0.007),
    ("all away", 0.004),
    ("trespass", 0.005),
    ("append failed", 0.04),
)
"""What happens, and how often, instead of somebody's using a page."""


class Story:
    """`tell` is all of it; `happened` counts what it contained."""

    def __init__(self, seed: int, disk: Disk, edits: int = 100) -> None:
        # A quarter of the stories has two rooms; in half of them rooms are soon unloaded.
        idle_seconds = 4.0 if seed % 2 else 300.0
        self.world = World(seed, disk, 2 if seed % 4 == 1 else 1, Settings(room_idle_seconds=idle_seconds))
        self.rng = self.world.rng
        self.happened: Counter[str] = self.world.happened
        self._edits = edits
        self._group = asyncio.TaskGroup()
        self._tasks: dict[Page, list[asyncio.Task[None]]] = {}
        self._backup: dict[str, int] | None = None

    async def tell(self) -> None:
        """Raises Diverged, or AssertionError, where a promise was broken."""
        with self.world.noting_refusals():
            await self._live()

    async def _live(self) -> None:
        async with self._group as group:
            self.world.start(group)
            for cast in self.world.casts:
                self._comes(cast.page_of(0))
                for _ in range(self.rng.randint(1, 5)):
                    self._comes(cast.somebody_comes())
            done = 0
            while done < self._edits:
                done += await self._next_event()
            await self._heal()
            for cast in self.world.casts:
                self.happened += cast.settle(self.world.refusals)
            for task in [task for tasks in self._tasks.values() for task in tasks]:
                task.cancel()
            self.world.end()

    def _comes(self, page: Page | None) -> None:
        if page is not None:
            self._tasks[page] = [self._group.create_task(page.live()), self._group.create_task(page.watch())]

    async def _next_event(self) -> int:
        """Something happens; gives the number of edits."""
        await asyncio.sleep(self.rng.random() ** 2 * 0.3)
        await self.world.restart_if_broken()
        cast = self.rng.choice(self.world.casts)
        roll = self.rng.random()
        for name, chance in CHANCES:
            if roll < chance:
                await self._happens(name, cast)
                return 0
            roll -= chance
        return int(self.rng.choice(cast.here).use())

    async def _happens(self, name: str, cast: Cast) -> None:
        page = self.rng.choice(cast.here)
        match name:
            case "crash":
                await self.world.crash()
            case "drain":
                await self.world.drain()
            case "append failed":
                self.world.fail_an_append()
            case "backup":
                self._backup = dict(self.world.disk.appended)
                self.happened[name] += 1
            case "restore" if self._backup is not None:
                await self.world.restore(self._backup)
            case "came":
                self._comes(cast.somebody_comes())
                self.happened[name] += 1
            case "left" if len(cast.here) > 1:
                await self._leaves(page)
            case "taken over":
                self._take_over(cast, page)
            case "all away":
                await self._all_away()
            case "trespass" if len(self.world.casts) > 1:
                await self._trespass(cast)
            case _:
                self._happens_to(name, page)

    def _happens_to(self, name: str, page: Page) -> None:
        if name == "offline":
            page.online = not page.online
        elif name == "hidden":
            page.hidden = not page.hidden
        elif page.socket is None:
            return
        elif name == "drop":
            page.socket.cut()
        elif name == "half-open":
            page.socket.half_open()
        elif name == "changed socket":
            page.change_socket()
        elif name == "stalled reader":
            page.socket.clog(self.rng.random() * 20)
        elif name == "not painting":
            page.paints = False
            asyncio.get_running_loop().call_later(self.rng.random() * 25, setattr, page, "paints", True)
        else:
            return
        self.happened[name] += 1

    async def _leaves(self, page: Page) -> None:
        """The tab is closed; what it could not send is taken over by another one, now or later."""
        page.leave(self.rng)
        for task in self._tasks.pop(page):
            task.cancel()
        self.happened["left"] += 1
        self.happened["left with unsent edits"] += bool(page.follower.pending)

    def _take_over(self, cast: Cast, page: Page) -> None:
        """A page finds what others of its member left; one that only slept is taken for dead, and does no harm."""
        others = [each for each in cast.pages if each.secret == page.secret and each is not page]
        asleep = [each for each in others if not each.left and (each.hidden or not each.online)]
        for each in asleep:
            if each.follower.pending:
                cast.shared.add(each.page_seat)
                self.happened["shared"] += 1
        page.adopt([*(each for each in others if each.left), *asleep])
        self.happened["taken over"] += 1

    async def _all_away(self) -> None:
        """Nobody needs the rooms for a while."""
        pages = [page for cast in self.world.casts for page in cast.here if page.online]
        for page in pages:
            page.online = False
            if page.socket is not None:
                page.socket.up.end()
                page.socket.down.give_up()
        await asyncio.sleep(12)
        await self.world.restart_if_broken()
        self.happened["rooms unloaded"] += self.world.hub is not None and self.world.hub.rooms_loaded == 0
        for page in pages:
            page.online = True

    async def _trespass(self, cast: Cast) -> None:
        """Somebody with another room's link, and the ids of a page there."""
        other = next(each for each in self.world.casts if each is not cast)
        stranger = self.rng.choice(other.here)
        socket = self.world.connect(cast.room)
        may_send = stranger.follower.may_send
        socket.up.send(messages.encode(stranger.follower.hello()).decode())
        stranger.follower.may_send = may_send  # its own connection goes on
        for message in stranger.follower.pending:
            socket.up.send(messages.encode(message).decode())
        while (data := await socket.down.arrived.get()) is not None:
            if isinstance(data, bytes) or isinstance(messages.decode_to_page(data), messages.Welcome):
                raise Diverged(f"{stranger.name} is let into another room (R9)")
        socket.cut()
        self.happened["trespass"] += 1

    # -- the end --------------------------------------------------------------------------------------------------

    async def _heal(self) -> None:
        """The network is whole and nobody edits: within ten minutes all is said."""
        for cast in self.world.casts:
            for page in cast.here:
                page.online, page.hidden, page.paints = True, False, True
            for orphan in cast.orphans():
                self._comes(cast.page_of(_member_of(orphan)))
            cast.heirs()
        for _ in range(HEAL_SECONDS_MAX):
            await asyncio.sleep(1)
            await self.world.restart_if_broken()
            if not any(self._lacks(cast, page) for cast in self.world.casts for page in cast.here):
                return
        every = {page.name: self._lacks(cast, page) for cast in self.world.casts for page in cast.here}
        late = {name: lack for name, lack in every.items() if lack}
        raise Diverged(f"not everybody is up to date: {late}")

    def _lacks(self, cast: Cast, page: Page) -> str:
        """What the page waits for still; nothing where it is up to date."""
        hub, welcome = self.world.hub, page.follower.welcome
        if page.socket is None or hub is None or welcome is None:
            return "a connection"
        if page.follower.pending or page.follower.revision != self.world.disk.appended[cast.room]:
            return f"an answer to {page.follower.pending} or entries after {page.follower.revision}"
        frame = page.frames.get(welcome.epoch)
        if frame is None or not frame.settled:
            return f"a settled frame after {frame}"
        if page.gestures is None or page.gestures.gestures:
            return f"the end of {page.gestures}"
        if page.presence is None or {each.seat for each in page.presence.present} != {each.seat for each in cast.here}:
            return f"those who are here, not {page.presence}"
        if page.point is not None and (page.palette is None or page.palette.look != frame.look):
            return f"a palette of look {frame.look}, not {page.palette}"
        if not shows(page):
            return f"the picture of revision {page.follower.revision}, not {frame}"
        return ""


def _member_of(page: Page) -> int:
    return int(page.name.split("m")[1].split("t")[0])
