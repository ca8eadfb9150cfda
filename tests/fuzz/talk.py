"""A room under talk: members of every role say whatever the parser lets through, the journal answers as it likes."""

from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from hypothesis import strategies as st

from chromavive import errors
from chromavive.hints.edit import Add
from chromavive.hints.entry import decode_entry
from chromavive.room.room import Room
from chromavive.wire import messages
from chromavive.wire.messages import FromPage, Role
from tests.room.stage import ENGINE, Member, Stage, new_hint

Step = tuple[str, int, Any]
"""What happens (say, land, conflict, wait, render, leave, join), to which member, and with what."""

ROLES: tuple[Role, ...] = ("owner", "editor", "viewer")
_NAMES = ("hint", "hint-b", "hint-c", "stub", "other", "seat-1", "eccv16", "c" * 22, "0" * 64, "", "é" * 41, "x" * 121)
_NUMBERS = (0.0, 0.25, 0.5, 1.0, -0.0, 1.0000001, -1.0, 5.0, 9.0, 9.5, 110.0, -110.0, 110.5, 1e308, -1e308, 5e-324)
_SEATS = tuple(f"{who}-{seat}" for who in ROLES for seat in ("seat-1", "seat-2"))


@cache
def of_type(kind: Any) -> st.SearchStrategy[Any]:
    """Values that travel as this type, near what a room would take and far from it."""
    if kind is messages.Seat:
        return st.sampled_from(_SEATS)
    if kind is messages.Number:
        return st.one_of(*[st.integers(1, 40)] * 3, st.integers(1, 2**53 - 1))
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        types = get_type_hints(kind, include_extras=True)
        return st.builds(kind, **{name: of_type(types[name]) for name in kind.__struct_fields__})
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return of_type(parts[0])
    if origin in (Union, UnionType):
        return st.one_of(*map(of_type, parts))
    if origin is Literal:
        return st.sampled_from(parts)
    if origin is tuple and parts[-1] is Ellipsis:
        return st.lists(of_type(parts[0]), max_size=4).map(tuple)
    if origin is tuple:
        return st.tuples(*map(of_type, parts))
    return _PLAIN[kind]


_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: st.sampled_from(_NAMES) | st.text(max_size=6),
    # Three in four as most fields want them: a hint has five, and only a sound one leads any further.
    float: st.one_of(
        *[st.floats(0, 1)] * 3, st.sampled_from(_NUMBERS) | st.floats(allow_nan=False, allow_infinity=False)
    ),
    int: st.integers(-1, 8) | st.integers(-(2**63), 2**63 - 1),
    bool: st.booleans(),
    type(None): st.none(),
}

_members = st.integers(0, len(ROLES) - 1)
_said: st.SearchStrategy[Step] = st.tuples(st.just("say"), _members, st.one_of(*map(of_type, get_args(FromPage))))
_edited: st.SearchStrategy[Step] = st.tuples(st.just("say"), _members, of_type(messages.EditMessage))
_other: st.SearchStrategy[Step] = st.tuples(
    st.sampled_from(("land", "land", "conflict", "lost", "wait", "render", "leave", "join")),
    _members,
    st.floats(0, 4),
)
steps: st.SearchStrategy[list[Step]] = st.lists(st.one_of(_edited, _edited, _said, _other), min_size=8, max_size=60)


class Talk:
    """The room, its members, and what must hold after each step."""

    def __init__(self) -> None:
        self.stage = Stage()
        self.members: list[Member] = [self.stage.join(role, role) for role in ROLES]
        self.refused = 0
        self.members[0].send(messages.EditMessage(_SEATS[0], 1, Add((new_hint(), new_hint("hint-b", 0.25)))))
        self.stage.land()
        self.sound = len(self.stage.journal)

    def take(self, step: Step) -> None:
        """One step. Raises AssertionError, or what the room raised, where that is no typed answer."""
        kind, which, what = step
        member = self.members[which]
        match kind:
            case "say":
                self._say(member, what)
            case "land":
                self.stage.land()
            case "conflict" | "lost" if self.stage.out is not None:
                if kind == "lost":
                    self.stage.journal.extend(self.stage.out.entries)
                self.stage.carry(self.stage.room.unanswered())
                self.stage.read_back()
            case "wait":
                self.stage.wait(what)
            case "render":
                self.stage.render()
            case "leave":
                self.stage.leave(member)
            case "join":
                self._join(which)
            case _:
                pass

    def _join(self, which: int) -> None:
        role = ROLES[which]
        self.members[which] = self.stage.join(role, role, "seat-2" if which % 2 else "seat-1")

    def _say(self, member: Member, message: FromPage) -> None:
        room, heard = self.stage.room, len(member.heard)
        state, ahead = room.state, room._proposals.ahead.state
        try:
            member.send(message)
        except errors.Malformed:  # of the parser, or a second hello: the connection ends
            assert (room.state, room._proposals.ahead.state) == (state, ahead)
            return
        assert room.state == state, "a message changed what only the journal may change"
        new = member.heard[heard:]
        if any(isinstance(each, messages.Refused) for each in new):
            self.refused += 1
            assert room._proposals.ahead.state == ahead, "a refused edit changed something"

    def close(self) -> str:
        """What holds at the end: journal, room, followers and a restart agree. Gives what the talk came to."""
        self.stage.land()
        room, journal = self.stage.room, self.stage.journal
        assert [entry.revision for entry in journal] == list(range(1, len(journal) + 1))
        assert [decode_entry(entry.payload).revision for entry in journal] == [entry.revision for entry in journal]
        again = Room.load("r" * 16, "0" * 16, journal, ENGINE)
        assert again.state == room.state
        for member in self.members:
            if member.connection in room.connections:
                assert member.follower.confirmed == room.state
        return "edited" if len(journal) > self.sound else "refused" if self.refused else "looked at"


def judge_talk(drawn: list[Step]) -> str:
    """A talk from its beginning to its end."""
    talk = Talk()
    for step in drawn:
        talk.take(step)
    return talk.close()
