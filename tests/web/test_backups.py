"""A room's backup over HTTP: what is in it, who gets it, and that it opens as an equal room or not at all."""

import asyncio
import io
import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pytest

from chromavive import room_file
from chromavive.hints.edit import Add, NewHint, Recolor, Retitle, Rotate, SetVividness, Undo
from chromavive.web import backups as backups_module
from tests.web.site import Opened, Site, bearer, photograph, served

HINTS = (NewHint("sky1", 0.3, 0.2, -5.0, -30.0), NewHint("wood", 0.7, 0.8, 20, 30))


async def evening(site: Site) -> Opened:
    opened = await site.open_room()
    async with site.page(opened.room, opened.owner) as page:
        for edit in (Add(HINTS), Recolor(("sky1",), 1.0, 2.0), SetVividness(0.5), Retitle("Evening"), Rotate("viewer")):
            await page.edit(edit)
        await page.until(lambda: not page.follower.pending)
    return opened


async def backup_of(site: Site, opened: Opened, role: str = "owner") -> httpx.Response:
    answer = await site.http.post(f"api/rooms/{opened.room}/backups", headers=bearer(getattr(opened, role)))
    if answer.status_code != 201:
        return answer
    return await site.http.get(f"api/tickets/{answer.json()['ticket']}")


async def picture(site: Site, room: str, owner: str) -> bytes:
    ticket = (await site.http.post(f"api/rooms/{room}/exports", headers=bearer(owner))).json()["ticket"]
    return (await site.http.get(f"api/tickets/{ticket}")).content


def altered(content: bytes, **parts: bytes) -> bytes:
    """The backup with other parts, by name without suffix."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(buffer, "w") as after:
        for name in before.namelist():
            after.writestr(name, parts.get(name.partition(".")[0], before.read(name)))
    return buffer.getvalue()


def _hint(id: str, filed: str = "") -> dict[str, Any]:
    """The change by which a hint comes, as an entry has it; filed: under which id, if not its own."""
    hint = {"id": id, "x": 0.5, "y": 0.5, "a": 0, "b": 0, "size": 5, "author": ""}
    return {"type": "hint", "hint": filed or id, "before": None, "after": hint}


def test_a_backup_opens_as_an_equal_room_under_new_links(tmp_path: Path) -> None:
    """Hints with authors and ages, vividness, title, everybody's steps; the picture to the byte."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await evening(site)
            answer = await backup_of(site, opened, "editor")
            assert answer.headers["content-disposition"] == 'attachment; filename="Evening-backup.chromavive"'
            again = await site.http.post("api/backups", content=answer.content)
            assert again.status_code == 201, again.text
            links = again.json()["links"]
            assert not set(links.values()) & {opened.owner, opened.editor, opened.viewer}
            other = again.json()["room"]
            for old in (opened.owner, opened.editor, opened.viewer):
                assert (await site.get(f"api/rooms/{other}", old)).status_code == 404
            assert await picture(site, other, links["owner"]) == await picture(site, opened.room, opened.owner)
            async with (
                site.page(opened.room, opened.owner) as before,
                site.page(other, links["owner"]) as after,
            ):
                first, second = before.follower.confirmed, after.follower.confirmed
                assert first is not None
                assert second is not None
                assert (first.hints, first.vividness, first.title) == (second.hints, second.vividness, second.title)
                assert first.photograph == second.photograph
                await after.edit(Undo())  # the same member's step of then
                await after.until(lambda: not after.follower.pending)
                assert after.follower.confirmed is not None
                assert after.follower.confirmed.vividness == 0
            assert (await site.get(f"api/rooms/{other}", links["viewer"])).json()["role"] == "viewer"

    asyncio.run(scenario())


def test_a_backup_holds_no_link_and_nothing_from_which_one_follows(tmp_path: Path) -> None:
    """Photograph, entries as members get them, and no more."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await evening(site)
            answer = await backup_of(site, opened)
            assert answer.headers["content-type"] == "application/octet-stream"
            assert answer.headers["content-disposition"].startswith("attachment")
            content = answer.content
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                assert archive.namelist() == ["backup.json", "entries.jsonl", "photograph"]
                assert archive.read("photograph") == photograph()
                lines = archive.read("entries.jsonl").splitlines()
            assert lines == [record.payload for record in site.memory.read(opened.room)]
            whole = b"\n".join(lines)
            sealed = [record.sealed for record in site.memory.read(opened.room) if record.sealed]
            hashes = [each for text in sealed for each in json.loads(text).values()]
            assert len(hashes) == 4
            for secret in (opened.owner, opened.editor, opened.viewer, opened.room, *hashes):
                assert secret.encode() not in whole

    asyncio.run(scenario())


@pytest.mark.parametrize("role, status", [("owner", 200), ("editor", 200), ("viewer", 403)])
def test_R9_1_a_backup_is_for_owner_and_editor(tmp_path: Path, role: str, status: int) -> None:
    """A viewer is refused; who has no link hears of no room; a foreign page gets none."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            assert (await backup_of(site, opened, role)).status_code == status
            address = f"api/rooms/{opened.room}/backups"
            assert (await site.http.post(address, headers=bearer("x" * 22))).status_code == 404
            foreign = {"Origin": "http://foreign.example"}
            assert (await site.http.post(address, headers=bearer(opened.owner) | foreign)).status_code == 403
            assert (await site.http.post("api/backups", content=b"", headers=foreign)).status_code == 403

    asyncio.run(scenario())


