"""R7: newest only, never backwards."""

import pytest

from chromavive.errors import EngineFailed
from chromavive.hints.edit import ChooseNetwork, Lock, Move, Placed, Resize, Retitle, SetVividness
from chromavive.room.opening import opening_entry
from chromavive.wire import messages
from tests.room.stage import OWNER, PHOTOGRAPH, Stage, add


def test_R7_1_only_what_would_be_rendered_differently_counts_a_look() -> None:
    """Neither title, lock, cursor nor a hint that another one hides."""
    stage = Stage()
    owner = stage.join("owner")
    owner.edit(add("over", x=0.5))
    stage.land()
    stage.render()
    stage.wait(1)
    for edit in (Retitle("other"), Lock(True), Move((Placed("over", 0.5, 0.5),))):
        owner.edit(edit)
        owner.send(messages.Pointer(0.2, 0.2))
        stage.land()
        assert stage.render() is None
    owner.edit(Resize(("over",), 9.0))
    stage.land()
    assert stage.render() is not None


def test_R7_1_network_and_vividness_count_a_look() -> None:
    """Each once; the same again counts nothing. What the pass is to be painted by says its order."""
    stage = Stage()
    owner = stage.join("owner")
    stage.render()
    for edit, network, vividness in (
        (SetVividness(0.5), "stub", 0.5),
        (ChooseNetwork("other"), "other", 0.5),
    ):
        stage.wait(1)
        owner.edit(edit)
        stage.land()
        rendered = stage.render()
        assert rendered is not None
        assert (rendered[0].content.network, rendered[0].content.vividness) == (network, vividness)
        stage.wait(1)
        owner.edit(edit)
        stage.land()
        assert stage.render() is None


def test_R7_12_a_network_that_is_not_loaded_is_stood_in_for() -> None:
    """The state says what was chosen, the passes what serves, and the welcome why."""
    stage = Stage()
    stage.journal[:] = [opening_entry(PHOTOGRAPH, "rembrandt", "", OWNER, 0)]
    stage.load()
    owner = stage.join("owner")
    rendered = stage.render()
    assert rendered is not None
    assert rendered[0].content.network == stage.room.serving.name == "stub"
    assert stage.state.network == "rembrandt"
    assert "rembrandt" in owner.last(messages.Welcome).engine.note


def test_R7_4_one_pass_in_flight_and_the_newest_next() -> None:
    """While a pass runs, no other starts; then the newest look, and none between."""
    stage = Stage()
    ann = stage.join()
    order = stage.room.start_pass(stage.now)
    assert order is not None
    for step in range(1, 6):
        stage.wait(0.1)
        ann.gesture(add(x=step / 10))
        assert stage.room.start_pass(stage.now) is None
    stage.carry(stage.room.pass_ended(order, stage.now)[2])
    rendered = stage.render()
    assert rendered is not None
    assert rendered[0].look == order.look + 5
    assert rendered[0].content.hints[0].x == pytest.approx(0.5)


def test_R7_5_a_look_that_was_overtaken_is_never_rendered() -> None:
    """A press that came and went while the pass ran leaves nothing to render but the newest look."""
    stage = Stage()
    ann = stage.join()
    order = stage.room.start_pass(stage.now)
    assert order is not None
    ann.gesture(add(x=0.1))
    ann.gesture(add(x=0.2))
    ann.gesture(add(x=0.3))
    stage.wait(0.1)
    stage.carry(stage.room.pass_ended(order, stage.now)[2])
    rendered = stage.render()
    assert rendered is not None
    assert rendered[0].content.hints[0].x == 0.3
    assert stage.room.start_pass(stage.now + 1) is None


def test_a_room_that_nobody_looks_at_wants_no_pass() -> None:
    """A landing page that asks about twenty rooms costs no pass; the first who comes in wants one at once."""
    stage = Stage()
    stage.wait(10)
    assert stage.wants == 0
    assert stage.room.wake_seconds() is None
    stage.leave(stage.join())
    assert stage.wants == 1


def test_a_failed_pass_is_tried_again_after_a_pause() -> None:
    """1 s, 2 s, 4 s, then settled; people hear of it once."""
    stage = Stage()
    ann = stage.join()
    for pause in (1.0, 2.0, 4.0):
        order = stage.room.start_pass(stage.now)
        assert order is not None
        stage.carry(stage.room.pass_failed(order, EngineFailed.sentence, stage.now))
        stage.wait(pause - 0.01)
        assert stage.room.start_pass(stage.now) is None
        stage.wait(0.01)
    assert len(ann.all(messages.EngineChanged)) == 1
    rendered = stage.render()
    assert rendered is not None
    assert rendered[1]


def test_R7_6_at_most_thirty_frames_a_second() -> None:
    """With an engine that needs no time."""
    stage = Stage()
    ann = stage.join()
    passes = 0
    for step in range(200):
        ann.gesture(add(x=step / 200))
        passes += stage.render() is not None
        stage.wait(0.005)
    assert 28 <= passes <= 31


def test_R7_7_a_settled_frame_follows_the_last_change() -> None:
    """After a drag that ended elsewhere, the last pass is settled."""
    stage = Stage()
    ann = stage.join()
    ann.gesture(add(x=0.1))
    moving = stage.render()
    assert moving is not None
    assert not moving[1]
    ann.edit(add(x=0.9), gesture=1)
    stage.land()
    stage.wait(1)
    settled = stage.render()
    assert settled is not None
    assert settled[1]
    assert stage.settled == []


def test_R7_8_no_second_pass_where_the_last_look_showed_it_already() -> None:
    """The painting is sent once more as settled, once."""
    stage = Stage()
    ann = stage.join()
    ann.gesture(add(x=0.1))
    moving = stage.render()
    assert moving is not None
    ann.edit(add(x=0.1), gesture=1)
    stage.land()
    stage.wait(5)
    assert stage.render() is None
    assert [(frame.look, frame.revision) for frame in stage.settled] == [(moving[0].look, 2)]


def test_R7_9_a_late_joiner_is_offered_the_newest_frame() -> None:
    """And no pass is wanted for it."""
    stage = Stage()
    stage.join()
    stage.render()
    wants = stage.wants
    late = stage.join(who="late")
    assert late.connection in stage.offered
    assert stage.wants == wants
    assert stage.render() is None


@pytest.mark.parametrize("members", [1, 10])
def test_debounce_counts(members: int) -> None:
    """200 samples in one second, a 50 ms engine: at most 21 passes, the last of the newest look, then settled."""
    stage = Stage()
    everybody = [stage.join(who=f"member{number}") for number in range(members)]
    stage.render()
    stage.wait(1)
    passes, flying, lands = 0, None, 0.0
    for step in range(200):
        mover = everybody[step % members]
        mover.gesture(add(f"hint{step % members}", x=step / 200, y=(step % members) / members))
        if flying is not None and stage.now >= lands:
            stage.carry(stage.room.pass_ended(flying, stage.now)[2])
            flying = None
        if flying is None:
            flying = stage.room.start_pass(stage.now)
            passes += flying is not None
            lands = stage.now + 0.05
        stage.wait(0.005)
    assert flying is not None
    stage.wait(0.05)
    stage.carry(stage.room.pass_ended(flying, stage.now)[2])
    last = stage.render()
    assert passes + (last is not None) <= 21
    newest = last[0] if last is not None else flying
    assert newest.content.hints[-1].x == pytest.approx(199 / 200) or members > 1
    for member in everybody:
        member.send(messages.Cancel(1))
    stage.wait(1)
    settled = stage.render()
    assert settled is not None
    assert settled[1]
