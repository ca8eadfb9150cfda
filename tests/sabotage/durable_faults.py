"""Faults in what is kept: the journal, its order, what comes once, what is resumed (R1 to R5)."""

from tests.sabotage.fault import Fault

PACKAGE = "server/chromavive"

DURABLE = (
    Fault(
        name="acknowledge-before-the-journal-answers",
        rule="R1.1",
        file=f"{PACKAGE}/runtime/room_task.py",
        old="self._group.create_task(self._append(effect))",
        new="self._group.create_task(self._append(effect))\n"
        "                    self._post(lambda: self._loaded_room.appended(self._clock.now_seconds()))",
        test="tests/runtime/test_hub.py::test_R1_1_nothing_shows_an_edit_before_the_journal_holds_it",
    ),
    Fault(
        name="synchronous-off",
        rule="R1.1",
        file=f"{PACKAGE}/journal/sqlite.py",
        old='"synchronous": "full"',
        new='"synchronous": "off"',
        test="tests/journal/test_sqlite.py::test_R1_1_every_append_is_synced_before_it_is_answered",
    ),
    Fault(
        name="unknown-taken-for-yes",
        rule="R1.4",
        file=f"{PACKAGE}/room/room.py",
        old="return self.conflicted()",
        new="return self.appended(0.0)",
        test="tests/room/test_journaling.py::test_R1_4_unknown_is_read_back_before_anything_else[False]",
    ),
    Fault(
        name="batch-without-savepoint",
        rule="R1.7",
        file=f"{PACKAGE}/journal/sqlite.py",
        old='self._connection.execute("ROLLBACK TO room")',
        new="pass",
        test="tests/contracts/test_journal_contract.py::test_R3_1_a_number_of_a_seat_comes_once_in_a_room[sqlite]",
    ),
    Fault(
        name="send-the-sealed-part",
        rule="R1.9",
        file=f"{PACKAGE}/room/room.py",
        old="messages.raw(encoded.payload)",
        new="messages.raw(encoded.payload[:-1] + b',\"sealed\":' + (encoded.sealed or b'0') + b'}')",
        test="tests/room/test_journaling.py::test_R1_9_the_sealed_part_reaches_nobody",
    ),
    Fault(
        name="opened-before-the-photograph",
        rule="R1.10",
        file=f"{PACKAGE}/pictures/store.py",
        old="os.fsync(",
        new="os.fstat(",
        test="tests/pictures/test_store.py::test_R1_10_files_and_folders_are_synced_before_put_returns",
    ),
    Fault(
        name="forgotten-id-taken-again",
        rule="R1.11",
        file=f"{PACKAGE}/journal/sqlite.py",
        old="INSERT OR IGNORE INTO forgotten (room) VALUES (?)",
        new="DELETE FROM forgotten WHERE room = ?",
        test="tests/contracts/test_journal_contract.py::test_R1_11_a_forgotten_room_never_comes_back[sqlite]",
    ),
    Fault(
        name="render-edits-ahead-of-the-journal",
        rule="R1.12",
        file=f"{PACKAGE}/room/room.py",
        old="self._gestures.over(self.state, self.revision)",
        new="self._gestures.over(self._proposals.ahead.state, self.revision)",
        test="tests/room/test_journaling.py::test_R1_12_only_gestures_are_rendered_before_they_are_durable",
    ),
)

