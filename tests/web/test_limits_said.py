"""Whoever runs into a setting's limit is told which one and its value, and nobody else notices."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets

from chromavive.hints.edit import Add, NewHint
from tests.web.site import TIMEOUT_SECONDS, Opened, Site, bearer, hello, photograph, served

Ask = Callable[[Site, Opened], Awaitable[httpx.Response]]


async def upload(site: Site, content: bytes) -> httpx.Response:
    return await site.http.post("api/rooms", content=content)


async def too_large(site: Site, _: Opened) -> httpx.Response:
    return await upload(site, photograph() + b"\0" * 5000)


async def too_many_pixels(site: Site, _: Opened) -> httpx.Response:
    return await upload(site, photograph(200, 201))


async def too_many_uploads(site: Site, _: Opened) -> httpx.Response:
    return await beside(site, lambda: upload(site, photograph()))


async def too_silent(site: Site, _: Opened) -> httpx.Response:
    async def halting() -> AsyncIterator[bytes]:
        yield photograph()[:100]
        await asyncio.sleep(1)  # of which the server waits for a third

    return await site.http.post("api/rooms", content=halting())


async def too_slow(site: Site, _: Opened) -> httpx.Response:
    async def dripping() -> AsyncIterator[bytes]:
        for byte in photograph()[:24]:
            yield bytes([byte])
            await asyncio.sleep(0.05)

    return await site.http.post("api/rooms", content=dripping())


async def too_many_exports(site: Site, opened: Opened) -> httpx.Response:
    return await site.http.post(f"api/rooms/{opened.room}/exports", headers=bearer(opened.owner))


async def too_many_rooms(site: Site, _: Opened) -> httpx.Response:
    other = await site.open_room()
    return await site.get(f"api/rooms/{other.room}", other.owner)


async def beside(site: Site, ask: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
    """The answer to what is asked while an upload is under way."""
    go_on = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield photograph()[:100]
        await go_on.wait()
        yield photograph()[100:]

    async with asyncio.timeout(TIMEOUT_SECONDS), asyncio.TaskGroup() as group:
        first = group.create_task(site.http.post("api/rooms", content=slowly()))
        while not list((site.hub.parts.photographs._folder / ".arriving").iterdir()):
            await asyncio.sleep(0.01)
        refused = await ask()
        go_on.set()
        assert (await first).status_code == 201
    return refused


@pytest.mark.parametrize(
    ("chosen", "ask", "code", "told"),
    [
        ({"upload_bytes_max": 5000}, too_large, "upload_too_large", "0.005 MB"),
        ({"pixels_max": 40_000}, too_many_pixels, "photograph_too_many_pixels", "0.04 megapixels"),
        ({"uploads_max": 1}, too_many_uploads, "server_busy", "1 photographs at once"),
        ({"upload_silence_seconds": 0.3}, too_silent, "request_malformed", "0.3 s"),
        ({"upload_seconds_max": 0.6}, too_slow, "request_malformed", "0.6 s"),
        ({"exports_max": 0}, too_many_exports, "server_busy", "0 downloads"),
        ({"rooms_loaded_max": 1}, too_many_rooms, "server_busy", "1 rooms open"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_R10_20_a_limit_says_its_name_and_others_go_on(
    tmp_path: Path, chosen: dict[str, Any], ask: Ask, code: str, told: str
) -> None:
    """The refusal has the limit's value in its sentence; a member edits before and after."""

    async def scenario() -> None:
        async with served(tmp_path, **chosen) as site:
            opened = await site.open_room()
            async with site.page(opened.room, opened.owner) as page:
                await page.edit(Add((NewHint("before", 0.5, 0.5, 0.0, 0.0),)))
                refused = await ask(site, opened)
                assert refused.json()["code"] == code
                assert told in refused.json()["sentence"]
                await page.edit(Add((NewHint("after", 0.1, 0.5, 0.0, 0.0),)))
                await page.until(lambda: page.follower.accepted == {1: 2, 2: 3})

    asyncio.run(scenario())


def test_R10_20_a_socket_of_one_room_too_many_is_told_how_many_there_may_be(tmp_path: Path) -> None:
    """It comes back later; who is in stays."""

    async def scenario() -> None:
        async with served(tmp_path, rooms_loaded_max=1) as site:
            opened, other = await site.open_room(), await site.open_room()
            async with site.page(opened.room, opened.owner) as page, site.connect(other.room) as late:
                await late.send(hello(other.owner))
                with pytest.raises(websockets.ConnectionClosedError) as closed:
                    await late.recv()
                assert closed.value.rcvd is not None
                assert (closed.value.rcvd.code, "1 rooms open" in closed.value.rcvd.reason) == (4500, True)
                await page.edit(Add((NewHint("hint", 0.5, 0.5, 0.0, 0.0),)))
                await page.until(lambda: page.follower.accepted == {1: 2})

    asyncio.run(scenario())
