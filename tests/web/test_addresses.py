"""Limits of addresses over real sockets: who counts as one, and that nobody chooses it (R10)."""

import asyncio
from pathlib import Path

import httpx
import pytest
import websockets

from chromavive import errors, limits
from chromavive.hints.edit import Add, NewHint
from chromavive.pictures.store import PhotographStore
from chromavive.web.addresses import proxies_of
from tests.web.site import TIMEOUT_SECONDS, Site, bearer, hello, photograph, served

PROXY = "127.0.0.1"


def forwarded(*addresses: str) -> dict[str, str]:
    return {"X-Forwarded-For": ", ".join(addresses)}


async def opened_by(site: Site, *addresses: str) -> httpx.Response:
    return await site.http.post("api/rooms", content=photograph(), headers=forwarded(*addresses))


def test_R10_17_nobody_chooses_an_address_by_a_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a trusted proxy the headers that proxies write say nothing, of requests and sockets alike."""
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")  # a variable of uvicorn's, which trusts whoever it names

    async def scenario() -> None:
        async with served(tmp_path, rooms_an_address_an_hour_max=2, connections_an_address_max=1) as site:
            opened = await site.open_room()
            assert (await opened_by(site, "192.0.2.1")).status_code == 201
            for headers in (
                forwarded("192.0.2.2"),
                {"Forwarded": "for=192.0.2.3"},
                {"X-Real-IP": "192.0.2.4"},
                {"X-Client-IP": "192.0.2.5", "True-Client-IP": "192.0.2.6", "CF-Connecting-IP": "192.0.2.7"},
            ):
                answer = await site.http.post("api/rooms", content=photograph(), headers=headers)
                assert (answer.status_code, answer.json()["code"]) == (429, "requests_too_many")
            async with (
                site.page(opened.room, opened.owner),
                site.connect(opened.room, additional_headers=forwarded("192.0.2.9")) as second,
            ):
                await second.wait_closed()
                assert second.close_code == 4507

    asyncio.run(scenario())


def test_R10_17_a_trusted_proxy_says_whose_request_it_is(tmp_path: Path) -> None:
    """The last address that the proxy itself added counts, so that what a stranger wrote before it helps nobody."""

    async def scenario() -> None:
        async with served(tmp_path, rooms_an_address_an_hour_max=1, trusted_proxies=f"{PROXY}, 10.0.0.0/8") as site:
            assert (await opened_by(site, "192.0.2.1")).status_code == 201
            assert (await opened_by(site, "192.0.2.2")).status_code == 201
            assert (await opened_by(site, "192.0.2.1")).status_code == 429
            assert (await opened_by(site, "192.0.2.77", "192.0.2.1")).status_code == 429
            assert (await opened_by(site, "192.0.2.78", "192.0.2.1", "10.1.2.3")).status_code == 429

    asyncio.run(scenario())


@pytest.mark.parametrize("setting", ["*", "localhost", "127.0.0.1, *", "10.0.0.0/33"])
def test_R10_17_trust_is_given_to_addresses_alone(setting: str) -> None:
    """A star would let everybody choose an address; a name is no address."""
    with pytest.raises(errors.SettingInvalid, match="trusted_proxies"):
        proxies_of(setting)


def test_R10_12_a_full_address_is_told_why(tmp_path: Path) -> None:
    """A page that gets no welcome asks, and is told the limit and what an operator behind a proxy can do."""

    async def scenario() -> None:
        async with served(tmp_path, connections_an_address_max=1, trusted_proxies=PROXY) as site:
            opened = await site.open_room()
            headers = forwarded("192.0.2.1")
            async with site.connect(opened.room, additional_headers=headers) as first:
                await first.send(hello(opened.owner))
                assert '"welcome"' in str(await first.recv())
                async with site.connect(opened.room, additional_headers=headers) as second:
                    with pytest.raises(websockets.ConnectionClosedError) as closed:
                        await second.recv()
                assert closed.value.rcvd is not None
                assert (closed.value.rcvd.code, closed.value.rcvd.reason[:30]) == (
                    4507,
                    "Your address has 1 connections",
                )
                reach = (await site.http.get("api/reach", headers=headers)).json()
                assert (reach["reachable"], reach["code"]) == (False, "address_full")
                assert "trusted_proxies" in reach["sentence"]
                async with site.connect(opened.room, additional_headers=forwarded("192.0.2.2")) as other:
                    await other.send(hello(opened.owner))
                    assert '"welcome"' in str(await other.recv())

    asyncio.run(scenario())


def test_R10_15_downloads_and_colorize_have_a_pace(tmp_path: Path) -> None:
    """The third in a minute is refused with 429, when to try again, and the limit; another address gets its own."""

    async def scenario() -> None:
        async with served(tmp_path, pictures_an_address_a_minute_max=2, trusted_proxies=PROXY) as site:
            opened = await site.open_room()
            exports = f"api/rooms/{opened.room}/exports"
            first = forwarded("192.0.2.1") | bearer(opened.owner)
            assert (await site.http.post(exports, headers=first)).status_code == 201
            assert (await site.http.post("api/colorize", content=photograph(), headers=first)).status_code == 200
            for path in (exports, "api/colorize", f"{exports}"):
                refused = await site.http.post(path, content=photograph(), headers=first)
                assert refused.status_code == 429
                assert refused.json()["code"] == "requests_too_many"
                assert "2 pictures a minute" in refused.json()["sentence"]
                assert 1 <= int(refused.headers["Retry-After"]) <= 30
            other = forwarded("192.0.2.2") | bearer(opened.owner)
            assert (await site.http.post(exports, headers=other)).status_code == 201

    asyncio.run(scenario())


def test_R10_16_slow_uploads_of_one_address_leave_places_for_others(tmp_path: Path) -> None:
    """Its next is told to come again, before anything of it is read; somebody else's comes in."""

    async def scenario() -> None:
        async with served(tmp_path, uploads_an_address_max=1, trusted_proxies=PROXY) as site:
            go_on = asyncio.Event()

            async def dripping() -> object:
                yield photograph()[:100]
                await go_on.wait()
                yield photograph()[100:]

            async with asyncio.TaskGroup() as group:
                slow = group.create_task(
                    site.http.post("api/rooms", content=dripping(), headers=forwarded("192.0.2.1"))  # type: ignore[arg-type]
                )
                async with asyncio.timeout(TIMEOUT_SECONDS):
                    while site.hub.addresses._at("192.0.2.1").places["upload"] == 0:
                        await asyncio.sleep(0.01)
                refused = await opened_by(site, "192.0.2.1")
                assert (refused.status_code, refused.json()["code"]) == (503, "server_busy")
                assert "1 uploads under way" in refused.json()["sentence"]
                assert (await opened_by(site, "192.0.2.2")).status_code == 201
                go_on.set()
            assert slow.result().status_code == 201
            assert (await opened_by(site, "192.0.2.1")).status_code == 201

    asyncio.run(scenario())


