"""The photograph as pages draw it: the gray copy, tiles where somebody looks closer, and the colors set aside."""

import asyncio
import hashlib
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from starlette.requests import Request
from starlette.responses import Response

from chromavive import errors
from chromavive.color.sizes import working_size
from chromavive.hints.state import State
from chromavive.pictures.contract import AsideWish
from chromavive.pictures.display import gray_copy
from chromavive.pictures.frames import encode_chroma
from chromavive.pictures.tiles import gray_tile, has_tile
from chromavive.runtime.hub import Hub
from chromavive.runtime.uploads import full_disk_named
from chromavive.web.kept import Kept
from chromavive.web.visits import visit
from chromavive.wire.frame import FrameHeader, pack_frame

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

SET_ASIDE_BYTES_MAX = 16_000_000
"""Photographs' own colors in memory, 70 to 90 kB each: making one takes a child process a second or more."""

SET_ASIDE_WAITING_MAX = 64
"""Requests that wait for them. One at a time is made: the other child process decodes what people upload."""

_NO_SPACE = "The server's disk has no room for a photograph's colors. Whoever runs it has to make some."


class GrayRoutes:
    """The endpoints of the photograph's lightness, and of the colors that it came with."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._copies = Kept(GRAY_COPIES_BYTES_MAX)
        self._tiles = Kept(TILES_BYTES_MAX)
        self._aside = Kept(SET_ASIDE_BYTES_MAX)
        self._slots = asyncio.Semaphore(TILES_AT_ONCE)
        self._waiting = 0
        self._aside_turn = asyncio.Semaphore(1)
        self._aside_waiting = 0
        hub.forgetting.append(self._forget)

    async def gray(self, request: Request) -> Response:
        """The gray picture that pages draw on, as the room is turned and cropped."""
        room_id, state = await self._as_shown(request)

        async def made() -> bytes:
            return await self._hub.parts.grays.run(
                gray_copy, await self._hub.parts.shown(room_id, state.turn, state.crop)
            )

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
                return await self._hub.parts.grays.run(
                    gray_tile, await self._hub.parts.shown(room_id, state.turn, state.crop), *place
                )

        if self._waiting >= TILES_WAITING_MAX:
            raise errors.ServerBusy()
        self._waiting += 1
        try:
            content = await self._tiles.get((room_id, (state.turn, state.crop, place)), made)
        finally:
            self._waiting -= 1
        return Response(content, media_type="image/webp", headers=headers)

    async def set_aside(self, request: Request) -> Response:
        """The colors that the photograph came with, as the room is turned and cropped: a chroma frame, lossless.

        Raises:
            NothingSetAside: it came without.
        """
        room_id, state = await self._as_shown(request)
        if not state.photograph.had_colors:
            raise errors.NothingSetAside()

        async def made() -> bytes:
            async with self._aside_turn:
                if await request.is_disconnected():
                    raise errors.RequestMalformed("The request was broken off.")
                colors = await self._colors(room_id, state)
            chroma = await self._hub.parts.grays.run(encode_chroma, colors, True)
            ranges = (chroma.a_offset, chroma.a_step, chroma.b_offset, chroma.b_step)
            size = (chroma.height_px, chroma.width_px)
            header = FrameHeader("0" * 16, 0, 0, True, "", *size, *ranges, 0.0, chroma.payload_type)
            return pack_frame(header, chroma.payload)

        if self._aside_waiting >= SET_ASIDE_WAITING_MAX:
            raise errors.ServerBusy()
        self._aside_waiting += 1
        try:
            content = await self._aside.get((room_id, (state.turn, state.crop)), made)
        finally:
            self._aside_waiting -= 1
        return Response(content, media_type="application/octet-stream")

    async def _colors(self, room_id: str, state: State) -> NDArray[np.float32]:
        """(2, h, w) a and b as shown, at the working size or the photograph's own; from the bytes that were kept."""
        parts = self._hub.parts
        wish = AsideWish(*working_size(*state.shown_size()), state.turn, state.crop)
        with tempfile.TemporaryDirectory(prefix="chromavive-") as folder, full_disk_named(_NO_SPACE):
            path = Path(folder) / "colors.npy"
            try:
                await parts.decoder.decode(parts.photographs.files(room_id).original, path, wish)
            except FileNotFoundError:
                raise errors.PhotographMissing() from None
            return await parts.files.run(np.load, path)

    def _forget(self, room_id: str) -> None:
        self._aside.forget(room_id)
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


def _place(request: Request) -> tuple[int, int, int]:
    """Level, column and row of the tile that is asked for."""
    try:
        level = int(request.query_params.get("level", "0"))
        return level, int(request.path_params["x"]), int(request.path_params["y"])
    except ValueError as error:
        raise errors.RequestMalformed() from error
