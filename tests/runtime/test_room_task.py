"""What a room's task makes of effects: one encoding for everybody, and frames that carry the hints' colors."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from chromavive import limits
from chromavive.color.lab import clamp_to_gamut
from chromavive.hints.edit import Add, NewHint, Remove
from chromavive.pictures.frames import ChromaPayload, decode_chroma
from chromavive.runtime import room_task
from chromavive.runtime.workers import InlineWorker, P, T
from chromavive.wire import messages
from chromavive.wire.frame import unpack_frame
from tests.runtime.hall import Page, add, hall, play


def test_R8_1_a_message_to_everybody_is_encoded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten members hear an entry and a gesture; each was encoded one time."""
    encoded: Counter[type] = Counter()

    def counted(message: messages.ToPage) -> bytes:
        encoded[type(message)] += 1
        return messages.encode(message)

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            pages = [stage.page(opened) for _ in range(10)]
            await asyncio.sleep(1)
            encoded.clear()
            pages[0].edit(add())
            pages[1].gesture(1, add("other"))
            await asyncio.sleep(0.04)  # before the repeats of merged news
            assert all(page.hints == {"hint"} for page in pages)
            assert all(page.of(messages.Gestures)[-1].gestures for page in pages)
            assert encoded[messages.EntryMessage] == 1
            assert encoded[messages.Gestures] == 1

    monkeypatch.setattr(room_task, "encode", counted)
    play(scenario)


def test_R4_10_a_large_welcome_closes_no_connection(tmp_path: Path) -> None:
    """A page that missed more than an outbox holds gets it all in its welcome, and stays."""
    hints = tuple(NewHint(f"hint-of-a-long-name-{n:04}", n / 512, 0.5, 0.0, 0.0) for n in range(512))

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            author, other = stage.page(opened), stage.page(opened)
            await asyncio.sleep(1)
            other.socket.leave()
            for _ in range(12):
                author.edit(Add(hints))
                author.edit(Remove(tuple(hint.id for hint in hints)))
                await asyncio.sleep(0.1)
            stage.again(opened, other)
            await asyncio.sleep(1)
            largest = max(len(data) for data in other.socket.outward)
            assert largest > limits.OUTBOX_BYTES_MAX
            assert other.close_code is None
            assert other.follower.revision == author.follower.revision == 25

    play(scenario)


def test_a_frame_carries_the_hints_color_at_its_point(tmp_path: Path) -> None:
    """In the cell that holds the hint stand its a and its b, as far as the gamut goes at that lightness."""
    hint = NewHint("hint", 0.37, 0.61, 20.0, -30.0)

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            page = stage.page(opened)
            await asyncio.sleep(0.5)
            page.edit(Add((hint,)))
            await asyncio.sleep(0.5)
            assert page.frames[-1].settled
            ab = newest_chroma(page)
            lightness = stage.photographs.lightness(opened.room_id)
            level = lightness[int(hint.y * 64), int(hint.x * 64)] / 65535 * 100
            possible = clamp_to_gamut(np.array([level, hint.a, hint.b]))[1:]
            _, height, width = ab.shape
            np.testing.assert_allclose(ab[:, int(hint.y * height), int(hint.x * width)], possible, atol=1.0)

    play(scenario)


def test_R7_5_frames_do_not_queue_for_a_slow_codec(tmp_path: Path) -> None:
    """Of the paintings that wait to be encoded the newest wins, and the settled one comes last."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            codec = SlowCodec()
            stage.hub.parts = replace(stage.hub.parts, frames=codec)
            opened = await stage.open_room()
            page = stage.page(opened)
            for step in range(100):
                page.gesture(1, add(x=step / 100))
                await asyncio.sleep(0.05)
            page.edit(add(x=0.5), gesture=1)
            await asyncio.sleep(2 * codec.seconds + 0.5)
            assert stage.hub.passes.started > 50
            assert codec.busy_max == 1
            assert codec.runs < 10
            assert page.frames[-1].settled
            assert page.frames[-1].revision == 2

    play(scenario)


class SlowCodec(InlineWorker):
    """Takes a second a frame; notes how many were asked of it, and at once."""

    seconds = 1.0

    def __init__(self) -> None:
        self.runs = self.busy = self.busy_max = 0

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        self.runs, self.busy = self.runs + 1, self.busy + 1
        self.busy_max = max(self.busy_max, self.busy)
        await asyncio.sleep(self.seconds)
        self.busy -= 1
        return function(*args, **kwargs)


def newest_chroma(page: Page) -> NDArray[np.float32]:
    """The planes of the newest frame that reached the page."""
    data = [data for data in page.socket.outward if isinstance(data, bytes)][-1]
    header, payload = unpack_frame(data)
    assert header.payload_type == "image/webp"
    return decode_chroma(
        ChromaPayload(
            payload,
            "image/webp",
            header.height_px,
            header.width_px,
            header.a_offset,
            header.a_step,
            header.b_offset,
            header.b_step,
        )
    )
