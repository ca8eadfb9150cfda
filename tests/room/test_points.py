"""R7: points ride on the room's passes, and their palettes go to whoever selected them."""

from chromavive import limits
from chromavive.errors import EngineFailed
from chromavive.room.effects import PassOrder, Slot, Withdraw
from chromavive.room.picture import PointColors
from chromavive.room.points import Points
from chromavive.wire import messages
from tests.room.stage import Member, Stage, add

COLORS = (messages.LikelyColor(10.0, -20.0, 0.75),)


def select(member: Member, x: float | None = None, y: float | None = None) -> None:
    member.send(messages.PaletteFor(x, y))


def answer(stage: Stage, order: PassOrder) -> None:
    """The palettes of an order's points have been chosen."""
    found = [PointColors(point, order.look, "stub", COLORS) for point in order.points]
    stage.carry(stage.room.palettes(found, stage.now))


def rendered(stage: Stage) -> PassOrder:
    stage.wait(1)
    done = stage.render()
    assert done is not None
    return done[0]


def test_R7_13_the_points_ride_on_the_next_pass() -> None:
    """Each distinct one once, for as long as it is selected; those of a viewer too."""
    stage = Stage()
    ann, bob, viewer = stage.join(), stage.join(who="bob"), stage.join("viewer", who="eve")
    select(ann, 0.25, 0.5)
    select(bob, 0.25, 0.5)
    select(viewer, 1.0, 0.0)
    assert set(rendered(stage).points) == {(0.25, 0.5), (1.0, 0.0)}
    select(bob, 0.75, 0.5)
    select(viewer)
    ann.gesture(add(x=0.1))
    assert set(rendered(stage).points) == {(0.25, 0.5), (0.75, 0.5)}
    stage.leave(ann)
    bob.gesture(add(x=0.2))
    assert rendered(stage).points == ((0.75, 0.5),)


def test_R7_13_a_point_outside_the_picture_is_none() -> None:
    """Half a point too."""
    stage = Stage()
    ann = stage.join()
    for x, y in ((1.01, 0.5), (0.5, -0.01), (0.5, None), (None, 0.5)):
        select(ann, 0.5, 0.5)
        select(ann, x, y)
        ann.gesture(add(x=0.1 + len(stage.withdrawn) / 100))
        assert rendered(stage).points == ()


def test_R7_13_beyond_the_limit_the_newest_go_first_and_the_others_in_turn() -> None:
    """A hundred points: each is asked about within two passes, and one that is new in the next."""
    points = Points()
    for number in range(100):
        points.select(number, (number / 100, 0.0))
    most = limits.POINTS_A_PASS_MAX
    first = points.due(1)
    assert first == tuple((number / 100, 0.0) for number in range(99, 99 - most, -1))
    points.asked(1, first)
    points.select(200, (0.5, 1.0))
    second = points.due(2)
    assert second[0] == (0.5, 1.0)
    assert len(second) == most
    assert set(points.due(2)) >= {(number / 100, 0.0) for number in range(100 - most)}
    points.asked(2, second)
    assert not points.waits(1)


def test_R7_14_a_point_selected_at_rest_costs_no_look() -> None:
    """The engine is told once, asked about all that wait, and not again for what it was asked about."""
    stage = Stage()
    ann, bob = stage.join(), stage.join(who="bob")
    newest = rendered(stage).look
    select(ann, 0.25, 0.5)
    select(ann, 0.5, 0.5)
    select(bob, 0.75, 0.5)
    assert stage.palettes_wanted == 1
    assert stage.room.start_pass(stage.now) is None
    order = stage.room.start_palettes()
    assert order is not None
    assert (order.look, set(order.points)) == (newest, {(0.5, 0.5), (0.75, 0.5)})
    answer(stage, order)
    assert ann.last(messages.Palette) == messages.Palette(0.5, 0.5, newest, "stub", COLORS)
    stage.wait(10)
    select(ann, 0.5, 0.5)
    assert (stage.palettes_wanted, stage.room.start_palettes()) == (1, None)
    ann.gesture(add())
    assert rendered(stage).look == newest + 1


def test_R7_14_while_a_pass_is_due_points_wait_for_it() -> None:
    """One selected when its pass has begun is asked about after it, alone."""
    stage = Stage()
    ann = stage.join()
    select(ann, 0.25, 0.5)
    assert stage.palettes_wanted == 0
    order = stage.room.start_pass(stage.now)
    assert order is not None
    assert order.points == ((0.25, 0.5),)
    select(ann, 0.5, 0.5)
    assert (stage.palettes_wanted, stage.room.start_palettes()) == (0, None)
    stage.carry(stage.room.pass_ended(order, stage.now)[2])
    assert stage.palettes_wanted == 1
    alone = stage.room.start_palettes()
    assert alone is not None
    assert (alone.look, alone.points) == (order.look, ((0.5, 0.5),))


def test_R7_14_points_of_a_room_that_nobody_painted_wait_for_its_first_look() -> None:
    """Nor is anything asked for after a pass that failed, until one succeeds."""
    stage = Stage()
    ann = stage.join()
    select(ann, 0.25, 0.5)
    order = stage.room.start_pass(stage.now)
    assert order is not None
    stage.carry(stage.room.pass_failed(order, EngineFailed.sentence, stage.now))
    assert stage.palettes_wanted == 0
    stage.wait(1)
    assert rendered(stage).points == ((0.25, 0.5),)


def test_R7_15_a_palette_goes_to_those_alone_whose_point_it_is() -> None:
    """One message for both who look there; not to whoever looks elsewhere by now, nowhere, or has left."""
    stage = Stage()
    members = [stage.join(who=who) for who in ("ann", "bob", "eve", "dan", "joe")]
    ann, bob, eve, dan, joe = members
    for member in members:
        select(member, 0.25, 0.5)
    order = rendered(stage)
    select(eve, 0.5, 0.5)
    select(dan)
    stage.leave(joe)
    stage.sent.clear()
    answer(stage, order)
    assert [send.connections for send in stage.sent] == [(ann.connection, bob.connection)]
    assert stage.sent[0].slot is Slot.PALETTE
    assert [len(member.all(messages.Palette)) for member in members] == [1, 1, 0, 0, 0]


def test_R7_15_no_palette_of_an_older_look_comes_later() -> None:
    """Not of another point either; of the same look it may come again."""
    stage = Stage()
    ann = stage.join()
    select(ann, 0.25, 0.5)
    older = rendered(stage)
    ann.gesture(add())
    newer = rendered(stage)
    answer(stage, newer)
    answer(stage, older)
    assert [told.look for told in ann.all(messages.Palette)] == [newer.look]
    select(ann, 0.5, 0.5)
    stage.carry(stage.room.palettes([PointColors((0.5, 0.5), older.look, "stub", COLORS)], stage.now))
    assert [told.look for told in ann.all(messages.Palette)] == [newer.look]


def test_R7_15_what_waits_of_another_point_is_taken_back() -> None:
    """When the point changes or goes, not when it is said again."""
    stage = Stage()
    ann = stage.join()
    for x, withdrawn in ((0.25, 1), (0.25, 1), (0.5, 2), (None, 3)):
        select(ann, x, 0.5)
        assert stage.withdrawn == [Withdraw(ann.connection, Slot.PALETTE)] * withdrawn
