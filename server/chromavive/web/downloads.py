"""Downloads: a POST makes the file and answers a ticket, which one GET turns into the file (R13)."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from starlette.responses import FileResponse
from starlette.types import Message, Receive, Scope, Send

from chromavive import errors, ids, limits, logs
from chromavive.pictures.export import write_export
from chromavive.pictures.export_form import ExportForm, Provenance
from chromavive.runtime.content import provenance
from chromavive.runtime.hub import Hub
from chromavive.runtime.uploads import check_disk, full_disk_named
from chromavive.web.names import name_of_export

TICKETS_MAX = 256
"""Files that wait to be fetched; with more, the oldest is dropped."""

_NO_SPACE = "The server's disk has no room for this download. Whoever runs it has to make some."


class GivenUp(Exception):
    """Nobody waits any more for what a thread is making; raised in that thread and heard by nobody."""


class Progress:
    """How far an export is, told by the thread that makes it; and whether it is still wanted."""

    def __init__(self) -> None:
        self.share = 0.0
        self._wanted = True

    def tell(self, share: float) -> None:
        """This much of it is done, 0 to 1.

        Raises:
            GivenUp: it is not wanted any more.
        """
        if not self._wanted:
            raise GivenUp
        self.share = share

    def give_up(self) -> None:
        """Let the thread stop after the band it is at."""
        self._wanted = False


@dataclass(frozen=True, slots=True)
class Making:
    """A picture under way, and its file."""

    path: Path
    form: ExportForm
    progress: Progress

    def write(self, lightness: NDArray[np.uint16], ab: NDArray[np.float32], made: Provenance) -> None:
        """Writes the file, in a thread. Whoever gives up removes it too, whichever of both comes last.

        Raises:
            DiskFull: there is no room for it.
        """
        try:
            with full_disk_named(_NO_SPACE):
                write_export(lightness, ab, self.form, made, self.path, self.progress.tell)
        except BaseException:
            self.path.unlink(missing_ok=True)
            raise


@dataclass(frozen=True, slots=True)
class _Ticket:
    room_id: str
    path: Path
    name: str
    media_type: str
    until_seconds: float


class Downloads:
    """The tickets of this process, and the files that they stand for."""

    def __init__(self, hub: Hub, folder: Path) -> None:
        self._hub = hub
        self._folder = folder
        self._tickets: dict[str, _Ticket] = {}  # oldest first; bounded by TICKETS_MAX
        self._making = 0
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # as the photographs'
        folder.chmod(0o700)
        for left in folder.iterdir():
            left.unlink()
        hub.sweeps.append(self._sweep)
        hub.forgetting.append(self._forget)

    async def make(self, room_id: str, title: str, form: ExportForm, progress: Progress) -> str:
        """A ticket for the room's picture at full size.

        Raises:
            ServerBusy: as many are being made as may be.
            NoSuchRoom: it was deleted meanwhile.
            PictureTooLarge: the format holds no picture of that size.
        """
        async with self.making(form, progress) as making:
            content, painting = await self._hub.paint(room_id)
            parts = self._hub.parts
            lightness = await parts.shown(room_id, content.turn, content.crop)
            made = provenance(content, self._hub.engine_info)
            await parts.pictures.run(making.write, lightness, painting.ab, made)
            await self._hub.room(room_id)  # of one that was deleted meanwhile nothing is given any more
        return self.issue(room_id, making.path, name_of_export(title, form), form.media_type)

    @asynccontextmanager
    async def making(self, form: ExportForm, progress: Progress) -> AsyncIterator[Making]:
        """A fresh file for a picture; otherwise as `place`."""
        async with self.place(form.suffix) as path:
            try:
                yield Making(path, form, progress)
            except BaseException:
                progress.give_up()  # before the file goes: a thread still at it removes what it made after this
                raise

    @asynccontextmanager
    async def place(self, suffix: str) -> AsyncIterator[Path]:
        """A fresh file, removed if making it fails or is cancelled; afterwards it is the caller's.

        Raises:
            ServerBusy: as many are being made as may be.
            DiskNearlyFull: the disk has no room for another.
        """
        check_disk(await self._hub.parts.files.run(self._hub.parts.photographs.free_bytes), 0, self._hub.settings)
        most = self._hub.settings.exports_max
        if self._making >= most:
            raise errors.ServerBusy(f"The server is making {most} downloads, as many at once as it may. Try again.")
        self._making += 1
        descriptor, name = tempfile.mkstemp(suffix, dir=self._folder)
        os.close(descriptor)
        try:
            yield Path(name)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        finally:
            self._making -= 1

    def issue(self, room_id: str, path: Path, name: str, media_type: str) -> str:
        """A ticket for a file of a room, which is removed with it."""
        self._sweep()
        while len(self._tickets) >= TICKETS_MAX:
            self._drop(next(iter(self._tickets)))
        ticket = ids.new_secret()
        until = self._hub.parts.clock.now_seconds() + self._hub.settings.ticket_seconds
        self._tickets[ticket] = _Ticket(room_id, path, name, media_type, until)
        return ticket

    def redeem(self, ticket: str) -> "PatientFile":
        """The file, this once; it is removed when it was sent.

        Raises:
            TicketSpent: fetched already, too old, or never issued.
        """
        self._sweep()
        found = self._tickets.pop(ticket, None)
        if found is None:
            raise errors.TicketSpent()
        return PatientFile(found.path, media_type=found.media_type, filename=found.name)

    def _sweep(self) -> None:
        now = self._hub.parts.clock.now_seconds()
        for ticket in [ticket for ticket, each in self._tickets.items() if each.until_seconds < now]:
            self._drop(ticket)

    def _forget(self, room_id: str) -> None:
        """A download of a room that was deleted cannot be fetched any more."""
        for ticket in [ticket for ticket, each in self._tickets.items() if each.room_id == room_id]:
            self._drop(ticket)

    def _drop(self, ticket: str) -> None:
        self._tickets.pop(ticket).path.unlink(missing_ok=True)


class PatientFile(FileResponse):
    """A file as an answer, which is removed afterwards; a reader who is too slow gets only the beginning of it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(limits.DOWNLOAD_SILENCE_SECONDS):
                await send(message)

        try:
            async with asyncio.timeout(limits.DOWNLOAD_SECONDS_MAX):
                await super().__call__(scope, receive, send_in_time)
        except TimeoutError:
            logs.event("download_too_slow")  # the server closes a connection whose answer is not whole
        finally:
            Path(self.path).unlink(missing_ok=True)
