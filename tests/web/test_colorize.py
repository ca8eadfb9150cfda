"""`POST api/colorize`: a photograph in, its picture out, nothing left behind; and the commands of docs/http.md."""

import asyncio
import io
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from chromavive.color.lab import rgb_to_lab
from tests.cli.process import environment, serving
from tests.pictures.made import png_claiming
from tests.source.tree import ROOT
from tests.web.site import TIMEOUT_SECONDS, Site, bearer, photograph, served

COMMANDS = "".join(re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "http.md").read_text(encoding="utf-8"), re.DOTALL))


def nothing_stays(site: Site, tmp_path: Path) -> bool:
    """Whether neither a room, nor a photograph, nor a file of a picture is left."""
    left = [*(tmp_path / "downloads").iterdir(), *(tmp_path / "photographs" / ".arriving").iterdir()]
    return not (left or site.memory.rooms() or site.hub.parts.photographs.rooms())


async def emptied(site: Site, tmp_path: Path) -> None:
    """Returns when nothing is left: a file goes when its last byte was sent, which may be after it was read here."""
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while not nothing_stays(site, tmp_path):
            await asyncio.sleep(0)


def test_a_photograph_is_colored_in_one_request(tmp_path: Path) -> None:
    """The PNG has the photograph's size and lightness, colors of the network, and the same as a room's export."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            answer = await site.http.post("api/colorize", content=photograph(192, 256))
            assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
            assert answer.headers["x-network"] == "stub"
            await emptied(site, tmp_path)
            with Image.open(io.BytesIO(answer.content)) as image:
                assert image.size == (256, 192)
                lab = rgb_to_lab(np.asarray(image) / 255)
            with Image.open(io.BytesIO(photograph(192, 256))) as original:
                gray = rgb_to_lab(np.asarray(original.convert("RGB")) / 255)
            assert np.abs(lab - gray)[..., 0].mean() < 1
            assert np.abs(lab - gray)[..., 1:].max() > 3
            opened = await site.open_room(photograph(192, 256))
            ticket = (await site.http.post(f"api/rooms/{opened.room}/exports", headers=bearer(opened.owner))).json()
            assert (await site.http.get(f"api/tickets/{ticket['ticket']}")).content == answer.content

    asyncio.run(scenario())


def test_R10_6_what_is_no_photograph_is_refused_and_nothing_stays(tmp_path: Path) -> None:
    """The refusals of a room's photograph, the size of the upload among them; and a network that does not serve."""

    async def scenario() -> None:
        async with served(tmp_path, upload_bytes_max=100_000) as site:
            for content, query, expected in (
                (b"GIF89a no photograph", "", (415, "not_a_photograph")),
                (photograph()[:100], "", (422, "photograph_truncated")),
                (png_claiming(50_000, 50_000), "", (413, "photograph_too_many_pixels")),
                (photograph() + b"\0" * 100_000, "", (413, "upload_too_large")),
                (photograph(), "?network=rembrandt", (400, "request_malformed")),
            ):
                answer = await site.http.post(f"api/colorize{query}", content=content)
                assert (answer.status_code, answer.json()["code"]) == expected
                assert nothing_stays(site, tmp_path)

    asyncio.run(scenario())


def test_R13_3_a_picture_is_colored_for_nobody_who_may_not_open_a_room(tmp_path: Path) -> None:
    """Foreign pages and whoever lacks the operator's password are refused."""

    async def scenario() -> None:
        async with served(tmp_path, create_password="rosebud & käse") as site:
            foreign = {"Origin": "https://evil.example", **bearer("rosebud%20%26%20k%C3%A4se")}
            for headers, code in (
                (foreign, "origin_refused"),
                ({}, "password_refused"),
                (bearer("x"), "password_refused"),
            ):
                answer = await site.http.post("api/colorize", content=photograph(), headers=headers)
                assert answer.json()["code"] == code
            allowed = bearer("rosebud%20%26%20k%C3%A4se")
            assert (await site.http.post("api/colorize", content=photograph(), headers=allowed)).status_code == 200

    asyncio.run(scenario())


def test_as_many_pictures_are_made_at_once_as_the_settings_say(tmp_path: Path) -> None:
    """Each holds a picture at full size in memory, whoever asked for it."""

    async def scenario() -> None:
        async with served(tmp_path, exports_max=0) as site:
            answer = await site.http.post("api/colorize", content=photograph())
            assert (answer.status_code, answer.json()["code"]) == (503, "server_busy")
            assert nothing_stays(site, tmp_path)

    asyncio.run(scenario())


def test_a_slow_upload_keeps_no_room_from_its_download(tmp_path: Path) -> None:
    """It takes a picture's place only when it is here."""

    async def scenario() -> None:
        going_on = asyncio.Event()

        async def upload() -> AsyncIterator[bytes]:
            yield photograph()[:100]
            await going_on.wait()
            yield photograph()[100:]

        async with served(tmp_path, exports_max=1) as site:
            opened = await site.open_room(photograph())
            slow = asyncio.create_task(site.http.post("api/colorize", content=upload()))
            async with asyncio.timeout(TIMEOUT_SECONDS):
                while not list((tmp_path / "photographs" / ".arriving").iterdir()):
                    await asyncio.sleep(0)
            export = await site.http.post(f"api/rooms/{opened.room}/exports", headers=bearer(opened.owner))
            assert export.status_code == 201
            going_on.set()
            assert (await slow).status_code == 200

    asyncio.run(scenario())


@pytest.mark.slow
def test_the_commands_of_the_documentation_run(tmp_path: Path) -> None:
    """docs/http.md can be pasted into a shell from its top to its bottom."""
    if not shutil.which("curl") or not shutil.which("bash"):
        pytest.skip("curl and bash are needed")
    assert COMMANDS.count("curl ") >= 14
    ramp = Image.open(io.BytesIO(photograph()))
    # In color: what it came with is asked for too.
    Image.merge("RGB", (ramp, ramp, ramp.transpose(Image.Transpose.ROTATE_180))).save(tmp_path / "photo.jpg", "PNG")

    async def scenario() -> None:
        async with serving(tmp_path / "data", "--create-password", "") as server:
            variables = environment(SERVER=server.url.rstrip("/"), PASSWORD="none", NO_PROXY="*", no_proxy="*")
            await asyncio.to_thread(
                subprocess.run, ["bash", "-e", "-c", COMMANDS], cwd=tmp_path, env=variables, check=True, timeout=60
            )

    asyncio.run(scenario())
    for name in ("colored.png", "gray.webp", "small.webp", "room.png", "again.png"):
        with Image.open(tmp_path / name) as image:
            assert image.size == (64, 48)
    assert tifffile.imread(tmp_path / "room.tiff").shape == (48, 128, 3)
    assert (tmp_path / "again.png").read_bytes() == (tmp_path / "room.png").read_bytes()
