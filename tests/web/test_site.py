"""The pages, the answers about the server itself, and the headers on everything."""

import asyncio
import re
from pathlib import Path

import pytest

from chromavive import limits
from chromavive.errors import SettingInvalid
from chromavive.web.origins import Origins
from tests.web.site import bearer, photograph, served


def test_every_answer_carries_the_headers_of_safety(tmp_path: Path) -> None:
    """Pages, files, answers, refusals and what is not there; no cookie anywhere."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            module = await site.module_path()
            paths = ["", f"room/{opened.room}", module, "api/about", f"api/rooms/{opened.room}", "nowhere"]
            for path in paths:
                answer = await site.http.get(path)
                policy = answer.headers["content-security-policy"]
                assert "default-src 'self'" in policy
                assert "unsafe" not in policy
                assert answer.headers["x-content-type-options"] == "nosniff"
                assert answer.headers["referrer-policy"] == "no-referrer"
                assert "set-cookie" not in answer.headers
                if path.startswith("api/"):
                    assert answer.headers["cache-control"] == "no-store"

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "method, path, status, code",
    [
        ("GET", "api/nothing", 404, "no_such_request"),
        ("GET", "api/rooms/x/y/z", 404, "no_such_request"),
        ("PUT", "api/colorize", 405, "method_refused"),
    ],
)
def test_R10_6_requests_that_are_none_are_answered_in_json(
    tmp_path: Path, method: str, path: str, status: int, code: str
) -> None:
    """As every other refusal is."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            answer = await site.http.request(method, path)
            assert (answer.status_code, answer.json()["code"]) == (status, code)
            assert answer.json()["sentence"].endswith(".")
            assert ("allow" in answer.headers) is (status == 405)

    asyncio.run(scenario())


@pytest.mark.parametrize("path", ["nowhere", "a/b", "a/b/", "static/nothing.js", "sub/room/a/b"])
def test_a_page_that_is_none_leads_home(tmp_path: Path, path: str) -> None:
    """By a relative link, below a sub-path too."""

    async def scenario() -> None:
        async with served(tmp_path, root_path="/sub") as site:
            answer = await site.http.get(path)
            assert answer.status_code == 404
            assert answer.headers["content-type"].startswith("text/html")
            [home] = re.findall('href="(.*?)"', answer.text)
            expected = "/sub/" if path.startswith("sub/") else "/"
            assert answer.url.join(home).path == expected
            wrong = await site.http.post("")
            assert (wrong.status_code, "GET" in wrong.headers["allow"]) == (405, True)
            assert "cannot be asked for like that" in wrong.text

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "host, public_url, expected",
    [
        ("localhost:8000", "", "same-origin"),
        ("[::1]:8000", "", "same-origin"),
        ("192.168.1.5:8000", "", None),
        ("localhost.example.org", "", None),
        ("colors.example.org", "http://colors.example.org", None),
        ("colors.example.org", "https://colors.example.org", "same-origin"),
    ],
)
def test_R13_5_an_opener_policy_goes_where_browsers_heed_it(
    tmp_path: Path, host: str, public_url: str, expected: str | None
) -> None:
    """Over plain HTTP to another machine they only complain of it."""

    async def scenario() -> None:
        async with served(tmp_path, public_url=public_url) as site:
            answer = await site.http.get("", headers={"Host": host})
            assert answer.headers.get("cross-origin-opener-policy") == expected

    asyncio.run(scenario())


def test_files_are_kept_for_ever_and_pages_are_sent_again_only_if_they_changed(tmp_path: Path) -> None:
    """A file's address is its content's, a page has an ETag and no-cache; types are ours, not the system's."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            module = await site.http.get(await site.module_path())
            assert module.headers["content-type"].startswith("text/javascript")
            assert module.headers["cache-control"] == "public, max-age=31536000, immutable"
            page = await site.http.get("")
            assert page.headers["content-type"].startswith("text/html")
            assert page.headers["cache-control"] == "no-cache"
            again = await site.http.get("", headers={"If-None-Match": f'"other", {page.headers["etag"]}'})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["vary"] == page.headers["vary"] == "Accept-Encoding"

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "path",
    [
        "../pyproject.toml",
        "%2e%2e/tests/client/color.test.js",
        "%2e%2e/pyproject.toml",
        "/etc/passwd",
        "wire",
        "nothing.js",
        "index.html",
        "a%00name.js",
        "../main.js",
        "../another/main.js",
        pytest.param(f"{'x' * 300}.js", id="a name too long"),
    ],
)
def test_nothing_beside_the_clients_files_is_served(tmp_path: Path, path: str) -> None:
    """No way out of the folder, no folders, no other types, no other tree."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            module = await site.module_path()
            assert (await site.http.get(module)).status_code == 200
            assert (await site.http.get(module.removesuffix("main.js") + path)).status_code == 404

    asyncio.run(scenario())


