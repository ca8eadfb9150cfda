"""What waits for one connection (R8): entries and answers in order, and one slot each for what only matters newest."""

from collections import deque

from chromavive import errors, limits
from chromavive.room.effects import Slot


class Outbox:
    """Pure; the connection's writer takes from it. Texts are JSON messages, bytes are chroma frames."""

    def __init__(self) -> None:
        self._reliable: deque[tuple[str, int]] = deque()  # bounded: OUTBOX_MESSAGES_MAX, OUTBOX_BYTES_MAX
        self._bytes = 0
        self._newest: dict[Slot, str | bytes] = {}
        self._frame: tuple[int, bytes] | None = None
        self._unpainted: deque[int] = deque()  # bounded: FRAMES_UNPAINTED_MAX looks
        self._quiet_since_seconds: float | None = None
        self.closing: errors.ConnectionClosed | None = None

    @property
    def waiting_bytes(self) -> int:
        """What waits, welcomes left out."""
        frame = 0 if self._frame is None else len(self._frame[1])
        return self._bytes + sum(map(len, self._newest.values())) + frame

    def offer(self, slot: Slot, text: str, *, counted: bool = True) -> None:
        """Puts a message in. counted: False for a welcome, which may be large.

        Raises:
            OutboxOverflow: too much waits; close the connection, it resumes.
        """
        if self.closing is not None:
            return
        if slot is not Slot.RELIABLE:
            self._newest[slot] = text
            return
        size = len(text) if counted else 0
        full = len(self._reliable) >= limits.OUTBOX_MESSAGES_MAX or self._bytes + size > limits.OUTBOX_BYTES_MAX
        if counted and full:
            raise errors.OutboxOverflow()
        self._reliable.append((text, size))
        self._bytes += size

    def offer_preview(self, data: bytes) -> None:
        """Puts a preview in; it neither waits for frames to be painted nor counts as one of them."""
        if self.closing is None:
            self._newest[Slot.PREVIEW] = data

    def withdraw(self, slot: Slot) -> None:
        """Takes back what waits in a slot."""
        self._newest.pop(slot, None)

    def offer_frame(self, look: int, data: bytes, now_seconds: float) -> None:
        """Puts a frame in; an older one that still waits is dropped."""
        if self.closing is not None:
            return
        self._frame = (look, data)
        if len(self._unpainted) >= limits.FRAMES_UNPAINTED_MAX and self._quiet_since_seconds is None:
            self._quiet_since_seconds = now_seconds

    def take(self) -> str | bytes | None:
        """What to write next; None if nothing may go now."""
        if self._reliable:
            text, size = self._reliable.popleft()
            self._bytes -= size
            return text
        for slot in (Slot.GESTURES, Slot.PRESENCE, Slot.PALETTE):
            if slot in self._newest:
                return self._newest.pop(slot)
        if self._frame is not None and len(self._unpainted) < limits.FRAMES_UNPAINTED_MAX:
            look, data = self._frame
            self._frame = None
            self._unpainted.append(look)
            return data
        return self._newest.pop(Slot.PREVIEW, None)

    def painted(self, look: int, now_seconds: float) -> None:
        """The page is through with this look and all before it."""
        while self._unpainted and self._unpainted[0] <= look:
            self._unpainted.popleft()
        blocked = self._frame is not None and len(self._unpainted) >= limits.FRAMES_UNPAINTED_MAX
        self._quiet_since_seconds = now_seconds if blocked else None

    def deadline_seconds(self) -> float | None:
        """When the connection is closed as NotPainting; None while nothing waits for it."""
        if self._quiet_since_seconds is None:
            return None
        return self._quiet_since_seconds + limits.PAINTED_SILENCE_SECONDS

    def close(self, error: errors.ConnectionClosed) -> None:
        """Nothing new comes in; what waits reliably still goes out, then the connection closes with this error."""
        self.closing = self.closing or error
        self._newest.clear()
        self._frame = None
