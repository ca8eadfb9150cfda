"""A room as scripts use it: every call returns when the journal holds what it did, or raises a typed error."""

import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from chromavive import errors, ids
from chromavive.hints.bounds import check_place, check_vividness
from chromavive.hints.edit import (
    Add,
    ChooseNetwork,
    Clear,
    Edit,
    Move,
    NewHint,
    NewSwatch,
    Placed,
    Recolor,
    Redo,
    Remove,
    Resize,
    Retitle,
    SetSwatch,
    SetVividness,
    Undo,
)
from chromavive.hints.hint import Hint
from chromavive.hints.state import State
from chromavive.hints.swatch import NamedColor
from chromavive.pictures.export_form import format_of_suffix
from chromavive.remote import requests
from chromavive.remote.colors import Color, ab_of, chroma_of
from chromavive.remote.connection import RoomConnection
from chromavive.remote.link import RoomLink
from chromavive.room.follower import Follower
from chromavive.wire import messages
from chromavive.wire.frame import FrameHeader

ANSWER_SECONDS_MAX = 30.0
"""How long a call waits: longer than a server takes to be restarted."""

_REFUSALS = {leaf.code: leaf for leaf in errors.leaves(errors.EditRefused)}


class Room:
    """One member of a room, from `open` or `create` to `close`; use it in a `with` statement, from any thread."""

    def __init__(self, link: RoomLink, name: str, member: str | None, timeout_seconds: float) -> None:
        self._link = link
        self._timeout_seconds = timeout_seconds
        self._asking = threading.Lock()  # a seat has one point and one preview, however many threads ask
        follower = Follower(link.capability, member or ids.new_secret(), ids.new_secret(), name)
        self._connection = RoomConnection(link.socket(), follower)
        self._connection.start()
        try:
            self._until(lambda: self._follower.welcome is not None)
        except BaseException:
            self.close()
            raise

    @classmethod
    def open(
        cls, url: str, *, name: str = "", member: str | None = None, timeout_seconds: float = ANSWER_SECONDS_MAX
    ) -> Self:
        """Opens a room's link, as copied from the page.

        name: what the others see. member: a secret of 22 characters by which a later script is the same person, whose
        steps it can undo; by default a new one is drawn. timeout_seconds: how long this and every later call waits.

        Raises:
            LinkInvalid: the URL is no link of a room.
            NotFound: there is no such room, or the link does not open it.
            ServerUnreachable: no welcome within timeout_seconds.
        """
        return cls(RoomLink.of(url), name, member, timeout_seconds)

    @classmethod
    def create(
        cls,
        server: str,
        photograph: str | Path,
        *,
        title: str = "",
        password: str = "",
        name: str = "",
        timeout_seconds: float = ANSWER_SECONDS_MAX,
    ) -> Self:
        """Opens a new room with a photograph, as its owner.

        Raises:
            LinkInvalid: the server's URL does not begin with http:// or https://.
            RequestRefused: one leaf for each reason.
            ServerUnreachable: there is no server at this URL.
        """
        return cls(requests.create(server, Path(photograph), title, password), name, None, timeout_seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leaves the room; it stays as it is for the others."""
        self._connection.close()

    # -- what the room is -----------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """The link by which this member came in."""
        return self._link.url()

    @property
    def links(self) -> dict[str, str]:
        """The links of owner, editor and viewer by role; empty for whoever is not the owner."""
        links = self._connection.links
        if links is None:
            return {}
        roles = {"owner": links.owner, "editor": links.editor, "viewer": links.viewer}
        return {role: self._link.url(capability) for role, capability in roles.items()}

    @property
    def role(self) -> messages.Role:
        """owner, editor or viewer."""
        return self._welcome.role

    @property
    def network(self) -> str:
        """The network that paints this room."""
        return self._welcome.engine.serving(self._state.network).name

    @property
    def networks(self) -> tuple[str, ...]:
        """The networks that the server has loaded."""
        return tuple(each.name for each in self._welcome.engine.networks)

    @property
    def vividness(self) -> float:
        """How far the picture leaves the mean of the distribution, 0 to 1."""
        return self._state.vividness

    @property
    def revision(self) -> int:
        """How many entries the journal holds, as far as is known here."""
        return self._follower.revision or 0

    @property
    def title(self) -> str:
        """The room's title."""
        return self._state.title

    @property
    def hints(self) -> dict[str, Hint]:
        """The hints by id: a copy of what the room is known to hold now."""
        return dict(self._state.hints)

    @property
    def swatches(self) -> dict[str, NamedColor]:
        """The colors that the room keeps by name, by id."""
        return dict(self._state.swatches)

    # -- what a member does ---------------------------------------------------------------------------------------

    def add(self, x: float, y: float, color: Color, size: float = 5.0, *, pinned: bool = False) -> str:
        """Places a hint; gives its id.

        x, y: fractions of the shown picture's width and height, x right, y down. size: 1 to 9 working pixels.
        pinned: it is drawn as one that keeps what the picture showed there.

        Raises:
            EditRefused: from this and every other edit, one leaf for each reason; nothing changed.
            ServerUnreachable: not answered in time. The edit is kept and sent when the server is back.
        """
        a, b = ab_of(color)
        hint = ids.new_secret()
        self._edit(Add((NewHint(hint, x, y, a, b, size, pinned),)))
        return hint

    def pin(self, x: float, y: float, size: float = 5.0) -> str:
        """Places a hint of the color that the picture has there; gives its id. Units as in `add`."""
        check_place(x, y)
        chroma = self.preview()
        _, height, width = chroma.shape
        a, b = chroma[:, min(int(y * height), height - 1), min(int(x * width), width - 1)]
        return self.add(x, y, (float(a), float(b)), size, pinned=True)

    def move(self, hint: str, x: float, y: float) -> None:
        """Moves a hint."""
        self._edit(Move((Placed(hint, x, y),)))

    def recolor(self, hint: str, color: Color) -> None:
        """Gives a hint another color."""
        a, b = ab_of(color)
        self._edit(Recolor((hint,), a, b))

    def resize(self, hint: str, size: float) -> None:
        """Gives a hint another size, 1 to 9 working pixels."""
        self._edit(Resize((hint,), size))

    def remove(self, *hints: str) -> None:
        """Removes hints, in one step."""
        self._edit(Remove(hints))

    def add_swatch(self, name: str, color: Color) -> str:
        """Keeps a color by name for everybody in the room; gives the swatch's id."""
        swatch = ids.new_secret()
        self._edit(SetSwatch(swatch, NewSwatch(name, *ab_of(color))))
        return swatch

    def clear(self) -> None:
        """Removes all hints; only the owner can."""
        self._edit(Clear())

    def undo(self) -> None:
        """Takes back this member's newest step."""
        self._edit(Undo())

    def redo(self) -> None:
        """Takes back this member's newest undo."""
        self._edit(Redo())

    def retitle(self, title: str) -> None:
        """Gives the room another title."""
        self._edit(Retitle(title))

    def choose_network(self, network: str) -> None:
        """Lets another of `networks` paint this room; only the owner can."""
        self._edit(ChooseNetwork(network))

    def set_vividness(self, vividness: float) -> None:
        """Sets the vividness, 0 to 1; only the owner can."""
        self._edit(SetVividness(vividness))

    # -- what it shows --------------------------------------------------------------------------------------------

    def wait_settled(self, timeout_seconds: float | None = None) -> FrameHeader:
        """Returns when the members see a settled picture of everything that is known here to be journaled.

        Raises:
            ServerUnreachable: not within timeout_seconds, by default those of `open`; somebody may be dragging.
        """

        def settled() -> bool:
            return not self._follower.pending and self._connection.settling.settled() is not None

        with self._connection.changed:
            self._until(settled, timeout_seconds)
            frame = self._connection.settling.settled()
        assert frame is not None, "the lock was held"
        return frame

    def palette(self, x: float, y: float) -> tuple[messages.LikelyColor, ...]:
        """The likely colors of a point given the present hints: at most nine, the likeliest first.

        x, y: fractions of the shown picture. A color has a and b, CIE Lab units, and its share of the distribution.

        Raises:
            HintOutside: there is no such point.
            ServerUnreachable: not answered in time.
        """
        if not (0 <= x <= 1 and 0 <= y <= 1):
            raise errors.HintOutside()
        connection = self._connection
        with self._asking, connection.changed:
            connection.wish(messages.PaletteFor(x, y))
            try:
                self._until(lambda: connection.palette_at(x, y) is not None)
                palette = connection.palette_at(x, y)
                assert palette is not None, "the lock was held"
                return palette.colors
            finally:
                connection.wish(messages.PaletteFor(), lasting=False)

    def preview(self, network: str | None = None, vividness: float | None = None) -> NDArray[np.float32]:
        """The chroma of the journal's state by another network or vividness, which nobody else sees.

        Gives (2, h, w) float32, ab in CIE Lab units, at half the working size. None is the room's own.

        Raises:
            NetworkNotServed, VividnessOutside: it cannot be had.
            EngineFailed: the pass gave nothing.
            ServerUnreachable: not answered in time.
        """
        if network is not None and network not in self.networks:
            raise errors.NetworkNotServed()
        check_vividness(vividness or 0.0)
        connection = self._connection
        with self._asking, connection.changed:
            connection.wish(messages.PreviewOf(network or self.network, vividness))
            try:
                self._until(lambda: connection.preview is not None or connection.engine_sentence is not None)
                if connection.preview is None:
                    raise errors.EngineFailed(connection.engine_sentence)
                return chroma_of(*connection.preview)
            finally:
                connection.wish(messages.PreviewOf(), lasting=False)

    def export(self, path: str | Path, *, layout: str = "picture", quality: int = 92) -> Path:
        """Writes the picture at full size to a file, in the format of its suffix, as the journal has it now.

        A file of that name is replaced.

        layout: picture, side_by_side with the gray photograph, or colors alone. quality: of JPEG and WebP, 1 to 100.

        Raises:
            ExportNotAllowed: the owner does not let viewers have it.
            RequestMalformed: the server does not know the format or the layout.
            PictureTooLarge: the format holds no picture of that size.
            FileNotFoundError: there is no such folder.
            ServerUnreachable: it cannot be reached; a file that was there before is left as it was.
        """
        target = Path(path)
        named = format_of_suffix(target.suffix) or target.suffix.removeprefix(".")  # the hub says what there is
        wanted: dict[str, str | int] = {"format": named, "layout": layout, "quality": quality}
        requests.export(self._link, target, wanted)
        return target

    def recipe(self, path: str | Path) -> Path:
        """Writes the room's recipe to a file, which `chromavive colorize --recipe` takes; for owner and editors.

        A file of that name is replaced.

        Raises:
            NotAllowed: this is a viewer's link.
            FileNotFoundError: there is no such folder.
        """
        target = Path(path)
        requests.recipe(self._link, target)
        return target

    def delete(self) -> None:
        """Deletes the room with everything in it, for everybody; only the owner can."""
        requests.delete(self._link)

    # -- within ---------------------------------------------------------------------------------------------------

    @property
    def _follower(self) -> Follower:
        return self._connection.follower

    @property
    def _welcome(self) -> messages.Welcome:
        welcome = self._follower.welcome
        assert welcome is not None, "open() waits for it"
        return welcome

    @property
    def _state(self) -> State:
        with self._connection.changed:
            state = self._follower.shown()
        assert state is not None, "open() waits for the welcome"
        return state

    def _edit(self, edit: Edit) -> None:
        with self._connection.changed:
            if self._connection.ended is not None:
                raise self._connection.ended
            sent = self._connection.edit(edit)
            self._until(lambda: sent not in self._follower.pending)
            if (code := self._follower.refused.get(sent.number)) is not None:
                raise _REFUSALS.get(code, errors.EditRefused)()
            if sent in self._follower.offered:
                raise errors.RolledBack()

    def _until(self, true: Callable[[], bool], timeout_seconds: float | None = None) -> None:
        connection = self._connection
        seconds = self._timeout_seconds if timeout_seconds is None else timeout_seconds
        with connection.changed:
            connection.changed.wait_for(lambda: true() or connection.ended is not None, seconds)
            if true():
                return
            raise connection.ended or errors.ServerUnreachable(connection.trouble)
