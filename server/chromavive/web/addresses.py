"""Whose request it is, and whether its address may make it now (R10)."""

import ipaddress
import re
from contextlib import ExitStack

from starlette.types import ASGIApp, Receive, Scope, Send

from chromavive import errors
from chromavive.runtime.addresses import Addresses
from chromavive.web.answers import refusal

_EXPORTS = re.compile(r"/api/rooms/[^/]+/(exports|backups)")


def peer_of(scope: Scope) -> str:
    """The address at the other end of the connection, or the one that a trusted proxy vouches for."""
    client = scope.get("client")
    return client[0] if client else ""


def proxies_of(setting: str) -> list[str]:
    """The addresses and networks of the setting trusted_proxies.

    Raises:
        SettingInvalid: one is neither; a star would let everybody choose an address.
    """
    named = [each.strip() for each in setting.split(",") if each.strip()]
    for each in named:
        try:
            ipaddress.ip_network(each)
        except ValueError as error:
            raise errors.SettingInvalid(f"trusted_proxies takes addresses and networks, not {each!r}.") from error
    return named


class ByAddress:
    """Lets an address make as many requests of the costly kinds as it may, and refuses the next before its body."""

    def __init__(self, app: ASGIApp, addresses: Addresses) -> None:
        self._app = app
        self._addresses = addresses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with ExitStack() as places:
            if scope["type"] == "http" and scope["method"] == "POST":
                try:
                    self._enter(scope["path"], peer_of(scope), places)
                except (errors.RequestsTooMany, errors.ServerBusy) as error:
                    await refusal(error)(scope, receive, send)
                    return
            await self._app(scope, receive, send)

    def _enter(self, path: str, peer: str, places: ExitStack) -> None:
        if path in ("/api/rooms", "/api/backups"):
            places.enter_context(self._addresses.place(peer, "upload"))
            self._addresses.open_room(peer)
        elif path == "/api/colorize":
            places.enter_context(self._addresses.place(peer, "upload"))
            self._addresses.make_picture(peer)
        elif _EXPORTS.fullmatch(path):
            places.enter_context(self._addresses.place(peer, "export"))
            self._addresses.make_picture(peer)
