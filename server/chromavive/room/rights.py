"""Who may do what: one table for every message and request (R9)."""

from typing import Final, get_args

from chromavive import errors
from chromavive.hints.state import State
from chromavive.wire.messages import Role

_ALL: Final = frozenset[Role](get_args(Role))
_HANDS: Final = frozenset[Role]({"owner", "editor"})
_OWNER: Final = frozenset[Role]({"owner"})

TABLE: Final[dict[str, frozenset[Role]]] = {
    # edits, by their tag
    "add": _HANDS,
    "move": _HANDS,
    "recolor": _HANDS,
    "resize": _HANDS,
    "remove": _HANDS,
    "import": _HANDS,
    "restore": _HANDS,
    "undo": _HANDS,
    "redo": _HANDS,
    "retitle": _HANDS,
    "swatch": _HANDS,
    "clear": _OWNER,
    "lock": _OWNER,
    "allow_export": _OWNER,
    "turn": _OWNER,
    "crop": _OWNER,
    "network": _OWNER,
    "vividness": _OWNER,
    "rotate": _OWNER,
    # other messages
    "gesture": _HANDS,
    "cancel": _HANDS,
    "pointer": _ALL,
    "view": _ALL,
    "rename": _ALL,
    "palette_for": _ALL,
    "preview_of": _ALL,
    # requests
    "look": _ALL,
    "ask": _HANDS,
    "export": _ALL,
    "recipe": _HANDS,
    "backup": _HANDS,
    "delete": _OWNER,
}

LOCKED: Final = frozenset(
    {"add", "move", "recolor", "resize", "remove", "import", "restore", "undo", "redo", "gesture"}
)
"""What a locked room keeps from editors."""


def check(role: Role, what: str, state: State) -> None:
    """Nothing, if this role may do this in this room.

    Raises:
        NotAllowed: the role has no such right here.
        RoomLocked: it would have, were the room not locked.
    """
    if role not in TABLE[what]:
        raise errors.NotAllowed()
    if what == "export" and role == "viewer" and not state.viewers_export:
        raise errors.NotAllowed("The owner does not let viewers download the picture.")
    if what in LOCKED and state.locked and role != "owner":
        raise errors.RoomLocked()
