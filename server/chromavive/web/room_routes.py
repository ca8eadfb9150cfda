"""Requests about rooms. Each carries its capability as Bearer; without a right the answer is 404 (R13)."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from chromavive import errors, limits
from chromavive.hints.recipe import encode_recipe, recipe_of
from chromavive.pictures.export import colored_thumbnail
from chromavive.pictures.export_form import ExportForm
from chromavive.pictures.samples import samples
from chromavive.room.room import Room
from chromavive.runtime.arrivals import OpenedRoom
from chromavive.runtime.hub import Hub
from chromavive.versions import painting_versions
from chromavive.web.answers import NDJSON, body_of, check_password, told
from chromavive.web.bodies import ExportWish, RoomLinks, RoomOpened, RoomShown, Ticket
from chromavive.web.downloads import Downloads, Progress
from chromavive.web.names import attachment, name_of_recipe
from chromavive.web.origins import Origins
from chromavive.web.progress import ProgressAnswer, while_connected
from chromavive.web.visits import visit
from chromavive.web.wishes import wish_refused

REQUEST_BYTES_MAX = 4096
"""Of a JSON body; there are a few short fields in it."""


class RoomRoutes:
    """The endpoints about rooms."""

    def __init__(self, hub: Hub, origins: Origins, downloads: Downloads) -> None:
        self._hub = hub
        self._origins = origins
        self._downloads = downloads

    async def create(self, request: Request) -> Response:
        """A room with the photograph in the body, or with a sample."""
        self._origins.check(request.headers)
        check_password(request, self._hub.settings.create_password)
        title = request.query_params.get("title", "")
        if len(title) > limits.TITLE_CHARACTERS_MAX:
            raise errors.RequestMalformed(f"A title has at most {limits.TITLE_CHARACTERS_MAX} characters.")
        sample = request.query_params.get("sample")
        if sample is None:
            return opened(await self._hub.arrivals.open_room(body_of(request), title))
        known = {each.name: each for each in samples()}
        if sample not in known:
            raise errors.RequestMalformed("There is no such sample.")
        return opened(await self._hub.arrivals.open_room(_file(known[sample].path), title or known[sample].title))

    async def show(self, request: Request) -> Response:
        """What a page wants to know before it connects."""
        task, room, role = await visit(self._hub, request, "look")
        height, width = room.state.shown_size()
        return told(
            RoomShown(
                room=room.room_id,
                title=room.state.title,
                role=role,
                revision=room.revision,
                height_px=height,
                width_px=width,
                had_colors=room.state.photograph.had_colors,
                network=room.serving.name,
                members=task.members,
            )
        )

    async def thumb(self, request: Request) -> Response:
        """The room's picture, small."""
        _, room, _ = await visit(self._hub, request, "look")
        content, painting = await self._hub.paint(room.room_id)
        shown = await self._hub.parts.shown(room.room_id, content.turn, content.crop)
        thumbnail = await self._hub.parts.pictures.run(colored_thumbnail, shown, painting.ab)
        return Response(thumbnail, media_type="image/webp")

    async def export(self, request: Request) -> Response | ProgressAnswer:
        """A ticket for the picture at full size; to whoever asks for lines of JSON, how far it is as well."""
        self._origins.check(request.headers)
        _, room, _ = await visit(self._hub, request, "export")
        body = b""
        async for chunk in body_of(request):
            body += chunk
            if len(body) > REQUEST_BYTES_MAX:
                raise errors.RequestMalformed()
        try:
            wanted = msgspec.json.decode(body or b"{}", type=ExportWish)
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise wish_refused(error, ExportWish) from error
        form = wanted.form
        form.size(*room.state.shown_size())
        progress = Progress()
        work = self._ticket_for(room, form, progress)
        if NDJSON in request.headers.get("accept", ""):
            return ProgressAnswer(progress, work)
        return told(await while_connected(request, work), 201)

    async def _ticket_for(self, room: Room, form: ExportForm, progress: Progress) -> Ticket:
        return Ticket(await self._downloads.make(room.room_id, room.state.title, form, progress))

    async def recipe(self, request: Request) -> Response:
        """The room's hints as a file that another room, or `chromavive colorize`, can take up."""
        _, room, _ = await visit(self._hub, request, "recipe")
        engine = self._hub.engine_info
        network = engine.networks[room.serving.name]
        recipe = recipe_of(
            room.state,
            network=network.name,
            weights_hash=network.weights_hash,
            precision=network.precision,
            device=engine.device,
            threads=engine.threads,
            versions=painting_versions(),
        )
        headers = {"Content-Disposition": attachment(name_of_recipe(room.state.title))}
        return Response(encode_recipe(recipe), media_type="application/json", headers=headers)

    async def ticket(self, request: Request) -> Response:
        """The file of a ticket, once."""
        if request.method == "HEAD":  # which Starlette lets in with GET: to look must not use the ticket up
            return Response(status_code=405, headers={"Allow": "GET"})
        return self._downloads.redeem(request.path_params["ticket"])

    async def remove(self, request: Request) -> Response:
        """Deletes the room; only its owner can."""
        self._origins.check(request.headers)
        _, room, _ = await visit(self._hub, request, "delete")
        await self._hub.forget(room.room_id)
        return Response(status_code=204)


def opened(opened: OpenedRoom) -> Response:
    links = RoomLinks(opened.links.owner, opened.links.editor, opened.links.viewer)
    return told(RoomOpened(opened.room_id, links.owner, links), 201)


async def _file(path: Path) -> AsyncIterator[bytes]:
    yield path.read_bytes()