def test_everything_works_under_a_sub_path(tmp_path: Path) -> None:
    """A proxy may strip the sub-path or pass it on; the socket too."""

    async def scenario() -> None:
        async with served(tmp_path, root_path="/colors/") as site:
            for prefix in ("", "colors/"):
                assert (await site.http.get(f"{prefix}api/about")).status_code == 200
                assert (await site.http.get(prefix)).headers["content-type"].startswith("text/html")
                opened = (await site.http.post(f"{prefix}api/rooms", content=photograph())).json()
                async with site.page(opened["room"], opened["capability"]) as page:
                    assert page.follower.confirmed is not None
            assert (await site.http.get("colorsx/api/about")).status_code == 404

    asyncio.run(scenario())


def test_R10_5_reach_says_in_words_why_there_is_no_welcome(tmp_path: Path) -> None:
    """Origin, version and room, each with what to do; nobody learns whether a room exists without its capability."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()

            async def reach(query: str, **headers: str) -> tuple[bool, str, str]:
                told = (await site.http.get(f"api/reach?{query}", headers=headers)).json()
                return told["reachable"], told["code"], told["sentence"]

            room = f"room={opened.room}&version={limits.PROTOCOL_VERSION}"
            nowhere = f"room={'A' * 16}&version={limits.PROTOCOL_VERSION}"
            owner = bearer(opened.owner)
            assert (await reach(room, **owner))[:2] == (True, "")
            assert (await reach(nowhere, **owner))[:2] == (False, "no_such_room")
            assert (await reach(room, **bearer("x" * 22)))[:2] == (False, "no_such_room")
            assert await reach(room) == await reach(nowhere)
            assert (await reach(f"room={opened.room}&version=0", **owner))[:2] == (False, "version_mismatch")
            assert (await reach(room, **owner, Host="studio.example:99999"))[:2] == (False, "origin_refused")
            for headers in ({"Host": "studio.example:8000"}, {"Origin": "http://studio.example:8000"}):
                reachable, code, sentence = await reach(room, **owner, **headers)
                assert (reachable, code) == (False, "origin_refused")
                assert "--public-url http://studio.example:8000" in sentence

    asyncio.run(scenario())


def test_about_says_who_serves_and_where_photographs_are_kept(tmp_path: Path) -> None:
    """And what may be uploaded; it needs no right, so it tells nothing of rooms."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            answer = await site.http.get("api/about")
            about = answer.json()
            assert about["network"] == "stub"
            assert about["notes"][0] == "The stub serves."
            assert str(tmp_path) in about["kept"]
            assert (
                str(tmp_path) not in (await site.http.get("api/about", headers={"Host": "far.example"})).json()["kept"]
            )
            assert about["upload_bytes_max"] == 40_000_000
            assert opened.room not in answer.text

    asyncio.run(scenario())


def test_the_folder_is_told_only_where_nobody_else_is_served(tmp_path: Path) -> None:
    """Whoever reaches a shared server may say that it asks localhost."""

    async def scenario() -> None:
        async with served(tmp_path, public_url="https://colors.example") as site:
            assert str(tmp_path) not in (await site.http.get("api/about", headers={"Host": "localhost"})).json()["kept"]

    asyncio.run(scenario())


@pytest.mark.parametrize("url", ["colors.example", "https://", "ftp://colors.example", "https://colors.example:99999"])
def test_a_public_url_that_no_page_can_have_is_refused(url: str) -> None:
    """At the start, in words, and not by refusing every page later."""
    with pytest.raises(SettingInvalid, match="public URL"):
        Origins.of((), 8000, url)


@pytest.mark.parametrize(
    "url, origin",
    [
        ("https://Bücher.example/farben/", "https://xn--bcher-kva.example"),
        ("https://straße.example:8443", "https://xn--strae-oqa.example:8443"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
    ],
)
def test_a_public_url_is_compared_as_browsers_write_it(url: str, origin: str) -> None:
    """Origin has a name's Punycode, whatever the operator typed."""
    assert origin in Origins.of((), 8000, url).allowed


def test_health_counts(tmp_path: Path) -> None:
    """Passes, rooms and sockets, for watchers and tests."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            async with site.page(opened.room, opened.owner) as page:
                await page.until(lambda: page.frames == 1)
                health = (await site.http.get("api/health")).json()
            assert health == {
                "ok": True,
                "passes_started": 1,
                "passes_exported": 0,
                "rooms_loaded": 1,
                "waiting_bytes": 0,
                "connections": 1,
            }

    asyncio.run(scenario())
