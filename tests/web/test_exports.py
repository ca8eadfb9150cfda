"""Exports over HTTP: formats and names, progress, and what becomes of work that nobody waits for any more."""

import asyncio
import io
import json
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
import tifffile
from PIL import Image
from starlette.types import Message

from chromavive import limits
from chromavive.hints.edit import Add, NewHint, SetVividness, Turn
from chromavive.pictures.export import write_export
from chromavive.pictures.export_form import FORMATS, Format
from chromavive.web import downloads
from chromavive.web.downloads import GivenUp, PatientFile
from tests.web.site import TIMEOUT_SECONDS, Opened, Site, bearer, photograph, served

LINES = {"Accept": "application/x-ndjson"}


async def exported(site: Site, opened: Opened, **wanted: Any) -> httpx.Response:
    """The file of an export, as it comes over HTTP."""
    path = f"api/rooms/{opened.room}/exports"
    answer = await site.http.post(path, headers=bearer(opened.owner), json=wanted)
    assert answer.status_code == 201, answer.text
    return await site.http.get(f"api/tickets/{answer.json()['ticket']}")


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while not true():
            await asyncio.sleep(0)


@pytest.mark.parametrize("picture_format", FORMATS)
def test_an_export_has_its_type_and_its_name(tmp_path: Path, picture_format: Format) -> None:
    """The media type says what it is, the suffix too, and the name is the room's title as far as files can bear it."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            made = (await site.http.post("api/rooms?title=../Grand/mother 1:2", content=photograph())).json()
            opened = Opened(made["room"], **made["links"])
            answer = await exported(site, opened, format=picture_format, quality=80, layout="side_by_side")
            assert answer.headers["content-type"] == f"image/{picture_format}"
            suffix = {"jpeg": "jpg"}.get(picture_format, picture_format)
            assert f"Grandmother 12-side-by-side.{suffix}" in unquote(answer.headers["content-disposition"])
            if picture_format == "tiff":
                assert tifffile.imread(io.BytesIO(answer.content)).dtype == "uint16"
            with Image.open(io.BytesIO(answer.content)) as image:
                assert str(image.format).lower() == picture_format
                assert image.size == (128, 48)

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "body, status, code",
    [
        (b'{"format": "gif"}', 400, "request_malformed"),
        (b'{"quality": 0}', 400, "request_malformed"),
        (b'{"layout": "upside_down"}', 400, "request_malformed"),
        (b'{"colour": "red"}', 400, "request_malformed"),
        (b"[" + b" " * 5000, 400, "request_malformed"),
        (b'{"format": "\xff"}', 400, "request_malformed"),
        (b'{"format":' + b"[" * 4000, 400, "request_malformed"),
    ],
)
def test_R10_6_an_export_that_cannot_be_is_refused(tmp_path: Path, body: bytes, status: int, code: str) -> None:
    """Also to whoever asked for progress: before anything is begun."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            for accept in ({}, LINES):
                path = f"api/rooms/{opened.room}/exports"
                answer = await site.http.post(path, headers=bearer(opened.owner) | accept, content=body)
                assert (answer.status_code, answer.json()["code"]) == (status, code)

    asyncio.run(scenario())


def test_progress_comes_in_lines_and_the_ticket_last(tmp_path: Path) -> None:
    """Each line is JSON, no share is smaller than the one before, and the ticket gives the file."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            path = f"api/rooms/{opened.room}/exports"
            answer = await site.http.post(path, headers=bearer(opened.owner) | LINES, json={})
            assert (answer.status_code, answer.headers["content-type"]) == (200, "application/x-ndjson")
            *told, last = [json.loads(line) for line in answer.text.splitlines()]
            shares = [line["progress"] for line in told]
            assert shares
            assert shares == sorted(set(shares))
            assert 0 <= shares[0] <= shares[-1] <= 1
            file = await site.http.get(f"api/tickets/{last['ticket']}")
            assert file.content == (await exported(site, opened)).content

    asyncio.run(scenario())


def test_a_failure_on_the_way_is_the_last_line(tmp_path: Path) -> None:
    """As many are made as may be: the status has gone out by then, so the line says it."""

    async def scenario() -> None:
        async with served(tmp_path, exports_max=0) as site:
            opened = await site.open_room()
            path = f"api/rooms/{opened.room}/exports"
            answer = await site.http.post(path, headers=bearer(opened.owner) | LINES, json={})
            assert json.loads(answer.text.splitlines()[-1])["code"] == "server_busy"

    asyncio.run(scenario())


class HeldUp:
    """`write_export`, which waits in its thread until the test lets it go on, and what ended it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.going_on, self.ended = threading.Event(), threading.Event(), threading.Event()
        self.failure: BaseException | None = None
        monkeypatch.setattr(downloads, "write_export", self)

    def __call__(self, *arguments: Any) -> None:
        self.begun.set()
        assert self.going_on.wait(TIMEOUT_SECONDS)
        try:
            write_export(*arguments)
        except BaseException as failure:
            self.failure = failure
            raise
        finally:
            self.ended.set()


