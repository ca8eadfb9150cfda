"""The newest painting of a room and the frames that it is sent as, encoded away from the loop (R7)."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from chromavive.colorizer.contract import Painting
from chromavive.pictures.frames import encode_chroma
from chromavive.room.effects import Content
from chromavive.runtime.connection import Connection
from chromavive.runtime.workers import Worker
from chromavive.wire.frame import FrameHeader, pack_frame


@dataclass(frozen=True, slots=True)
class FrameLabel:
    """What a frame says beside its epoch and its chroma."""

    look: int
    revision: int
    settled: bool
    network: str
    preview: bool = False


class FrameSender:
    """Of what waits for the codec the newest wins. welcomed: gives the connections that get frames, at each one."""

    def __init__(
        self, epoch: str, frames: Worker, group: asyncio.TaskGroup, welcomed: Callable[[], Iterable[Connection]]
    ) -> None:
        self._epoch = epoch
        self._frames = frames
        self._group = group
        self._welcomed = welcomed
        self._newest: tuple[Content, Painting] | None = None
        self._waiting: tuple[Painting, FrameLabel] | None = None
        self._encoding = False
        self._frame: tuple[int, bytes] | None = None

    def painted(self, content: Content, painting: Painting) -> None:
        """This is the newest painting now, and what it shows."""
        self._newest = (content, painting)

    def painting_of(self, content: Content) -> Painting | None:
        """The newest painting, if this is what it shows."""
        return self._newest[1] if self._newest is not None and self._newest[0] == content else None

    def send(self, look: int, revision: int, settled: bool) -> None:
        """The newest painting, as the frame of this look, to everybody."""
        assert self._newest is not None, "nothing is painted"
        content, painting = self._newest
        self._waiting = (painting, FrameLabel(look, revision, settled, content.network))
        if not self._encoding:
            self._encoding = True
            self._group.create_task(self._send_newest())

    def offer(self, connection: Connection) -> None:
        """The newest frame, if there is one, to one connection."""
        if self._frame is not None:
            connection.offer_frame(*self._frame)

    async def encoded(self, painting: Painting, label: FrameLabel) -> bytes:
        """The frame as it travels."""
        chroma = await self._frames.run(encode_chroma, painting.ab, label.settled)
        header = FrameHeader(
            epoch=self._epoch,
            look=label.look,
            revision=label.revision,
            settled=label.settled,
            network=label.network,
            height_px=chroma.height_px,
            width_px=chroma.width_px,
            a_offset=chroma.a_offset,
            a_step=chroma.a_step,
            b_offset=chroma.b_offset,
            b_step=chroma.b_step,
            pass_seconds=painting.pass_seconds,
            payload_type=chroma.payload_type,
            preview=label.preview,
        )
        return pack_frame(header, chroma.payload)

    async def _send_newest(self) -> None:
        while self._waiting is not None:
            (painting, label), self._waiting = self._waiting, None
            self._frame = (label.look, await self.encoded(painting, label))
            for connection in self._welcomed():
                self.offer(connection)
        self._encoding = False
