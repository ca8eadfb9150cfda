"""Requests about rooms: who may ask what, what comes in, what comes out."""

import asyncio
import io
import threading
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from PIL import Image

from chromavive.hints.edit import Add, AllowExport, NewHint
from tests.pictures.made import png_claiming
from tests.web.site import TIMEOUT_SECONDS, Site, bearer, photograph, served


def test_a_room_is_opened_shown_and_deleted(tmp_path: Path) -> None:
    """The whole life of a room over HTTP."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            shown = (await site.get(f"api/rooms/{opened.room}", opened.viewer)).json()
            assert shown == {
                "room": opened.room,
                "title": "Grandmother",
                "role": "viewer",
                "revision": 1,
                "height_px": 48,
                "width_px": 64,
                "had_colors": False,
                "network": "stub",
                "members": 0,
            }
            refused = await site.http.delete(f"api/rooms/{opened.room}", headers=bearer(opened.editor))
            assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
            assert (await site.http.delete(f"api/rooms/{opened.room}", headers=bearer(opened.owner))).status_code == 204
            assert (await site.get(f"api/rooms/{opened.room}", opened.owner)).status_code == 404
            assert site.memory.rooms() == []

    asyncio.run(scenario())


def truncated_jpeg() -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (200, 200), np.uint8)).save(buffer, "JPEG")
    return buffer.getvalue()[:2000]


@pytest.mark.parametrize(
    ("content", "code", "status"),
    [
        (b"", "not_a_photograph", 415),
        (b"GIF89a no photograph", "not_a_photograph", 415),
        (b"<script>alert(1)</script>", "not_a_photograph", 415),
        (truncated_jpeg(), "photograph_truncated", 422),
        (png_claiming(50_000, 50_000), "photograph_too_many_pixels", 413),
        (photograph(15, 64), "photograph_too_small", 422),
        (photograph() + b"\0" * 100_000, "upload_too_large", 413),
    ],
    ids=["empty", "gif", "html", "truncated", "50000x50000", "small", "large"],
)
def test_R10_6_what_is_no_photograph_opens_no_room(tmp_path: Path, content: bytes, code: str, status: int) -> None:
    """Each has its own code; nothing of it stays."""

    async def scenario() -> None:
        async with served(tmp_path, upload_bytes_max=100_000) as site:
            answer = await site.http.post("api/rooms", content=content)
            assert (answer.status_code, answer.json()["code"]) == (status, code)
            assert answer.json()["sentence"].endswith(".")
            assert site.memory.rooms() == []
            assert site.hub.parts.photographs.rooms() == []

    asyncio.run(scenario())


async def everything_about(site: Site, room: str, headers: dict[str, str], query: str = "") -> list[tuple[int, str]]:
    """The answers to every request that a room takes."""
    answers = [
        await site.http.get(f"api/rooms/{room}{query}", headers=headers),
        await site.http.get(f"api/rooms/{room}/gray{query}", headers=headers),
        await site.http.get(f"api/rooms/{room}/tiles/0/0{query}", headers=headers),
        await site.http.get(f"api/rooms/{room}/thumb{query}", headers=headers),
        await site.http.get(f"api/rooms/{room}/ask{query}", headers=headers),
        await site.http.get(f"api/rooms/{room}/code{query}", headers=headers),
        await site.http.get(f"api/rooms/{room}/history{query}", headers=headers),
        await site.http.get(f"api/rooms/{room}/states/1{query}", headers=headers),
        await site.http.get(f"api/rooms/{room}/set_aside{query}", headers=headers),
        await site.http.post(f"api/rooms/{room}/exports{query}", headers=headers, json={"format": "png"}),
        await site.http.delete(f"api/rooms/{room}{query}", headers=headers),
    ]
    return [(answer.status_code, answer.text) for answer in answers]


def test_R13_4_without_a_right_a_room_looks_as_if_it_were_not_there(tmp_path: Path) -> None:
    """No capability, a wrong one and another room's get the same bytes as an id that was never given out."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened, other = await site.open_room(), await site.open_room()
            nowhere = await everything_about(site, "A" * 16, bearer(opened.owner))
            assert {status for status, _ in nowhere} == {404}
            for headers in ({}, bearer("x" * 22), bearer(other.owner), {"Authorization": f"Basic {opened.owner}"}):
                assert await everything_about(site, opened.room, headers) == nowhere

    asyncio.run(scenario())


