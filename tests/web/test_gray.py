"""The photograph as pages draw it: the gray copy and its tiles, as the room is turned and cropped."""

import asyncio
import io
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from chromavive.hints.edit import CropTo, Turn
from chromavive.pictures.tiles import gray_tile
from chromavive.runtime.hub import Hub
from chromavive.web import app as app_module
from chromavive.web import gray as gray_module
from chromavive.web.kept import Kept
from tests.web.site import TIMEOUT_SECONDS, Opened, Site, bearer, photograph, served


def pixels(answer: httpx.Response) -> NDArray[np.int_]:
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp"), answer.text
    return np.asarray(Image.open(io.BytesIO(answer.content)).convert("L"), int)


def asked(size: tuple[int, int] = (48, 64)) -> NDArray[np.int_]:
    return np.asarray(Image.open(io.BytesIO(photograph(*size))), int)


async def turned_and_cropped(site: Site, opened: Opened) -> None:
    """A quarter turn, then the left half."""
    async with site.page(opened.room, opened.owner) as page:
        await page.edit(Turn(1))
        await page.edit(CropTo((0.0, 0.0, 0.5, 1.0)))
        await page.until(lambda: page.follower.accepted == {1: 2, 2: 3})


def test_the_gray_picture_is_the_photograph_turned_and_cropped_as_the_room(tmp_path: Path) -> None:
    """Lossless, with the full size told."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            gray = f"api/rooms/{opened.room}/gray"
            whole = await site.get(gray, opened.viewer)
            assert whole.headers["x-full-size"] == "48x64"
            assert np.abs(pixels(whole) - asked()).max() <= 1
            await turned_and_cropped(site, opened)
            for query in ("", "?turn=1&crop=0,0,0.5,1"):
                part = await site.get(f"{gray}{query}", opened.viewer)
                assert part.headers["x-full-size"] == "64x24"
                assert np.abs(pixels(part) - np.rot90(asked(), -1)[:, :24]).max() <= 1

    asyncio.run(scenario())


@pytest.mark.parametrize("what", ["gray", "tiles/0/0"])
def test_only_the_picture_as_the_room_shows_it_can_be_had(tmp_path: Path, what: str) -> None:
    """Pictures of crops at will would cost a server time without end; nonsense is refused as such."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            url = f"api/rooms/{opened.room}/{what}"
            await turned_and_cropped(site, opened)
            for query in ("turn=0", "turn=5", "crop=0,0,1,1", "crop=0,0,0.5,0.9", "crop=0,0", "crop=nan,0,1,1"):
                refused = await site.get(f"{url}?{query}", opened.viewer)
                assert (refused.status_code, refused.json()["code"]) == (409, "shown_otherwise")
            for query in ("turn=x", "crop=a,b,c,d"):
                assert (await site.get(f"{url}?{query}", opened.viewer)).status_code == 400

    asyncio.run(scenario())


def test_tiles_put_together_are_the_photograph(tmp_path: Path) -> None:
    """At full size, each with a pixel of its neighbors; turned and cropped with the room; nothing beyond the edge."""
    size = (600, 1030)

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room(photograph(*size))
            tiles = f"api/rooms/{opened.room}/tiles"
            whole = asked(size)
            for x, columns in enumerate((slice(0, 513), slice(511, 1025), slice(1023, 1030))):
                for y, rows in enumerate((slice(0, 513), slice(511, 600))):
                    tile = pixels(await site.get(f"{tiles}/{x}/{y}", opened.viewer))
                    assert tile.shape == whole[rows, columns].shape
                    assert np.abs(tile - whole[rows, columns]).max() <= 1
            for beyond in ("3/0", "0/2", "-1/0", "0/0?level=1", "0/0?level=-1", "0/0?level=99", "x/0", "0/0?level=x"):
                assert (await site.get(f"{tiles}/{beyond}", opened.viewer)).status_code == 400
            await turned_and_cropped(site, opened)
            tile = pixels(await site.get(f"{tiles}/0/1?turn=1&crop=0,0,0.5,1", opened.viewer))
            assert np.abs(tile - np.rot90(whole, -1)[511:1025, :300]).max() <= 1

    asyncio.run(scenario())


def test_a_browser_keeps_a_tile_and_asks_no_second_time(tmp_path: Path) -> None:
    """For itself only; and who has it already is told so without its being made. Another crop is another tile."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            url = f"api/rooms/{opened.room}/tiles/0/0"
            first = await site.get(url, opened.viewer)
            assert first.headers["cache-control"] == "private, max-age=86400, immutable"
            assert first.headers["vary"] == "Authorization"
            known = bearer(opened.editor) | {"If-None-Match": first.headers["etag"]}
            again = await site.http.get(url, headers=known)
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
            await turned_and_cropped(site, opened)
            assert (await site.http.get(url, headers=known)).status_code == 200
            refused = await site.http.get(url, headers=known | bearer("x" * 22))
            assert refused.status_code == 404

    asyncio.run(scenario())


def test_what_many_ask_for_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A class that joins at once: one gray copy and one tile, for all of them."""
    made: list[str] = []

    def counted(name: str) -> Any:
        real = getattr(gray_module, name)

        def making(*arguments: Any) -> bytes:
            made.append(name)
            content: bytes = real(*arguments)
            return content

        return making

    for name in ("gray_copy", "gray_tile"):
        monkeypatch.setattr(gray_module, name, counted(name))

    async def scenario() -> None:
        async with served(tmp_path) as site, asyncio.timeout(TIMEOUT_SECONDS):
            opened = await site.open_room()
            urls = [f"api/rooms/{opened.room}/{what}" for what in ("gray", "tiles/0/0")]
            answers = await asyncio.gather(*(site.get(url, opened.viewer) for url in urls for _ in range(30)))
            assert {answer.status_code for answer in answers} == {200}
            assert sorted(made) == ["gray_copy", "gray_tile"]

    asyncio.run(scenario())


