"""One socket among others: how it begins, what it may say, and that it never holds anybody up."""

import asyncio
from pathlib import Path

import pytest

from chromavive import errors, limits
from chromavive.wire import messages
from tests.runtime.hall import add, hall, move, play


def test_R4_8_a_socket_without_hello_is_closed_after_5_s(tmp_path: Path) -> None:
    """It is told 4504, not before and not much later."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            socket = stage.socket(opened.room_id)
            await asyncio.sleep(limits.HELLO_SECONDS_MAX - 0.1)
            assert socket.closed is None
            await asyncio.sleep(0.2)
            assert socket.closed is not None
            assert socket.closed[0] == 4504

    play(scenario)


HELLO = messages.encode(messages.Hello(2, "o" * 22, "m" * 22, "s" * 22)).decode()


@pytest.mark.parametrize(
    "said",
    [
        "",
        "not json",
        "[]",
        '{"type":"unheard"}',
        '{"type":"pong"}',
        '{"type":"hello"}',
        '{"type":"hello","version":1,"capability":"c","member":"m","seat":"s","extra":1}',
        "\ud800",
        "[" * 100_000,
        '{"type":"rename","name":"' + "x" * limits.MESSAGE_BYTES_MAX + '"}',
        b"\x00\x01garbage",
    ],
    ids=["empty", "text", "list", "unheard", "before-hello", "poor", "extra", "surrogate", "deep", "long", "bytes"],
)
def test_R10_3_malformed_bytes_close_that_one_connection_with_4400(tmp_path: Path, said: str | bytes) -> None:
    """Whatever they are, the others do not notice, and nothing changes."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            good = stage.page(opened)
            await asyncio.sleep(0.1)
            bad = stage.socket(opened.room_id)
            bad.say(said)
            await asyncio.sleep(0.1)
            assert bad.closed is not None
            assert bad.closed[0] == 4400
            assert bad.outward == []
            good.edit(add())
            await asyncio.sleep(0.1)
            assert good.follower.accepted == {1: 2}

    play(scenario)


@pytest.mark.parametrize("said", ["no json", HELLO, b"bytes", '{"type":"edit","seat":"s","number":"one"}'])
def test_R10_3_malformed_bytes_after_the_welcome_do_the_same(tmp_path: Path, said: str | bytes) -> None:
    """A page that was let in has no other rights here; a second hello is malformed too."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            page = stage.page(await stage.open_room())
            await asyncio.sleep(0.1)
            page.socket.say(said)
            await asyncio.sleep(0.1)
            assert page.close_code == 4400

    play(scenario)


def test_R4_9_messages_that_arrive_while_the_room_loads_wait(tmp_path: Path) -> None:
    """Hello and edits sent in one go are answered in their order, however long the journal takes to be read."""

    async def scenario() -> None:
        async with hall(tmp_path, journal_seconds=1.0) as stage:
            opened = await stage.open_room()
            page = stage.page(opened)
            for number in range(5):
                page.edit(add(f"hint{number}"))
            await asyncio.sleep(0.5)
            assert page.heard == []
            await asyncio.sleep(10)
            assert isinstance(page.heard[0], messages.Welcome)
            assert page.follower.accepted == {1: 2, 2: 3, 3: 4, 4: 5, 5: 6}

    play(scenario)


def test_a_flood_while_the_room_loads_is_cut_off(tmp_path: Path) -> None:
    """The inbox is bounded for each connection; past it the connection comes back and resumes."""

    async def scenario() -> None:
        async with hall(tmp_path, journal_seconds=1.0) as stage:
            page = stage.page(await stage.open_room())
            for _ in range(1001):
                page.say(messages.Rename("again"))
            await asyncio.sleep(0.5)
            assert page.close_code == 4501

    play(scenario)


def test_R10_11_a_connection_says_1000_messages_a_second(tmp_path: Path) -> None:
    """Two thousand come in one go, as after a while away; who goes on like that comes back later, and the rest stay."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            flooding, calm = stage.page(opened), stage.page(opened)
            await asyncio.sleep(1)
            for second in range(5):
                for _ in range(limits.MESSAGES_A_SECOND_MAX if second else limits.MESSAGES_AT_ONCE_MAX):
                    flooding.say(messages.Pong())
                await asyncio.sleep(1.01)
                assert flooding.close_code is None
            for _ in range(limits.MESSAGES_AT_ONCE_MAX + 1):
                flooding.say(messages.Pong())
            await asyncio.sleep(0.1)
            assert flooding.socket.closed == (4505, errors.MessagesTooFast.sentence)
            assert f"{limits.MESSAGES_A_SECOND_MAX:,}" in errors.MessagesTooFast.sentence
            calm.edit(add())
            await asyncio.sleep(0.1)
            assert (calm.follower.accepted, calm.close_code) == ({1: 2}, None)

    play(scenario)