def test_R13_1_a_capability_counts_only_in_the_authorization_header(tmp_path: Path) -> None:
    """Not in the query, not in a cookie."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            query = f"?capability={opened.owner}&token={opened.owner}"
            asked = await everything_about(site, opened.room, {"Cookie": f"capability={opened.owner}"}, query)
            assert {status for status, _ in asked} == {404}
            assert (await site.get(f"api/rooms/{opened.room}", opened.owner)).status_code == 200

    asyncio.run(scenario())


def test_R13_3_posts_and_deletes_of_foreign_pages_are_refused(tmp_path: Path) -> None:
    """A script says no origin and passes; a listed page passes; the refusal says what the operator can do."""

    async def scenario() -> None:
        async with served(tmp_path, public_url="https://colors.example/app/") as site:
            opened = await site.open_room()
            owner = bearer(opened.owner)
            room = f"api/rooms/{opened.room}"
            foreign = {"Origin": "https://evil.example"}
            for headers in (foreign, {"Origin": "null"}, {"Origin": "http://127.0.0.1:1"}):
                refused = [
                    await site.http.post("api/rooms", content=photograph(), headers=headers),
                    await site.http.post(f"{room}/exports", json={}, headers=owner | headers),
                    await site.http.delete(room, headers=owner | headers),
                ]
                assert [(each.status_code, each.json()["code"]) for each in refused] == 3 * [(403, "origin_refused")]
                assert f"--public-url {headers['Origin']}" in refused[0].json()["sentence"]
            assert site.memory.rooms() == [opened.room]
            for origin in (f"http://localhost:{site.port}", f"http://127.0.0.1:{site.port}", "https://colors.example"):
                listed = await site.http.post("api/rooms", content=photograph(), headers={"Origin": origin})
                assert listed.status_code == 201

    asyncio.run(scenario())


def test_R13_2_a_ticket_works_once(tmp_path: Path) -> None:
    """The first GET streams the picture at full size, the second finds nothing; the file is gone."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            export = await site.http.post(f"api/rooms/{opened.room}/exports", json={}, headers=bearer(opened.viewer))
            assert export.status_code == 201
            ticket = f"api/tickets/{export.json()['ticket']}"
            assert (await site.http.head(ticket)).status_code == 405, (
                "a download program that looks first spends nothing"
            )
            first = await site.http.get(ticket)
            assert first.headers["content-disposition"] == 'attachment; filename="Grandmother-colorized.png"'
            assert Image.open(io.BytesIO(first.content)).size == (64, 48)
            second = await site.http.get(ticket)
            assert (second.status_code, second.json()["code"]) == (404, "ticket_spent")
            async with asyncio.timeout(TIMEOUT_SECONDS):  # it is removed a moment after it was sent
                while list((tmp_path / "downloads").iterdir()):
                    await asyncio.sleep(0.01)

    asyncio.run(scenario())


def test_a_download_that_takes_long_holds_up_nobody(tmp_path: Path) -> None:
    """While it is being made rooms open, and pages get their pictures."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            free = threading.Event()
            busy = [asyncio.ensure_future(site.hub.parts.pictures.run(free.wait, TIMEOUT_SECONDS)) for _ in range(3)]
            export = asyncio.ensure_future(
                site.http.post(f"api/rooms/{opened.room}/exports", json={}, headers=bearer(opened.viewer))
            )
            another = await site.open_room()
            async with site.page(another.room, another.owner) as page:
                await page.until(lambda: page.frames > 0)
            assert not export.done()
            free.set()
            await asyncio.gather(*busy)
            assert (await export).status_code == 201

    asyncio.run(scenario())


@pytest.mark.parametrize("painted", [False, True])
def test_a_download_of_a_room_that_is_deleted_meanwhile_finds_no_photograph(tmp_path: Path, painted: bool) -> None:
    """Whether its picture had been painted or not; the server did not fail."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            if painted:
                async with site.page(opened.room, opened.owner) as page:
                    await page.until(lambda: page.frames > 0)
            site.hub.parts.photographs.forget(opened.room)
            for path in ("exports", "gray"):
                asked = site.http.post if path == "exports" else site.http.get
                answer = await asked(f"api/rooms/{opened.room}/{path}", headers=bearer(opened.owner))
                assert (answer.status_code, answer.json()["code"]) == (404, "photograph_missing")
            assert not list((tmp_path / "downloads").iterdir())

    asyncio.run(scenario())


