"""The photograph as pages draw it: the gray copy, and tiles where somebody looks closer."""

import asyncio
import hashlib

import numpy as np
from numpy.typing import NDArray
from starlette.requests import Request
from starlette.responses import Response

from chromavive import errors
from chromavive.hints.state import State
from chromavive.pictures.display import arrange, gray_copy
from chromavive.pictures.tiles import gray_tile, has_tile
from chromavive.runtime.hub import Hub
from chromavive.web.kept import Kept
from chromavive.web.visits import visit

GRAY_COPIES_BYTES_MAX = 64_000_000
"""Gray copies in memory, about 2 MB each: everybody who joins a room asks for the same one."""

TILES_BYTES_MAX = 64_000_000
"""Tiles in memory, about 120 kB each: some 25 screens, or twice a photograph of 50 megapixels whole."""

TILES_AT_ONCE = 2
"""Tiles being made; what waits behind them is dropped unmade if the page that wanted it has moved on."""

TILES_WAITING_MAX = 400
"""Requests that wait for a tile: a hundred pages, each with as many as it asks for at once."""

TILE_KEPT_SECONDS = 86_400
"""How long a browser keeps tiles: going back to a part of the picture asks for nothing that day."""


class GrayRoutes:
    """The endpoints of the photograph's lightness."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._copies = Kept(GRAY_COPIES_BYTES_MAX)
        self._tiles = Kept(TILES_BYTES_MAX)
        self._slots = asyncio.Semaphore(TILES_AT_ONCE)
        self._waiting = 0
        hub.forgetting.append(self._forget)

    async def gray(self, request: Request) -> Response:
        """The gray picture that pages draw on, as the room is turned and cropped."""
        room_id, state = await self._as_shown(request)

        async def made() -> bytes:
            return await self._hub.parts.grays.run(gray_copy, await self._lightness(room_id, state))

        content = await self._copies.get((room_id, (state.turn, state.crop)), made)
        height, width = state.shown_size()
        return Response(content, media_type="image/webp", headers={"X-Full-Size": f"{height}x{width}"})

    async def tile(self, request: Request) -> Response:
        """A tile of the photograph, as the room is turned and cropped."""
        room_id, state = await self._as_shown(request)
        place = _place(request)
        if not has_tile(*state.shown_size(), *place):
            raise errors.RequestMalformed("The picture has no such tile.")
        named = f"{state.photograph.sha256} {state.turn} {state.crop} {place}"
        headers = {
            # A photograph never changes; what is turned or cropped otherwise has another address.
            "ETag": f'"{hashlib.sha256(named.encode()).hexdigest()[:32]}"',
            "Cache-Control": f"private, max-age={TILE_KEPT_SECONDS}, immutable",
            "Vary": "Authorization",
        }
        if headers["ETag"] in (known.strip() for known in request.headers.get("if-none-match", "").split(",")):
            return Response(status_code=304, headers=headers)

        async def made() -> bytes:
            async with self._slots:
                if await request.is_disconnected():
                    raise errors.RequestMalformed("The request was broken off.")
                return await self._hub.parts.grays.run(gray_tile, await self._lightness(room_id, state), *place)

        if self._waiting >= TILES_WAITING_MAX:
            raise errors.ServerBusy()
        self._waiting += 1
        try:
            content = await self._tiles.get((room_id, (state.turn, state.crop, place)), made)
        finally:
            self._waiting -= 1
        return Response(content, media_type="image/webp", headers=headers)

    def _forget(self, room_id: str) -> None:
        self._copies.forget(room_id)
        self._tiles.forget(room_id)

    async def _as_shown(self, request: Request) -> tuple[str, State]:
        """The room's id and state, if the request may look at it and asks for it as it is turned and cropped now.

        Raises:
            ShownOtherwise: an entry that changed it is on its way to whoever asks. Pictures of any crop at all could
                be had without end.
        """
        _, room, _ = await visit(self._hub, request, "look")
        turn_text, crop_text = request.query_params.get("turn"), request.query_params.get("crop")
        try:
            turn = room.state.turn if turn_text is None else int(turn_text)
            crop = room.state.crop if crop_text is None else tuple(float(part) for part in crop_text.split(","))
        except ValueError as error:
            raise errors.RequestMalformed() from error
        if (turn, crop) != (room.state.turn, room.state.crop):
            raise errors.ShownOtherwise()
        return room.room_id, room.state

    async def _lightness(self, room_id: str, state: State) -> NDArray[np.uint16]:
        """(H, W) of the picture as shown; mapped, so that only what is used of it is read."""
        lightness = await self._hub.parts.files.run(self._hub.parts.photographs.lightness, room_id)
        return arrange(lightness, state.turn, state.crop)


def _place(request: Request) -> tuple[int, int, int]:
    """Level, column and row of the tile that is asked for."""
    try:
        level = int(request.query_params.get("level", "0"))
        return level, int(request.path_params["x"]), int(request.path_params["y"])
    except ValueError as error:
        raise errors.RequestMalformed() from error
