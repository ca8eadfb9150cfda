"""Faults in what is let in: rights, bad input and requests (R9, R10, R13)."""

from tests.sabotage.fault import Fault

PACKAGE = "server/chromavive"

ALLOWED = (
    Fault(
        name="an-editor-clears",
        rule="R9.1",
        file=f"{PACKAGE}/room/rights.py",
        old='"clear": _OWNER',
        new='"clear": _HANDS',
        test="tests/room/test_rights.py::test_R9_1_every_edit_meets_every_role[clear-editor]",
    ),
    Fault(
        name="a-viewer-drags",
        rule="R9.2",
        file=f"{PACKAGE}/room/gestures.py",
        old='rights.check(person.role, "gesture", state)',
        new='rights.check(person.role, "pointer", state)',
        test="tests/room/test_rights.py::test_R9_2_a_viewer_is_refused_by_the_room",
    ),
    Fault(
        name="lock-without-effect",
        rule="R9.3",
        file=f"{PACKAGE}/room/rights.py",
        old='state.locked and role != "owner"',
        new='state.locked and role == "viewer"',
        test="tests/room/test_rights.py::test_R9_3_a_lock_stops_editors_and_not_the_owner",
    ),
    Fault(
        name="old-link-stays-connected",
        rule="R9.4",
        file=f"{PACKAGE}/room/joining.py",
        old="if ledger.role_of(person.capability) is None]",
        new="if person.capability is None]",
        test="tests/room/test_rights.py::test_R9_4_rotating_closes_who_came_in_by_the_old_link",
    ),
    Fault(
        name="rotated-link-still-opens",
        rule="R9.5",
        file=f"{PACKAGE}/room/ledger.py",
        old="{**self.capability_hashes, **_sealed.decode(sealed)}",
        new="{**_sealed.decode(sealed), **self.capability_hashes}",
        test="tests/room/test_rights.py::test_R9_5_a_rotated_capability_opens_nothing",
    ),
)

REFUSED = (
    Fault(
        name="a-hint-outside-the-photograph",
        rule="R10.1",
        file=f"{PACKAGE}/hints/bounds.py",
        old="if not (0 <= x <= 1 and 0 <= y <= 1):",
        new="if x != x:",
        test="tests/room/test_rights.py::test_R10_1_a_refusal_says_code_sentence_number_and_kind[edit0-HintOutside]",
    ),
    Fault(
        name="garbage-may-come-back",
        rule="R10.3",
        file=f"{PACKAGE}/errors.py",
        old="close_code = 4400",
        new="close_code = 4510",
        test="tests/wire/test_wire.py::test_R10_3_what_cannot_be_understood_is_malformed",
    ),
    Fault(
        name="unknown-fields-pass",
        rule="R10.3",
        file=f"{PACKAGE}/wire/messages.py",
        old="class _FromPage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):",
        new="class _FromPage(msgspec.Struct, frozen=True):",
        test="tests/wire/test_wire.py::test_R10_3_what_cannot_be_understood_is_malformed",
    ),
    Fault(
        name="client-comes-back-after-4400",
        rule="R10.4",
        file="client/connection/close_codes.js",
        old="return closeCode !== 1009 && !(closeCode >= 4400 && closeCode <= 4499);",
        new="return closeCode !== 1009;",
        test="tests/client/connection/socket.test.js::"
        "R10.4 1009 and 4400 to 4499 stay away, everything around them comes back",
    ),
    Fault(
        name="backoff-reset-on-open",
        rule="R10.4",
        file="client/connection/socket.js",
        old="socket.onopen = () => this.#isMine(socket) && socket.send(encode(this.#options.hello()));",
        new="socket.onopen = () => { this.#backoff.reset(); socket.send(encode(this.#options.hello())); };",
        test="tests/client/connection/socket.test.js::"
        'policy "accepts and closes": an open socket does not reset the backoff, a welcome does',
    ),
    Fault(
        name="no-limit-of-pixels",
        rule="R10.6",
        file=f"{PACKAGE}/pictures/door.py",
        old="if image.width * image.height > limits.pixels_max:",
        new="if image.width > limits.pixels_max:",
        test="tests/web/test_rooms.py::test_R10_6_what_is_no_photograph_opens_no_room[50000x50000]",
    ),
)

ASKED_BY_HTTP = (
    Fault(
        name="capability-in-a-query",
        rule="R13.1",
        file=f"{PACKAGE}/web/answers.py",
        old='request.headers.get("authorization", "")',
        new='request.headers.get("authorization", "Bearer " + request.query_params.get("capability", ""))',
        test="tests/web/test_rooms.py::test_R13_1_a_capability_counts_only_in_the_authorization_header",
    ),
    Fault(
        name="ticket-reusable",
        rule="R13.2",
        file=f"{PACKAGE}/web/downloads.py",
        old="found = self._tickets.pop(ticket, None)",
        new="found = self._tickets.get(ticket)",
        test="tests/web/test_rooms.py::test_R13_2_a_ticket_works_once",
    ),
    Fault(
        name="ticket-without-end",
        rule="R13.2",
        file=f"{PACKAGE}/web/downloads.py",
        old="if each.until_seconds < now]",
        new="if each.until_seconds < 0]",
        test="tests/web/test_rooms.py::test_R13_2_a_ticket_grows_old",
    ),
    Fault(
        name="origin-of-a-socket-unchecked",
        rule="R13.3",
        file=f"{PACKAGE}/web/room_socket.py",
        old="self._origins.check(socket.headers)",
        new="pass",
        test="tests/web/test_room_socket.py::test_R13_3_a_socket_of_a_foreign_page_is_refused_before_it_is_accepted",
    ),
    Fault(
        name="any-origin-is-listed",
        rule="R13.3",
        file=f"{PACKAGE}/web/origins.py",
        old="if origin is not None and origin.lower() not in self.allowed:",
        new='if origin == "null":',
        test="tests/web/test_rooms.py::test_R13_3_posts_and_deletes_of_foreign_pages_are_refused",
    ),
    Fault(
        name="forbidden-instead-of-not-there",
        rule="R13.4",
        file=f"{PACKAGE}/web/visits.py",
        old="if role is None:\n        raise errors.NoSuchRoom()",
        new="if role is None:\n        raise errors.NotAllowed()",
        test="tests/web/test_rooms.py::test_R13_4_without_a_right_a_room_looks_as_if_it_were_not_there",
    ),
)
