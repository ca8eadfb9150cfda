"""A room's backup: taken by its owner and editors, opened by anybody as another room."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from chromavive import errors, ids
from chromavive.pictures.contract import PhotographLimits
from chromavive.room.room import Room
from chromavive.room_file import BACKUP_ENTRIES_BYTES_MAX, BACKUP_ENTRIES_MAX, take_apart, write_backup
from chromavive.runtime.hub import Hub
from chromavive.web.answers import body_of, check_password, told
from chromavive.web.bodies import Ticket
from chromavive.web.downloads import Downloads
from chromavive.web.names import name_of_backup
from chromavive.web.origins import Origins
from chromavive.web.progress import while_connected
from chromavive.web.room_routes import opened
from chromavive.web.visits import visit

PAGE_ENTRIES = 100
"""Entries read at once: the journal's thread serves others in between. One may have 250 kB."""


class BackupRoutes:
    """The endpoints of backups."""

    def __init__(self, hub: Hub, origins: Origins, downloads: Downloads) -> None:
        self._hub = hub
        self._origins = origins
        self._downloads = downloads

    async def make(self, request: Request) -> Response:
        """A ticket for a file of the room's photograph and entries."""
        self._origins.check(request.headers)
        _, room, _ = await visit(self._hub, request, "backup")
        return told(await while_connected(request, self._ticket_for(room)), 201)

    async def _ticket_for(self, room: Room) -> Ticket:
        parts = self._hub.parts
        async with self._downloads.place(".chromavive") as path:
            payloads = await self._payloads(room)
            try:
                await parts.pictures.run(write_backup, path, payloads, parts.photographs.files(room.room_id).original)
            except FileNotFoundError:
                raise errors.PhotographMissing() from None
            await self._hub.room(room.room_id)  # of one that was deleted meanwhile nothing is given any more
        name = name_of_backup(room.state.title)
        return Ticket(self._downloads.issue(room.room_id, path, name, "application/octet-stream"))

    async def _payloads(self, room: Room) -> list[bytes]:
        """What members get of the room's entries: no sealed part."""
        payloads: list[bytes] = []
        size, newest = 0, room.revision
        if newest > BACKUP_ENTRIES_MAX:
            raise errors.BackupTooLong()
        while len(payloads) < newest:
            most = min(PAGE_ENTRIES, newest - len(payloads))
            page = await self._hub.parts.journal.read(room.room_id, len(payloads), most)
            if len(page) < most:
                raise errors.NoSuchRoom()  # deleted meanwhile
            payloads += [record.payload for record in page]
            size += sum(len(record.payload) + 1 for record in page)
            if size > BACKUP_ENTRIES_BYTES_MAX:
                raise errors.BackupTooLong()
        return payloads

    async def open(self, request: Request) -> Response:
        """Another room, with the backup in the body; its links are new."""
        self._origins.check(request.headers)
        settings = self._hub.settings
        check_password(request, settings.create_password)
        limits = PhotographLimits(settings.upload_bytes_max, settings.pixels_max)
        now = self._hub.parts.clock.unix_seconds()
        parts = partial(take_apart, limits=limits, owner=ids.new_secret(), unix_seconds=now)
        bytes_max = settings.upload_bytes_max + BACKUP_ENTRIES_BYTES_MAX
        return opened(await self._hub.arrivals.open_backup(body_of(request), bytes_max, parts))
