"""The hub: rooms come, fail alone, are forgotten and unloaded."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chromavive import errors, limits
from chromavive.journal import Fault
from chromavive.room.effects import Slot
from chromavive.runtime.arrivals import OpenedRoom
from chromavive.runtime.clock import Clock
from chromavive.runtime.connection import Connection
from chromavive.wire import messages
from tests.runtime.hall import Hall, add, hall, move, once, play, unknown_room


@pytest.mark.parametrize("fault", [Fault.BROKEN_ABSENT, Fault.BROKEN_PRESENT])
def test_R1_5_a_broken_disk_closes_every_room_with_4500(tmp_path: Path, fault: Fault) -> None:
    """Nobody is told that the edit is there, whether it is or not; the process is asked to end."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            pages = [stage.page(await stage.open_room()) for _ in range(3)]
            await asyncio.sleep(0.5)
            stage.faults.fail_next(fault)
            pages[0].edit(add())
            await asyncio.sleep(0.5)
            assert [page.close_code for page in pages] == [4500, 4500, 4500]
            assert pages[0].follower.accepted == {}
            assert isinstance(stage.hub.fault, errors.JournalBroken)
            assert stage.faulted == ["fault"]

    play(scenario)


def test_R1_10_the_photograph_is_synced_before_opened_is_appended(tmp_path: Path) -> None:
    """When the journal is asked to take the first entry, the store already gives the photograph."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            stored: list[list[str]] = []
            stage.memory.before_append = lambda: stored.append(stage.photographs.rooms())
            opened = await stage.open_room()
            assert stored == [[opened.room_id]]
            [record] = stage.memory.read(opened.room_id)
            assert b'"opened"' in record.payload

    play(scenario)


def test_an_upload_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """Too large, or the journal has no answer: no room, no photograph, nothing half-way."""

    async def scenario() -> None:
        async with hall(tmp_path, upload_bytes_max=100) as stage:
            with pytest.raises(errors.UploadTooLarge):
                await stage.hub.arrivals.open_room(once(b"x" * 101), "")
            stage.faults.fail_next(Fault.UNKNOWN_ABSENT)
            with pytest.raises(errors.ServerBusy):
                await stage.open_room()
            assert stage.photographs.rooms() == []
            assert stage.memory.rooms() == []
            assert not list((tmp_path / "photographs" / ".arriving").iterdir())
            stage.faults.fail_next(Fault.UNKNOWN_PRESENT)
            opened = await stage.open_room()
            assert stage.memory.rooms() == stage.photographs.rooms() == [opened.room_id]

    play(scenario)


def test_R10_7_an_upload_that_comes_to_a_halt_holds_no_place(tmp_path: Path) -> None:
    """A telephone that lost its network is given up after a silence; a slow one is not."""

    async def scenario() -> None:
        async with hall(tmp_path, uploads_max=1, upload_silence_seconds=30) as stage:
            with pytest.raises(errors.RequestMalformed):
                await stage.hub.arrivals.open_room(halting(seconds=31), "")
            assert not list((tmp_path / "photographs" / ".arriving").iterdir())
            await stage.hub.arrivals.open_room(halting(seconds=29), "")

    play(scenario)


def test_R10_7_an_upload_that_drips_holds_no_place(tmp_path: Path) -> None:
    """It is never silent for long, and is given up all the same once it took too long in all."""

    async def scenario() -> None:
        async with hall(tmp_path, uploads_max=1, upload_silence_seconds=30, upload_seconds_max=80) as stage:
            with pytest.raises(errors.RequestMalformed, match="too long"):
                await stage.hub.arrivals.open_room(halting(seconds=29), "")
            assert not list((tmp_path / "photographs" / ".arriving").iterdir())
            await stage.hub.arrivals.open_room(halting(seconds=26), "")

    play(scenario)


async def halting(seconds: float) -> AsyncIterator[bytes]:
    """Three pieces of a photograph, each after a silence."""
    for _ in range(3):
        await asyncio.sleep(seconds)
        yield b"photograph"


def test_who_has_no_right_is_told_what_who_has_no_room_is_told(tmp_path: Path) -> None:
    """A wrong capability and an id that does not exist cannot be told apart; neither hears anything else."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened, other = await stage.open_room(), await stage.open_room()
            strangers = [
                stage.page(OpenedRoom(opened.room_id, unknown_room().links)),
                stage.page(OpenedRoom(opened.room_id, other.links)),
                stage.page(unknown_room()),
                stage.page(OpenedRoom("../../etc/passwd", opened.links)),
            ]
            await asyncio.sleep(1)
            assert {page.socket.closed for page in strangers} == {(4404, errors.NotFound.sentence)}
            assert all(page.socket.outward == [] for page in strangers)
            for room_id in (unknown_room().room_id, "nonsense"):
                with pytest.raises(errors.NoSuchRoom):
                    await stage.hub.room(room_id)
            assert stage.hub.rooms_loaded == 1

    play(scenario)


