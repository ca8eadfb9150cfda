"""HTTP/1.1 of uvicorn, with a bound on the time that the head of a request may take."""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from chromavive import limits


class RequestProtocol(H11Protocol):
    """Cuts off who opens a connection and says nothing, or drips: uvicorn waits for a head as long as it takes."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._unwatch()
        super().connection_lost(exc)

    def _watch(self) -> None:
        """Starts the time where a head is waited for, and ends it where one has come."""
        if self.conn.their_state is not h11.IDLE or self.transport.get_protocol() is not self:
            self._unwatch()
        elif self._late is None:
            self._late = self.loop.call_later(limits.HEAD_SECONDS_MAX, self._cut_off)

    def _unwatch(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _cut_off(self) -> None:
        self._late = None
        if self.conn.their_state is h11.IDLE and self.transport.get_protocol() is self:
            self.transport.abort()
