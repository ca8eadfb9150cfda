"""The colors that a photograph came with, for eyedroppers."""

import asyncio
import io
from pathlib import Path

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from chromavive.color.lab import rgb_to_lab
from chromavive.hints.edit import CropTo, Turn
from chromavive.pictures.contract import AsideWish, DecodedMeta
from chromavive.pictures.frames import ChromaPayload, decode_chroma
from chromavive.runtime.child import ChildDecoder
from chromavive.web import gray as gray_module
from chromavive.wire.frame import unpack_frame
from tests.web.site import photograph, served


def halves() -> bytes:
    """A photograph (48, 64), red at the left and blue at the right."""
    pixels = np.zeros((48, 64, 3), np.uint8)
    pixels[:, :32], pixels[:, 32:] = (200, 60, 50), (40, 80, 190)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def planes(answer: httpx.Response) -> NDArray[np.float32]:
    """(2, h, w) a and b of the frame."""
    assert answer.status_code == 200, answer.text
    header, payload = unpack_frame(answer.content)
    ranges = (header.a_offset, header.a_step, header.b_offset, header.b_step)
    return decode_chroma(ChromaPayload(payload, "image/webp", header.height_px, header.width_px, *ranges))


def test_what_was_set_aside_comes_as_the_room_is_turned_and_cropped(tmp_path: Path) -> None:
    """To every role, true to a unit of Lab; of a room that is turned otherwise by now, nothing."""
    red, blue = rgb_to_lab(np.array([[200, 60, 50], [40, 80, 190]]) / 255)[:, 1:]

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room(halves())
            path = f"api/rooms/{opened.room}/set_aside"
            ab = planes(await site.get(path, opened.viewer))
            assert ab.shape == (2, 48, 64)
            assert np.abs(ab[:, 10, 10] - red).max() < 1
            assert np.abs(ab[:, 10, 50] - blue).max() < 1
            async with site.page(opened.room, opened.owner) as page:
                await page.edit(Turn(1))
                await page.edit(CropTo((0.0, 0.5, 1.0, 1.0)))
                await page.until(lambda: page.follower.accepted == {1: 2, 2: 3})
            below = planes(await site.get(f"{path}?turn=1&crop=0,0.5,1,1", opened.editor))
            assert below.shape == (2, 32, 48)
            assert np.abs(below - blue[:, None, None]).max() < 1
            late = await site.get(f"{path}?turn=0", opened.viewer)
            assert (late.status_code, late.json()["code"]) == (409, "shown_otherwise")
            assert (await site.get(path, "x" * 22)).json()["code"] == "no_such_room"

    asyncio.run(scenario())


def test_a_photograph_without_colors_has_none_set_aside(tmp_path: Path) -> None:
    """404, with a code of its own."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room(photograph())
            answer = await site.get(f"api/rooms/{opened.room}/set_aside", opened.owner)
            assert (answer.status_code, answer.json()["code"]) == (404, "nothing_set_aside")

    asyncio.run(scenario())


def test_colors_set_aside_leave_uploads_a_decoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many rooms' colors are asked for at once: one is made at a time, and the line has an end."""
    at_once: list[int] = [0]
    decode = ChildDecoder.decode

    async def watched(
        decoder: ChildDecoder, path_in: Path, path_out: Path, aside: AsideWish | None = None
    ) -> DecodedMeta:
        at_once.append(at_once[-1] + 1)
        try:
            return await decode(decoder, path_in, path_out, aside)
        finally:
            at_once.append(at_once[-1] - 1)

    async def scenario() -> None:
        async with served(tmp_path) as site:
            every = [await site.open_room(halves()) for _ in range(3)]
            monkeypatch.setattr(ChildDecoder, "decode", watched)
            asked = [site.get(f"api/rooms/{opened.room}/set_aside", opened.viewer) for opened in every]
            assert {answer.status_code for answer in await asyncio.gather(*asked)} == {200}
            assert (len(at_once), max(at_once)) == (7, 1)
            monkeypatch.setattr(gray_module, "SET_ASIDE_WAITING_MAX", 0)
            refused = await site.get(f"api/rooms/{every[0].room}/set_aside", every[0].viewer)
            assert (refused.status_code, refused.json()["code"]) == (503, "server_busy")

    asyncio.run(scenario())
