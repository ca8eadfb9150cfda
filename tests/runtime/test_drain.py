"""How a server leaves (R11): what it finishes, what it leaves unanswered, and when its members come back."""

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from chromavive import errors, limits
from chromavive.runtime.hub import FAREWELL_SHARE
from chromavive.runtime.leaving import RequestsUnderWay, return_seconds
from chromavive.runtime.moments import Moments
from chromavive.wire import messages
from tests.runtime.hall import Page, add, hall, move, play

MEMBERS = 20


def answers(page: Page) -> int:
    """How many of its edits a page was answered."""
    return len(page.of(messages.Accepted)) + len(page.of(messages.Refused))


def test_R11_9_a_room_leaves_without_the_moment_that_it_is_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long its past is."""

    async def endless(moments: Moments, revision: int) -> None:
        await asyncio.sleep(1000)

    monkeypatch.setattr(Moments, "at", endless)

    async def scenario() -> None:
        started = asyncio.get_running_loop().time()
        async with hall(tmp_path) as stage:
            page = stage.page(await stage.open_room())
            await asyncio.sleep(1)
            page.edit(add())
            await asyncio.sleep(1)
            page.say(messages.PreviewOf(revision=1))
            await asyncio.sleep(1)
            await stage.hub.leave()
        assert asyncio.get_running_loop().time() < started + 100

    play(scenario)


def test_R11_1_a_server_that_leaves_opens_and_loads_no_room(tmp_path: Path) -> None:
    """An upload and a request are told to try again, a page to come back; nothing is read from the journal for them."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            await stage.hub.leave()
            with pytest.raises(errors.ServerBusy):
                await stage.open_room()
            with pytest.raises(errors.ServerBusy):
                await stage.hub.room(opened.room_id)
            late = stage.page(opened)
            await asyncio.sleep(1)
            assert (late.close_code, stage.hub.rooms_loaded) == (4503, 0)
            assert [type(heard) for heard in late.heard] == [messages.Leaving]
            assert len(stage.memory.rooms()) == 1

    play(scenario)


@pytest.mark.parametrize("seed", range(20))
def test_R11_2_edits_stay_unanswered_and_are_there_once_after_the_restart(tmp_path: Path, seed: int) -> None:
    """Some were acknowledged before, some are in the append that is out, some wait behind it, some are not read."""

    async def scenario() -> None:
        async with hall(tmp_path, journal_seconds=0.05) as stage:
            opened = await stage.open_room()
            pages = [stage.page(opened) for _ in range(MEMBERS)]
            await asyncio.sleep(3)
            for number, page in enumerate(pages):
                page.edit(add(f"hint{number}"))
                await asyncio.sleep(0.01)
            before = [answers(page) for page in pages]
            assert 0 < sum(before) < MEMBERS, "the scene needs answered edits and unanswered ones"
            for number, page in enumerate(pages):
                page.edit(move(f"hint{number}", 0.25))
            await stage.hub.leave()
            assert [page.close_code for page in pages] == [4503] * MEMBERS
            assert [answers(page) for page in pages] == before, "something was answered after the signal"
        held = len(stage.memory.read(opened.room_id))
        assert 1 + sum(before) < held < 1 + 2 * MEMBERS, "the append that was out is finished, what waited is not begun"
        async with hall(tmp_path, memory=stage.memory) as again:
            for page in pages:
                again.again(opened, page)
            await asyncio.sleep(3)
            assert [page.follower.pending for page in pages] == [[]] * MEMBERS
            assert [page.follower.refused for page in pages] == [{}] * MEMBERS
            records = again.memory.read(opened.room_id)
            assert len({(record.seat, record.number) for record in records}) == len(records) == 1 + 2 * MEMBERS
            for page in pages:
                assert page.follower.confirmed is not None
                assert {hint.x for hint in page.follower.confirmed.hints.values()} == {0.25}

    play(scenario, seed)


def test_R11_3_the_append_that_is_out_is_finished_and_none_is_begun(tmp_path: Path) -> None:
    """One edit is with the journal, the next waits behind it: the journal gets the first alone."""

    async def scenario() -> None:
        async with hall(tmp_path, journal_seconds=0.5) as stage:
            opened = await stage.open_room()
            page = stage.page(opened)
            await asyncio.sleep(3)
            page.edit(add())
            await asyncio.sleep(0.1)
            page.edit(move("hint", 0.2))
            await asyncio.sleep(0.1)
            assert len(stage.memory.read(opened.room_id)) == 1, "the append was not out any more"
            await stage.hub.leave()
        assert len(stage.memory.read(opened.room_id)) == 2
        assert answers(page) == 0

    play(scenario)


