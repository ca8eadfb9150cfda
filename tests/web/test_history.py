"""A room's past over HTTP: its entries in short, and its state at a moment."""

import asyncio
from pathlib import Path

import pytest

from chromavive.hints.edit import Add, Clear, CropTo, NewHint, Recolor, Restore
from chromavive.hints.state import State
from chromavive.runtime.moments import Moments
from chromavive.web import history as history_module
from tests.web.site import Opened, Site, served

HINTS = (NewHint("sky1", 0.3, 0.2, -5.0, -30.0), NewHint("wood", 0.7, 0.8, 20, 30))


async def evening(site: Site) -> Opened:
    """Revisions 2 to 4: two hints, one recolored, all removed."""
    opened = await site.open_room()
    async with site.page(opened.room, opened.owner) as page:
        for edit in (Add(HINTS), Recolor(("sky1",), 1.0, 2.0), Clear()):
            await page.edit(edit)
        await page.until(lambda: not page.follower.pending)
    return opened


def test_a_timeline_lists_entries_in_short(tmp_path: Path) -> None:
    """Revision, time, author by public id, kind and how many hints; in pages, for every role, for nobody else."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await evening(site)
            history = f"api/rooms/{opened.room}/history"
            told = (await site.get(history, opened.viewer)).json()
            assert (told["first"], told["revision"]) == (1, 4)
            entries = [(each["revision"], each["kind"], each["hints"]) for each in told["entries"]]
            assert entries == [(1, "opened", 0), (2, "add", 2), (3, "recolor", 1), (4, "clear", 2)]
            assert all(set(each) == {"revision", "unix_seconds", "member", "kind", "hints"} for each in told["entries"])
            assert len({each["member"] for each in told["entries"][1:]}) == 1
            later = (await site.get(f"{history}?after=3", opened.viewer)).json()["entries"]
            assert [each["revision"] for each in later] == [4]
            assert (await site.get(f"{history}?after=9", opened.viewer)).json()["entries"] == []
            assert (await site.get(f"{history}?after=x", opened.viewer)).status_code == 400
            assert (await site.get(history, "x" * 22)).status_code == 404

    asyncio.run(scenario())


def test_a_timeline_comes_in_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the evening, an answer holds so many entries and no more."""
    assert history_module.HISTORY_ENTRIES_MAX == 500
    monkeypatch.setattr(history_module, "HISTORY_ENTRIES_MAX", 2)
    monkeypatch.setattr(history_module, "PAGE_ENTRIES", 1)

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await evening(site)
            for after, told in ((0, [1, 2]), (2, [3, 4]), (3, [4])):
                answer = await site.get(f"api/rooms/{opened.room}/history?after={after}", opened.viewer)
                assert [each["revision"] for each in answer.json()["entries"]] == told

    asyncio.run(scenario())


def test_a_moment_is_the_state_of_then(tmp_path: Path) -> None:
    """As a snapshot has it; a revision that has not been is refused in words."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await evening(site)
            moment = (await site.get(f"api/rooms/{opened.room}/states/3", opened.viewer)).json()
            assert {each: (hint["a"], hint["b"]) for each, hint in moment["hints"].items()} == {
                "sky1": (1.0, 2.0),
                "wood": (20, 30),
            }
            for revision in (0, 5, "9" * 5000, "x"):
                answer = await site.get(f"api/rooms/{opened.room}/states/{revision}", opened.viewer)
                assert (answer.status_code, answer.json()["code"]) == (404, "moment_unknown")
            assert (await site.get(f"api/rooms/{opened.room}/states/3", "x" * 22)).json()["code"] == "no_such_room"

    asyncio.run(scenario())


def test_of_one_rooms_past_so_many_requests_wait_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next is told to come again, and later ones are answered."""
    monkeypatch.setattr(history_module, "WAITING_MAX", 1)
    told = Moments.at

    async def scenario() -> None:
        asked, go = asyncio.Event(), asyncio.Event()

        async def told_late(moments: Moments, revision: int) -> State | None:
            asked.set()
            await go.wait()
            return await told(moments, revision)

        monkeypatch.setattr(Moments, "at", told_late)
        async with served(tmp_path) as site:
            opened = await evening(site)
            address = f"api/rooms/{opened.room}"
            async with asyncio.TaskGroup() as group:
                waiting = group.create_task(status(site, f"{address}/states/3", opened.viewer))
                async with asyncio.timeout(20):
                    await asked.wait()
                assert await status(site, f"{address}/states/2", opened.viewer) == 503
                assert await status(site, f"{address}/history", opened.viewer) == 503
                go.set()
            assert waiting.result() == 200
            assert await status(site, f"{address}/history", opened.viewer) == 200

    asyncio.run(scenario())


async def status(site: Site, path: str, capability: str) -> int:
    return (await site.get(path, capability)).status_code


def test_nothing_is_told_from_before_the_last_turn_or_crop(tmp_path: Path) -> None:
    """What was cropped away stays away, also from whoever asks for an earlier moment."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await evening(site)
            async with site.page(opened.room, opened.owner) as page:
                await page.edit(CropTo((0.0, 0.0, 0.5, 1.0)))
                await page.until(lambda: not page.follower.pending)
                told = (await site.get(f"api/rooms/{opened.room}/history", opened.owner)).json()
                assert (told["first"], [each["kind"] for each in told["entries"]]) == (5, ["crop"])
                assert (await site.get(f"api/rooms/{opened.room}/states/4", opened.owner)).status_code == 404
                await page.edit(Restore(3))
                await page.until(lambda: not page.follower.pending)
                assert page.follower.refused.popitem()[1] == "moment_unknown"

    asyncio.run(scenario())


def test_R12_12_a_restore_over_the_socket(tmp_path: Path) -> None:
    """The page sends it again as it is told, and everybody has the hints of then."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await evening(site)
            async with site.page(opened.room, opened.editor, "bob") as page:
                await page.edit(Restore(2))
                await page.until(lambda: not page.follower.pending)
                confirmed = page.follower.confirmed
                assert confirmed is not None
                assert {each: (hint.a, hint.b) for each, hint in confirmed.hints.items()} == {
                    "sky1": (-5.0, -30.0),
                    "wood": (20, 30),
                }

    asyncio.run(scenario())
