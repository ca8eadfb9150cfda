"""Newest only, never backwards (R7), as it comes out of a whole hub on virtual time."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chromavive import errors
from chromavive.hints.hint import Hint, Mark
from chromavive.runtime.workers import Worker
from chromavive.wire import messages
from tests.runtime.hall import PASS_SECONDS, Hall, Page, add, hall, move, play

SAMPLES = 200


async def drag(page: Page, gesture: int, hint: str, samples: int = SAMPLES, seconds: float = 1.0) -> None:
    """A drag of so many samples, evenly spread, that ends with its edit."""
    for step in range(samples):
        page.gesture(gesture, move(hint, x=(step + 1) / (samples + 1)))
        await asyncio.sleep(seconds / samples)
    page.edit(move(hint, x=samples / (samples + 1)), gesture)


@pytest.mark.parametrize("members", [1, 10])
def test_R7_4_a_drag_of_200_samples_costs_at_most_21_passes(tmp_path: Path, members: int) -> None:
    """Over one second with a pass of 50 ms, however many drag; the last is of the newest look, then comes settled."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            pages = [stage.page(opened) for _ in range(members)]
            await asyncio.sleep(0.2)
            for number, page in enumerate(pages):
                page.edit(add(f"hint{number}", y=(number + 0.5) / members))
            await asyncio.sleep(1)
            before = stage.hub.passes.started
            async with asyncio.TaskGroup() as group:
                for number, page in enumerate(pages):
                    group.create_task(drag(page, 1, f"hint{number}"))
            during = stage.hub.passes.started - before
            await asyncio.sleep(1)
            assert 15 <= during <= stage.hub.passes.started - before <= 21
            for page in pages:
                looks = [frame.look for frame in page.frames]
                assert looks == sorted(looks)
                assert page.frames[-1].settled
                assert not any(frame.settled for frame in page.frames[-during:-2])
            assert len({page.frames[-1].look for page in pages}) == 1
            content = await settled_content(stage, pages[0])
            assert max(hint.x for hint in content) == pytest.approx(SAMPLES / (SAMPLES + 1))

    play(scenario)


async def settled_content(stage: Hall, page: Page) -> list[Hint]:
    """The hints of the room, once the newest frame shows what the journal holds."""
    welcome = page.of(messages.Welcome)[0]
    _, room = await stage.hub.room(welcome.room)
    assert page.frames[-1].revision == room.revision
    return list(room.state.hints.values())


def test_R7_10_rooms_are_served_fairly(tmp_path: Path) -> None:
    """Three rooms that always want a pass get one each in turn."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            pages = [stage.page(await stage.open_room()) for _ in range(3)]
            await asyncio.sleep(0.5)
            for page in pages:
                page.edit(add())
            await asyncio.sleep(0.5)
            counts = [len(page.frames) for page in pages]
            async with asyncio.TaskGroup() as group:
                for page in pages:
                    group.create_task(drag(page, 1, "hint"))
            got = [len(page.frames) - count for page, count in zip(pages, counts, strict=True)]
            assert sum(got) >= 15
            assert max(got) - min(got) <= 1

    play(scenario)


def test_R7_9_a_late_joiner_gets_the_newest_frame_without_a_pass(tmp_path: Path) -> None:
    """Passes are counted; the frame that comes is the one that the others have."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            first = stage.page(opened)
            await asyncio.sleep(0.5)
            first.edit(add())
            await asyncio.sleep(0.5)
            passes = stage.engine.passes
            late = stage.page(opened, role="viewer")
            await asyncio.sleep(0.5)
            assert late.frames == [first.frames[-1]]
            assert stage.engine.passes == passes

    play(scenario)


def test_R7_7_after_the_last_change_a_settled_frame_follows(tmp_path: Path) -> None:
    """A gesture's last look goes out once more, losslessly, when its edit is journaled; no pass is run for it."""

    async def scenario() -> None:
        async with hall(tmp_path, journal_seconds=0.2) as stage:
            page = stage.page(await stage.open_room())
            await asyncio.sleep(1)
            page.edit(add())
            await asyncio.sleep(1)
            page.gesture(1, move("hint", 0.7))
            await asyncio.sleep(0.3)
            assert not page.frames[-1].settled
            assert page.frames[-1].payload_type == "image/jpeg"
            passes = stage.engine.passes
            page.edit(move("hint", 0.7), 1)
            await asyncio.sleep(1)
            assert page.frames[-1].settled
            assert page.frames[-1].payload_type == "image/webp"
            assert page.frames[-1].revision == 3
            assert stage.engine.passes == passes

    play(scenario)


