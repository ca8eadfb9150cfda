"""Whether the newest frame shows what a member knows to be journaled: what a script waits for before it looks (R7)."""

import msgspec

from chromavive.hints.entry import Entry
from chromavive.hints.state import State, state_after
from chromavive.room.effects import Content
from chromavive.room.looks import content_of
from chromavive.wire import messages
from chromavive.wire.frame import FrameHeader

_entry = msgspec.json.Decoder(Entry)


class Settling:
    """Follows the confirmed state and the frames of one connection after the other."""

    def __init__(self) -> None:
        self.newest: FrameHeader | None = None
        self._epoch = ""
        self._state: State | None = None
        self._content: Content | None = None
        self._engine: messages.EngineNote | None = None
        self._look = 0  # the newest look at the welcome
        self._needed = 0  # the revision that last changed what the picture shows, of those that came after it

    def take(self, message: messages.ToPage) -> None:
        """Takes in a message of the hub, each once and in order."""
        match message:
            case messages.Welcome():
                self._welcomed(message)
            case messages.EntryMessage():
                self._entered(_entry.decode(message.entry))
            case _:
                pass

    def see(self, header: FrameHeader) -> None:
        """Takes in a frame; a preview, one of another epoch or an older look touches nothing."""
        if header.preview or header.epoch != self._epoch:
            return
        if self.newest is None or header.look >= self.newest.look:
            self.newest = header

    def settled(self) -> FrameHeader | None:
        """The newest frame, if it is settled and shows everything that was journaled as far as is known here."""
        newest = self.newest
        if newest is None or not newest.settled or newest.look < self._look or newest.revision < self._needed:
            return None
        return newest

    def _welcomed(self, message: messages.Welcome) -> None:
        self._engine = message.engine
        if message.epoch != self._epoch:
            self._epoch, self.newest = message.epoch, None
        self._look = message.look
        if message.state is not None:
            self._state = message.state
            self._content = self._shown(message.state)
            self._needed = 1  # which revision a snapshot owes its picture to nobody tells, but its look is known
        for raw in message.entries or ():
            self._entered(_entry.decode(raw))

    def _entered(self, entry: Entry) -> None:
        self._state = state_after(self._state, entry)
        content = self._shown(self._state)
        if content != self._content:
            self._content, self._needed = content, entry.revision

    def _shown(self, state: State) -> Content:
        assert self._engine is not None, "the welcome comes first"
        return content_of(state, state.hints, self._engine.serving(state.network).name)
