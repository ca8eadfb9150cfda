"""What a hub is made of."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chromavive.hints.entry import Crop
from chromavive.pictures.display import arrange
from chromavive.pictures.store import PhotographStore
from chromavive.runtime.child import PhotographDecoder
from chromavive.runtime.clock import Clock
from chromavive.runtime.engine_thread import AsyncEngine
from chromavive.runtime.journal_thread import AsyncJournal
from chromavive.runtime.workers import Worker


@dataclass(frozen=True, slots=True)
class Parts:
    """What a hub is made of; each has a double.

    files reads and writes what lies on the disk, which is quick. pictures makes the pictures of requests: one may take
    half a minute, for which nobody else should wait. grays makes what a page needs before it can show anything, and
    closer. frames encodes chroma frames and has one thread.
    """

    journal: AsyncJournal
    engine: AsyncEngine
    photographs: PhotographStore
    decoder: PhotographDecoder
    files: Worker
    pictures: Worker
    grays: Worker
    frames: Worker
    clock: Clock

    async def shown(self, room_id: str, turn: int, crop: Crop) -> NDArray[np.uint16]:
        """The room's lightness turned and cropped, (H, W), CIE L 0..100 as 0..65535.

        It is mapped, so that only what is used of it is read.

        Raises:
            PhotographMissing: the room was deleted meanwhile, or the disk has lost it.
        """
        return arrange(await self.files.run(self.photographs.lightness, room_id), turn, crop)
