"""What one address may have open and may do, so that nobody takes the server from the rest (R10).

A school, an office or a telephone network is one address to us: the settings leave room for a class behind one.
"""

import ipaddress
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from itertools import islice
from typing import Literal

from chromavive import errors
from chromavive.room.allowance import Allowance
from chromavive.runtime.clock import Clock
from chromavive.runtime.connection import Connection
from chromavive.settings import Settings

ADDRESSES_MAX = 10_000
"""Addresses that are remembered; with more, one that has nothing open is forgotten, the least recent first."""

IPV6_PREFIX = 64
"""RFC 4291, 2.5.1: the part of an address that a provider gives; the rest its owner changes at will."""

Place = Literal["upload", "export"]
_HINT = "(Behind a proxy: see the setting trusted_proxies.)"


def address_of(peer: str) -> str:
    """What counts as one address: an IPv4 address, an IPv6 network of 64 bits, or what a test calls itself."""
    try:
        address = ipaddress.ip_address(peer.partition("%")[0])
    except ValueError:
        return peer
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, IPV6_PREFIX), strict=False))


@dataclass(slots=True)
class _Address:
    messages: Allowance
    rooms: Allowance
    pictures: Allowance
    connections: int = 0
    places: Counter[Place] = field(default_factory=Counter)

    def at_rest(self, now_seconds: float) -> bool:
        """Whether a fresh one would be the same."""
        idle = not self.connections and not self.places.total()
        return idle and all(each.full(now_seconds) for each in (self.messages, self.rooms, self.pictures))


class Addresses:
    """The addresses that have something open, or did something lately. peer: an address as a socket gives it."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        for name in (each.name for each in fields(settings) if "_an_address_" in each.name):
            if getattr(settings, name) < 1:
                raise errors.SettingInvalid(f"The setting {name} is at least 1.")
        self._settings = settings
        self._clock = clock
        self._known: OrderedDict[str, _Address] = OrderedDict()  # most recent last; about ADDRESSES_MAX

    def __len__(self) -> int:
        return len(self._known)

    @contextmanager
    def connection(self, peer: str, connection: Connection) -> Iterator[None]:
        """Around a connection, which is told to go where its address has as many open as it may."""
        address = self._at(peer)
        try:
            self.check_connection(peer)
        except errors.AddressFull as error:
            connection.close(error)
            yield
            return
        connection.shared = address.messages
        address.connections += 1
        try:
            yield
        finally:
            address.connections -= 1

    def check_connection(self, peer: str) -> None:
        """Nothing, if the address may open a connection.

        Raises:
            AddressFull: it has as many open as it may.
        """
        most = self._settings.connections_an_address_max
        if self._at(peer).connections >= most:
            raise errors.AddressFull(f"Your address has {most} connections open, as many as it may. {_HINT}")

    def open_room(self, peer: str) -> None:
        """Counts a room that is to be opened.

        Raises:
            RequestsTooMany: the address has opened as many as it may.
        """
        most = self._settings.rooms_an_address_an_hour_max
        self._count(self._at(peer).rooms, f"An address may open {most} rooms an hour. Try again later. {_HINT}")

    def make_picture(self, peer: str) -> None:
        """Counts a picture that is to be made at full size.

        Raises:
            RequestsTooMany: the address has asked for as many as it may.
        """
        most = self._settings.pictures_an_address_a_minute_max
        self._count(self._at(peer).pictures, f"An address may ask for {most} pictures a minute. Try again. {_HINT}")

    @contextmanager
    def place(self, peer: str, kind: Place) -> Iterator[None]:
        """Around an upload or an export.

        Raises:
            ServerBusy: the address has as many under way as it may.
        """
        settings = self._settings
        most = settings.uploads_an_address_max if kind == "upload" else settings.exports_an_address_max
        address = self._at(peer)
        if address.places[kind] >= most:
            raise errors.ServerBusy(f"Your address has {most} {kind}s under way, as many as it may. {_HINT}")
        address.places[kind] += 1
        try:
            yield
        finally:
            address.places[kind] -= 1

    def _count(self, allowance: Allowance, sentence: str) -> None:
        now = self._clock.now_seconds()
        if not allowance.take(now):
            raise errors.RequestsTooMany(sentence, allowance.ready_seconds() - now)

    def _at(self, peer: str) -> _Address:
        key = address_of(peer)
        address = self._known.get(key)
        if address is None:
            self._forget()
            address = self._known[key] = self._fresh()
        self._known.move_to_end(key)
        return address

    def _fresh(self) -> _Address:
        settings = self._settings
        says, opens = settings.messages_an_address_a_second_max, settings.rooms_an_address_an_hour_max
        makes = settings.pictures_an_address_a_minute_max
        return _Address(Allowance(says, 2 * says), Allowance(opens / 3600, opens), Allowance(makes / 60, makes))

    def _forget(self) -> None:
        """Forgets who is at rest, the least recent first; at the bound, who has nothing open."""
        now = self._clock.now_seconds()
        for key, address in list(islice(self._known.items(), 2)):  # for each that comes, so that the rest goes in time
            if address.at_rest(now):
                del self._known[key]
        if len(self._known) >= ADDRESSES_MAX:
            idle = (key for key, each in self._known.items() if not each.connections and not each.places.total())
            if (oldest := next(idle, None)) is not None:
                del self._known[oldest]