def test_too_many_waiting_for_tiles_are_told_to_come_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line has an end, and who stands behind it knows."""
    monkeypatch.setattr(gray_module, "TILES_WAITING_MAX", 0)

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            refused = await site.get(f"api/rooms/{opened.room}/tiles/0/0", opened.viewer)
            assert (refused.status_code, refused.json()["code"]) == (503, "server_busy")
            assert "retry-after" in refused.headers

    asyncio.run(scenario())


def test_a_tile_that_nobody_waits_for_any_more_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who pans on breaks off what it asked for; the place in the line is not filled with work for nobody."""
    made: list[int] = []
    real = gray_tile

    def counted(lightness: Any, level: int, x: int, y: int) -> bytes:
        made.append(x)
        return real(lightness, level, x, y)

    monkeypatch.setattr(gray_module, "gray_tile", counted)
    routes: list[gray_module.GrayRoutes] = []

    def remembered(hub: Hub) -> gray_module.GrayRoutes:
        routes.append(gray_module.GrayRoutes(hub))
        return routes[0]

    monkeypatch.setattr(app_module, "GrayRoutes", remembered)

    async def scenario() -> None:
        async with served(tmp_path) as site, asyncio.timeout(TIMEOUT_SECONDS):
            opened = await site.open_room(photograph(32, 1600))
            grays, slots = routes[0], asyncio.Semaphore(0)
            monkeypatch.setattr(grays, "_slots", slots)
            tiles = f"api/rooms/{opened.room}/tiles"
            leaving = asyncio.ensure_future(site.get(f"{tiles}/0/0", opened.viewer))
            staying = asyncio.ensure_future(site.get(f"{tiles}/1/0", opened.viewer))
            while grays._waiting < 2:
                await asyncio.sleep(0)
            leaving.cancel()
            await asyncio.wait([leaving])
            # Its own answer comes after the server has read that the other is gone: they came on one loop.
            await site.http.get("api/about")
            slots.release()
            slots.release()
            assert (await staying).status_code == 200
            while grays._waiting:
                await asyncio.sleep(0)
            assert made == [1]

    asyncio.run(scenario())


async def _content(name: str) -> bytes:
    await asyncio.sleep(0)
    return name.encode()


def test_the_cache_keeps_to_its_bytes_and_lets_the_oldest_go() -> None:
    """Least recently asked for; a thing larger than all of it is made and not kept; a deleted room keeps nothing."""

    async def scenario() -> None:
        kept, made = Kept(10), list[str]()

        async def get(room: str, what: str) -> bytes:
            async def make() -> bytes:
                made.append(what)
                return await _content(what)

            return await kept.get((room, what), make)

        for what in ("aaaa", "bbbb", "aaaa", "cccc", "aaaa", "bbbb", "much too large", "bbbb"):
            assert await get("room", what) == what.encode()
        assert made == ["aaaa", "bbbb", "cccc", "bbbb", "much too large", "bbbb"]
        await get("other", "d")
        kept.forget("room")
        await get("other", "d")
        await get("room", "bbbb")
        assert made[6:] == ["d", "bbbb"]

    asyncio.run(scenario())


def test_R13_7_what_is_made_while_its_room_is_deleted_is_not_kept() -> None:
    """Whoever asked gets it; whoever asks later has it made anew, which finds no room."""

    async def scenario() -> None:
        kept, go_on, tries = Kept(100), asyncio.Event(), list[int]()

        async def slow() -> bytes:
            tries.append(len(tries))
            await go_on.wait()
            return b"slow"

        waiting = asyncio.ensure_future(kept.get(("room", "slow"), slow))
        await asyncio.sleep(0)
        kept.forget("room")
        go_on.set()
        assert await waiting == b"slow"
        assert await kept.get(("room", "slow"), slow) == b"slow"
        assert tries == [0, 1]

    asyncio.run(scenario())


def test_one_that_is_being_made_holds_up_only_those_who_want_the_same() -> None:
    """Another key goes ahead; and where making fails, the next who waits tries."""

    async def scenario() -> None:
        kept, go_on, tries = Kept(100), asyncio.Event(), list[int]()

        async def slow() -> bytes:
            tries.append(len(tries))
            await go_on.wait()
            if tries == [0]:
                raise RuntimeError("the first fails")
            return b"slow"

        waiting = [asyncio.ensure_future(kept.get(("room", "slow"), slow)) for _ in range(3)]
        await asyncio.sleep(0)
        assert await kept.get(("room", "quick"), lambda: _content("quick")) == b"quick"
        go_on.set()
        answers = await asyncio.gather(*waiting, return_exceptions=True)
        assert isinstance(answers[0], RuntimeError)
        assert answers[1:] == [b"slow", b"slow"]
        assert tries == [0, 1]
        assert kept._turns == {}

    asyncio.run(scenario())
