"""Every limit is run into by a test, and says its value to whoever runs into it."""

import ast
import dataclasses
import re

import pytest

from chromavive import errors, limits
from chromavive.settings import Settings
from tests.source.tree import PACKAGE, ROOT, parse

ROOM, RUNTIME, WEB = "tests/room/test_", "tests/runtime/test_", "tests/web/test_"

# A limit of the protocol; the test that runs into it; the error whose sentence has to say its value; how it says it.
# Without an error the limit refuses nothing: it merges, waits, cuts, or cuts off whom nothing can be told any more.
HIT: dict[str, tuple[str, type[errors.PeerError] | None, str]] = {
    "MESSAGE_BYTES_MAX": (f"{WEB}room_socket.py::test_R10_4_every_bad_beginning_has_its_own_close_code", None, ""),
    "MESSAGE_PIECES_MAX": (f"{WEB}room_socket.py::test_R10_4_a_message_in_endless_pieces_is_too_big", None, ""),
    "HINTS_MAX": (f"{ROOM}rights.py::test_the_room_holds_so_many_hints_and_no_more", errors.HintsFull, "512"),
    "SWATCHES_MAX": (f"{ROOM}swatches.py::test_a_room_holds_48_swatches", errors.SwatchesFull, "48"),
    "MEMBERS_MAX": (f"{ROOM}joining.py::test_a_full_room_says_so", errors.RoomFull, "500"),
    "NAME_CHARACTERS_MAX": (f"{ROOM}outbox.py::test_a_name_is_cut_to_40_characters", None, ""),
    "TITLE_CHARACTERS_MAX": (f"{ROOM}rights.py::test_R10_2_a_refused_edit_changes_nothing", errors.TextTooLong, "120"),
    "HINT_SIZE_MIN": (f"{ROOM}rights.py::test_R10_2_a_refused_edit_changes_nothing", errors.SizeOutside, "1"),
    "HINT_SIZE_MAX": (f"{ROOM}rights.py::test_R10_2_a_refused_edit_changes_nothing", errors.SizeOutside, "9"),
    "AB_MAX": (f"{ROOM}rights.py::test_R10_2_a_refused_edit_changes_nothing", errors.ColorOutside, "110"),
    "CROP_SIDE_PX_MIN": (f"{ROOM}rights.py::test_turn_and_crop_before_the_first_hint", errors.CropTooSmall, "16"),
    "RESUME_ENTRIES_MAX": (f"{ROOM}joining.py::test_R4_3_who_missed_too_much_gets_a_snapshot", None, ""),
    "HELLO_SECONDS_MAX": (
        f"{RUNTIME}connection.py::test_R4_8_a_socket_without_hello_is_closed_after_5_s",
        errors.HelloLate,
        "5 s",
    ),
    "HEAD_SECONDS_MAX": (f"{WEB}addresses.py::test_R10_19_who_drips_a_head_is_cut_off", None, ""),
    "GESTURE_SILENCE_SECONDS": (f"{ROOM}gestures.py::test_R6_3_a_gesture_ends", None, ""),
    "GESTURES_A_SEAT_MAX": (f"{ROOM}gestures.py::test_a_seat_has_ten_fingers", None, ""),
    "GESTURED_HINTS_MAX": (
        f"{ROOM}gestures.py::test_R6_8_all_gestures_of_a_room_hold_2048_hints",
        errors.GesturesFull,
        "2,048",
    ),
    "EDITS_A_SECOND_MAX": (
        f"{ROOM}admission.py::test_R10_8_a_page_sends_120_edits_a_second",
        errors.EditsTooFast,
        "120 edits a second",
    ),
    "SAMPLES_A_SECOND_MAX": (
        f"{ROOM}admission.py::test_R6_7_of_too_many_samples_the_newest_is_taken_in_when_there_is_room",
        None,
        "",
    ),
    "ROOM_EDITS_A_SECOND_MAX": (
        f"{ROOM}admission.py::test_R10_9_a_room_takes_500_edits_a_second",
        errors.RoomTooFast,
        "500 edits a second",
    ),
    "MESSAGES_A_SECOND_MAX": (
        f"{RUNTIME}connection.py::test_R10_11_a_connection_says_1000_messages_a_second",
        errors.MessagesTooFast,
        "1,000 messages a second",
    ),
    "MESSAGES_AT_ONCE_MAX": (
        f"{RUNTIME}connection.py::test_R10_11_a_connection_says_1000_messages_a_second",
        None,
        "",
    ),
    "SEATS_A_CONNECTION_MAX": (
        f"{ROOM}admission.py::test_R10_10_a_connection_sends_edits_of_16_seats_without_an_entry",
        errors.SeatsTooMany,
        "16",
    ),
    "GESTURE_INTERVAL_SECONDS": (f"{ROOM}outbox.py::test_R8_7_gestures_and_presence_go_out_merged", None, ""),
    "GESTURE_INTERVAL_CROWDED_SECONDS": (f"{ROOM}outbox.py::test_R8_7_gestures_and_presence_go_out_merged", None, ""),
    "CROWD_MEMBERS": (f"{ROOM}outbox.py::test_R8_7_gestures_and_presence_go_out_merged", None, ""),
    "CURSORS_MAX": (f"{ROOM}outbox.py::test_R8_8_presence_names_at_most_64_cursors", None, ""),
    "FRAMES_A_SECOND_MAX": (f"{ROOM}looks.py::test_R7_6_at_most_thirty_frames_a_second", None, ""),
    "OUTBOX_BYTES_MAX": (f"{ROOM}outbox.py::test_R8_2_too_many_bytes_do_too", errors.OutboxOverflow, "1 MiB"),
    "OUTBOX_MESSAGES_MAX": (
        f"{ROOM}outbox.py::test_R8_2_too_many_messages_close_the_connection_transiently",
        errors.OutboxOverflow,
        "1,000 messages",
    ),
    "FRAMES_UNPAINTED_MAX": (f"{ROOM}outbox.py::test_R8_4_at_most_two_frames_are_unpainted", None, ""),
    "PAINTED_SILENCE_SECONDS": (
        f"{RUNTIME}connection.py::test_R8_5_a_page_that_paints_nothing_for_10_s_is_closed",
        errors.NotPainting,
        "10 s",
    ),
    "WRITE_SECONDS_MAX": (
        f"{RUNTIME}connection.py::test_R8_9_a_peer_that_stops_reading_is_freed_within_10_s",
        None,
        "",
    ),
    "SEND_BUFFER_BYTES": (f"{WEB}room_socket.py::test_R8_11_the_kernel_keeps_little_for_a_socket", None, ""),
    "PING_INTERVAL_SECONDS": (f"{RUNTIME}connection.py::test_a_silent_peer_is_pinged_and_then_given_up", None, ""),
    "SILENCE_SECONDS_MAX": (f"{RUNTIME}connection.py::test_a_silent_peer_is_pinged_and_then_given_up", None, ""),
    "DOWNLOAD_SILENCE_SECONDS": (
        f"{WEB}exports.py::test_a_reader_who_takes_nothing_does_not_keep_the_file",
        None,
        "",
    ),
    "DOWNLOAD_SECONDS_MAX": (f"{WEB}exports.py::test_a_reader_who_takes_nothing_does_not_keep_the_file", None, ""),
    "RETURN_SECONDS_MIN": (
        f"{RUNTIME}drain.py::test_R11_5_five_hundred_members_come_back_one_after_the_other",
        None,
        "",
    ),
    "RETURNS_A_SECOND": (
        f"{RUNTIME}drain.py::test_R11_5_five_hundred_members_come_back_one_after_the_other",
        None,
        "",
    ),
    "RETURN_SECONDS_MAX": (
        f"{RUNTIME}drain.py::test_R11_5_however_many_they_are_none_is_kept_waiting_for_longer_than_30_s",
        None,
        "",
    ),
    "EDITS_WAITING_MAX": (
        f"{ROOM}journaling.py::test_R3_4_after_a_retry_later_numbers_wait_for_it",
        errors.RoomBusy,
        "400 edits",
    ),
    "EDITS_WAITING_BYTES_MAX": (
        f"{ROOM}outbox.py::test_R8_2_large_edits_at_once_close_nobody_who_was_not_slow",
        errors.RoomBusy,
        "384 KiB",
    ),
    "POINTS_A_PASS_MAX": (
        f"{ROOM}points.py::test_R7_13_beyond_the_limit_the_newest_go_first_and_the_others_in_turn",
        None,
        "",
    ),
    "UNDO_STEPS_MAX": (f"{ROOM}undo.py::test_R12_6_a_member_has_a_hundred_steps_over_all_seats", None, ""),
}
NO_LIMITS = {"PROTOCOL_VERSION"}

