"""Downloads: a POST makes the file and answers a ticket, which one GET turns into the file (R13)."""

import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.responses import FileResponse

from chromavive import errors, ids
from chromavive.pictures.display import arrange
from chromavive.pictures.export import export_png
from chromavive.runtime.hub import Hub

TICKETS_MAX = 256
"""Files that wait to be fetched; with more, the oldest is dropped."""


@dataclass(frozen=True, slots=True)
class _Ticket:
    path: Path
    name: str
    until_seconds: float


class Downloads:
    """The tickets of this process, and the files that they stand for."""

    def __init__(self, hub: Hub, folder: Path) -> None:
        self._hub = hub
        self._folder = folder
        self._tickets: dict[str, _Ticket] = {}  # oldest first; bounded by TICKETS_MAX
        self._making = 0
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.iterdir():
            left.unlink()

    async def make(self, room_id: str, title: str) -> str:
        """A ticket for the room's picture as PNG at full size.

        Raises:
            ServerBusy: as many are being made as may be.
        """
        async with self.making() as path:
            content, painting = await self._hub.paint(room_id)
            parts = self._hub.parts
            lightness = arrange(await parts.files.run(parts.photographs.lightness, room_id), content.turn, content.crop)
            await parts.pictures.run(export_png, lightness, painting.ab, path)
        return self._issue(path, _file_name(title))

    @asynccontextmanager
    async def making(self) -> AsyncIterator[Path]:
        """A fresh file for a picture, removed if making it fails; afterwards it is the caller's.

        Raises:
            ServerBusy: as many are being made as may be.
        """
        if self._making >= self._hub.settings.exports_max:
            raise errors.ServerBusy()
        self._making += 1
        descriptor, name = tempfile.mkstemp(".png", dir=self._folder)
        os.close(descriptor)
        path = Path(name)
        try:
            yield path
        except BaseException:
            path.unlink()
            raise
        finally:
            self._making -= 1

    def _issue(self, path: Path, name: str) -> str:
        self._sweep()
        while len(self._tickets) >= TICKETS_MAX:
            self._drop(next(iter(self._tickets)))
        ticket = ids.new_secret()
        until = self._hub.parts.clock.now_seconds() + self._hub.settings.ticket_seconds
        self._tickets[ticket] = _Ticket(path, name, until)
        return ticket

    def redeem(self, ticket: str) -> FileResponse:
        """The file, this once; it is removed when it was sent.

        Raises:
            TicketSpent: fetched already, too old, or never issued.
        """
        self._sweep()
        found = self._tickets.pop(ticket, None)
        if found is None:
            raise errors.TicketSpent()
        removed = BackgroundTask(found.path.unlink, missing_ok=True)
        return FileResponse(found.path, media_type="image/png", filename=found.name, background=removed)

    def _sweep(self) -> None:
        now = self._hub.parts.clock.now_seconds()
        for ticket in [ticket for ticket, each in self._tickets.items() if each.until_seconds < now]:
            self._drop(ticket)

    def _drop(self, ticket: str) -> None:
        self._tickets.pop(ticket).path.unlink(missing_ok=True)


def _file_name(title: str) -> str:
    kept = "".join(letter for letter in title if letter.isalnum() or letter in " -_").strip()
    return f"{kept or 'colored'}.png"