def test_R10_18_a_disk_keeps_room_for_edits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a photograph nor a download is taken up where less would be left; edits go on."""
    free = [10**12]
    monkeypatch.setattr(PhotographStore, "free_bytes", lambda _: free[0])

    async def scenario() -> None:
        async with served(tmp_path, upload_bytes_max=10**6, pixels_max=10**6, disk_free_bytes_min=2 * 10**9) as site:
            opened = await site.open_room()
            free[0] = 2 * 10**9 + 3 * 10**6 - 1
            refused = await site.http.post("api/rooms", content=photograph())
            assert (refused.status_code, refused.json()["code"]) == (507, "disk_nearly_full")
            assert "keeps 2 GB free" in refused.json()["sentence"]
            assert not list((tmp_path / "photographs" / ".arriving").iterdir())
            exports = f"api/rooms/{opened.room}/exports"
            assert (await site.http.post(exports, headers=bearer(opened.owner))).status_code == 201
            free[0] = 2 * 10**9 - 1
            assert (await site.http.post(exports, headers=bearer(opened.owner))).status_code == 507
            async with site.page(opened.room, opened.owner) as page:
                await page.edit(Add((NewHint("hint", 0.5, 0.5, 0.0, 0.0),)))
                await page.until(lambda: page.follower.accepted == {1: 2})
            free[0] = 2 * 10**9 + 3 * 10**6
            assert (await site.http.post("api/rooms", content=photograph())).status_code == 201

    asyncio.run(scenario())


HALF_A_HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Drip: 1"


@pytest.mark.parametrize(
    ("said", "after_a_request"),
    [(b"", False), (HALF_A_HEAD, False), (HALF_A_HEAD, True)],
    ids=["nothing", "half a head", "half a head after a request"],
)
def test_R10_19_who_drips_a_head_is_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: bytes, after_a_request: bool
) -> None:
    """Whether it says nothing, or a byte now and then, and also after a whole request; a page's socket stays."""
    monkeypatch.setattr(limits, "HEAD_SECONDS_MAX", 0.3)

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            async with site.page(opened.room, opened.owner) as page:
                reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
                if after_a_request:
                    writer.write(b"GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                    head = await reader.readuntil(b"\r\n\r\n")
                    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
                    await reader.readexactly(int(length.split(b":")[1]))
                writer.write(said)
                async with asyncio.timeout(TIMEOUT_SECONDS):
                    while not reader.at_eof() and reader.exception() is None:
                        writer.write(b"x" if said else b"")
                        await asyncio.sleep(0.02)
                writer.close()
                await page.edit(Add((NewHint("hint", 0.5, 0.5, 0.0, 0.0),)))
                await page.until(lambda: page.follower.accepted == {1: 2})

    asyncio.run(scenario())