def test_R7_11_an_export_never_replaces_the_rooms_own_pass(tmp_path: Path) -> None:
    """While rooms keep the engine busy an export is made all the same, and costs them its one pass."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            rooms = [await stage.open_room() for _ in range(3)]
            pages = [stage.page(opened) for opened in rooms]
            await asyncio.sleep(0.5)
            for page in pages:
                page.edit(add())
            await asyncio.sleep(0.5)
            async with asyncio.TaskGroup() as group:
                for page in pages:
                    group.create_task(drag(page, 1, "hint", samples=400, seconds=2.0))
                await asyncio.sleep(0.5)
                frames = sum(len(page.frames) for page in pages)
                exports = [group.create_task(stage.hub.paint(rooms[0].room_id)) for _ in range(3)]
                await asyncio.sleep(0.7)
                assert all(export.done() for export in exports)
                assert stage.hub.passes.exported == 1, "everybody who waits for the same picture waits for one pass"
                assert sum(len(page.frames) for page in pages) - frames >= 0.7 / PASS_SECONDS - 2
            await asyncio.sleep(1)
            assert all(page.frames[-1].settled for page in pages)

    play(scenario)


def test_R7_11_exports_hold_up_no_drag(tmp_path: Path) -> None:
    """Six exports wait while the room is dragged: of ten passes it gets nine, and the exports come to their end."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            page = stage.page(opened)
            await asyncio.sleep(0.5)
            page.edit(add())
            await asyncio.sleep(0.5)
            _, room = await stage.hub.room(opened.room_id)
            content = room.confirmed_content()
            pictures = [replace(content, hints=(Mark(step / 10, 0.5, 0.0, 0.0, 5.0),)) for step in range(6)]
            async with asyncio.TaskGroup() as group:
                group.create_task(drag(page, 1, "hint", samples=800, seconds=4.0))
                await asyncio.sleep(0.5)
                frames = len(page.frames)
                exports = [group.create_task(stage.hub.passes.ask(opened.room_id, picture)) for picture in pictures]
                await asyncio.sleep(10 * PASS_SECONDS)
                assert len(page.frames) - frames >= 8
            assert all(export.done() for export in exports)

    play(scenario)


def test_an_export_of_what_is_on_the_screen_needs_no_pass(tmp_path: Path) -> None:
    """The newest painting shows the journal's state already."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            stage.page(opened)
            await asyncio.sleep(0.5)
            await stage.hub.paint(opened.room_id)
            assert stage.hub.passes.exported == 0

    play(scenario)


def test_a_failed_pass_is_told_and_tried_again(tmp_path: Path) -> None:
    """The room lives on; an export that fails says so to the one who asked."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            page = stage.page(opened)
            await asyncio.sleep(0.5)
            stage.engine.fail = True
            page.edit(add())
            await asyncio.sleep(0.5)
            assert page.of(messages.EngineChanged)
            assert len(page.frames) == 1
            with pytest.raises(errors.EngineFailed):
                await stage.hub.paint(opened.room_id)
            stage.engine.fail = False
            await asyncio.sleep(5)
            assert page.frames[-1].revision == 2
            assert page.frames[-1].settled

    play(scenario)


def test_rooms_share_a_pass_where_batches_pay(tmp_path: Path) -> None:
    """With a batch of four, the looks that wait when the engine is free go together."""

    async def scenario() -> None:
        async with hall(tmp_path, batch_max=4) as stage:
            pages = [stage.page(await stage.open_room()) for _ in range(6)]
            await asyncio.sleep(2)
            assert all(page.frames[-1].settled for page in pages)
            assert max(stage.engine.batches) in (3, 4)
            assert sum(stage.engine.batches) == 6

    play(scenario)


def test_a_room_that_is_read_anew_while_it_waits_gets_its_pass(tmp_path: Path) -> None:
    """What its former self in memory wanted does not stand in its way."""

    async def scenario() -> None:
        async with hall(tmp_path, pass_seconds=1.0) as stage:
            opened, busy = await stage.open_room(), await stage.open_room()
            page, other = stage.page(opened), stage.page(busy)
            await asyncio.sleep(5)
            other.edit(add())
            await asyncio.sleep(0.1)
            page.edit(add())
            await asyncio.sleep(0.1)
            stage.hub._remove(stage.hub._tasks[opened.room_id], errors.RoomClosed())
            stage.again(opened, page)
            await asyncio.sleep(5)
            assert page.follower.welcome is not None
            assert page.frames[-1].epoch == page.follower.welcome.epoch
            assert page.frames[-1].revision == 2

    play(scenario)


def test_R7_5_what_became_stale_before_it_started_is_dropped(tmp_path: Path) -> None:
    """Ten edits during one pass cost one more pass, of the last of them."""

    async def scenario() -> None:
        async with hall(tmp_path, pass_seconds=1.0) as stage:
            page = stage.page(await stage.open_room())
            await asyncio.sleep(2)
            page.edit(add())
            await asyncio.sleep(0.5)
            passes = stage.engine.passes
            for step in range(10):
                page.edit(move("hint", step / 10))
                await asyncio.sleep(0.01)
            await asyncio.sleep(5)
            assert stage.engine.passes - passes == 2  # the one under way, and the newest
            assert page.frames[-1].revision == 12

    play(scenario)


def test_R7_6_a_room_gets_at_most_30_frames_a_second(tmp_path: Path) -> None:
    """An engine that is quicker is not asked more often."""

    async def scenario() -> None:
        async with hall(tmp_path, pass_seconds=0.001) as stage:
            page = stage.page(await stage.open_room())
            await asyncio.sleep(0.5)
            page.edit(add())
            await asyncio.sleep(0.5)
            frames = len(page.frames)
            await drag(page, 1, "hint")
            assert 25 <= len(page.frames) - frames <= 31

    play(scenario)


class HeldUp:
    """A worker that reads, and answers only once it may."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self.read, self.go_on = asyncio.Event(), asyncio.Event()

    async def run(self, *call: Any) -> Any:
        found = await self._worker.run(*call)
        self.read.set()
        await self.go_on.wait()
        return found


def test_R13_7_what_is_read_while_its_room_is_deleted_is_not_kept(tmp_path: Path) -> None:
    """The pass that asked for it goes on; the memory holds nothing of the photograph."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            passes = stage.hub.passes
            passes._files = held = HeldUp(passes._files)  # type: ignore[assignment]
            asking = asyncio.ensure_future(stage.hub.paint(opened.room_id))
            await held.read.wait()
            passes.drop(opened.room_id)
            held.go_on.set()
            await asking
            assert not passes._lightness

    play(scenario)
