"""Palettes (R7) as they come out of a whole hub on virtual time."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from chromavive.color.lab import in_gamut
from chromavive.colorizer.fidelity import cells_of, half_size
from chromavive.hints import edit as edits
from chromavive.runtime.palettes import lightness_at
from chromavive.wire import messages
from tests.runtime.hall import Hall, Page, add, hall, move, play
from tests.runtime.test_passes import drag


def palettes(page: Page) -> list[messages.Palette]:
    return page.of(messages.Palette)


async def settled(stage: Hall, members: int = 1) -> list[Page]:
    """Pages in a room with a hint each, painted."""
    opened = await stage.open_room()
    pages = [stage.page(opened) for _ in range(members)]
    await asyncio.sleep(0.2)
    for number, page in enumerate(pages):
        page.edit(add(f"hint{number}", y=(number + 0.5) / members))
    await asyncio.sleep(1)
    return pages


def test_the_lightness_of_a_point_is_that_of_its_chroma_cell() -> None:
    """Where fidelity takes it, at the edges too."""
    rng = np.random.default_rng(7)
    lightness = rng.uniform(0, 100, (224, 288)).astype(np.float32)
    cells = half_size(lightness)
    points = [(0.0, 0.0), (1.0, 1.0), (1.0, 0.0), *((float(x), float(y)) for x, y in rng.random((50, 2)))]
    expected = cells.ravel()[cells_of(np.array(points), *cells.shape)]
    assert [lightness_at(point, lightness) for point in points] == pytest.approx(expected)


def test_R7_13_a_palette_follows_every_pass(tmp_path: Path) -> None:
    """One for each look that was painted, nine colors at most, the likeliest first, possible at that lightness."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            [page] = await settled(stage)
            page.say(messages.PaletteFor(0.5, 0.25))
            await asyncio.sleep(0.2)
            looks = len(page.frames)
            page.gesture(1, move("hint0", 0.6))
            await asyncio.sleep(0.2)
            page.edit(move("hint0", 0.9), 1)
            await asyncio.sleep(0.5)
            painted = [frame.look for frame in page.frames[looks - 1 :]]
            assert [told.look for told in palettes(page)] == sorted(set(painted))
            assert len(stage.engine.gauged) == 1, "all but the first rode on passes"
            for told in palettes(page):
                shares = [likely.share for likely in told.colors]
                assert 1 <= len(shares) <= 9
                assert shares == sorted(shares, reverse=True)
                assert 0 < sum(shares) <= 1.001
                # The ramp of the double's photograph: a quarter down it lies L 25, which the chroma cell there has.
                lab = np.array([[25.0, likely.a, likely.b] for likely in told.colors])
                assert in_gamut(lab).all()
                assert (told.x, told.y, told.network) == (0.5, 0.25, "stub")

    play(scenario)


@pytest.mark.parametrize("members", [1, 10])
def test_R7_4_a_drag_with_selected_points_costs_at_most_21_passes(tmp_path: Path, members: int) -> None:
    """200 samples in a second by each of ten members, each with a point that moves; every page gets its palettes."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            pages = await settled(stage, members)
            for number, page in enumerate(pages):
                page.say(messages.PaletteFor(0.5, (number + 0.5) / members))
            await asyncio.sleep(0.2)
            before, alone = stage.hub.passes.started, stage.hub.passes.gauged
            async with asyncio.TaskGroup() as group:
                for number, page in enumerate(pages):
                    group.create_task(drag(page, 1, f"hint{number}"))
                    group.create_task(point_about(page, number / members))
            during = stage.hub.passes.started - before
            await asyncio.sleep(1)
            assert 15 <= during <= stage.hub.passes.started - before <= 21
            assert stage.hub.passes.gauged - alone <= 2, "while passes are due, points ride on them"
            for page in pages:
                told = palettes(page)
                looks = [palette.look for palette in told]
                assert looks == sorted(looks)
                assert looks[-1] == page.frames[-1].look
                assert len(told) >= 10

    play(scenario)


async def point_about(page: Page, y: float) -> None:
    for step in range(5):
        page.say(messages.PaletteFor((step + 1) / 5, y))
        await asyncio.sleep(0.2)


def test_R7_14_a_point_selected_at_rest_is_answered_without_a_pass(tmp_path: Path) -> None:
    """Of all points selected meanwhile in one go; neither a frame nor a look follows."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            pages = await settled(stage, 3)
            passes, frames = stage.engine.passes, [len(page.frames) for page in pages]
            for number, page in enumerate(pages):
                page.say(messages.PaletteFor(number / 2, 0.5))
            await asyncio.sleep(1)
            assert stage.engine.passes == passes
            assert [len(page.frames) for page in pages] == frames
            assert sum(stage.engine.gauged) == 3
            assert len(stage.engine.gauged) <= 2
            for number, page in enumerate(pages):
                [told] = palettes(page)
                assert (told.x, told.look) == (number / 2, page.frames[-1].look)

    play(scenario)


def test_R7_15_nothing_comes_after_a_point_was_given_up(tmp_path: Path) -> None:
    """Nor after its page left; the others' palettes go on."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            ann, bob, eve = await settled(stage, 3)
            for page in (ann, bob, eve):
                page.say(messages.PaletteFor(0.5, 0.5))
            await asyncio.sleep(0.5)
            ann.say(messages.PaletteFor())
            eve.socket.leave()
            await asyncio.sleep(0.1)
            bob.edit(move("hint0", 0.9))
            await asyncio.sleep(1)
            assert [len(palettes(page)) for page in (ann, bob, eve)] == [1, 2, 1]

    play(scenario)


def test_palettes_that_fail_come_with_the_next_look(tmp_path: Path) -> None:
    """The room lives on."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            [page] = await settled(stage)
            stage.engine.fail = True
            page.say(messages.PaletteFor(0.5, 0.5))
            await asyncio.sleep(1)
            assert palettes(page) == []
            assert len(stage.engine.gauged) == 1
            stage.engine.fail = False
            page.edit(move("hint0", 0.9))
            await asyncio.sleep(1)
            assert [told.look for told in palettes(page)] == [page.frames[-1].look]

    play(scenario)


def test_the_network_of_a_palette_is_that_of_the_look(tmp_path: Path) -> None:
    """Chosen by the owner, painted, and named by frame and palette alike."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            [page] = await settled(stage)
            page.say(messages.PaletteFor(0.5, 0.5))
            await asyncio.sleep(0.5)
            page.edit(edits.ChooseNetwork("other"))
            await asyncio.sleep(1)
            assert [told.network for told in palettes(page)] == ["stub", "other"]
            assert page.frames[-1].network == "other"
            assert page.frames[-1].settled
            page.edit(edits.Undo())
            await asyncio.sleep(1)
            assert palettes(page)[-1].network == page.frames[-1].network == "stub"

    play(scenario)