def test_R8_9_a_peer_that_stops_reading_is_freed_within_10_s(tmp_path: Path) -> None:
    """One write that waits for so long ends in an abort, and the room is rid of the member."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            page, other = stage.page(opened), stage.page(opened)
            await asyncio.sleep(1)
            page.socket.stuck = True
            other.edit(add())
            await asyncio.sleep(limits.WRITE_SECONDS_MAX + 0.2)
            assert page.socket.aborted
            assert [each.seat for each in other.of(messages.Presence)[-1].present] == [
                other.of(messages.Welcome)[0].seat
            ]

    play(scenario)


def test_R8_10_a_stuck_member_delays_nobody(tmp_path: Path) -> None:
    """The others get answers and entries at the times at which they would get them without it."""

    async def answered_seconds(stuck: bool, path: Path) -> float:
        async with hall(path) as stage:
            opened = await stage.open_room()
            slow, quick = stage.page(opened), stage.page(opened)
            await asyncio.sleep(1)
            slow.socket.stuck = stuck
            for number in range(200):
                quick.edit(add(f"hint{number}", x=number / 200))
            begun = asyncio.get_running_loop().time()
            while len(quick.follower.accepted) < 200:
                await asyncio.sleep(0.001)
            return asyncio.get_running_loop().time() - begun

    async def scenario() -> None:
        alone = await answered_seconds(False, tmp_path / "b")
        assert await answered_seconds(True, tmp_path / "a") == pytest.approx(alone, abs=1e-6)

    play(scenario)


def test_R8_2_a_full_outbox_closes_its_connection_which_resumes(tmp_path: Path) -> None:
    """Nothing is dropped in between: the page is told to come back, and then gets what it missed."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            slow, quick = stage.page(opened), stage.page(opened)
            await asyncio.sleep(1)
            slow.socket.stuck = True
            quick.edit(add())
            for number in range(limits.OUTBOX_MESSAGES_MAX + 10):
                quick.edit(move("hint", x=number / 2000))
                if number % 10 == 0:
                    await asyncio.sleep(0.087)  # a page may send no more than 120 a second
            await asyncio.sleep(0.1)
            assert len(quick.follower.accepted) == limits.OUTBOX_MESSAGES_MAX + 11
            slow.socket.stuck = False
            slow.socket.leave()
            stage.again(opened, slow)
            await asyncio.sleep(0.1)
            assert slow.follower.confirmed == quick.follower.confirmed
            assert slow.follower.revision == quick.follower.revision == limits.OUTBOX_MESSAGES_MAX + 12

    play(scenario)


def test_R4_10_the_welcome_does_not_count_against_the_outbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However large it is, a page that has just come is not closed for being slow."""
    monkeypatch.setattr(limits, "OUTBOX_BYTES_MAX", 500)

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            page = stage.page(await stage.open_room())
            await asyncio.sleep(0.5)
            assert len(messages.encode(page.of(messages.Welcome)[0])) > 500
            assert page.close_code is None

    play(scenario)


def test_R8_4_at_most_two_frames_are_unpainted(tmp_path: Path) -> None:
    """A page that says nothing of its frames gets two; when it has painted them, it gets the newest."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            page = stage.page(await stage.open_room())
            page.paints = False
            await asyncio.sleep(0.5)
            page.edit(add())
            await asyncio.sleep(0.5)
            for step in range(5):
                page.edit(move("hint", 0.1 * step))
                await asyncio.sleep(0.2)
            assert len(page.frames) == 2
            page.say(messages.Painted(page.frames[-1].look))
            await asyncio.sleep(0.1)
            assert [frame.look for frame in page.frames] == [1, 2, 7]

    play(scenario)


def test_R8_5_a_page_that_paints_nothing_for_10_s_is_closed(tmp_path: Path) -> None:
    """Frames wait for it all the while; it is told 4502, a code with which it comes back."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            page = stage.page(await stage.open_room())
            page.paints = False
            await asyncio.sleep(0.5)
            page.edit(add())
            await asyncio.sleep(0.5)
            page.edit(move("hint", 0.1))
            await asyncio.sleep(limits.PAINTED_SILENCE_SECONDS - 0.5)
            assert page.close_code is None
            await asyncio.sleep(1)
            assert page.close_code == 4502

    play(scenario)


def test_a_silent_peer_is_pinged_and_then_given_up(tmp_path: Path) -> None:
    """A ping every 5 s; who answers stays, who says nothing for a minute is cut off."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            alive, dead = stage.page(opened), stage.page(opened)
            await asyncio.sleep(1)
            dead.socket.on_data = lambda data: None
            await asyncio.sleep(limits.SILENCE_SECONDS_MAX - 2)
            assert not dead.socket.aborted
            await asyncio.sleep(2 * limits.PING_INTERVAL_SECONDS)
            assert dead.socket.aborted
            assert not alive.socket.aborted
            assert len(alive.of(messages.Ping)) >= 12

    play(scenario)


def test_R4_6_a_new_connection_replaces_only_the_old_one_of_its_seat(tmp_path: Path) -> None:
    """The member's other tab stays; the replaced socket is told 4409."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            first = stage.page(opened, member="anna", seat="one")
            tab = stage.page(opened, member="anna", seat="other")
            await asyncio.sleep(0.1)
            second = stage.page(opened, member="anna", seat="one")
            await asyncio.sleep(0.1)
            assert (first.close_code, tab.close_code, second.close_code) == (4409, None, None)

    play(scenario)


def test_R4_7_late_events_of_a_replaced_connection_change_nothing(tmp_path: Path) -> None:
    """What the old socket still says, and its end, do not touch the new one's seat."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            first = stage.page(opened, member="anna", seat="one")
            await asyncio.sleep(0.1)
            first.socket.stuck = True  # its close cannot be written, so that its reader lives on for 10 s
            second = stage.page(opened, member="anna", seat="one")
            await asyncio.sleep(0.1)
            first.say(messages.Rename("late"))
            first.gesture(1, add("ghost"))
            first.say(messages.EditMessage("seat", 7, add("ghost")))
            await asyncio.sleep(0.1)
            first.socket.leave()
            await asyncio.sleep(0.1)
            [present] = second.of(messages.Presence)[-1].present
            assert present.name == ""
            assert all(not told.gestures for told in second.of(messages.Gestures))
            second.edit(add())
            await asyncio.sleep(0.1)
            assert second.follower.accepted == {1: 2}

    play(scenario)