def test_R11_4_nobody_waits_for_the_pass_in_flight(tmp_path: Path) -> None:
    """It would take a minute; everybody has gone in a moment, and no frame of it comes."""

    async def scenario() -> None:
        loop = asyncio.get_running_loop()
        async with hall(tmp_path, pass_seconds=60) as stage:
            page = stage.page(await stage.open_room())
            await asyncio.sleep(1)
            assert stage.hub.passes.started == 1
            left_at = loop.time()
        assert loop.time() - left_at < 0.5
        assert page.frames == []

    play(scenario)


def test_R11_5_five_hundred_members_come_back_one_after_the_other(tmp_path: Path) -> None:
    """Everybody is told another time; the earliest leaves the next process time to start, the rest come evenly."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            pages = [stage.page(opened) for _ in range(limits.MEMBERS_MAX)]
            await asyncio.sleep(3)
            await stage.hub.leave()
            told = sorted(leaving.after_seconds for page in pages for leaving in page.of(messages.Leaving))
            assert len(told) == len(set(told)) == limits.MEMBERS_MAX
            assert told[0] >= 1.0
            assert told[-1] <= 30.0
            assert max(sum(start <= each < start + 1 for each in told) for start in told) <= 101  # 100 and a rounding
            assert all(page.close_code == 4503 for page in pages)

    play(scenario)


@pytest.mark.parametrize("members", [1, 200, 2_900, 10_000])
def test_R11_5_however_many_they_are_none_is_kept_waiting_for_longer_than_30_s(members: int) -> None:
    """Evenly spread between 1 s and at most 30 s."""
    told = [return_seconds(position, members) for position in range(members)]
    assert told[0] == 1.0
    assert max(told) <= 30.0
    gaps = [later - sooner for sooner, later in pairwise(told)]
    assert max(gaps, default=0.0) == pytest.approx(min(0.01, 29 / members) if gaps else 0.0, rel=1e-6)


def test_R11_7_whoever_does_not_close_is_not_waited_for(tmp_path: Path) -> None:
    """The others have gone at once; the one that stopped reading costs what may be waited, and no more."""

    async def scenario() -> None:
        loop = asyncio.get_running_loop()
        async with hall(tmp_path, leave_seconds=5.0) as stage:
            opened = await stage.open_room()
            stuck, page = stage.page(opened), stage.page(opened)
            await asyncio.sleep(1)
            stuck.socket.stuck = True
            left_at = loop.time()
            await stage.hub.leave()
            assert loop.time() - left_at == pytest.approx(5.0 * FAREWELL_SHARE)
            assert (page.close_code, stuck.close_code) == (4503, None)
            stuck.socket.abort()  # as the web server does then
            await asyncio.sleep(0.1)
            assert stage.hub.connections == 0

    play(scenario)


def test_R11_8_a_request_that_goes_on_is_ended_and_one_that_ends_is_not() -> None:
    """Both began before the signal; a third one that comes behind it has as long as they."""

    async def scenario() -> None:
        loop = asyncio.get_running_loop()
        quiet: list[float] = []
        requests = RequestsUnderWay(lambda: quiet.append(loop.time()))
        ended: dict[str, float] = {}

        async def ask(name: str, seconds: float) -> None:
            try:
                async with requests.one():
                    await asyncio.sleep(seconds)
            except errors.ServerBusy as error:
                name += f" refused: {error}"
            ended[name] = loop.time()

        async with asyncio.TaskGroup() as group:
            group.create_task(ask("short", 2.0))
            group.create_task(ask("long", 60.0))
            await asyncio.sleep(1.0)
            requests.end_by(loop.time() + 3.0)
            group.create_task(ask("late", 60.0))
        refused = "refused: The server is restarting. Ask again in a moment."
        assert ended == {"short": 2.0, f"long {refused}": 4.0, f"late {refused}": 4.0}
        assert (quiet, len(requests)) == ([4.0], 0)

    play(scenario)


def test_a_timeout_of_the_request_itself_is_not_taken_for_the_servers_leaving() -> None:
    """It is raised as it is."""

    async def scenario() -> None:
        with pytest.raises(TimeoutError):
            async with RequestsUnderWay(lambda: None).one(), asyncio.timeout(1.0):
                await asyncio.sleep(2.0)

    play(scenario)
