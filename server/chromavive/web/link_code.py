"""A room's link as a picture: what a phone reads from somebody else's screen."""

import io

import segno
from starlette.requests import Request
from starlette.responses import Response

from chromavive import errors
from chromavive.runtime.hub import Hub
from chromavive.web.answers import bearer
from chromavive.web.visits import visit

_MODULE_PX, _QUIET_MODULES = 4, 3

LINK_CHARACTERS_MAX = 512
"""Of the link: a host name has at most 253 characters (RFC 1035), and a code of more is none that a phone reads."""


class LinkCodeRoute:
    """The endpoint; the link is the one whose capability asks, so that nobody is given another's.

    root_path: the sub-path of a server whose public address nobody said.
    """

    def __init__(self, hub: Hub, root_path: str) -> None:
        self._hub = hub
        self._root_path = root_path.strip("/")

    async def code(self, request: Request) -> Response:
        """The link of this capability as a QR code, an SVG; white around it, for the dark."""
        _, room, _ = await visit(self._hub, request, "look")
        base = self._hub.settings.public_url or f"{request.base_url}{self._root_path}"
        link = f"{base.rstrip('/')}/room/{room.room_id}#{bearer(request)}"
        if len(link) > LINK_CHARACTERS_MAX:  # the host is what the request says it is
            raise errors.RequestMalformed("The address of this server is too long for a QR code.")
        drawn = await self._hub.parts.grays.run(_drawn, link)
        return Response(drawn, media_type="image/svg+xml", headers={"Cache-Control": "no-store"})


def _drawn(link: str) -> bytes:
    picture = io.BytesIO()
    code = segno.make(link, micro=False, error="m")
    code.save(picture, kind="svg", scale=_MODULE_PX, border=_QUIET_MODULES, light="#ffffff", xmldecl=False)
    return picture.getvalue()
