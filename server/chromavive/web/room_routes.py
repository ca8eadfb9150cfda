"""Requests about rooms. Each carries its capability as Bearer; without a right the answer is 404 (R13)."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray
from starlette.requests import Request
from starlette.responses import Response

from chromavive import errors, limits
from chromavive.hints.entry import Crop
from chromavive.hints.recipe import encode_recipe, recipe_of
from chromavive.pictures.display import arrange, gray_copy
from chromavive.pictures.export import colored_thumbnail
from chromavive.pictures.samples import samples
from chromavive.room import rights
from chromavive.room.room import Room
from chromavive.runtime.hub import Hub, OpenedRoom
from chromavive.runtime.room_task import RoomTask
from chromavive.versions import painting_versions
from chromavive.web.answers import bearer, body_of, check_password, told
from chromavive.web.downloads import Downloads
from chromavive.web.origins import Origins
from chromavive.wire.messages import Role

GRAY_COPIES_KEPT = 16
"""Gray copies in memory, at most about 4 MB each: everybody who joins a room asks for the same one."""

REQUEST_BYTES_MAX = 4096
"""Of a JSON body; there is one field in it."""


class _Export(msgspec.Struct, forbid_unknown_fields=True):
    """The body of POST exports."""

    format: str = "png"


class RoomRoutes:
    """The endpoints about rooms."""

    def __init__(self, hub: Hub, origins: Origins, downloads: Downloads) -> None:
        self._hub = hub
        self._origins = origins
        self._downloads = downloads
        self._gray: OrderedDict[tuple[str, int, Crop], bytes] = OrderedDict()
        self._gray_turn = asyncio.Lock()

    async def create(self, request: Request) -> Response:
        """A room with the photograph in the body, or with a sample."""
        self._origins.check(request.headers)
        check_password(request, self._hub.settings.create_password)
        title = request.query_params.get("title", "")
        if len(title) > limits.TITLE_CHARACTERS_MAX:
            raise errors.RequestMalformed(f"A title has at most {limits.TITLE_CHARACTERS_MAX} characters.")
        sample = request.query_params.get("sample")
        if sample is None:
            return _opened(await self._hub.open_room(body_of(request), title))
        known = {each.name: each for each in samples()}
        if sample not in known:
            raise errors.RequestMalformed("There is no such sample.")
        return _opened(await self._hub.open_room(_file(known[sample].path), title or known[sample].title))

    async def show(self, request: Request) -> Response:
        """What a page wants to know before it connects."""
        task, room, role = await self._visit(request, "look")
        height, width = room.state.shown_size()
        return told(
            {
                "room": room.room_id,
                "title": room.state.title,
                "role": role,
                "revision": room.revision,
                "height_px": height,
                "width_px": width,
                "had_colors": room.state.photograph.had_colors,
                "network": room.engine.network,
                "members": task.members,
            }
        )

    async def gray(self, request: Request) -> Response:
        """The gray picture that pages draw on, turned and cropped as asked, by default as the room is."""
        _, room, _ = await self._visit(request, "look")
        turn, crop = _shown(request, room)
        lightness = await self._hub.parts.files.run(self._hub.parts.photographs.lightness, room.room_id)
        height, width = arrange(lightness, turn, crop).shape
        content = await self._gray_copy(room.room_id, lightness, turn, crop)
        return Response(content, media_type="image/webp", headers={"X-Full-Size": f"{height}x{width}"})

    async def _gray_copy(self, room_id: str, lightness: NDArray[np.uint16], turn: int, crop: Crop) -> bytes:
        key = (room_id, turn, crop)
        async with self._gray_turn:  # a class that joins at once waits for one copy, not for thirty
            if (content := self._gray.get(key)) is None:
                content = await self._hub.parts.pictures.run(gray_copy, arrange(lightness, turn, crop))
                self._gray[key] = content
                if len(self._gray) > GRAY_COPIES_KEPT:
                    self._gray.popitem(last=False)
            self._gray.move_to_end(key)
        return content

    async def thumb(self, request: Request) -> Response:
        """The room's picture, small."""
        _, room, _ = await self._visit(request, "look")
        content, painting = await self._hub.paint(room.room_id)
        lightness = await self._hub.parts.files.run(self._hub.parts.photographs.lightness, room.room_id)
        shown = arrange(lightness, content.turn, content.crop)
        thumbnail = await self._hub.parts.pictures.run(colored_thumbnail, shown, painting.ab)
        return Response(thumbnail, media_type="image/webp")

    async def export(self, request: Request) -> Response:
        """A ticket for the picture at full size."""
        self._origins.check(request.headers)
        _, room, _ = await self._visit(request, "export")
        body = b""
        async for chunk in body_of(request):
            body += chunk
            if len(body) > REQUEST_BYTES_MAX:
                raise errors.RequestMalformed()
        try:
            wanted = msgspec.json.decode(body or b"{}", type=_Export)
        except msgspec.DecodeError as error:
            raise errors.RequestMalformed() from error
        if wanted.format != "png":
            raise errors.RequestMalformed("The picture can be had as png.")
        return told({"ticket": await self._downloads.make(room.room_id, room.state.title)}, 201)

    async def recipe(self, request: Request) -> Response:
        """The room's hints as a file that another room, or `chromavive colorize`, can take up."""
        _, room, _ = await self._visit(request, "recipe")
        engine = self._hub.engine_info
        network = engine.networks[room.engine.network]
        recipe = recipe_of(
            room.state,
            network=network.name,
            weights_hash=network.weights_hash,
            precision=network.precision,
            device=engine.device,
            threads=engine.threads,
            versions=painting_versions(),
        )
        headers = {"Content-Disposition": 'attachment; filename="recipe.json"'}
        return Response(encode_recipe(recipe), media_type="application/json", headers=headers)

    async def ticket(self, request: Request) -> Response:
        """The file of a ticket, once."""
        if request.method == "HEAD":  # which Starlette lets in with GET: to look must not use the ticket up
            return Response(status_code=405, headers={"Allow": "GET"})
        return self._downloads.redeem(request.path_params["ticket"])

    async def remove(self, request: Request) -> Response:
        """Deletes the room; only its owner can."""
        self._origins.check(request.headers)
        _, room, _ = await self._visit(request, "delete")
        await self._hub.forget(room.room_id)
        for key in [key for key in self._gray if key[0] == room.room_id]:
            self._gray.pop(key, None)
        return Response(status_code=204)

    async def _visit(self, request: Request, what: str) -> tuple[RoomTask, Room, Role]:
        """The room, if the request's capability opens it and its role may do this.

        Raises:
            NoSuchRoom: no such room, or the capability does not open it; nobody can tell which.
            NotAllowed, ExportNotAllowed: the room opens, but not for this.
        """
        capability = bearer(request)
        if not capability:
            raise errors.NoSuchRoom()
        task, room = await self._hub.room(request.path_params["room"])
        role = room.role_of(capability)
        if role is None:
            raise errors.NoSuchRoom()
        try:
            rights.check(role, what, room.state)
        except errors.NotAllowed as error:
            if what == "export":
                raise errors.ExportNotAllowed() from error
            raise
        return task, room, role


def _opened(opened: OpenedRoom) -> Response:
    links = {"owner": opened.links.owner, "editor": opened.links.editor, "viewer": opened.links.viewer}
    return told({"room": opened.room_id, "capability": opened.links.owner, "links": links}, 201)


async def _file(path: Path) -> AsyncIterator[bytes]:
    yield path.read_bytes()


def _shown(request: Request, room: Room) -> tuple[int, Crop]:
    """The turn and crop that the query names, or the room's own."""
    turn_text, crop_text = request.query_params.get("turn"), request.query_params.get("crop")
    try:
        turn = room.state.turn if turn_text is None else int(turn_text) % 4
        if crop_text is None:
            return turn, room.state.crop
        left, top, right, bottom = (float(part) for part in crop_text.split(","))
    except ValueError as error:
        raise errors.RequestMalformed() from error
    if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
        raise errors.RequestMalformed()
    return turn, (left, top, right, bottom)
