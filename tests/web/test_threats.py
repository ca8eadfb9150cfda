"""What strangers, and members with too few rights, may try, over real loopback sockets (docs/threat-model.md)."""

import asyncio
import io
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from chromavive import errors
from chromavive.hints.edit import Add, Move, NewHint, Placed, Retitle, Rotate
from chromavive.web.downloads import Making
from tests.web.site import SAFE_HEADERS, TIMEOUT_SECONDS, bearer, hello, photograph, served


def hint(id: str = "hint") -> Add:
    return Add((NewHint(id, 0.5, 0.5, 20.0, -30.0),))


# -- headers ----------------------------------------------------------------------------------------------------------


def test_R13_5_headers_of_safety_stand_on_every_kind_of_answer(tmp_path: Path) -> None:
    """Word by word; on pages, files, JSON, pictures, downloads, what is unchanged, and every refusal. No cookie."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            owner, room = bearer(opened.owner), f"api/rooms/{opened.room}"
            etag = (await site.http.get("")).headers["etag"]
            ticket = (await site.http.post(f"{room}/exports", json={}, headers=owner)).json()["ticket"]
            answers = {
                "page": await site.http.get(""),
                "stream": await site.http.get(f"room/{opened.room}?view=stream"),
                "unchanged page": await site.http.get("", headers={"If-None-Match": etag}),
                "file": await site.http.get(await site.module_path()),
                "json": await site.http.get(room, headers=owner),
                "gray copy": await site.http.get(f"{room}/gray", headers=owner),
                "tile": await site.http.get(f"{room}/tiles/0/0", headers=owner),
                "download": await site.http.get(f"api/tickets/{ticket}"),
                "spent ticket": await site.http.get(f"api/tickets/{ticket}"),
                "no right": await site.http.get(room),
                "nowhere": await site.http.get("nowhere"),
                "no method": await site.http.put(room),
                "foreign origin": await site.http.delete(room, headers=owner | {"Origin": "https://evil.example"}),
                "no photograph": await site.http.post("api/rooms", content=b"<script>"),
                "progress": await site.http.post(f"{room}/exports", headers=owner | {"Accept": "application/x-ndjson"}),
            }
            for kind, answer in answers.items():
                assert {name: answer.headers.get(name) for name in SAFE_HEADERS} == SAFE_HEADERS, kind
                assert "set-cookie" not in answer.headers, kind
                assert "server" not in answer.headers, kind
                assert not [name for name in answer.headers if name.startswith("access-control-")], kind

    asyncio.run(scenario())


# -- uploads and names ------------------------------------------------------------------------------------------------


def test_R13_6_uploaded_bytes_are_never_served_back(tmp_path: Path) -> None:
    """A photograph that is a page as well: no answer about its room holds its bytes, or has another type than ours."""
    marker = "<script>alert(document.cookie)</script>"

    async def scenario() -> None:
        async with served(tmp_path) as site:
            note = PngImagePlugin.PngInfo()
            note.add_text("Comment", marker)
            buffer = io.BytesIO()
            Image.open(io.BytesIO(photograph())).save(buffer, "PNG", pnginfo=note)
            assert marker.encode() in buffer.getvalue()
            opened = await site.open_room(buffer.getvalue())
            owner, room = bearer(opened.owner), f"api/rooms/{opened.room}"
            tickets = [
                (await site.http.post(f"{room}/exports", json={"format": kind}, headers=owner)).json()["ticket"]
                for kind in ("png", "jpeg", "webp", "tiff")
            ]
            paths = [
                room,
                *(
                    f"{room}/{each}"
                    for each in ("gray", "tiles/0/0", "set_aside", "thumb", "recipe", "original", "photo")
                ),
            ]
            types = set()
            for path in [*paths, *(f"api/tickets/{ticket}" for ticket in tickets)]:
                answer = await site.http.get(path, headers=owner)
                assert marker.encode() not in answer.content
                if answer.status_code == 200:
                    types.add(answer.headers["content-type"])
            pictures = {f"image/{kind}" for kind in ("png", "jpeg", "webp", "tiff")}
            assert types == {"application/json", *pictures}

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "path",
    [
        "api/samples/..%2f..%2fpyproject.toml",
        "api/samples/%2e%2e",
        "api/tickets/..%2f..%2fjournal.sqlite",
        "api/rooms/..%2f..%2f..%2fetc/gray",
        "api/rooms/%2e%2e%2f%2e%2e%2fpasswd",
        "room/..%2f..%2fetc%2fpasswd",
        "static/..%5c..%5cpyproject.toml",
        "static/%252e%252e/pyproject.toml",
    ],
)
def test_no_name_in_an_address_leads_to_a_file(tmp_path: Path, path: str) -> None:
    """Names are looked up, not joined to folders."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            answer = await site.http.get(path, headers=bearer("x" * 22))
            page = path.startswith("room/") and answer.headers["content-type"].startswith("text/html")
            assert page or answer.status_code == 404

    asyncio.run(scenario())


