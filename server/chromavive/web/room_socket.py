"""A room's web socket: Starlette's, as the connection wants it."""

import socket as sockets
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

from chromavive import limits
from chromavive.errors import OriginRefused
from chromavive.runtime.connection import SocketGone
from chromavive.runtime.hub import Hub
from chromavive.web.addresses import peer_of
from chromavive.web.answers import refusal
from chromavive.web.origins import Origins

_ABORT = "abort"
_TOO_BIG = 1009


class SocketProtocol(WebSocketsSansIOProtocol):
    """Uvicorn's protocol, whose transport can be cut off: a close that waits to be flushed waits for ever (R8)."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        raw = transport.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_SNDBUF, limits.SEND_BUFFER_BYTES)
        if raw is not None and hasattr(sockets, "TCP_USER_TIMEOUT"):
            milliseconds = int(limits.WRITE_SECONDS_MAX * 1000)
            raw.setsockopt(sockets.IPPROTO_TCP, sockets.TCP_USER_TIMEOUT, milliseconds)

    def handle_cont(self, event: Frame) -> None:
        """A message in more pieces than it may have ends the connection as one with too many bytes does."""
        if len(self.frames) < limits.MESSAGE_PIECES_MAX:
            super().handle_cont(event)
        elif not self.close_sent:
            self.conn.fail(_TOO_BIG, f"A message may come in {limits.MESSAGE_PIECES_MAX} pieces.")
            self.handle_parser_exception()

    def send_receive_event_to_app(self) -> None:
        """A text that is no UTF-8 goes on as bytes, which are refused: its page must not come back for ever (R10)."""
        if self.curr_msg_data_type == "text":
            try:
                b"".join(self.frames).decode()
            except UnicodeDecodeError:
                self.curr_msg_data_type = "bytes"
        super().send_receive_event_to_app()

    async def send(self, message: Any) -> None:
        """As uvicorn's, which takes a socket that was refused in full for one that the application forgot."""
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and self.close_sent:
            self.handshake_complete = True

    async def run_asgi(self) -> None:
        self.scope["state"][_ABORT] = self.transport.abort
        try:
            await super().run_asgi()
        finally:
            self.loop.call_later(limits.WRITE_SECONDS_MAX, self.transport.abort)


class StarletteSocket:
    """A `runtime.connection.Socket`."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket

    async def receive(self) -> str | bytes:
        try:
            message = await self._socket.receive()
        except RuntimeError as error:  # Starlette's WebSocketDisconnected is one
            raise SocketGone from error
        if message["type"] == "websocket.disconnect":
            raise SocketGone
        text: str | None = message.get("text")
        if text is not None:
            return text
        data: bytes = message["bytes"]
        return data

    async def send(self, data: str | bytes) -> None:
        try:
            if isinstance(data, str):
                await self._socket.send_text(data)
            else:
                await self._socket.send_bytes(data)
        except (WebSocketDisconnect, RuntimeError) as error:
            raise SocketGone from error

    async def close(self, code: int, reason: str) -> None:
        try:
            await self._socket.close(code, reason)
        except (WebSocketDisconnect, RuntimeError) as error:
            raise SocketGone from error

    def abort(self) -> None:
        abort = getattr(self._socket.state, _ABORT, None)
        if abort is not None:
            abort()


class RoomSocket:
    """The endpoint: a foreign origin is refused before the socket is accepted; the rest is the hub's."""

    def __init__(self, hub: Hub, origins: Origins) -> None:
        self._hub = hub
        self._origins = origins

    async def serve(self, socket: WebSocket) -> None:
        try:
            self._origins.check(socket.headers)
        except OriginRefused as error:
            await socket.send_denial_response(refusal(error))
            return
        await socket.accept()
        await self._hub.serve(StarletteSocket(socket), socket.path_params["room"], peer_of(socket.scope))
