"""Earlier moments of a room: what it was at a revision, once the journal told; and the previews that wait for one."""

from collections import OrderedDict

import msgspec

from chromavive import errors
from chromavive.hints.bounds import check_vividness
from chromavive.hints.state import State
from chromavive.room.effects import Effect, EndPreview, PaintPreview, RecallMoment, Send
from chromavive.room.ledger import Ledger
from chromavive.room.looks import content_of
from chromavive.wire import messages

MOMENTS_KEPT = 16
"""Moments of a room in memory, of at most HINTS_MAX hints each: who scrubs asks for each once, who restores for one."""

MOMENTS_PROMISED = 8
"""Of those, how many wait for a restore that was told to come again: who scrubs meanwhile does not push them out."""


class Moments:
    """What is known of earlier moments, and which are to be read. Each asker wants one: the newest it asked for."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, State] = OrderedDict()
        self._wanted: dict[int | str, int] = {}  # by asker, the one that waits longest first; bounded by who is here
        self._promised: OrderedDict[str, int] = OrderedDict()  # by seat; at most MOMENTS_PROMISED
        self._asked: int | None = None

    def at(self, revision: int, ledger: Ledger, asker: int | str) -> State | None:
        """What the room was at this revision; None while it is being read: ask again then.

        asker: a connection that looks, or the seat of a restore.

        Raises:
            MomentUnknown: it has not been, or the picture was turned or cropped since.
        """
        self.forget(asker)
        if not ledger.shaped <= revision <= ledger.revision:
            raise errors.MomentUnknown()
        if revision == ledger.revision:
            return ledger.state
        if revision in self._kept:
            self._kept.move_to_end(revision)
            return self._kept[revision]
        self._wanted[asker] = revision
        return None

    def ask(self) -> list[Effect]:
        """What is to be read now: one at a time, the one that is wanted the longest."""
        if self._asked is not None or not self._wanted:
            return []
        self._asked = next(iter(self._wanted.values()))
        return [RecallMoment(self._asked)]

    def recalled(self, revision: int, moment: State | None) -> None:
        """The journal told what the room was; None: it does not hold that revision yet."""
        self._asked = None
        if moment is not None:
            self._kept[revision] = moment
        for asker in [asker for asker, wanted in self._wanted.items() if wanted == revision]:
            del self._wanted[asker]
            if isinstance(asker, str):
                self._promised[asker] = revision
        if len(self._promised) > MOMENTS_PROMISED:
            self._promised.popitem(last=False)
        if len(self._kept) > MOMENTS_KEPT:
            del self._kept[next(each for each in self._kept if each not in self._promised.values())]

    def forget(self, asker: int | str) -> None:
        """The asker wants none any more."""
        self._wanted.pop(asker, None)
        if isinstance(asker, str):
            self._promised.pop(asker, None)


class Previews:
    """What single connections wish to see for themselves alone (R7)."""

    def __init__(self, engine: messages.EngineNote, moments: Moments) -> None:
        self._engine = engine
        self._moments = moments
        self._waiting: dict[int, messages.PreviewOf] = {}  # by connection, for a moment that is being read

    def want(self, connection: int, wish: messages.PreviewOf, ledger: Ledger) -> list[Effect]:
        """Paints what the connection wishes for it alone; what cannot be had ends the one before too."""
        self._waiting.pop(connection, None)
        self._moments.forget(connection)
        if wish == messages.PreviewOf():
            return [EndPreview(connection)]
        try:
            return self._wanted(connection, wish, ledger)
        except errors.EditRefused as error:
            return [EndPreview(connection), Send((connection,), messages.EngineChanged(str(error)))]

    def _wanted(self, connection: int, wish: messages.PreviewOf, ledger: Ledger) -> list[Effect]:
        if wish.network is not None and not self._engine.serves(wish.network):
            raise errors.NetworkNotServed()
        if wish.vividness is not None:
            check_vividness(wish.vividness)
        revision = ledger.revision if wish.revision is None else wish.revision
        state = self._moments.at(revision, ledger, connection)
        if state is None:
            self._waiting[connection] = wish
            return []
        network = self._engine.serving(state.network if wish.network is None else wish.network).name
        if wish.vividness is not None:
            state = msgspec.structs.replace(state, vividness=wish.vividness)
        return [PaintPreview(connection, revision, content_of(state, state.hints, network))]

    def recalled(self, revision: int, ledger: Ledger) -> list[Effect]:
        """Paints what waited for this moment."""
        ready = [(each, wish) for each, wish in self._waiting.items() if wish.revision == revision]
        return [effect for connection, wish in ready for effect in self.want(connection, wish, ledger)]

    def left(self, connection: int) -> None:
        """The connection is gone."""
        self._waiting.pop(connection, None)
        self._moments.forget(connection)