def test_what_is_no_backup_opens_no_room(tmp_path: Path) -> None:
    """Each kind of damage and of malice is refused in words, and leaves nothing behind."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await evening(site)
            good = (await backup_of(site, opened)).content
            with zipfile.ZipFile(io.BytesIO(good)) as archive:
                lines = archive.read("entries.jsonl").splitlines()

            def edited(index: int, **fields: Any) -> bytes:
                told = [json.loads(line) for line in lines]
                told[index] |= fields
                return altered(good, entries="\n".join(map(json.dumps, told)).encode())

            crowd = [[_hint(f"{page}-{each:03}") for each in range(300)] for page in "ab"]
            gone = [{"type": "all_hints", "before": [], "after": []}]
            adds = [json.loads(lines[1]) | {"number": at, "revision": at + 1} for at in (1, 2, 3)]
            crowded = [
                json.dumps(entry | {"changes": each}).encode() for entry, each in zip(adds, [*crowd, gone], strict=True)
            ]
            huge = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 3, 3, 2**31, 0, 0)
            bad = {
                "nothing": b"",
                "a photograph": photograph(),
                "cut short": good[:-30],
                "a huge directory": good[:-22] + huge,
                "another version": altered(good, backup=b'{"chromavive_backup": 2}'),
                "no entries": altered(good, entries=b""),
                "no first entry": altered(good, entries=b"\n".join(lines[1:])),
                "a gap": altered(good, entries=b"\n".join(lines[:2] + lines[3:])),
                "another photograph": altered(good, photograph=photograph(32, 32)),
                "no photograph": altered(good, photograph=b"<script>"),
                "a kind of no room": edited(2, kind="explode"),
                "nobody's": edited(2, member="<script>"),
                "a hint outside": edited(
                    1, changes=[{"type": "place", "hint": "sky1", "before": [0, 0], "after": [2, 0]}]
                ),
                "a number beyond": edited(2, number=2**60),
                "a number twice": edited(2, number=json.loads(lines[1])["number"]),
                "a step that nobody takes back": edited(
                    2, changes=[{"type": "title", "before": "", "after": "Evening"}]
                ),
                "too many changes": edited(2, changes=[{"type": "lock", "before": False, "after": False}] * 513),
                "hints that came and went": altered(good, entries=b"\n".join([lines[0], *crowded])),
                "a hint filed as another": edited(1, changes=[_hint("else", "sky1")]),
            }
            rooms = site.memory.rooms()
            for name, content in bad.items():
                answer = await site.http.post("api/backups", content=content)
                assert answer.status_code in (415, 422), (name, answer.text)
                assert answer.json()["code"] in {"backup_unreadable", "not_a_photograph"}, (name, answer.text)
                assert answer.json()["sentence"].endswith(".") or "backup" in answer.json()["sentence"], name
            assert site.memory.rooms() == rooms
            store = site.hub.parts.photographs
            assert store.rooms() == [opened.room]

    asyncio.run(scenario())


def test_a_backup_unpacks_to_no_more_than_it_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries have a limit in number and in bytes, of a file that is opened and of a room that is saved."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await evening(site)
            good = (await backup_of(site, opened)).content
            for name, value in (("BACKUP_ENTRIES_MAX", 3), ("BACKUP_ENTRIES_BYTES_MAX", 300)):
                with monkeypatch.context() as limited:
                    for module in (room_file, backups_module):
                        limited.setattr(module, name, value)
                    answer = await site.http.post("api/backups", content=good)
                    assert (answer.status_code, answer.json()["code"]) == (422, "backup_unreadable"), answer.text
                    answer = await backup_of(site, opened)
                    assert (answer.status_code, answer.json()["code"]) == (422, "backup_too_long")
                    assert "100,000 entries and 64 MiB" in answer.json()["sentence"]
            assert (await site.http.post("api/backups", content=good)).status_code == 201

    asyncio.run(scenario())


def test_R13_7_a_deleted_rooms_backup_cannot_be_fetched(tmp_path: Path) -> None:
    """Its ticket goes with the room."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await evening(site)
            answer = await site.http.post(f"api/rooms/{opened.room}/backups", headers=bearer(opened.owner))
            await site.http.delete(f"api/rooms/{opened.room}", headers=bearer(opened.owner))
            assert (await site.http.get(f"api/tickets/{answer.json()['ticket']}")).status_code == 404

    asyncio.run(scenario())


def test_a_password_guards_the_opening_of_backups(tmp_path: Path) -> None:
    """As it guards the opening of rooms."""

    async def scenario() -> None:
        async with served(tmp_path, create_password="sesame") as site:
            assert (await site.http.post("api/backups", content=b"")).status_code == 401
            answer = await site.http.post("api/backups", content=b"", headers=bearer("sesame"))
            assert answer.status_code == 422

    asyncio.run(scenario())
