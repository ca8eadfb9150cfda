"""Photographs that come in: received, decoded, and opened as rooms or colored at once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chromavive import errors, ids, logs
from chromavive.colorizer.contract import Painting
from chromavive.hints.entry import Opened, Photograph, decode_entry
from chromavive.hints.recipe import Recipe, fresh_state
from chromavive.journal.contract import Appended, Record
from chromavive.pictures.contract import DecodedMeta
from chromavive.pictures.display import arrange, working_lightness
from chromavive.room.effects import Content
from chromavive.room.looks import content_of
from chromavive.room.opening import links_of, opening_entry
from chromavive.runtime.parts import Parts
from chromavive.runtime.passes import Passes
from chromavive.runtime.uploads import check_disk, full_disk_named, receive
from chromavive.settings import Settings
from chromavive.wire.messages import Links

Unpack = Callable[[Path], Awaitable[None]]
TakeApart = Callable[[Path], tuple[Sequence[Record], Links]]

_NO_SPACE = "The server's disk has no room for this photograph. Whoever runs it has to make some."


@dataclass(frozen=True, slots=True)
class OpenedRoom:
    """A room that was just opened, and the only time that all of its capabilities are known here."""

    room_id: str
    links: Links


class Arrivals:
    """Photographs on their way in, as many at once as uploads_max. network: of new rooms."""

    def __init__(
        self, parts: Parts, passes: Passes, network: str, settings: Settings, leaving: Callable[[], bool]
    ) -> None:
        self._parts = parts
        self._passes = passes
        self.network = network
        self._settings = settings
        self._leaving = leaving
        self._uploads = 0
        self._unpacking = asyncio.Semaphore(1)  # a stranger's backup takes some 300 MB of memory at most

    async def open_room(self, upload: AsyncIterator[bytes], title: str) -> OpenedRoom:
        """A new room with this photograph: decoded, stored and synced, then in the journal (R1).

        Raises:
            RequestRefused: one leaf for each reason; nothing is left of the upload.
        """
        async with self.arrived(upload) as (room_id, decoded):
            stored = await self._parts.files.run(self._parts.photographs.put, room_id, decoded)
            photograph = Photograph(stored.sha256, decoded.height, decoded.width, decoded.had_colors)
            return await self._append_opened(room_id, photograph, title)

    async def open_backup(self, upload: AsyncIterator[bytes], bytes_max: int, take_apart: TakeApart) -> OpenedRoom:
        """Another room out of a backup: its photograph through the door, then its entries into the journal (R1).

        take_apart: gives records and links, and leaves the photograph in the file's place.

        Raises:
            RequestRefused: one leaf for each reason; nothing is left of the upload.
        """
        found: list[tuple[Sequence[Record], Links]] = []

        async def unpack(path: Path) -> None:
            async with self._unpacking:
                found.append(await self._parts.pictures.run(take_apart, path))

        async with self.arrived(upload, bytes_max, unpack) as (room_id, decoded):
            [(records, links)] = found
            opened = decode_entry(records[0].payload).changes[0]
            sha256 = await self._parts.files.run(self._parts.photographs.arrived_sha256, room_id)
            named = Photograph(sha256, decoded.height, decoded.width, decoded.had_colors)
            if not isinstance(opened, Opened) or opened.photograph != named:
                raise errors.BackupUnreadable("The photograph in the backup is not the one that its entries name.")
            await self._parts.files.run(self._parts.photographs.put, room_id, decoded)
            return await self._append(room_id, records, named, links)

    async def colorize(
        self,
        arrival_id: str,
        decoded: DecodedMeta,
        network: str,
        recipe: Recipe | None = None,
        vividness: float | None = None,
    ) -> tuple[NDArray[np.uint16], Content, Painting]:
        """A photograph that has arrived, with a recipe's hints or none: its lightness as shown, its look, its colors.

        vividness: where it is not the recipe's, or 0 without one. The lightness, (H, W) uint16, may be mapped: it lasts
        until the arrival is abandoned.

        Raises:
            EngineFailed: the pass did not end well.
        """
        files, photographs = self._parts.files, self._parts.photographs
        sha256 = await files.run(photographs.arrived_sha256, arrival_id)
        photograph = Photograph(sha256, decoded.height, decoded.width, decoded.had_colors)
        state = fresh_state(photograph, network, recipe, vividness)
        content = content_of(state, state.hints, network)
        lightness = arrange(await files.run(photographs.arrived_lightness, arrival_id), content.turn, content.crop)
        working = await self._parts.pictures.run(working_lightness, lightness)
        return lightness, content, await self._passes.ask(arrival_id, content, working)

    @asynccontextmanager
    async def arrived(
        self, upload: AsyncIterator[bytes], bytes_max: int | None = None, unpack: Unpack | None = None
    ) -> AsyncIterator[tuple[str, DecodedMeta]]:
        """An upload, received and decoded under a fresh room id; what was not put by then is abandoned.

        bytes_max: where it is not a photograph's. unpack: makes a photograph of what was received.

        Raises:
            RequestRefused: one leaf for each reason.
            DiskFull: there is no room for it.
        """
        most = self._settings.uploads_max
        if self._leaving():
            raise errors.ServerBusy()
        if self._uploads >= most:
            raise errors.ServerBusy(
                f"The server takes {most} photographs at once, and they are on their way. Try again in a moment."
            )
        files, photographs = self._parts.files, self._parts.photographs
        self._uploads += 1
        room_id = ids.new_room_id()
        try:
            with full_disk_named(_NO_SPACE):
                check_disk(await files.run(photographs.free_bytes), self._uploads, self._settings)
                arrival = await files.run(photographs.arrival, room_id)
                await receive(upload, arrival.original, files, self._settings, bytes_max)
                if unpack is not None:
                    await unpack(arrival.original)
                yield room_id, await self._parts.decoder.decode(arrival.original, arrival.lightness)
        finally:
            self._uploads -= 1
            await files.run(photographs.abandon, room_id)

    async def _append_opened(self, room_id: str, photograph: Photograph, title: str) -> OpenedRoom:
        owner = ids.new_secret()
        entry = opening_entry(photograph, self.network, title, owner, self._parts.clock.unix_seconds())
        record = Record(entry.revision, entry.seat, entry.number, entry.payload, entry.sealed)
        return await self._append(room_id, [record], photograph, links_of(owner, {"editor": 0, "viewer": 0}))

    async def _append(
        self, room_id: str, records: Sequence[Record], photograph: Photograph, links: Links
    ) -> OpenedRoom:
        outcome = await self._parts.journal.append(room_id, 0, records)
        if not isinstance(outcome, Appended) and await self._parts.journal.read(room_id) != list(records):
            await self._parts.files.run(self._parts.photographs.forget, room_id)
            raise errors.ServerBusy()
        logs.event("room_opened", room=room_id, height_px=photograph.height_px, width_px=photograph.width_px)
        return OpenedRoom(room_id, links)
