"""Requests about the server itself: what it is, what it offers, whether it can be reached, how it does."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

import chromavive
from chromavive import errors, limits
from chromavive.pictures.samples import samples, thumbnail
from chromavive.runtime.hub import Hub
from chromavive.web.addresses import peer_of
from chromavive.web.answers import bearer, told
from chromavive.web.bodies import About, Health, Reach, SampleNote, Samples
from chromavive.web.origins import Origins, refused


class SiteRoutes:
    """The endpoints that need no capability."""

    def __init__(self, hub: Hub, origins: Origins, data: Path, notes: tuple[str, ...]) -> None:
        self._hub = hub
        self._origins = origins
        self._data = data
        self._notes = notes
        self._thumbnails: dict[str, bytes] = {}  # bounded by the samples

    async def about(self, request: Request) -> Response:
        """What the landing page says."""
        settings, engine = self._hub.settings, self._hub.engine_info
        return told(
            About(
                version=chromavive.__version__,
                network=self._hub.network,
                device=engine.device,
                precision=engine.networks[self._hub.network].precision,
                notes=(*self._notes, *engine.notes),
                kept=_kept(request, self._data, settings.lan or bool(settings.public_url)),
                password_needed=bool(settings.create_password),
                upload_bytes_max=settings.upload_bytes_max,
                pixels_max=settings.pixels_max,
            )
        )

    async def samples(self, request: Request) -> Response:
        """The photographs to try."""
        return told(Samples(tuple(SampleNote(each.name, each.title) for each in samples())))

    async def sample(self, request: Request) -> Response:
        """A sample, small and gray."""
        found = {each.name: each for each in samples()}.get(request.path_params["name"])
        if found is None:
            raise errors.NoSuchRoom("There is no such sample.")
        if found.name not in self._thumbnails:
            self._thumbnails[found.name] = await self._hub.parts.pictures.run(thumbnail, found)
        headers = {"Cache-Control": "public, max-age=86400"}
        return Response(self._thumbnails[found.name], media_type="image/jpeg", headers=headers)

    async def reach(self, request: Request) -> Response:
        """Why a page gets no welcome, in words (R10); it tells nothing that a socket would not."""
        try:
            await self._check_reach(request)
        except errors.PeerError as error:
            return told(Reach(False, error.code, str(error)))
        return told(Reach(True, "", "The server can be reached. Try again."))

    async def _check_reach(self, request: Request) -> None:
        query = request.query_params
        origin = query.get("origin")
        if not self._origins.reaches(origin, request.headers):
            raise refused(origin or request.headers.get("origin") or f"http://{request.headers.get('host', '')}")
        if query.get("version", str(limits.PROTOCOL_VERSION)) != str(limits.PROTOCOL_VERSION):
            raise errors.VersionMismatch()
        self._hub.addresses.check_connection(peer_of(request.scope))
        capability = bearer(request)
        if capability and "room" in query:  # without one, nobody learns whether a room exists (R13)
            task, room = await self._hub.room(query["room"])
            if room.role_of(capability) is None:
                raise errors.NoSuchRoom()
            if task.members >= limits.MEMBERS_MAX:
                raise errors.RoomFull()

    async def health(self, request: Request) -> Response:
        """Counts, for whoever watches over the server and for tests."""
        passes = self._hub.passes
        return told(
            Health(
                ok=self._hub.fault is None,
                passes_started=passes.started,
                passes_exported=passes.exported,
                rooms_loaded=self._hub.rooms_loaded,
                connections=self._hub.connections,
                waiting_bytes=self._hub.waiting_bytes,
            )
        )


def _kept(request: Request, data: Path, shared: bool) -> str:
    """Where photographs are kept, said so that everybody can understand it."""
    host = request.url.hostname or ""
    if not shared and host in ("localhost", "127.0.0.1", "::1"):  # strangers may send any Host: no folder for them
        return f"Photographs stay on this computer, in {data}. Nothing is sent anywhere else."
    return (
        f"Photographs are kept on the computer that runs this server ({host}) until their room is deleted. "
        "Nothing is sent anywhere else."
    )
