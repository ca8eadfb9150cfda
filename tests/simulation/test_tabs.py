"""Hidden tabs and two tabs of one person, against the real hub on virtual time."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from chromavive import limits
from chromavive.hints.edit import Edit, Undo
from chromavive.room.follower import Follower
from tests.simulation.accounts import shows
from tests.simulation.cast import Cast
from tests.simulation.disk import MemoryDisk
from tests.simulation.page import Page
from tests.simulation.virtual_loop import run_virtual
from tests.simulation.world import World

HIDDEN_SECONDS = 360


def told(seed: int, happens: Callable[[World, Cast, list[Page]], Awaitable[None]], members: tuple[int, ...]) -> World:
    """A room with one page of each of these members, once all are welcome and see the picture."""

    async def story() -> None:
        async with asyncio.TaskGroup() as group:
            world.start(group)
            pages = [cast.page_of(member) for member in members]
            tasks = [group.create_task(task) for page in pages for task in (page.live(), page.watch())]
            await asyncio.sleep(5)
            await happens(world, cast, pages)
            await asyncio.sleep(5)
            cast.settle(world.refusals)
            for task in tasks:
                task.cancel()
            world.end()

    world = World(seed, MemoryDisk())
    cast = world.casts[0]
    with world.noting_refusals():
        run_virtual(story(), seed)
    return world


async def used(page: Page, seconds: float) -> None:
    """Somebody goes on using the page."""
    for _ in range(int(seconds)):
        await asyncio.sleep(1)
        page.use()


@pytest.mark.parametrize("seed", range(3))
def test_R8_6_a_tab_hidden_for_six_minutes_stays_and_misses_nothing(seed: int) -> None:
    """Its timers run once a minute; it answers pings and frames in the message handler, and so is never dropped."""

    async def happens(world: World, cast: Cast, pages: list[Page]) -> None:
        anna, ben = pages
        ben.hidden = True
        socket, visits = ben.socket, ben.happened["reconnect"]
        await used(anna, HIDDEN_SECONDS)
        await asyncio.sleep(5)
        assert ben.socket is socket, "one connection, all the time"
        assert ben.happened["reconnect"] == visits
        assert ben.follower.revision == world.disk.appended[cast.room] > 100
        assert ben.happened["frame"] > 100
        assert shows(ben)

    told(seed, happens, (1, 2))


@pytest.mark.parametrize("seed", range(3))
def test_R4_2_a_tab_that_lost_its_connection_while_hidden_is_back_within_two_minutes(seed: int) -> None:
    """The network fails for it; what came meanwhile comes as entries or as a snapshot, and its own edit goes out."""

    async def happens(world: World, cast: Cast, pages: list[Page]) -> None:
        anna, ben = pages
        ben.hidden = True
        assert ben.socket is not None
        visits = ben.happened["reconnect"]
        ben.socket.cut()
        ben.use()
        await used(anna, 120 + 2 * limits.HELLO_SECONDS_MAX)
        assert ben.happened["reconnect"] == visits + 1
        await asyncio.sleep(5)
        assert ben.follower.pending == []
        assert ben.follower.revision == world.disk.appended[cast.room]
        assert shows(ben)

    told(seed, happens, (1, 2))


@pytest.mark.parametrize("seed", range(3))
def test_R12_6_two_tabs_of_one_person_edit_at_once_and_share_their_steps(seed: int) -> None:
    """Each counts its own numbers; undo in one takes back what the other did last."""

    async def happens(world: World, cast: Cast, pages: list[Page]) -> None:
        one, other = pages
        assert one.secret == other.secret
        assert one.seat != other.seat
        for _ in range(20):
            await asyncio.sleep(0.5)
            one.use()
            other.use()
        await asyncio.sleep(5)
        add = one.hands.add(1)
        say(one, add)
        await asyncio.sleep(5)
        assert add.hints[0].id in shown_ids(other.follower)
        say(other, Undo())
        await asyncio.sleep(5)
        assert add.hints[0].id not in shown_ids(one.follower)
        assert shown_ids(one.follower) == shown_ids(other.follower)

    told(seed, happens, (1, 1))


def say(page: Page, edit: Edit) -> None:
    """The person makes just this edit."""
    page.hands.next_edits.insert(0, edit)
    before = len(page.sent)
    while len(page.sent) == before:
        page.use()


def shown_ids(follower: Follower) -> set[str]:
    state = follower.shown()
    assert state is not None
    return set(state.hints)
