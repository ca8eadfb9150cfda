"""What one address may have open and may do (R10), whatever it calls itself."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from chromavive import errors
from chromavive.runtime import addresses
from chromavive.runtime.addresses import Addresses, address_of
from chromavive.runtime.connection import Connection
from chromavive.settings import Settings
from chromavive.wire import messages
from tests.runtime.hall import add, hall, play


@dataclass
class Hand:
    """A `Clock` that is set by hand."""

    seconds: float = 0.0

    def now_seconds(self) -> float:
        return self.seconds

    def unix_seconds(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("nobody sleeps here")


@pytest.mark.parametrize(
    ("peer", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_an_address_is_what_its_owner_cannot_change_at_will(peer: str, address: str) -> None:
    """A whole IPv6 network of 64 bits is one, and an IPv4 address in IPv6's clothes is itself."""
    assert address_of(peer) == address


def test_R10_14_an_address_opens_so_many_rooms_an_hour() -> None:
    """A class opens its rooms in one moment; the next has to wait, is told how long, and others open theirs."""
    clock = Hand()
    known = Addresses(Settings(rooms_an_address_an_hour_max=120), clock)
    for _ in range(120):
        known.open_room("192.0.2.1")
    with pytest.raises(errors.RequestsTooMany, match="120 rooms an hour") as refused:
        known.open_room("192.0.2.1")
    assert refused.value.retry_after_seconds == pytest.approx(30)
    known.open_room("192.0.2.2")
    clock.seconds += 30.1
    known.open_room("192.0.2.1")
    with pytest.raises(errors.RequestsTooMany):
        known.open_room("192.0.2.1")


def test_R10_15_an_address_asks_for_so_many_pictures_a_minute() -> None:
    """Downloads and colorize requests count together; rooms do not."""
    clock = Hand()
    known = Addresses(Settings(pictures_an_address_a_minute_max=60), clock)
    for _ in range(60):
        known.make_picture("2001:db8::1")
    with pytest.raises(errors.RequestsTooMany, match="60 pictures a minute"):
        known.make_picture("2001:db8::2")
    known.open_room("2001:db8::1")
    known.make_picture("2001:db8:0:1::1")
    clock.seconds += 1.01
    known.make_picture("2001:db8::3")


@pytest.mark.parametrize("kind", ["upload", "export"])
def test_R10_16_an_address_has_so_many_under_way(kind: addresses.Place) -> None:
    """The places are its own, and come back when what took them ends, however it ends."""
    known = Addresses(Settings(uploads_an_address_max=2, exports_an_address_max=2), Hand())
    with known.place("192.0.2.1", kind):
        with known.place("192.0.2.1", kind):
            with pytest.raises(errors.ServerBusy, match=f"2 {kind}s"), known.place("192.0.2.1", kind):
                pass
            with pytest.raises(RuntimeError), known.place("192.0.2.2", kind):
                raise RuntimeError
        with known.place("192.0.2.1", kind):
            pass


def test_what_is_known_of_addresses_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is at rest is forgotten as others come; at the bound also who did something, but never who has a socket."""
    monkeypatch.setattr(addresses, "ADDRESSES_MAX", 100)
    clock = Hand()
    known = Addresses(Settings(connections_an_address_max=1), clock)
    first, second = Connection(1, clock), Connection(2, clock)
    with known.connection("192.0.2.1", first):
        for number in range(1000):
            known.open_room(f"198.51.{number // 256}.{number % 256}")
        assert len(known) == 100
        with known.connection("192.0.2.1", second), pytest.raises(errors.AddressFull, match="1 connections"):
            known.check_connection("192.0.2.1")
        assert (first.shared is None, second.shared is None) == (False, True)
    clock.seconds += 3600
    for number in range(60):
        known.check_connection(f"203.0.113.{number}")
    assert len(known) < 70


@pytest.mark.parametrize("name", ["connections_an_address_max", "rooms_an_address_an_hour_max"])
def test_a_limit_of_nothing_is_refused(name: str) -> None:
    """Nobody could come in at all; the operator is told which setting it is."""
    nothing: dict[str, Any] = {name: 0}
    with pytest.raises(errors.SettingInvalid, match=name):
        Addresses(replace(Settings(), **nothing), Hand())


def test_R10_12_an_address_has_so_many_connections(tmp_path: Path) -> None:
    """The next is told why, comes back, and is let in when one has left; others come in all the while."""

    async def scenario() -> None:
        async with hall(tmp_path, connections_an_address_max=3) as stage:
            opened = await stage.open_room()
            elsewhere = stage.page(opened)
            here = [stage.page(opened, peer="192.0.2.1") for _ in range(3)]
            await asyncio.sleep(0.1)
            late = stage.page(opened, peer="192.0.2.1")
            await asyncio.sleep(0.1)
            assert late.socket.closed is not None
            assert late.socket.closed[0] == 4507
            assert "3 connections" in late.socket.closed[1]
            assert len(late.socket.closed[1].encode()) < 123
            assert late.heard == []
            assert [page.close_code for page in here] == [None] * 3
            elsewhere.edit(add())
            await asyncio.sleep(0.1)
            assert elsewhere.follower.accepted == {1: 2}
            here[0].socket.leave()
            await asyncio.sleep(0.1)
            stage.again(opened, late, "192.0.2.1")
            await asyncio.sleep(0.1)
            assert late.close_code is None

    play(scenario)


def test_R10_13_the_pages_of_an_address_say_so_many_messages(tmp_path: Path) -> None:
    """Over several connections together; answers to us do not count, and pages elsewhere notice nothing."""

    async def scenario() -> None:
        async with hall(tmp_path, messages_an_address_a_second_max=100) as stage:
            opened = await stage.open_room()
            elsewhere = stage.page(opened)
            here = [stage.page(opened, peer="192.0.2.1") for _ in range(4)]
            await asyncio.sleep(1)
            for page in here:
                for _ in range(50):
                    page.say(messages.Pointer(0.5, 0.5))
                    page.say(messages.Painted(1))
                    page.say(messages.Pong())
            await asyncio.sleep(0.1)
            assert [page.close_code for page in here] == [None] * 4
            for _ in range(20):
                here[0].say(messages.Pointer(0.5, 0.5))
            await asyncio.sleep(0.1)
            assert here[0].socket.closed is not None
            assert here[0].socket.closed[0] == 4508
            assert "100 messages" in here[0].socket.closed[1]
            assert [page.close_code for page in here[1:]] == [None] * 3
            elsewhere.edit(add())
            await asyncio.sleep(0.1)
            assert elsewhere.follower.accepted == {1: 2}

    play(scenario)