def test_a_title_names_a_download_and_nothing_else(tmp_path: Path) -> None:
    """No folder, no second header, no other ending."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            async with site.page(opened.room, opened.owner) as page:
                await page.edit(Retitle('../../x"\r\nSet-Cookie: a=b\r\n.html'))
                await page.until(lambda: page.follower.accepted == {1: 2})
            export = await site.http.post(f"api/rooms/{opened.room}/exports", json={}, headers=bearer(opened.owner))
            answer = await site.http.get(f"api/tickets/{export.json()['ticket']}")
            named = answer.headers["content-disposition"]
            assert named == "attachment; filename*=utf-8''xSet-Cookie%20abhtml-colorized.png"
            assert "set-cookie" not in answer.headers

    asyncio.run(scenario())


# -- tokens -----------------------------------------------------------------------------------------------------------


def test_a_guessed_ticket_gets_nothing_and_spends_nothing(tmp_path: Path) -> None:
    """128 bits; what is nearly one is none."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            export = await site.http.post(f"api/rooms/{opened.room}/exports", json={}, headers=bearer(opened.owner))
            ticket = export.json()["ticket"]
            for guess in (ticket[:-1], f"{ticket}A", ticket.swapcase(), "A" * 22, f"{ticket}/"):
                assert (await site.http.get(f"api/tickets/{guess}")).status_code in (404, 307), guess
            assert len(ticket) == 22
            assert (await site.http.get(f"api/tickets/{ticket}")).status_code == 200

    asyncio.run(scenario())


def test_a_part_of_a_capability_opens_nothing(tmp_path: Path) -> None:
    """Neither its beginning, nor it with more behind, nor its hash, which a backup holds."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            [record] = site.memory.read(opened.room)
            hashes = json.loads(record.sealed).values()
            for guess in (opened.owner[:-1], f"{opened.owner}A", opened.owner[:8], *hashes):
                assert (await site.get(f"api/rooms/{opened.room}", guess)).status_code == 404
                async with site.connect(opened.room) as connection:
                    await connection.send(hello(guess))
                    await connection.wait_closed()
                    assert connection.close_code == 4404

    asyncio.run(scenario())


def test_ids_of_another_room_open_nothing(tmp_path: Path) -> None:
    """Its capability, its tiles, its hints; also where somebody owns the one and only views the other."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            one, other = await site.open_room(), await site.open_room()
            etag = (await site.get(f"api/rooms/{one.room}/tiles/0/0", one.viewer)).headers["etag"]
            for path in ("", "/gray", "/tiles/0/0", "/thumb", "/recipe"):
                asked = await site.http.get(
                    f"api/rooms/{one.room}{path}", headers=bearer(other.owner) | {"If-None-Match": etag}
                )
                assert asked.status_code == 404
            async with site.connect(one.room) as connection:
                await connection.send(hello(other.owner))
                await connection.wait_closed()
                assert connection.close_code == 4404
            async with site.page(one.room, one.owner) as ann, site.page(other.room, other.owner) as bea:
                await ann.edit(hint("anns"))
                await ann.until(lambda: ann.follower.accepted == {1: 2})
                await bea.edit(Move((Placed("anns", 0.1, 0.1),)))
                await bea.until(lambda: 1 in bea.follower.refused)
                assert bea.follower.refused[1] == errors.HintUnknown.code
                await bea.edit(hint("bees"))
                await bea.until(lambda: bea.follower.confirmed is not None and "bees" in bea.follower.confirmed.hints)
            assert ann.follower.confirmed is not None
            assert set(ann.follower.confirmed.hints) == {"anns"}

    asyncio.run(scenario())


