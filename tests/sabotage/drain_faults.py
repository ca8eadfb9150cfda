"""Faults in how a server leaves (R11), and in what may take as long as it likes (R10)."""

from tests.sabotage.fault import Fault

PACKAGE = "server/chromavive"

LEFT = (
    Fault(
        name="edits-refused-at-the-end",
        rule="R11.2",
        file=f"{PACKAGE}/runtime/hub.py",
        old="        self._close_all(errors.ServerLeaving())\n",
        new="        from chromavive.wire.messages import refusal\n"
        "        for task in self._tasks.values():\n"
        "            for each in task._room._proposals.out + task._room._proposals.waiting:\n"
        "                told = refusal(errors.NumberSpent(), seat=each.page_seat, number=each.number)\n"
        "                task._connections[each.connection].offer(Slot.RELIABLE, encode(told).decode())\n"
        "        self._close_all(errors.ServerLeaving())\n",
        test="tests/runtime/test_drain.py::test_R11_2_edits_stay_unanswered_and_are_there_once_after_the_restart[0]",
    ),
    Fault(
        name="the-append-that-is-out-not-waited-for",
        rule="R11.3",
        file=f"{PACKAGE}/runtime/hub.py",
        old="            for task in own:\n                task.cancel()",
        new="            for task in asyncio.all_tasks() - {asyncio.current_task()}:\n                task.cancel()",
        test="tests/runtime/test_drain.py::test_R11_3_the_append_that_is_out_is_finished_and_none_is_begun",
    ),
    Fault(
        name="all-come-back-at-once",
        rule="R11.5",
        file=f"{PACKAGE}/runtime/leaving.py",
        old="min(window, position / a_second)",
        new="min(window, 0 / a_second)",
        test="tests/runtime/test_drain.py::test_R11_5_five_hundred_members_come_back_one_after_the_other",
    ),
    Fault(
        name="client-comes-back-when-it-likes",
        rule="R11.6",
        file="client/connection/socket.js",
        old="if (message.type === 'leaving') this.#backoff.told(message.after_seconds);",
        new="",
        test="tests/client/connection/socket.test.js::"
        "R11.6 a page comes back when a hub that leaves has told it to, and backs off as ever after that",
    ),
    Fault(
        name="requests-outlast-the-server",
        rule="R11.8",
        file=f"{PACKAGE}/runtime/leaving.py",
        old="            end.reschedule(loop_seconds)",
        new="            pass",
        test="tests/runtime/test_drain.py::test_R11_8_a_request_that_goes_on_is_ended_and_one_that_ends_is_not",
    ),
)

ENDLESS = (
    Fault(
        name="uploads-drip-for-ever",
        rule="R10.7",
        file=f"{PACKAGE}/runtime/uploads.py",
        old="asyncio.timeout(settings.upload_seconds_max)",
        new="asyncio.timeout(None)",
        test="tests/runtime/test_hub.py::test_R10_7_an_upload_that_drips_holds_no_place",
    ),
    Fault(
        name="a-page-comes-back-with-what-is-no-text",
        rule="R10.3",
        file=f"{PACKAGE}/web/room_socket.py",
        old='self.curr_msg_data_type = "bytes"',
        new="pass",
        test="tests/web/test_room_socket.py::test_R10_3_a_text_that_is_no_utf8_is_malformed_in_one_piece_or_two",
    ),
    Fault(
        name="a-message-in-endless-pieces",
        rule="R10.4",
        file=f"{PACKAGE}/web/room_socket.py",
        old="if len(self.frames) < limits.MESSAGE_PIECES_MAX:",
        new="if not self.close_sent:",
        test="tests/web/test_room_socket.py::test_R10_4_a_message_in_endless_pieces_is_too_big",
    ),
)
