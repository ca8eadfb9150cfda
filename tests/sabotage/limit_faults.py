"""Faults in what bounds a page, a room and an address (R6, R8, R10)."""

from tests.sabotage.fault import Fault

PACKAGE = "server/chromavive"

BOUNDED = (
    Fault(
        name="an-allowance-never-empties",
        rule="R10.8",
        file=f"{PACKAGE}/room/allowance.py",
        old="max(self._full_seconds, now_seconds) + 1 / self.a_second",
        new="now_seconds",
        test="tests/room/test_admission.py::test_R10_8_a_page_sends_120_edits_a_second",
    ),
    Fault(
        name="a-room-without-a-pace",
        rule="R10.9",
        file=f"{PACKAGE}/room/admission.py",
        old="if not self._edits.take(now_seconds):",
        new="if not person.edits.may(now_seconds):",
        test="tests/room/test_admission.py::test_R10_9_a_room_takes_500_edits_a_second",
    ),
    Fault(
        name="the-newest-sample-is-dropped",
        rule="R6.7",
        file=f"{PACKAGE}/room/gestures.py",
        old="self._waiting[seat, number] = (person, message)",
        new="self._waiting.setdefault((seat, number), (person, message))",
        test="tests/room/test_admission.py::test_R6_7_of_too_many_samples_the_newest_is_taken_in_when_there_is_room",
    ),
    Fault(
        name="invented-seats-are-remembered",
        rule="R10.10",
        file=f"{PACKAGE}/room/admission.py",
        old="self._seats.forget(seat)",
        new="pass",
        test="tests/room/test_admission.py::test_R10_10_what_was_invented_is_forgotten_with_the_connection",
    ),
    Fault(
        name="everybody-chooses-an-address",
        rule="R10.17",
        file=f"{PACKAGE}/web/server.py",
        old="forwarded_allow_ips=proxies,",
        new='forwarded_allow_ips=proxies or "*",',
        test="tests/web/test_addresses.py::test_R10_17_nobody_chooses_an_address_by_a_header",
    ),
    Fault(
        name="an-address-has-all-connections",
        rule="R10.12",
        file=f"{PACKAGE}/runtime/addresses.py",
        old="address.connections += 1",
        new="address.connections = 1",
        test="tests/runtime/test_addresses.py::test_R10_12_an_address_has_so_many_connections",
    ),
    Fault(
        name="the-last-byte-of-the-disk",
        rule="R10.18",
        file=f"{PACKAGE}/runtime/uploads.py",
        old="free_bytes - uploads * arriving < settings.disk_free_bytes_min",
        new="free_bytes < uploads * arriving",
        test="tests/web/test_addresses.py::test_R10_18_a_disk_keeps_room_for_edits",
    ),
    Fault(
        name="a-head-may-drip",
        rule="R10.19",
        file=f"{PACKAGE}/web/request_protocol.py",
        old="        super().data_received(data)\n        self._watch()",
        new="        super().data_received(data)\n        self._unwatch()\n        self._watch()",
        test="tests/web/test_addresses.py::test_R10_19_who_drips_a_head_is_cut_off[half a head after a request]",
    ),
    Fault(
        name="a-stalled-reader-is-waited-for",
        rule="R8.10",
        file=f"{PACKAGE}/runtime/room_task.py",
        old="                taken += 1\n",
        new="                taken += 1\n"
        "                while any(each.waiting_bytes for each in self._connections.values()):\n"
        "                    await asyncio.sleep(0.001)\n",
        test="tests/runtime/test_stalled.py::test_R8_10_deliveries_to_49_are_the_same_beside_a_stalled_reader",
    ),
    Fault(
        name="gestures-without-end",
        rule="R6.8",
        file=f"{PACKAGE}/room/gestures.py",
        old="held + held_hints(edit) > limits.GESTURED_HINTS_MAX",
        new="held_hints(edit) > limits.GESTURED_HINTS_MAX",
        test="tests/room/test_gestures.py::test_R6_8_all_gestures_of_a_room_hold_2048_hints",
    ),
)
