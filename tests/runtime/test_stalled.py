"""A member that reads nothing, in a room of fifty (R8): what the others are sent, and when."""

import asyncio
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chromavive import limits
from chromavive.room.effects import Slot
from chromavive.wire import messages
from chromavive.wire.frame import unpack_frame
from tests.runtime.hall import Page, add, hall, move
from tests.simulation.virtual_loop import VirtualLoop

MEMBERS = 50
EDITORS = 8
MOMENT_SECONDS = 0.043
WRITE_SECONDS = 3.0  # instead of 10, for the sake of the test's own time
SECONDS = WRITE_SECONDS + 2

Delivery = tuple[float, Any]
"""When, by the loop's virtual time, and what: a frame's label, or a message without what is drawn anew in each run."""


class OrderedLoop(VirtualLoop):
    """Tasks that are ready at one time run in the order in which they became so, as on a loop of asyncio's own."""

    def __init__(self) -> None:
        super().__init__(0)

    def _shuffle_ready_tasks(self) -> None:
        pass


def told(data: str | bytes) -> Any:
    """What was sent, without epoch, chain, and who is meant by a capability."""
    if isinstance(data, bytes):
        header, payload = unpack_frame(data)
        return header.look, header.revision, header.settled, len(payload)
    message = msgspec.json.decode(data)
    return {key: value for key, value in message.items() if key != "chain"}


@pytest.mark.slow
def test_R8_10_deliveries_to_49_are_the_same_beside_a_stalled_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each message, frame and moment, for longer than it takes to be rid of the member; some of every kind."""
    monkeypatch.setattr(limits, "WRITE_SECONDS_MAX", WRITE_SECONDS)

    async def deliveries(path: Path, stalled: bool, gone_seconds: float) -> tuple[list[list[Delivery]], float, int]:
        """(what each of the others was sent, when the fiftieth was cut off, the most that waited for it)."""
        loop = asyncio.get_running_loop()
        async with hall(path) as stage:
            opened = await stage.open_room()
            pages = [stage.page(opened) for _ in range(MEMBERS)]
            await asyncio.sleep(2)
            sent: list[list[Delivery]] = [[] for _ in pages[1:]]
            for page, heard in zip(pages[1:], sent, strict=True):
                record(page, heard)
            last = pages[0].socket
            last.stuck = stalled
            if not stalled:
                loop.call_at(gone_seconds, last.abort)
            most = 0
            begun = loop.time()
            for moment, page in enumerate(islice(cycle(pages[1 : EDITORS + 1]), int(SECONDS / MOMENT_SECONDS))):
                act(page, moment)
                await asyncio.sleep(MOMENT_SECONDS)
                most = max(most, stage.hub.waiting_bytes)
            await asyncio.sleep(begun + SECONDS + 1 - loop.time())
            assert last.aborted_seconds is not None
            return sent, last.aborted_seconds, most

    with asyncio.Runner(loop_factory=OrderedLoop) as runner:
        beside, gone, most = runner.run(deliveries(tmp_path / "a", True, 0))
    with asyncio.Runner(loop_factory=OrderedLoop) as runner:
        without, _, _ = runner.run(deliveries(tmp_path / "b", False, gone))
    for heard, expected in zip(beside, without, strict=True):
        assert heard == expected
    kinds = {each["type"] if isinstance(each, dict) else "frame" for heard in beside for _, each in heard}
    assert {"entry", "accepted", "gestures", "presence", "palette", "frame"} <= kinds
    assert min(map(len, beside)) > 100
    assert 2 + WRITE_SECONDS <= gone <= 2 + WRITE_SECONDS + 0.1
    assert 2_000 < most <= limits.OUTBOX_BYTES_MAX


def record(page: Page, heard: list[Delivery]) -> None:
    take = page.socket.on_data

    def noting(data: str | bytes) -> None:
        heard.append((asyncio.get_running_loop().time(), told(data)))
        take(data)

    page.socket.on_data = noting


def act(page: Page, moment: int) -> None:
    """One editor does one thing."""
    turn, hint = moment // EDITORS, f"hint{moment % EDITORS}"
    if turn == 0:
        page.edit(add(hint, (moment % EDITORS) / EDITORS))
        page.say(messages.PaletteFor(0.5, 0.5))
    elif turn % 5 == 4:
        page.edit(move(hint, (moment % 97) / 97), gesture=turn // 5 + 1)
    elif turn % 5 == 3:
        page.say(messages.Pointer((moment % 89) / 89, 0.5))
    else:
        page.gesture(turn // 5 + 1, move(hint, (moment % 83) / 83))


def test_R8_11_what_waits_for_a_stalled_reader_is_bounded(tmp_path: Path) -> None:
    """Entries and answers by their bytes; of each other kind one message, of which gestures are the largest."""
    gesture = messages.LiveGesture(
        "s" * 32, "m" * 16, 2**53 - 1, move("h" * 24, 0.1234567890123456, 0.1234567890123456)
    )
    largest = len(messages.encode(messages.Gestures((gesture,) * limits.GESTURED_HINTS_MAX)))
    assert largest < 512 * 1024
    assert set(Slot) == {Slot.RELIABLE, Slot.GESTURES, Slot.PRESENCE, Slot.PALETTE, Slot.PREVIEW}