def test_R13_2_a_ticket_grows_old(tmp_path: Path) -> None:
    """After its time it is worth nothing, and its file is swept with the next one."""

    async def scenario() -> None:
        async with served(tmp_path, ticket_seconds=0.0) as site:
            opened = await site.open_room()
            for _ in range(2):
                made = await site.http.post(f"api/rooms/{opened.room}/exports", headers=bearer(opened.owner))
                assert (await site.http.get(f"api/tickets/{made.json()['ticket']}")).status_code == 404
            assert list((tmp_path / "downloads").iterdir()) == []

    asyncio.run(scenario())


@pytest.mark.parametrize("body", [b"{", b'{"format":"gif"}', b'{"size":3}', b"[]", b"x" * 5000])
def test_an_export_nobody_can_make_is_refused(tmp_path: Path, body: bytes) -> None:
    """Other formats, other fields, no JSON, too much of it."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            url = f"api/rooms/{opened.room}/exports"
            answer = await site.http.post(url, content=body, headers=bearer(opened.owner))
            assert (answer.status_code, answer.json()["code"]) == (400, "request_malformed")

    asyncio.run(scenario())


def test_R9_1_a_viewer_exports_only_while_the_owner_allows_it(tmp_path: Path) -> None:
    """The same table that the room asks."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            async with site.page(opened.room, opened.owner) as page:
                await page.edit(AllowExport(viewers=False))
                await page.until(lambda: page.follower.accepted == {1: 2})
            url = f"api/rooms/{opened.room}/exports"
            refused = await site.http.post(url, headers=bearer(opened.viewer))
            assert (refused.status_code, refused.json()["code"]) == (403, "export_not_allowed")
            assert (await site.http.post(url, headers=bearer(opened.editor))).status_code == 201

    asyncio.run(scenario())


def test_a_thumbnail_shows_what_the_journal_holds(tmp_path: Path) -> None:
    """A small picture, also of a room that nobody has opened yet: it is painted when it is asked for."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            url = f"api/rooms/{opened.room}/thumb"
            before = await site.get(url, opened.viewer)
            async with site.page(opened.room, opened.owner) as page:
                await page.edit(Add((NewHint("hint", 0.5, 0.5, 60.0, 40.0),)))
                await page.until(lambda: page.follower.accepted == {1: 2})
            after = await site.get(url, opened.viewer)
            colors = [np.asarray(Image.open(io.BytesIO(each.content)).convert("RGB"), int) for each in (before, after)]
            assert np.ptp(colors[1], axis=2).max() > np.ptp(colors[0], axis=2).max() + 10

    asyncio.run(scenario())


def test_a_password_guards_the_opening_of_rooms(tmp_path: Path) -> None:
    """It travels percent-encoded, and letters beyond ASCII count."""

    async def scenario() -> None:
        async with served(tmp_path, create_password="blåbær & co") as site:
            for headers in ({}, bearer("wrong"), bearer("bl%C3%A5b")):
                refused = await site.http.post("api/rooms", content=photograph(), headers=headers)
                assert (refused.status_code, refused.json()["code"]) == (401, "password_refused")
            right = bearer(quote("blåbær & co", safe=""))
            assert (await site.http.post("api/rooms", content=photograph(), headers=right)).status_code == 201
            assert (await site.http.get("api/about")).json()["password_needed"] is True

    asyncio.run(scenario())


def test_a_title_has_its_limit_and_samples_their_names(tmp_path: Path) -> None:
    """Too long a title and an unknown sample open nothing."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            for query in ("title=" + "x" * 121, "sample=nobody", "sample=../camera"):
                answer = await site.http.post(f"api/rooms?{query}", content=photograph())
                assert (answer.status_code, answer.json()["code"]) == (400, "request_malformed")
            assert site.memory.rooms() == []
            names = [each["name"] for each in (await site.http.get("api/samples")).json()["samples"]]
            assert "camera" in names
            assert (await site.http.get("api/samples/camera")).headers["content-type"] == "image/jpeg"
            assert (await site.http.get("api/samples/nobody")).status_code == 404
            made = await site.http.post("api/rooms?sample=camera")
            assert made.status_code == 201
            room = await site.get(f"api/rooms/{made.json()['room']}", made.json()["links"]["viewer"])
            assert room.json()["title"] == "Photographer"

    asyncio.run(scenario())