def test_a_stranger_gets_no_frame_while_it_waits_to_be_refused(tmp_path: Path) -> None:
    """Frames go to those who were welcomed, not to every socket of the room."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            page = stage.page(opened)
            await asyncio.sleep(0.5)
            task, room = await stage.hub.room(opened.room_id)
            painting = task.newest_painting(room.confirmed_content())
            assert painting is not None
            stranger = Watched(99, stage.hub.parts.clock)
            task.join(stranger, messages.Hello(limits.PROTOCOL_VERSION, "x" * 22, "m" * 22, "s" * 22))
            task._sender.send(2, 1, True)  # a pass ends before the hello is taken up
            await asyncio.sleep(0.1)
            assert [frame.look for frame in page.frames] == [1, 2]
            assert stranger.got == [errors.NotFound]

    play(scenario)


class Watched(Connection):
    """A connection without a socket that notes what the room gives it."""

    def __init__(self, number: int, clock: Clock) -> None:
        super().__init__(number, clock)
        self.got: list[object] = []

    def offer(self, slot: Slot, text: str, *, counted: bool = True) -> None:
        self.got.append(text)

    def offer_frame(self, look: int, data: bytes) -> None:
        self.got.append(look)

    def close(self, error: errors.ConnectionClosed) -> None:
        self.got.append(type(error))


def test_a_room_that_was_forgotten_elsewhere_is_closed_at_the_next_edit(tmp_path: Path) -> None:
    """The journal refuses its entries for ever; its members are told, and nothing is tried again and again."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            page = stage.page(opened)
            await asyncio.sleep(0.5)
            stage.memory.forget(opened.room_id)
            stage.memory.sizes.clear()
            page.edit(add())
            await asyncio.sleep(0.5)
            assert page.close_code == 4410
            assert stage.memory.sizes == [1]

    play(scenario)


def test_a_forgotten_room_is_gone(tmp_path: Path) -> None:
    """Members are told 4410; entries and photograph are gone; nobody comes in again."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            page = stage.page(opened)
            await asyncio.sleep(0.5)
            page.edit(add())
            await stage.hub.forget(opened.room_id)
            await asyncio.sleep(0.5)
            assert page.close_code == 4410
            assert stage.memory.read(opened.room_id) == []
            assert stage.photographs.rooms() == []
            later = stage.page(opened)
            await asyncio.sleep(0.5)
            assert later.close_code == 4404

    play(scenario)


def test_an_idle_room_leaves_the_memory_and_comes_back_the_same(tmp_path: Path) -> None:
    """Nobody notices but for the epoch; a room with somebody in it stays."""

    async def scenario() -> None:
        async with hall(tmp_path, room_idle_seconds=60.0) as stage:
            opened = await stage.open_room()
            page = stage.page(opened)
            await asyncio.sleep(1)
            page.edit(add())
            await asyncio.sleep(300)
            assert stage.hub.rooms_loaded == 1
            before = page.follower.welcome
            page.socket.leave()
            await asyncio.sleep(100)
            assert stage.hub.rooms_loaded == 0
            stage.again(opened, page)
            await asyncio.sleep(1)
            after = page.follower.welcome
            assert before is not None
            assert after is not None
            assert after.entries == ()
            assert after.epoch != before.epoch
            assert page.hints == {"hint"}

    play(scenario)


def test_photographs_without_a_room_are_swept_at_the_start(tmp_path: Path) -> None:
    """A crash between the photograph and its *opened* entry leaves files that nobody can ever reach."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
        async with hall(tmp_path) as again:  # another journal, which knows nothing of the room
            assert opened.room_id not in again.photographs.rooms()

    play(scenario)


def test_a_room_that_fails_closes_alone_and_is_read_anew(tmp_path: Path) -> None:
    """Our own fault in one room costs its members a reconnect, and nobody else anything."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened, other_opened = await stage.open_room(), await stage.open_room()
            page, other = stage.page(opened), stage.page(other_opened)
            await asyncio.sleep(0.5)
            page.edit(add())
            await asyncio.sleep(0.5)
            await break_room(stage, opened)
            page.edit(move("hint", 0.2))
            await asyncio.sleep(0.5)
            assert (page.close_code, other.close_code) == (4500, None)
            stage.again(opened, page)
            await asyncio.sleep(0.5)
            assert page.follower.accepted == {1: 2, 2: 3}
            other.edit(add())
            await asyncio.sleep(0.5)
            assert other.follower.accepted == {1: 2}

    play(scenario)


async def break_room(stage: Hall, opened: OpenedRoom) -> None:
    """Lets the room fail at the next message."""
    _, room = await stage.hub.room(opened.room_id)

    def fail(*arguments: object) -> None:
        raise AssertionError("a fault of ours")

    room.receive = fail  # type: ignore[assignment, method-assign]


def test_a_room_of_a_network_that_is_not_loaded_is_painted_by_another(tmp_path: Path) -> None:
    """Welcome and frames say which one serves, and the note why."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            stage.hub.arrivals.network = "siggraph17"
            opened = await stage.open_room()
            page = stage.page(opened)
            await asyncio.sleep(0.5)
            [welcome] = page.of(messages.Welcome)
            assert welcome.state is not None
            assert welcome.state.network == "siggraph17"
            assert welcome.engine.serving("siggraph17").name == page.frames[-1].network == "stub"
            assert "siggraph17" in welcome.engine.note

    play(scenario)


def test_the_room_that_does_not_fit_is_told_to_come_again(tmp_path: Path) -> None:
    """The memory's bound holds for sockets and requests; what is loaded goes on."""

    async def scenario() -> None:
        async with hall(tmp_path, rooms_loaded_max=1) as stage:
            opened, other = await stage.open_room(), await stage.open_room()
            page = stage.page(opened)
            await asyncio.sleep(0.5)
            refused = stage.page(other)
            await asyncio.sleep(0.5)
            assert (page.close_code, refused.close_code) == (None, 4500)
            with pytest.raises(errors.ServerBusy):
                await stage.hub.room(other.room_id)

    play(scenario)