@pytest.mark.parametrize("accept", [LINES, {}], ids=["lines", "plain"])
def test_a_dropped_connection_stops_the_work_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, accept: dict[str, str]
) -> None:
    """The file goes at once, the thread stops at its next band and leaves none either, and the place is free."""
    held = HeldUp(monkeypatch)

    async def scenario() -> None:
        async with served(tmp_path, exports_max=1) as site:
            opened = await site.open_room()
            path = f"api/rooms/{opened.room}/exports"
            async with asyncio.TaskGroup() as group:
                asking = group.create_task(site.http.post(path, headers=bearer(opened.owner) | accept, json={}))
                await until(held.begun.is_set)
                assert list((tmp_path / "downloads").iterdir())
                asking.cancel()
            await until(lambda: not list((tmp_path / "downloads").iterdir()))
            held.going_on.set()
            await until(held.ended.is_set)
            assert isinstance(held.failure, GivenUp)
            await until(lambda: not list((tmp_path / "downloads").iterdir()))
            assert (await exported(site, opened)).status_code == 200

    asyncio.run(scenario())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is Linux's")
@pytest.mark.parametrize("picture_format", FORMATS)
def test_a_full_disk_is_said_as_such_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, picture_format: Format
) -> None:
    """The system's own ENOSPC, to whoever asked for progress, to whoever did not, and to colorize."""

    def on_a_full_disk(*arguments: Any) -> None:
        path = arguments[4]
        path.unlink()
        path.symlink_to("/dev/full")
        write_export(*arguments)

    monkeypatch.setattr(downloads, "write_export", on_a_full_disk)

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            path, wanted = f"api/rooms/{opened.room}/exports", {"format": picture_format}
            lines = await site.http.post(path, headers=bearer(opened.owner) | LINES, json=wanted)
            plain = await site.http.post(path, headers=bearer(opened.owner), json=wanted)
            colorized = await site.http.post(f"api/colorize?format={picture_format}", content=photograph())
            told = [json.loads(lines.text.splitlines()[-1]), plain.json(), colorized.json()]
            assert [each["code"] for each in told] == ["disk_full"] * 3
            assert (plain.status_code, colorized.status_code) == (500, 500)
            assert not list((tmp_path / "downloads").iterdir())

    asyncio.run(scenario())


def test_colorize_of_who_hangs_up_stops_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the photograph or of its picture stays."""
    held = HeldUp(monkeypatch)

    async def scenario() -> None:
        async with served(tmp_path) as site:
            async with asyncio.TaskGroup() as group:
                asking = group.create_task(site.http.post("api/colorize", content=photograph()))
                await until(held.begun.is_set)
                asking.cancel()
            folders = (tmp_path / "downloads", tmp_path / "photographs" / ".arriving")
            await until(lambda: not [left for folder in folders for left in folder.iterdir()])
            held.going_on.set()
            await until(held.ended.is_set)
            assert isinstance(held.failure, GivenUp)
            assert not list((tmp_path / "downloads").iterdir())

    asyncio.run(scenario())


@pytest.mark.parametrize("limit", ["DOWNLOAD_SILENCE_SECONDS", "DOWNLOAD_SECONDS_MAX"])
def test_a_reader_who_takes_nothing_does_not_keep_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    """Both limits end the answer, and the file leaves the disk."""
    monkeypatch.setattr(limits, limit, 0.01)
    path = tmp_path / "picture.png"
    path.write_bytes(photograph())

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError("nobody hangs up")

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    async def scenario() -> None:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await PatientFile(path)({"type": "http", "method": "GET", "headers": []}, receive, send)

    asyncio.run(scenario())
    assert not path.exists()


# -- a photograph and a recipe in one request -------------------------------------------------------------------------

HINTS = (NewHint("sky1", 0.3, 0.2, -5.0, -30.0), NewHint("wood", 0.7, 0.8, 20, 30))


@pytest.mark.parametrize("order", ["photo first", "recipe first"])
def test_with_a_recipe_colorize_gives_the_rooms_export(tmp_path: Path, order: str) -> None:
    """The same bytes, of a room that is turned, in whichever order the parts come and whatever the layout."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            async with site.page(opened.room, opened.owner) as page:
                await page.edit(Turn(1))
                await page.edit(Add(HINTS))
                await page.edit(SetVividness(0.5))
                await page.until(lambda: not page.follower.pending)
            recipe = (await site.get(f"api/rooms/{opened.room}/recipe", opened.owner)).content
            files = [("photo", ("a.png", photograph())), ("recipe", ("recipe.json", recipe))]
            answer = await site.http.post(
                "api/colorize?format=webp&quality=70&layout=side_by_side",
                files=files if order == "photo first" else files[::-1],
            )
            assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
            wanted = await exported(site, opened, format="webp", quality=70, layout="side_by_side")
            assert answer.content == wanted.content
            assert b'chromavive:Vividness="0.5"' in answer.content
            plain = await site.http.post("api/colorize?format=webp&quality=70&layout=side_by_side", files=files[:1])
            assert plain.status_code == 200
            assert plain.content != answer.content

    asyncio.run(scenario())