ORDERED_ONCE = (
    Fault(
        name="read-in-another-order",
        rule="R2.1",
        file=f"{PACKAGE}/journal/sqlite.py",
        old="ORDER BY revision LIMIT ?",
        new="ORDER BY revision DESC LIMIT ?",
        test="tests/contracts/test_journal_contract.py::test_R2_1_a_restart_finds_every_record_in_order[sqlite]",
    ),
    Fault(
        name="client-skips-an-entry",
        rule="R2.2",
        file="client/room/follower.js",
        old="if (entry.revision !== this.#revision + 1) {",
        new="if (entry.revision <= this.#revision) {",
        test="tests/client/room/follower.test.js::"
        "R2.2 an entry that was had is passed over; one that leaves a gap is an error",
    ),
    Fault(
        name="journal-without-its-seat-index",
        rule="R3.1",
        file=f"{PACKAGE}/journal/schema.py",
        old="CREATE UNIQUE INDEX entry_by_seat",
        new="CREATE INDEX entry_by_seat",
        test="tests/contracts/test_journal_contract.py::test_R3_1_a_number_of_a_seat_comes_once_in_a_room[sqlite]",
    ),
    Fault(
        name="skip-the-seats-counter",
        rule="R3.2",
        file=f"{PACKAGE}/room/seats.py",
        old="if number in numbers.accepted:",
        new="if number in ():",
        test="tests/room/test_journaling.py::test_R3_2_a_repeat_gets_its_first_answer_also_after_a_restart",
    ),
    Fault(
        name="refused-number-applied-later",
        rule="R3.3",
        file=f"{PACKAGE}/room/seats.py",
        old="if number <= numbers.highest:",
        new="if number < 0:",
        test="tests/room/test_journaling.py::test_R3_3_a_refused_number_is_refused_again",
    ),
    Fault(
        name="retry-order-ignored",
        rule="R3.4",
        file=f"{PACKAGE}/room/seats.py",
        old="return Fate.EARLY",
        new="return Fate.FRESH",
        test="tests/room/test_journaling.py::test_R3_4_after_a_retry_later_numbers_wait_for_it",
    ),
    Fault(
        name="client-takes-a-dead-seats-edits-for-its-own",
        rule="R3.5",
        file="client/room/follower.js",
        old=".map(({ seat, number, edit }) => ({ seat, number, edit }))",
        new=".map(({ number, edit }) => ({ seat: this.#ownSeat, number, edit }))",
        test="tests/client/room/follower.test.js::"
        "R3.5 edits of a dead page go under its seat and numbers, before this page's",
    ),
    Fault(
        name="seat-id-without-the-secret",
        rule="R3.6",
        file=f"{PACKAGE}/ids.py",
        old='f"{member_secret}/{seat}"',
        new="seat",
        test="tests/room/test_journaling.py::test_R3_6_another_members_seat_gives_other_numbers",
    ),
)

RESUMED = (
    Fault(
        name="chain-of-a-restored-backup-ignored",
        rule="R4.4",
        file=f"{PACKAGE}/room/joining.py",
        old=" and self.chains[revision] == hello.chain",
        new="",
        test="tests/room/test_joining.py::test_R4_4_another_past_is_answered_as_rolled_back[True]",
    ),
    Fault(
        name="rolled-back-edits-sent-without-asking",
        rule="R4.5",
        file="client/room/follower.js",
        old="if (message.rolled_back) {",
        new="if (false) {",
        test="tests/client/room/follower.test.js::"
        "R4.5 after a rollback the journal's state shows and pending edits are offered one by one",
    ),
    Fault(
        name="a-seat-on-two-connections",
        rule="R4.6",
        file=f"{PACKAGE}/room/room.py",
        old="for old in self._people.of_seat(seat):",
        new="for old in self._people.of_seat(hello.seat):",
        test="tests/room/test_joining.py::test_R4_6_a_new_connection_replaces_only_its_seats_old_one",
    ),
    Fault(
        name="late-close-of-a-replaced-socket",
        rule="R4.7",
        file="client/connection/socket.js",
        old="this.#isMine(socket) && this.#ended(code, reason)",
        new="this.#ended(code, reason)",
        test="tests/client/connection/socket.test.js::R4.7 late events of a replaced socket touch nothing",
    ),
    Fault(
        name="no-deadline-for-hello",
        rule="R4.8",
        file=f"{PACKAGE}/runtime/connection.py",
        old="asyncio.timeout(limits.HELLO_SECONDS_MAX)",
        new="asyncio.timeout(None)",
        test="tests/runtime/test_connection.py::test_R4_8_a_socket_without_hello_is_closed_after_5_s",
    ),
    Fault(
        name="client-shows-only-what-is-confirmed",
        rule="R5.1",
        file="client/room/follower.js",
        old="for (const { edit } of this.#pending) {",
        new="for (const { edit } of this.#pending.filter(({ revision }) => revision)) {",
        test="tests/client/room/follower.test.js::"
        "R5.1, R5.3 own edits show at once, as the newest, and are not confirmed",
    ),
    Fault(
        name="client-does-not-apply-pending-edits-again",
        rule="R5.2",
        file="client/room/follower.js",
        old="this.#workingPx = message.working_px;\n    this.#changed();",
        new="this.#workingPx = message.working_px;\n    this.#shown = this.#confirmed;",
        test="tests/client/room/follower.test.js::R5.2 pending edits are applied again over the entries of others",
    ),
    Fault(
        name="follower-does-not-apply-pending-edits-again",
        rule="R5.2",
        file=f"{PACKAGE}/room/follower.py",
        old="for later, message in enumerate(self.pending, start=1):",
        new="for later, message in enumerate(self.pending[:0], start=1):",
        test="tests/room/test_follower.py::test_R5_2_pending_edits_are_applied_again_over_each_entry",
    ),
)
