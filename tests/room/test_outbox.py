"""R8: nobody waits for a slow member."""

import pytest

from chromavive import errors, limits
from chromavive.hints.edit import Add, NewHint, Remove, Retitle
from chromavive.room.effects import Slot
from chromavive.room.outbox import Outbox
from chromavive.wire import messages
from tests.room.stage import Stage, add


def test_R8_2_too_many_messages_close_the_connection_transiently() -> None:
    """Nothing is dropped: the thousand that wait are still there."""
    outbox = Outbox()
    for number in range(limits.OUTBOX_MESSAGES_MAX):
        outbox.offer(Slot.RELIABLE, str(number))
    with pytest.raises(errors.OutboxOverflow) as caught:
        outbox.offer(Slot.RELIABLE, "one more")
    assert 4500 <= caught.value.close_code <= 4599
    assert [outbox.take() for _ in range(limits.OUTBOX_MESSAGES_MAX)] == [
        str(number) for number in range(limits.OUTBOX_MESSAGES_MAX)
    ]


def test_R8_2_too_many_bytes_do_too() -> None:
    """And what was written frees its room."""
    outbox = Outbox()
    half = "x" * (limits.OUTBOX_BYTES_MAX // 2)
    outbox.offer(Slot.RELIABLE, half)
    outbox.offer(Slot.RELIABLE, half)
    with pytest.raises(errors.OutboxOverflow):
        outbox.offer(Slot.RELIABLE, "x")
    outbox.take()
    outbox.offer(Slot.RELIABLE, half)


def test_R7_18_a_preview_is_neither_shed_nor_counted() -> None:
    """It waits behind frames, goes out where they may not, and frames go on as if it were not there."""
    outbox = Outbox()
    outbox.offer_preview(b"older")
    outbox.offer_preview(b"preview")
    outbox.offer_frame(1, b"one", 0.0)
    assert [outbox.take(), outbox.take(), outbox.take()] == [b"one", b"preview", None]
    outbox.offer_frame(2, b"two", 0.0)
    assert outbox.take() == b"two"
    outbox.offer_frame(3, b"three", 0.0)
    outbox.offer_preview(b"preview")
    assert [outbox.take(), outbox.take()] == [b"preview", None]
    outbox.offer_preview(b"preview")
    outbox.withdraw(Slot.PREVIEW)
    assert outbox.take() is None
    outbox.painted(2, 0.0)
    assert outbox.take() == b"three"


def test_R4_10_the_welcome_does_not_count() -> None:
    """A snapshot larger than the outbox goes out."""
    outbox = Outbox()
    outbox.offer(Slot.RELIABLE, "x" * (limits.OUTBOX_BYTES_MAX * 2), counted=False)
    outbox.offer(Slot.RELIABLE, "x" * limits.OUTBOX_BYTES_MAX)


def test_R8_3_frames_gestures_and_presence_have_one_slot_each() -> None:
    """The newest wins; what is reliable goes first."""
    outbox = Outbox()
    for number in range(3):
        outbox.offer(Slot.GESTURES, f"gestures {number}")
        outbox.offer(Slot.PRESENCE, f"presence {number}")
        outbox.offer_frame(number, f"frame {number}".encode(), 0)
    outbox.offer(Slot.RELIABLE, "entry")
    taken = [outbox.take() for _ in range(5)]
    assert taken == ["entry", "gestures 2", "presence 2", b"frame 2", None]


def test_R8_4_at_most_two_frames_are_unpainted() -> None:
    """The third waits, replaced by newer ones, until one is painted."""
    outbox = Outbox()
    for look in range(1, 6):
        outbox.offer_frame(look, bytes([look]), 0)
        taken = outbox.take()
        assert (taken is not None) == (look <= limits.FRAMES_UNPAINTED_MAX)
    outbox.painted(1, 0)
    assert outbox.take() == bytes([5])


def test_R8_5_who_paints_nothing_while_frames_wait_has_a_deadline() -> None:
    """10 s from the first frame that had to wait; painting lifts it."""
    outbox = Outbox()
    for look in (1, 2):
        outbox.offer_frame(look, b"frame", 100)
        outbox.take()
    assert outbox.deadline_seconds() is None
    outbox.offer_frame(3, b"frame", 103)
    outbox.offer_frame(4, b"frame", 105)
    assert outbox.deadline_seconds() == 103 + limits.PAINTED_SILENCE_SECONDS
    outbox.painted(1, 106)
    assert outbox.deadline_seconds() is None


def test_R8_6_painted_is_cumulative() -> None:
    """One word for two frames."""
    outbox = Outbox()
    for look in (1, 2):
        outbox.offer_frame(look, b"frame", 0)
        outbox.take()
    outbox.painted(2, 0)
    for look in (3, 4):
        outbox.offer_frame(look, b"frame", 0)
        assert outbox.take() == b"frame"


def test_a_closing_outbox_still_says_what_was_promised() -> None:
    """Entries and answers go out before the close; nothing new comes in."""
    outbox = Outbox()
    outbox.offer(Slot.RELIABLE, "accepted")
    outbox.offer_frame(1, b"frame", 0)
    outbox.close(errors.LinkRotated())
    outbox.offer(Slot.RELIABLE, "too late")
    assert [outbox.take(), outbox.take()] == ["accepted", None]
    assert isinstance(outbox.closing, errors.LinkRotated)


@pytest.mark.parametrize(
    ("members", "interval"),
    [(2, limits.GESTURE_INTERVAL_SECONDS), (limits.CROWD_MEMBERS + 1, limits.GESTURE_INTERVAL_CROWDED_SECONDS)],
)
def test_R8_7_gestures_and_presence_go_out_merged(members: int, interval: float) -> None:
    """The first at once, then at most every 50 ms, or 200 ms in a crowd."""
    stage = Stage()
    everybody = [stage.join(who=f"member{number}") for number in range(members)]
    stage.wait(1)
    stage.sent.clear()
    for step in range(100):
        everybody[step % 2].gesture(add(f"hint{step % 2}", x=step / 100))
        everybody[step % 2].send(messages.Pointer(step / 100, 0.5))
        stage.wait(0.01)
    stage.wait(interval)
    for slot in (Slot.GESTURES, Slot.PRESENCE):
        sent = [send for send in stage.sent if send.slot is slot]
        assert len(sent) <= 1 / interval + 2
        assert {len(send.connections) for send in sent} == {members}
    assert len(everybody[0].last(messages.Gestures).gestures) == 2


def test_R8_8_presence_names_at_most_64_cursors() -> None:
    """Those who moved last; the count says how many there are."""
    stage = Stage()
    everybody = [stage.join(who=f"member{number}") for number in range(limits.CURSORS_MAX + 6)]
    everybody[3].send(messages.Pointer(0.5, 0.5))
    stage.wait(1)
    presence = everybody[0].last(messages.Presence)
    assert (len(presence.present), presence.count) == (limits.CURSORS_MAX, limits.CURSORS_MAX + 6)
    assert presence.present[0].seat == everybody[3].seat


def test_a_cursor_outside_the_picture_is_nowhere() -> None:
    """Never a place that pages would have to guard against."""
    stage = Stage()
    ann = stage.join()
    ann.send(messages.Pointer(3.0, 0.5))
    stage.wait(1)
    assert ann.last(messages.Presence).present[0].x is None


def test_R8_12_a_view_is_part_of_presence_and_the_newest_counts() -> None:
    """Merged and paced like the cursor, from viewers too; what no page can show is nothing."""
    stage = Stage()
    ann, vera = stage.join(), stage.join("viewer", "vera")
    stage.wait(1)
    stage.sent.clear()
    for step in range(10):
        vera.send(messages.View(step / 10, 0.5, 0.5))
    stage.wait(limits.GESTURE_INTERVAL_SECONDS)
    assert len([send for send in stage.sent if send.slot is Slot.PRESENCE]) <= 2
    assert ann.last(messages.Presence).present[0].view == messages.Sight(0.9, 0.5, 0.5)
    for impossible in [messages.View(0.5, 1.5, 0.5), messages.View(0.5, 0.5, 0.0), messages.View(0.5, 0.5, 2.0)]:
        vera.send(impossible)
        stage.wait(1)
        assert ann.last(messages.Presence).present[0].view is None


def test_R8_2_the_answers_to_one_append_fit_a_healthy_members_outbox() -> None:
    """All edits that may wait for the journal at once, answered at once, close nobody who was not slow."""
    stage = Stage()
    ann = stage.join("owner")
    ann.edit(Retitle("out"))
    for number in range(limits.EDITS_WAITING_MAX):
        ann.edit(Retitle(str(number)))
        stage.now += 0.01
    assert ann.last(messages.Refused).code == errors.RoomBusy.code
    told = len(ann.heard)
    stage.land()
    assert 2 * (limits.EDITS_WAITING_MAX - 1) <= len(ann.heard) - told <= limits.OUTBOX_MESSAGES_MAX - 100


def test_R8_2_large_edits_at_once_close_nobody_who_was_not_slow() -> None:
    """What waits for the journal is bounded in bytes too; one edit alone always may, and the rest comes again."""
    stage = Stage()
    ann = stage.join("owner")
    hints = tuple(NewHint(f"hint-of-a-long-name-{n:04}", n / 512, 0.123456789, 12.5, -12.5) for n in range(512))
    ann.edit(Retitle("out"))
    for _ in range(20):
        ann.edit(Add(hints))
        ann.edit(Remove(tuple(hint.id for hint in hints)))
    busy = ann.all(messages.Refused)[0]
    assert (busy.code, busy.kind) == (errors.RoomBusy.code, "retry")
    assert f"{limits.EDITS_WAITING_BYTES_MAX // 1024} KiB" in busy.sentence
    assert str(limits.EDITS_WAITING_MAX) in busy.sentence
    heard = len(ann.heard)
    stage.land()
    sizes = [len(messages.encode(message)) for message in ann.heard[heard:]]
    assert max(sizes) > 50_000
    assert sum(sizes) < limits.OUTBOX_BYTES_MAX / 2


def test_a_name_is_cut_to_40_characters() -> None:
    """In the hello and later; nobody is refused for a long name."""
    stage = Stage()
    ann, bob = stage.join(), stage.join(who="bob" * 6)
    ann.send(messages.Rename("n" * 1000))
    stage.wait(1)
    names = {person.name for person in bob.last(messages.Presence).present}
    assert names == {"n" * limits.NAME_CHARACTERS_MAX, "bob" * 6}
    assert ann.all(messages.Refused) == []
