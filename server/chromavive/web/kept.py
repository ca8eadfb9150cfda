"""What is made once for everybody who asks for it, and kept while there is space."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable


class _Turn:
    """Those who wait for one key; the first makes what all get."""

    __slots__ = ("lock", "waiting")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.waiting = 0


class Kept:
    """Bytes by key, of at most so many bytes together; what was not asked for the longest goes first.

    A key is a room's id and what of the room it is.
    """

    def __init__(self, bytes_max: int) -> None:
        self._bytes_max = bytes_max
        self._bytes = 0
        self._kept: OrderedDict[tuple[str, Hashable], bytes] = OrderedDict()
        self._forgets = 0  # what is being made across one may be of the room that is gone
        self._turns: dict[tuple[str, Hashable], _Turn] = {}  # bounded by the requests that wait

    async def get(self, key: tuple[str, Hashable], make: Callable[[], Awaitable[bytes]]) -> bytes:
        """What is kept under the key, or is made now: at once for different keys, once for the same.

        Where making it fails, the next who waits tries.
        """
        if (content := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            return content
        turn = self._turns.setdefault(key, _Turn())
        turn.waiting += 1
        try:
            async with turn.lock:
                if (content := self._kept.get(key)) is None:
                    forgets = self._forgets
                    content = await make()
                    if forgets == self._forgets:
                        self._keep(key, content)
            return content
        finally:
            turn.waiting -= 1
            if turn.waiting == 0:
                del self._turns[key]

    def forget(self, room_id: str) -> None:
        """Let go what is kept of a room, and keep nothing of it that is being made."""
        self._forgets += 1
        for key in [key for key in self._kept if key[0] == room_id]:
            self._bytes -= len(self._kept.pop(key))

    def _keep(self, key: tuple[str, Hashable], content: bytes) -> None:
        self._kept[key] = content
        self._bytes += len(content)
        while self._bytes > self._bytes_max:
            self._bytes -= len(self._kept.popitem(last=False)[1])
