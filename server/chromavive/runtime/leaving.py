"""How a server leaves (R11): when its members come back, and how long the requests under way may still take."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from chromavive import errors, limits


def return_seconds(position: int, members: int) -> float:
    """When the member at this position, from 0, of so many is to come back: evenly spread, at most so many a second."""
    window = limits.RETURN_SECONDS_MAX - limits.RETURN_SECONDS_MIN
    a_second = max(float(limits.RETURNS_A_SECOND), members / window)
    return limits.RETURN_SECONDS_MIN + min(window, position / a_second)


class RequestsUnderWay:
    """The requests that are being answered; on_quiet is called when the last one has ended."""

    def __init__(self, on_quiet: Callable[[], None]) -> None:
        self._on_quiet = on_quiet
        self._ends: set[asyncio.Timeout] = set()  # bounded by the open sockets
        self._until: float | None = None

    def __len__(self) -> int:
        return len(self._ends)

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Around one request, which is cancelled where the server cannot wait for it.

        Raises:
            ServerBusy: it was.
        """
        end = asyncio.timeout_at(self._until)
        try:
            async with end:
                self._ends.add(end)
                yield
        except TimeoutError:
            if not end.expired():
                raise
            raise errors.ServerBusy("The server is restarting. Ask again in a moment.") from None
        finally:
            self._ends.discard(end)
            if not self._ends:
                self._on_quiet()

    def end_by(self, loop_seconds: float | None) -> None:
        """Cancels what is under way at that time of the loop, and what comes until then with it."""
        self._until = loop_seconds
        for end in self._ends:
            end.reschedule(loop_seconds)