def test_a_cached_tile_is_not_confirmed_to_who_has_no_right(tmp_path: Path) -> None:
    """304 would tell a rotated viewer that nothing has changed; and no proxy may keep tiles for others."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            tile = f"api/rooms/{opened.room}/tiles/0/0"
            first = await site.get(tile, opened.viewer)
            assert first.headers["cache-control"].startswith("private, ")
            assert first.headers["vary"] == "Authorization"
            known = {"If-None-Match": first.headers["etag"]}
            assert (await site.http.get(tile, headers=bearer(opened.viewer) | known)).status_code == 304
            async with site.page(opened.room, opened.owner) as page:
                await page.edit(Rotate("viewer"))
                await page.until(lambda: page.follower.accepted == {1: 2})
            assert (await site.http.get(tile, headers=bearer(opened.viewer) | known)).status_code == 404

    asyncio.run(scenario())


def test_R13_7_a_deleted_room_leaves_nothing_behind(tmp_path: Path) -> None:
    """No download that waits, no photograph on the disk, no lightness, gray copy or tile in memory."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened, stays = await site.open_room(), await site.open_room()
            tickets = []
            for each in (opened, stays):
                room, owner = f"api/rooms/{each.room}", bearer(each.owner)
                tickets.append((await site.http.post(f"{room}/exports", json={}, headers=owner)).json()["ticket"])
                for path in ("gray", "tiles/0/0", "thumb", "ask"):
                    assert (await site.http.get(f"{room}/{path}", headers=owner)).status_code == 200
            assert (await site.http.delete(f"api/rooms/{opened.room}", headers=bearer(opened.owner))).status_code == 204
            assert (await site.http.get(f"api/tickets/{tickets[0]}")).status_code == 404
            assert len(list((tmp_path / "downloads").iterdir())) == 1
            assert [path.name for path in (tmp_path / "photographs").iterdir() if path.name[0] != "."] == [stays.room]
            assert [key.partition("/")[0] for key in site.hub.passes._lightness] == [stays.room]
            assert (await site.http.get(f"api/tickets/{tickets[1]}")).status_code == 200

    asyncio.run(scenario())


def test_R13_7_a_download_under_way_is_not_given_out_after_the_deletion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had read the photograph before; now it finds no room, and its file is gone."""
    begun, free = threading.Event(), threading.Event()
    write = Making.write

    def slow(*arguments: Any) -> None:
        begun.set()
        free.wait(TIMEOUT_SECONDS)
        write(*arguments)

    monkeypatch.setattr(Making, "write", slow)

    async def scenario() -> None:
        async with served(tmp_path) as site, asyncio.TaskGroup() as group:
            opened = await site.open_room()
            room, owner = f"api/rooms/{opened.room}", bearer(opened.owner)
            export = group.create_task(site.http.post(f"{room}/exports", json={}, headers=owner))
            assert await asyncio.to_thread(begun.wait, TIMEOUT_SECONDS)
            assert (await site.http.delete(room, headers=owner)).status_code == 204
            free.set()
            answer = await export
            assert (answer.status_code, answer.json()["code"]) == (404, "no_such_room")
            assert not list((tmp_path / "downloads").iterdir())

    asyncio.run(scenario())