SAID = f"{WEB}limits_said.py::test_R10_20_a_limit_says_its_name_and_others_go_on"

# A setting that bounds something, and the test that runs into it and reads its value in the refusal.
SET: dict[str, str] = {
    "upload_bytes_max": SAID,
    "pixels_max": SAID,
    "uploads_max": SAID,
    "upload_silence_seconds": SAID,
    "upload_seconds_max": SAID,
    "exports_max": SAID,
    "rooms_loaded_max": SAID,
    "batch_max": f"{RUNTIME}passes.py::test_rooms_share_a_pass_where_batches_pay",
    "room_idle_seconds": f"{RUNTIME}hub.py::test_an_idle_room_leaves_the_memory_and_comes_back_the_same",
    "ticket_seconds": f"{WEB}downloads.py::test_R13_2_a_ticket_works_for_60_s",
    "leave_seconds": f"{RUNTIME}drain.py::test_R11_7_whoever_does_not_close_is_not_waited_for",
    "connections_an_address_max": f"{RUNTIME}addresses.py::test_R10_12_an_address_has_so_many_connections",
    "messages_an_address_a_second_max": (
        f"{RUNTIME}addresses.py::test_R10_13_the_pages_of_an_address_say_so_many_messages"
    ),
    "rooms_an_address_an_hour_max": f"{RUNTIME}addresses.py::test_R10_14_an_address_opens_so_many_rooms_an_hour",
    "pictures_an_address_a_minute_max": f"{WEB}addresses.py::test_R10_15_downloads_and_colorize_have_a_pace",
    "uploads_an_address_max": f"{WEB}addresses.py::test_R10_16_slow_uploads_of_one_address_leave_places_for_others",
    "exports_an_address_max": f"{RUNTIME}addresses.py::test_R10_16_an_address_has_so_many_under_way",
    "disk_free_bytes_min": f"{WEB}addresses.py::test_R10_18_a_disk_keeps_room_for_edits",
}


