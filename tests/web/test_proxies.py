"""Proxies, real and pretended, and pages of other origins, over real loopback sockets (docs/threat-model.md)."""

import asyncio
import logging
from pathlib import Path

import httpx
import pytest
import websockets

from tests.web.loopback_proxy import proxied
from tests.web.site import SAFE_HEADERS, Site, bearer, hello, photograph, served


@pytest.mark.parametrize("strips", [True, False])
def test_everything_works_behind_a_proxy_below_a_sub_path(tmp_path: Path, strips: bool) -> None:
    """Pages, files, requests and the socket, through a real proxy; what it says in headers is not needed."""

    async def scenario() -> None:
        public_url = "https://colors.example/colors"
        async with (
            served(tmp_path, root_path="/colors", public_url=public_url) as site,
            proxied(site.port, "/colors", strips=strips) as port,
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/colors/", trust_env=False) as http,
        ):
            browser = {"Origin": "https://colors.example"}
            assert (await http.get("")).headers["content-type"].startswith("text/html")
            assert (await http.get(await site.module_path())).status_code == 200
            told = (await http.post("api/rooms", content=photograph(), headers=browser)).json()
            assert (
                await http.get(f"api/rooms/{told['room']}/gray", headers=bearer(told["capability"]))
            ).status_code == 200
            reach = (
                await http.get(f"api/reach?room={told['room']}", headers=browser | bearer(told["capability"]))
            ).json()
            assert reach["reachable"]
            url = f"ws://127.0.0.1:{port}/colors/api/rooms/{told['room']}/socket"
            async with websockets.connect(url, proxy=None, additional_headers=browser) as connection:
                await connection.send(hello(told["capability"]))
                assert '"welcome"' in str(await connection.recv())
            foreign = {"Origin": "https://evil.example"}
            assert (await http.post("api/rooms", content=photograph(), headers=foreign)).status_code == 403

    asyncio.run(scenario())


def spoofed(site: Site) -> dict[str, str]:
    """What a stranger may say a proxy had said."""
    return {
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-Host": f"127.0.0.1:{site.port}",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Prefix": "/evil",
        "X-Real-IP": "127.0.0.1",
        "Forwarded": f"for=127.0.0.1;host=localhost:{site.port};proto=https",
    }


def test_headers_of_a_proxy_that_is_none_change_nothing(tmp_path: Path) -> None:
    """Neither whose origin may post, nor what is told of this computer, nor whether a page would be welcomed."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            evil = {"Host": "evil.example", "Origin": "http://evil.example"} | spoofed(site)
            assert (await site.http.post("api/rooms", content=photograph(), headers=evil)).status_code == 403
            assert str(tmp_path) not in (await site.http.get("api/about", headers=evil)).json()["kept"]
            assert not (await site.http.get("api/reach", headers=evil)).json()["reachable"]
            opened = await site.open_room()
            with pytest.raises(websockets.InvalidStatus):
                async with site.connect(opened.room, additional_headers=evil):
                    pass
            honest = await site.http.get("api/reach", headers=spoofed(site))
            assert honest.json()["reachable"]

    asyncio.run(scenario())


def test_a_name_that_was_bound_to_this_machine_gives_a_page_nothing(tmp_path: Path) -> None:
    """DNS rebinding: the page's own requests say no origin when they read, and its own when they write.

    To read it needs a capability, to write a listed origin; and it is not told where photographs lie.
    """

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            rebound = {"Host": f"evil.example:{site.port}"}
            assert str(tmp_path) not in (await site.http.get("api/about", headers=rebound)).json()["kept"]
            assert (await site.http.get(f"api/rooms/{opened.room}", headers=rebound)).status_code == 404
            writes = rebound | {"Origin": f"http://evil.example:{site.port}"}
            assert (await site.http.post("api/rooms", content=photograph(), headers=writes)).status_code == 403
            assert (await site.http.post("api/colorize", content=photograph(), headers=writes)).status_code == 403
            with pytest.raises(websockets.InvalidStatus):
                async with site.connect(opened.room, additional_headers=writes):
                    pass
            assert site.memory.rooms() == [opened.room]

    asyncio.run(scenario())


def test_a_refused_origin_is_no_fault_of_the_server(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A stranger's page must not be able to fill the log with errors."""
    caplog.set_level(logging.DEBUG)

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            foreign = {"Origin": "https://evil.example"}
            with pytest.raises(websockets.InvalidStatus) as refused:
                async with site.connect(opened.room, additional_headers=foreign):
                    pass
            assert {name: refused.value.response.headers.get(name) for name in SAFE_HEADERS} == SAFE_HEADERS
            await site.http.delete(f"api/rooms/{opened.room}", headers=foreign)

    asyncio.run(scenario())
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
