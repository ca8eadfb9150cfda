"""The follower over a real socket, on a thread of its own: it comes back by itself, as a page does (R3, R4)."""

import threading
from contextlib import suppress

import msgspec
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from chromavive import errors, ids
from chromavive.hints.edit import Edit
from chromavive.remote.requests import refusal
from chromavive.room.follower import Follower
from chromavive.room.settling import Settling
from chromavive.wire import messages
from chromavive.wire.frame import FrameHeader, unpack_frame

OPEN_SECONDS_MAX = 10.0
SILENCE_SECONDS_MAX = 15.0
"""A hub says something every 5 s; one that is silent for so long is given up, as by a page."""
BACKOFF_SECONDS = 0.5
BACKOFF_SECONDS_MAX = 10.0
"""As a page waits: doubled at each failure, of which half to all by chance; it starts over at a welcome."""
CLOSE_SECONDS_MAX = 2.0
MESSAGE_BYTES_MAX = 16 * 1024 * 1024
"""Of one message from the hub: 500 entries that clear 512 hints each would be more than any room has seen."""

_ENDS = {leaf.close_code: leaf for leaf in errors.leaves(errors.ConnectionClosed) if hasattr(leaf, "close_code")}
_TOO_BIG = 1009


class RoomConnection:
    """What is shared between the script's threads and the connection's; `changed` guards all of it."""

    def __init__(self, url: str, follower: Follower) -> None:
        self.changed = threading.Condition()
        self.follower = follower
        self.settling = Settling()
        self.links: messages.Links | None = None
        self.ended: errors.ChromaviveError | None = None
        self.palette: messages.Palette | None = None
        self.preview: tuple[FrameHeader, bytes] | None = None
        self.engine_sentence: str | None = None  # the newest that the hub said of a picture
        self.trouble = "The server did not answer in time."
        self._wish: messages.PaletteFor | messages.PreviewOf | None = None
        self._url = url
        self._socket: ClientConnection | None = None
        self._leaving = threading.Event()
        self._failures = 0
        self._return_seconds: float | None = None
        self._thread = threading.Thread(target=self._run, name="chromavive-room", daemon=True)

    def start(self) -> None:
        """Connects; the caller waits for `follower.welcome`."""
        self._thread.start()

    def close(self) -> None:
        """Leaves the room for good; safe to call twice."""
        self._stop(errors.ServerUnreachable("This script has left the room."))
        with self.changed:
            socket = self._socket
        if socket is not None:
            socket.close()
        self._thread.join(CLOSE_SECONDS_MAX)

    def edit(self, edit: Edit) -> messages.EditMessage:
        """Takes the seat's next number and sends the edit, now or after the next welcome; call it holding `changed`."""
        message = self.follower.edit(edit)
        if self.follower.may_send:
            self._say(message)
        return message

    def wish(self, wish: messages.PaletteFor | messages.PreviewOf, *, lasting: bool = True) -> None:
        """Asks for what is for this seat alone, now and after every welcome if lasting; call it holding `changed`."""
        self.palette = self.preview = self.engine_sentence = None
        self._wish = wish if lasting else None
        if self.follower.may_send:
            self._say(wish)

    def palette_at(self, x: float, y: float) -> messages.Palette | None:
        """The newest palette, if it is of this point: one of the point before may have been on its way."""
        newest = self.palette
        return newest if newest is not None and (newest.x, newest.y) == (x, y) else None

    def _run(self) -> None:
        try:
            while not self._leaving.is_set():
                self._attempt()
                if not self._leaving.is_set():
                    self._leaving.wait(self._wait_seconds())
        finally:  # whatever happened here, nobody waits for this thread any more
            self._end(errors.ServerUnreachable("The connection's thread has ended."))

    def _wait_seconds(self) -> float:
        """Until the next attempt: what a hub that left has asked for, else longer at each failure."""
        if (told := self._return_seconds) is not None:
            self._return_seconds = None
            return told
        most: float = min(BACKOFF_SECONDS_MAX, BACKOFF_SECONDS * 2**self._failures)
        self._failures += 1
        return most * (0.5 + 0.5 * ids.new_seed())

    def _attempt(self) -> None:
        """One connection, from its opening to its end."""
        try:
            self._attend()
        except ConnectionClosed as closed:
            self._closed(closed.rcvd.code if closed.rcvd else 1006, closed.rcvd.reason if closed.rcvd else "")
        except InvalidStatus as refused:
            status = refused.response.status_code
            error = refusal(status, bytes(refused.response.body or b""))
            if status < 500:
                self._stop(error)
            self.trouble = str(error)
        except (OSError, InvalidHandshake, errors.Malformed) as failed:
            self.trouble = f"The server cannot be reached: {failed}"
        except (msgspec.DecodeError, msgspec.ValidationError):
            self._stop(errors.VersionMismatch("The server speaks another version of the protocol than this client."))
        finally:
            with self.changed:
                self._socket = None
                self.follower.may_send = False

    def _attend(self) -> None:
        with connect(
            self._url,
            compression=None,
            ping_interval=None,  # the protocol has pings of its own
            open_timeout=OPEN_SECONDS_MAX,
            close_timeout=CLOSE_SECONDS_MAX,
            max_size=MESSAGE_BYTES_MAX,
        ) as socket:
            with self.changed:
                self._socket = socket  # from here on `close` finds it; before, it is found here that somebody closed
                if self._leaving.is_set():
                    return
                self._say(self.follower.hello())
            while True:
                data = socket.recv(SILENCE_SECONDS_MAX)
                with self.changed:
                    self._heard(data)
                    self.changed.notify_all()

    def _heard(self, data: str | bytes) -> None:
        if isinstance(data, bytes):
            header, payload = unpack_frame(data)
            if header.preview:
                self.preview = (header, payload)
                return
            self.settling.see(header)
            self._say(messages.Painted(header.look))
            return
        message = messages.decode_to_page(data)
        again = self.follower.take(message)
        self.settling.take(message)
        match message:
            case messages.Welcome():
                self._failures = 0
                self.links = message.links
                if self._wish is not None:
                    self._say(self._wish)
            case messages.Links():
                self.links = message
            case messages.Palette():
                self.palette = message
            case messages.EngineChanged():
                self.engine_sentence = message.sentence
            case messages.Ping():
                self._say(messages.Pong())
            case messages.Leaving():
                self._return_seconds = message.after_seconds
            case messages.Refused(after_seconds=float(seconds)) if again and seconds > 0:
                self._send_later(seconds)
                return
            case _:
                pass
        for each in again:
            self._say(each)

    def _send_later(self, seconds: float) -> None:
        timer = threading.Timer(seconds, self._send_pending)
        timer.daemon = True
        timer.start()

    def _send_pending(self) -> None:
        with self.changed:
            if self.follower.may_send:  # if not, the welcome sends them
                for each in list(self.follower.pending):
                    self._say(each)

    def _say(self, message: messages.FromPage) -> None:
        if self._socket is None:
            return
        # The thread that reads hears of a broken connection too; what is pending goes again after the welcome (R3).
        with suppress(ConnectionClosed, OSError):
            self._socket.send(messages.encode(message).decode())

    def _closed(self, code: int, reason: str) -> None:
        """The end of a connection that was open: 1009 and 4400 to 4499 stay away (R10)."""
        if code == _TOO_BIG or 4400 <= code <= 4499:
            self._stop(_ENDS.get(code, errors.Malformed)(reason or None))
        self.trouble = reason or "The connection broke."

    def _stop(self, error: errors.ChromaviveError) -> None:
        self._end(error)
        self._leaving.set()

    def _end(self, error: errors.ChromaviveError) -> None:
        with self.changed:
            self.ended = self.ended or error
            self.changed.notify_all()