FORM = "multipart/form-data; boundary=b"


def form(*parts: tuple[str, bytes], end: bytes = b"--b--\r\n") -> bytes:
    """A body of multipart/form-data, by hand."""
    head = b'--b\r\nContent-Disposition: form-data; name="%s"; filename="f"\r\n\r\n%s\r\n'
    return b"".join(head % (name.encode(), content) for name, content in parts) + end


@pytest.mark.parametrize(
    "body, kind, code",
    [
        (form(("photo", photograph()), ("recipe", b"{}")), FORM, "recipe_unreadable"),
        (form(("recipe", b"{}")), FORM, "request_malformed"),
        (
            form(("photo", photograph()), ("photo", photograph())),
            FORM,
            "request_malformed",
        ),
        (form(("photo", photograph()), ("notes", b"x")), FORM, "request_malformed"),
        (form(("photo", photograph()), end=b""), FORM, "request_malformed"),
        (form(("photo", photograph())), "multipart/form-data", "request_malformed"),
        (form(("photo", b"GIF89a")), FORM, "not_a_photograph"),
        (
            form(("photo", photograph()), ("recipe", b" " * 300_000)),
            FORM,
            "request_malformed",
        ),
        (form(("photo", photograph())) + b" " * 400_000, FORM, "request_malformed"),
        (b"no form at all", FORM, "request_malformed"),
    ],
    ids=["recipe", "no-photo", "two-photos", "unknown", "cut", "boundary", "gif", "large-recipe", "after", "none"],
)
def test_R10_6_a_form_that_is_none_is_refused_and_nothing_stays(
    tmp_path: Path, body: bytes, kind: str, code: str
) -> None:
    """Each with its own code; it is read as it comes, in pieces of any size."""

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(body), 977):
            yield body[at : at + 977]

    async def scenario() -> None:
        async with served(tmp_path) as site:
            answer = await site.http.post("api/colorize", content=pieces(), headers={"Content-Type": kind})
            assert answer.json()["code"] == code
            folders = (tmp_path / "downloads", tmp_path / "photographs" / ".arriving")
            await until(lambda: not [left for folder in folders for left in folder.iterdir()])

    asyncio.run(scenario())


@pytest.mark.parametrize("query", ["format=gif", "quality=101", "vividness=2", "quality=x", "layout=no", "colour=red"])
def test_R10_6_an_address_that_asks_for_what_cannot_be_is_refused(tmp_path: Path, query: str) -> None:
    """In a sentence that names it."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            answer = await site.http.post(f"api/colorize?{query}", content=photograph())
            assert (answer.status_code, answer.json()["code"]) == (400, "request_malformed")
            assert query.split("=")[0] in answer.json()["sentence"]

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "told, sentence",
    [
        ({"format": "bmp"}, "The format is one of png, jpeg, webp, tiff."),
        ({"quality": 0}, "The quality is a whole number from 1 to 100."),
        ({"quality": "high"}, "The quality is a whole number from 1 to 100."),
        ({"layout": "x"}, "The layout is one of picture, side_by_side, colors."),
        ({"colour": "red"}, "'colour' cannot be asked for here, only format, quality, layout."),
        ([], "The wish is not a JSON object of format, quality, layout."),
    ],
)
def test_why_a_picture_cannot_be_had_is_said_in_words(tmp_path: Path, told: Any, sentence: str) -> None:
    """Without the types and paths of the library that read the wish; in an address as in a body."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            answer = await site.http.post(f"api/rooms/{opened.room}/exports", headers=bearer(opened.owner), json=told)
            assert answer.json()["sentence"] == sentence
            if isinstance(told, dict) and "colour" not in told:
                answer = await site.http.post("api/colorize", params=told, content=photograph())
                assert answer.json()["sentence"] == sentence
            answer = await site.http.post("api/colorize?vividness=2", content=photograph())
            assert answer.json()["sentence"] == "The vividness is a number from 0 to 1."

    asyncio.run(scenario())
