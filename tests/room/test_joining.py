"""R4: hello, welcome, resume."""

import pytest

from chromavive import errors, ids, limits
from chromavive.room.follower import Follower
from chromavive.wire import messages
from tests.room.stage import Stage, add, secret


def test_R4_1_the_member_is_a_hash_and_the_role_follows_from_the_capability() -> None:
    """No message claims a role."""
    stage = Stage()
    for role in ("owner", "editor", "viewer"):
        member = stage.join(role, role)
        welcome = member.last(messages.Welcome)
        assert welcome.role == role
        assert welcome.member == ids.member_id(secret(role))
        assert secret(role) not in messages.encode(welcome).decode()
        assert (welcome.links is not None) == (role == "owner")


def test_a_wrong_capability_opens_nothing() -> None:
    """Another room's neither."""
    stage = Stage()
    stranger = Follower(secret("guess"), secret("eve"), "eve-seat", "eve")
    with pytest.raises(errors.NotFound):
        stage.room.hello(1, stranger.hello(), 0)
    assert not stage.room.connections


def test_R4_2_resume_sends_the_missing_entries() -> None:
    """As many as were missed, and no snapshot."""
    stage = Stage()
    ann, bob = stage.join(), stage.join(who="bob")
    ann.edit(add("one1"))
    stage.land()
    stage.leave(ann)
    for number in range(3):
        bob.edit(add(f"bob{number}"))
    stage.land()
    back = stage.join(follower=ann.follower)
    welcome = back.last(messages.Welcome)
    assert welcome.state is None
    assert welcome.entries is not None
    assert len(welcome.entries) == 3
    assert ann.follower.confirmed == stage.state


def test_R4_3_who_missed_too_much_gets_a_snapshot() -> None:
    """501 entries: one more than are sent one by one."""
    stage = Stage()
    ann, bob = stage.join(), stage.join(who="bob")
    stage.leave(ann)
    for number in range(limits.RESUME_ENTRIES_MAX):
        bob.edit(add(f"h{number:04}"))
        stage.land()
        stage.now += 0.01
    assert stage.join(follower=ann.follower).last(messages.Welcome).entries is not None
    late = Follower(stage.capability("editor"), secret("ann"), "ann-seat-1")
    late.revision, late.chain = 1, stage.room._past.chains[1]
    bob.edit(add("more", x=0.1))
    stage.land()
    welcome = stage.join(follower=late).last(messages.Welcome)
    assert welcome.entries is None
    assert welcome.state == stage.state
    assert not welcome.rolled_back


@pytest.mark.parametrize("grown", [False, True])
def test_R4_4_another_past_is_answered_as_rolled_back(grown: bool) -> None:
    """A restored backup: the page has an entry that the journal never had, or has another one in its place."""
    stage = Stage()
    ann = stage.join()
    ann.edit(add("lost"))
    stage.land()
    stage.journal[:] = stage.journal[:1]
    stage.load()
    if grown:
        stage.join(who="bob").edit(add("bobs"))
        stage.land()
    welcome = stage.join(follower=ann.follower).last(messages.Welcome)
    assert welcome.rolled_back
    assert welcome.state == stage.state == ann.follower.confirmed


def test_R4_5_after_a_rollback_pending_edits_are_offered_not_sent() -> None:
    """The member decides about each."""
    stage = Stage()
    ann = stage.join()
    ann.edit(add("lost"))
    stage.land()
    stage.leave(ann)
    pending = ann.follower.edit(add("more"))
    stage.journal[:] = stage.journal[:1]
    stage.load()
    stage.join(follower=ann.follower)
    assert ann.follower.offered == [pending]
    assert ann.follower.pending == []
    assert stage.out is None


def test_R4_6_a_new_connection_replaces_only_its_seats_old_one() -> None:
    """Another tab of the same member stays."""
    stage = Stage()
    first, other_tab = stage.join(seat="seat-1"), stage.join(seat="seat-2")
    again = stage.join(seat="seat-1")
    assert isinstance(first.closed, errors.Replaced)
    assert other_tab.closed is None
    assert stage.room.connections == (other_tab.connection, again.connection)


def test_R4_7_late_events_of_a_replaced_connection_change_nothing() -> None:
    """Neither its messages nor its end."""
    stage = Stage()
    first = stage.join()
    again = stage.join()
    first.edit(add())
    stage.leave(first)
    assert stage.out is None
    assert stage.room.connections == (again.connection,)


@pytest.mark.parametrize(
    ("version", "member", "seat", "error"),
    [
        (limits.PROTOCOL_VERSION + 1, secret("ann"), "ann-seat", errors.VersionMismatch),
        (limits.PROTOCOL_VERSION, "short", "ann-seat", errors.Malformed),
        (limits.PROTOCOL_VERSION, secret("ann"), "../../../etc", errors.Malformed),
    ],
)
def test_a_hello_of_another_shape_is_turned_away(
    version: int, member: str, seat: str, error: type[errors.ConnectionClosed]
) -> None:
    """With its own error, before anything else."""
    stage = Stage()
    with pytest.raises(error):
        stage.room.hello(1, messages.Hello(version, stage.capability("editor"), member, seat), 0)


def test_a_full_room_says_so() -> None:
    """And the one who was there stays."""
    stage = Stage()
    for number in range(limits.MEMBERS_MAX):
        follower = Follower(stage.capability("viewer"), secret(f"v{number}"), f"seat-{number:04}")
        stage.room.hello(number + 1, follower.hello(), 0)
    with pytest.raises(errors.RoomFull):
        stage.room.hello(9999, Follower(stage.capability("viewer"), secret("late"), "late-seat").hello(), 0)
    assert len(stage.room.connections) == limits.MEMBERS_MAX
