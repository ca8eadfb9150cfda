"""Previews: a picture for one connection alone, painted when no room waits (R7)."""

import asyncio
from collections.abc import Mapping

from chromavive.errors import EngineFailed, PhotographMissing
from chromavive.room.effects import PaintPreview, Slot
from chromavive.runtime.connection import Connection
from chromavive.runtime.frame_sender import FrameLabel, FrameSender
from chromavive.runtime.passes import Passes
from chromavive.wire.messages import EngineChanged, encode


class Previews:
    """One under way a connection, and the newest that waits behind it. connections: the room's, by number."""

    def __init__(
        self,
        room_id: str,
        group: asyncio.TaskGroup,
        passes: Passes,
        sender: FrameSender,
        connections: Mapping[int, Connection],
    ) -> None:
        self._room_id = room_id
        self._group = group
        self._passes = passes
        self._sender = sender
        self._connections = connections
        self._waiting: dict[int, PaintPreview] = {}  # by connection, at most MEMBERS_MAX
        self._running: dict[int, asyncio.Task[None]] = {}

    def want(self, preview: PaintPreview) -> None:
        """The connection's newest wish."""
        self._waiting[preview.connection] = preview
        if preview.connection not in self._running:
            self._running[preview.connection] = self._group.create_task(self._serve(preview.connection))

    def end(self, number: int) -> None:
        """The connection wants none any more, or is gone."""
        self._waiting.pop(number, None)
        if (running := self._running.pop(number, None)) is not None:
            running.cancel()
        if (connection := self._connections.get(number)) is not None:
            connection.withdraw(Slot.PREVIEW)

    def end_all(self) -> None:
        """The room is leaving."""
        for number in list(self._running):
            self.end(number)

    async def _serve(self, number: int) -> None:
        while (preview := self._waiting.pop(number, None)) is not None:
            try:
                await self._show(preview, self._connections[number])
            except EngineFailed as error:
                self._connections[number].offer(Slot.RELIABLE, encode(EngineChanged(str(error))).decode())
            except PhotographMissing:
                break  # who deleted it closes every connection
        self._running.pop(number, None)

    async def _show(self, preview: PaintPreview, connection: Connection) -> None:
        content = preview.content
        painting = self._sender.painting_of(content) or await self._passes.ask(self._room_id, content)
        label = FrameLabel(0, preview.revision, True, content.network, preview=True)
        connection.offer_preview(await self._sender.encoded(painting, label))
