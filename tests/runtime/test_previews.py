"""Previews (R7) as they come out of a whole hub on virtual time."""

import asyncio
from pathlib import Path

import numpy as np

from chromavive.hints.edit import SetVividness
from chromavive.wire import messages
from tests.runtime.hall import PASS_SECONDS, Hall, Page, add, hall, play
from tests.runtime.test_passes import drag


async def settled(stage: Hall, members: int = 1) -> list[Page]:
    """Pages in a room with one hint, painted."""
    opened = await stage.open_room()
    pages = [stage.page(opened) for _ in range(members)]
    await asyncio.sleep(0.2)
    pages[0].edit(add())
    await asyncio.sleep(1)
    return pages


def test_R7_16_a_preview_is_for_the_one_who_asked(tmp_path: Path) -> None:
    """One settled frame without a look; the others get nothing, and whoever joins gets the room's own picture."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            ann, bob = stage.page(opened), stage.page(opened)
            await asyncio.sleep(0.5)
            frames = (list(ann.frames), list(bob.frames))
            ann.say(messages.PreviewOf("other"))
            await asyncio.sleep(0.5)
            [preview] = ann.previews
            assert (preview.look, preview.revision, preview.settled, preview.network) == (0, 1, True, "other")
            assert preview.payload_type == "image/webp"
            assert bob.previews == []
            assert (ann.frames, bob.frames) == frames
            late = stage.page(opened)
            await asyncio.sleep(0.5)
            assert late.frames == frames[0][-1:]
            task, room = await stage.hub.room(opened.room_id)
            assert task.newest_painting(room.confirmed_content()) is not None
            assert stage.hub.passes.started == 1

    play(scenario)


def test_R7_16_a_preview_is_what_the_room_would_get(tmp_path: Path) -> None:
    """Vividness previewed, then chosen: the same chroma, to the byte; and then no pass is needed to preview it."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            [page] = await settled(stage)
            page.say(messages.PreviewOf(vividness=0.5))
            await asyncio.sleep(0.5)
            preview = page.socket.outward[-1]
            page.edit(SetVividness(0.5))
            await asyncio.sleep(0.5)
            frame = next(data for data in reversed(page.socket.outward) if isinstance(data, bytes))
            assert isinstance(preview, bytes)
            assert np.array_equal(np.frombuffer(preview[36:], np.uint8), np.frombuffer(frame[36:], np.uint8))
            passes = stage.engine.passes
            page.say(messages.PreviewOf("stub", 0.5))
            await asyncio.sleep(0.5)
            assert len(page.previews) == 2
            assert stage.engine.passes == passes

    play(scenario)


def test_R7_17_one_is_painted_at_a_time_and_the_newest_waits(tmp_path: Path) -> None:
    """Of twenty wishes in one pass's time the first and the last are painted; two pages with the same wish share."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            ann, bob = await settled(stage, 2)
            passes = stage.engine.passes
            for step in range(20):
                ann.say(messages.PreviewOf("other", (step + 1) / 20))
                bob.say(messages.PreviewOf("other", (step + 1) / 20))
                await asyncio.sleep(PASS_SECONDS / 25)
            await asyncio.sleep(1)
            assert len(ann.previews) == len(bob.previews) == 2
            assert stage.engine.passes - passes == 2
            assert stage.hub.passes.exported == 2

    play(scenario)


def test_R7_17_previews_hold_up_no_drag(tmp_path: Path) -> None:
    """Ten members preview as fast as they can while the room is dragged: of ten passes it gets at least eight."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            pages = await settled(stage, 10)
            async with asyncio.TaskGroup() as group:
                group.create_task(drag(pages[0], 1, "hint", samples=800, seconds=4.0))
                await asyncio.sleep(0.5)
                frames = len(pages[0].frames)
                for step in range(100):
                    for number, page in enumerate(pages):
                        page.say(messages.PreviewOf("other", (step * 10 + number) / 1000))
                    await asyncio.sleep(0.01)
                assert len(pages[0].frames) - frames >= 0.8 * 1.0 / PASS_SECONDS
            await asyncio.sleep(3)
            assert all(page.previews for page in pages)
            assert pages[0].frames[-1].settled

    play(scenario)


def test_R7_17_an_ended_preview_is_not_painted(tmp_path: Path) -> None:
    """Nor is that of a page that left; what was under way goes nowhere."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            ann, bob, eve = await settled(stage, 3)
            passes = stage.engine.passes
            ann.say(messages.PreviewOf("other", 0.1))
            await asyncio.sleep(PASS_SECONDS / 2)
            bob.say(messages.PreviewOf("other", 0.2))
            eve.say(messages.PreviewOf("other", 0.3))
            await asyncio.sleep(PASS_SECONDS / 4)
            ann.say(messages.PreviewOf())
            bob.say(messages.PreviewOf())
            eve.socket.leave()
            await asyncio.sleep(1)
            assert stage.engine.passes - passes == 1
            assert (ann.previews, bob.previews, eve.previews) == ([], [], [])
            ann.say(messages.PreviewOf("other", 0.4))
            await asyncio.sleep(1)
            assert len(ann.previews) == 1

    play(scenario)


def test_R7_16_a_preview_that_fails_is_said_to_the_one_who_asked(tmp_path: Path) -> None:
    """And the next one comes."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            ann, bob = await settled(stage, 2)
            stage.engine.fail = True
            ann.say(messages.PreviewOf("other"))
            await asyncio.sleep(0.5)
            assert [len(page.of(messages.EngineChanged)) for page in (ann, bob)] == [1, 0]
            stage.engine.fail = False
            ann.say(messages.PreviewOf("other"))
            await asyncio.sleep(0.5)
            assert len(ann.previews) == 1

    play(scenario)


def test_a_room_that_leaves_waits_for_no_preview(tmp_path: Path) -> None:
    """The hub goes while one is under way and one waits; nothing is left over."""

    async def scenario() -> None:
        async with hall(tmp_path, pass_seconds=3.0) as stage:
            opened = await stage.open_room()
            pages = [stage.page(opened) for _ in range(2)]
            await asyncio.sleep(4)
            for number, page in enumerate(pages):
                page.say(messages.PreviewOf("other", number / 2))
            await asyncio.sleep(1)
            await stage.hub.forget(opened.room_id)
            await asyncio.sleep(1)
            assert [page.previews for page in pages] == [[], []]
            assert stage.hub.rooms_loaded == 0

    play(scenario)