def constants() -> set[str]:
    """The names that limits.py sets."""
    nodes = [node for node in parse(PACKAGE / "limits.py").body if isinstance(node, ast.Assign)]
    return {target.id for node in nodes for target in node.targets if isinstance(target, ast.Name)}


def test_every_limit_has_a_test_that_runs_into_it() -> None:
    """A number that nothing reaches is a wish."""
    assert HIT.keys() == constants() - NO_LIMITS
    bounds = {each.name for each in dataclasses.fields(Settings) if re.search(r"_max$|_min$|_seconds$", each.name)}
    assert bounds == SET.keys()


@pytest.mark.parametrize("test", sorted({*(row[0] for row in HIT.values()), *SET.values()}))
def test_the_test_is_there(test: str) -> None:
    """Under this name, in this file."""
    file, _, name = test.partition("::")
    assert re.search(rf"\bdef {re.escape(name)}\(", (ROOT / file).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [name for name, (_, error, _) in HIT.items() if error is not None])
def test_a_limit_is_said(name: str) -> None:
    """The sentence names the value, and the value is the limit's."""
    _, error, said = HIT[name]
    assert error is not None
    assert said in error.sentence
    value = float(getattr(limits, name))
    in_bytes = {"KiB": 1024, "MiB": 1024**2}.get(said.split()[-1], 1)
    assert float(said.split()[0].replace(",", "")) * in_bytes == value
