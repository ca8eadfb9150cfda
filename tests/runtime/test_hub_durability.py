"""Durable before spoken, and once (R1, R3), as it comes out of a whole hub on virtual time."""

import asyncio
from pathlib import Path

import pytest

from chromavive import errors
from chromavive.journal import Fault
from chromavive.wire import messages
from tests.runtime.hall import Page, add, hall, move, play


def test_R1_1_nothing_shows_an_edit_before_the_journal_holds_it(tmp_path: Path) -> None:
    """Neither the author nor anybody else hears of it, nor sees a frame of it, while its append is out."""

    async def scenario() -> None:
        async with hall(tmp_path, journal_seconds=1.0) as stage:
            opened = await stage.open_room()
            author, other = stage.page(opened), stage.page(opened)
            await asyncio.sleep(5)
            frames = [len(author.frames), len(other.frames)]
            author.edit(add())
            await asyncio.sleep(1.9)  # written after one second, answered after two
            assert len(stage.memory.read(opened.room_id)) == 2
            assert not author.of(messages.Accepted)
            assert not author.of(messages.EntryMessage)
            assert not other.of(messages.EntryMessage)
            assert [len(author.frames), len(other.frames)] == frames
            await asyncio.sleep(1)
            assert author.follower.accepted == {1: 2}
            assert other.hints == {"hint"}
            assert other.frames[-1].revision == 2

    play(scenario)


def test_R1_12_only_gestures_are_rendered_before_they_are_durable(tmp_path: Path) -> None:
    """An edit alone waits for the journal; a drag's look goes out at once, and is not called settled."""

    async def scenario() -> None:
        async with hall(tmp_path, journal_seconds=1.0) as stage:
            page = stage.page(await stage.open_room())
            await asyncio.sleep(5)
            page.edit(add())
            await asyncio.sleep(1.9)
            assert [frame.look for frame in page.frames] == [1]
            await asyncio.sleep(1)
            assert [frame.look for frame in page.frames] == [1, 2]
            page.gesture(1, move("hint", 0.8))
            page.edit(move("hint", 0.8), 1)
            await asyncio.sleep(0.5)
            assert [(frame.look, frame.revision, frame.settled) for frame in page.frames[2:]] == [(3, 2, False)]
            await asyncio.sleep(2)
            assert (page.frames[-1].revision, page.frames[-1].settled) == (3, True)

    play(scenario)


def test_R1_6_edits_that_arrive_while_an_append_is_out_go_together(tmp_path: Path) -> None:
    """Fifty edits during one append are one more append."""

    async def scenario() -> None:
        async with hall(tmp_path, journal_seconds=1.0) as stage:
            page = stage.page(await stage.open_room())
            await asyncio.sleep(5)
            stage.memory.sizes.clear()
            for number in range(51):
                page.edit(add(f"hint{number:02}"))
            await asyncio.sleep(10)
            assert len(page.follower.accepted) == 51
            assert sum(stage.memory.sizes) == 51
            assert len(stage.memory.sizes) == 2

    play(scenario)


@pytest.mark.parametrize("fault", [Fault.CONFLICT, Fault.UNKNOWN_ABSENT, Fault.UNKNOWN_PRESENT])
def test_R1_4_a_lost_or_refused_append_is_read_back(tmp_path: Path, fault: Fault) -> None:
    """Each edit is there exactly once, and its author learns of it, whatever became of the append."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            page = stage.page(opened)
            await asyncio.sleep(0.5)
            stage.faults.fail_next(fault, None, fault)
            for number in range(3):
                page.edit(add(f"hint{number}"))
                await asyncio.sleep(0.5)
            assert page.follower.accepted == {1: 2, 2: 3, 3: 4}
            assert page.hints == {"hint0", "hint1", "hint2"}
            assert len(stage.memory.read(opened.room_id)) == 4

    play(scenario)


def test_R3_2_a_repeat_is_answered_after_a_restart(tmp_path: Path) -> None:
    """The journal's index is the memory: the same number gets the same revision from a new hub."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            page = stage.page(opened)
            await asyncio.sleep(0.5)
            number = page.edit(add())
            await asyncio.sleep(0.5)
            stage.hub._remove(stage.hub._tasks[opened.room_id], errors.RoomClosed())
            await asyncio.sleep(0.5)
            assert page.close_code == 4500
            again = stage.again(opened, page)
            repeat = messages.EditMessage(seat_of(again), number, add())
            again.say(repeat)
            await asyncio.sleep(0.5)
            assert [answer.revision for answer in again.of(messages.Accepted)] == [2, 2]
            assert len(stage.memory.read(opened.room_id)) == 2

    play(scenario)


def seat_of(page: Page) -> str:
    return page.follower.hello().seat
