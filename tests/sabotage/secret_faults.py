"""Faults in what keeps strangers out: policy, secrets, what a deleted room leaves, and the types of both sides."""

from tests.sabotage.fault import Fault

PACKAGE = "server/chromavive"
THREATS = "tests/web/test_threats.py"

KEPT_OUT = (
    Fault(
        name="policy-with-inline-code",
        rule="R13.5",
        file=f"{PACKAGE}/web/answers.py",
        old="default-src 'self'; img-src",
        new="default-src 'self' 'unsafe-inline'; img-src",
        test=f"{THREATS}::test_R13_5_headers_of_safety_stand_on_every_kind_of_answer",
    ),
    Fault(
        name="refused-socket-without-headers",
        rule="R13.5",
        file=f"{PACKAGE}/web/answers.py",
        old='("http.response.start", "websocket.http.response.start")',
        new='("http.response.start",)',
        test="tests/web/test_proxies.py::test_a_refused_origin_is_no_fault_of_the_server",
    ),
    Fault(
        name="origin-of-a-delete-unchecked",
        rule="R13.3",
        file=f"{PACKAGE}/web/room_routes.py",
        old='self._origins.check(request.headers)\n        _, room, _ = await visit(self._hub, request, "delete")',
        new='_, room, _ = await visit(self._hub, request, "delete")',
        test="tests/web/test_rooms.py::test_R13_3_posts_and_deletes_of_foreign_pages_are_refused",
    ),
    Fault(
        name="capability-compared-by-its-beginning",
        rule="R9.1",
        file=f"{PACKAGE}/room/ledger.py",
        old="if same_secret(given, known)]",
        new="if given[:8] == known[:8]]",
        test="tests/test_secrets.py::test_every_secret_is_compared_in_constant_time",
    ),
    Fault(
        name="capability-may-have-more-behind-it",
        rule="R9.1",
        file=f"{PACKAGE}/ids.py",
        old='return _hash("capability", capability)[:32]',
        new='return _hash("capability", capability[:22])[:32]',
        test=f"{THREATS}::test_a_part_of_a_capability_opens_nothing",
    ),
    Fault(
        name="addresses-are-logged",
        rule="R13.8",
        file=f"{PACKAGE}/logs.py",
        old='logging.getLogger("uvicorn.access").disabled = True',
        new='logging.getLogger("uvicorn.access").disabled = False',
        test="tests/cli/test_secrets.py::test_R13_8_no_secret_is_printed_or_kept",
    ),
    Fault(
        name="download-of-a-deleted-room",
        rule="R13.7",
        file=f"{PACKAGE}/web/downloads.py",
        old="        hub.forgetting.append(self._forget)\n",
        new="",
        test=f"{THREATS}::test_R13_7_a_deleted_room_leaves_nothing_behind",
    ),
    Fault(
        name="file-brings-any-hint",
        rule="R10.2",
        file=f"{PACKAGE}/room_file.py",
        old="            check_change(change)\n",
        new="            assert change\n",
        test="tests/cli/test_room_files.py::test_R10_2_entries_that_no_room_could_have_made_are_refused",
    ),
)

TOLD_APART = (
    Fault(
        name="hints-with-a-prototype",
        rule="R5.2",
        file="client/room/state.js",
        old="Object.assign(Object.create(null), byId)",
        new="Object.assign({}, byId)",
        test="tests/client/room/prototype.test.js::a snapshot with a hint of such an id keeps it as a hint",
    ),
    Fault(
        name="client-of-another-type",
        rule="R5.3",
        file="client/wire/messages.js",
        old=" * @property {number} touched\n",
        new=" * @property {number} [touched]\n",
        test="tests/source/test_schema.py::test_the_clients_types_are_the_servers",
    ),
)
