"""Faults in what is seen: gestures, looks, slow members, undo and the colors themselves (R6 to R8, R12)."""

from tests.sabotage.fault import Fault

PACKAGE = "server/chromavive"

SEEN = (
    Fault(
        name="gesture-journaled",
        rule="R6.2",
        file=f"{PACKAGE}/room/room.py",
        old="self._gestures.sample(person.seat, person.member, message.gesture, message.edit, now_seconds)",
        new="self._gestures.sample(person.seat, person.member, message.gesture, message.edit, now_seconds)\n"
        '        return self._edit(person, messages.EditMessage("of-a-gesture", message.gesture, message.edit), 0)',
        test="tests/room/test_gestures.py::test_R6_2_a_gesture_is_seen_and_rendered_and_never_journaled",
    ),
    Fault(
        name="held-finger-says-nothing",
        rule="R6.4",
        file="client/room/gestures.js",
        old="const REPEAT_SECONDS = 1;",
        new="const REPEAT_SECONDS = 3;",
        test="tests/client/room/gestures.test.js::R6.4 a held finger repeats its sample every second",
    ),
    Fault(
        name="jump-back-at-the-end-of-a-drag",
        rule="R6.5",
        file=f"{PACKAGE}/room/gestures.py",
        old="gesture.ends_with = edit",
        new="self._end((seat, number))",
        test="tests/room/test_gestures.py::test_R6_5_the_last_sample_stays_until_the_edit_is_decided",
    ),
    Fault(
        name="who-sampled-last-shows",
        rule="R6.6",
        file=f"{PACKAGE}/room/gestures.py",
        old="gesture = self._gestures.setdefault((seat, number), _Gesture(member, edit, now_seconds))",
        new="gesture = self._gestures.pop((seat, number), None) or _Gesture(member, edit, now_seconds)\n"
        "        self._gestures[seat, number] = gesture",
        test="tests/room/test_gestures.py::test_R6_6_of_two_on_one_hint_the_later_one_shows",
    ),
    Fault(
        name="every-edit-counts-a-look",
        rule="R7.1",
        file=f"{PACKAGE}/room/looks.py",
        old="if content != self._content:",
        new="if content is not self._content:",
        test="tests/room/test_looks.py::test_R7_1_only_what_would_be_rendered_differently_counts_a_look",
    ),
    Fault(
        name="client-paints-an-older-look",
        rule="R7.3",
        file="client/wire/frame.js",
        old="return header.look > shown.look ||",
        new="return header.look !== shown.look ||",
        test="tests/client/wire/wire.test.js::R7.3 a frame of another epoch or an older look is never shown",
    ),
    Fault(
        name="client-paints-another-epoch",
        rule="R7.3",
        file="client/wire/frame.js",
        old="if (header.epoch !== epoch) return false;",
        new="",
        test="tests/client/wire/wire.test.js::R7.3 a frame of another epoch or an older look is never shown",
    ),
    Fault(
        name="second-pass-in-flight",
        rule="R7.4",
        file=f"{PACKAGE}/room/looks.py",
        old="return self._in_flight is None and self.newest > self._painted",
        new="return self.newest > self._painted",
        test="tests/room/test_looks.py::test_R7_4_one_pass_in_flight_and_the_newest_next",
    ),
    Fault(
        name="no-frame-rate",
        rule="R7.6",
        file=f"{PACKAGE}/room/looks.py",
        old="_INTERVAL_SECONDS = 1 / limits.FRAMES_A_SECOND_MAX",
        new="_INTERVAL_SECONDS = 0.0",
        test="tests/room/test_looks.py::test_R7_6_at_most_thirty_frames_a_second",
    ),
    Fault(
        name="settled-frame-missing",
        rule="R7.7",
        file=f"{PACKAGE}/room/room.py",
        old="settled = newest and not self._gestures",
        new="settled = False",
        test="tests/room/test_looks.py::test_R7_7_a_settled_frame_follows_the_last_change",
    ),
    Fault(
        name="settled-frame-in-lossy-bytes",
        rule="R7.7",
        file=f"{PACKAGE}/runtime/room_task.py",
        old="self._frames.run(encode_chroma, painting.ab, settled)",
        new="self._frames.run(encode_chroma, painting.ab, False)",
        test="tests/runtime/test_passes.py::test_R7_7_after_the_last_change_a_settled_frame_follows",
    ),
    Fault(
        name="late-joiner-without-a-frame",
        rule="R7.9",
        file=f"{PACKAGE}/room/room.py",
        old="        effects.append(OfferFrame(connection))\n",
        new="",
        test="tests/room/test_looks.py::test_R7_9_a_late_joiner_is_offered_the_newest_frame",
    ),
    Fault(
        name="exports-first",
        rule="R7.11",
        file=f"{PACKAGE}/runtime/passes.py",
        old="EXPORT_PATIENCE_BATCHES = 8",
        new="EXPORT_PATIENCE_BATCHES = 0",
        test="tests/runtime/test_passes.py::test_R7_11_exports_hold_up_no_drag",
    ),
    Fault(
        name="the-newest-room-first",
        rule="R7.10",
        file=f"{PACKAGE}/runtime/passes.py",
        old="self._rooms.popitem(last=False)",
        new="self._rooms.popitem(last=True)",
        test="tests/runtime/test_passes.py::test_R7_10_rooms_are_served_fairly",
    ),
)

UNHINDERED = (
    Fault(
        name="encode-for-each-member",
        rule="R8.1",
        file=f"{PACKAGE}/runtime/room_task.py",
        old="connection.offer(effect.slot, text, counted=counted)",
        new="connection.offer(effect.slot, encode(effect.message).decode(), counted=counted)",
        test="tests/runtime/test_room_task.py::test_R8_1_a_message_to_everybody_is_encoded_once",
    ),
    Fault(
        name="unbounded-outbox",
        rule="R8.2",
        file=f"{PACKAGE}/room/outbox.py",
        old="if counted and full:",
        new="if counted and self._bytes < 0:",
        test="tests/room/test_outbox.py::test_R8_2_too_many_messages_close_the_connection_transiently",
    ),
    Fault(
        name="presence-waits-in-line",
        rule="R8.3",
        file=f"{PACKAGE}/room/outbox.py",
        old="self._newest[slot] = text",
        new="self._reliable.append((text, 0))",
        test="tests/room/test_outbox.py::test_R8_3_frames_gestures_and_presence_have_one_slot_each",
    ),
    Fault(
        name="painted-not-cumulative",
        rule="R8.6",
        file=f"{PACKAGE}/room/outbox.py",
        old="while self._unpainted and self._unpainted[0] <= look:",
        new="if self._unpainted and self._unpainted[0] <= look:",
        test="tests/room/test_outbox.py::test_R8_6_painted_is_cumulative",
    ),
    Fault(
        name="hidden-page-says-nothing",
        rule="R8.6",
        file="client/picture/feed.js",
        old="this.#painted = painted;",
        new="this.#painted = (look) => isHidden() || painted(look);",
        test="tests/client/picture_feed.test.js::"
        "R8.6 a hidden page says painted at once, and draws the newest frame when it is shown",
    ),
    Fault(
        name="presence-unthrottled",
        rule="R8.7",
        file=f"{PACKAGE}/room/presence.py",
        old=" or now_seconds < self._last_seconds + self._interval_seconds:",
        new=":",
        test="tests/room/test_outbox.py::test_R8_7_gestures_and_presence_go_out_merged[2-0.05]",
    ),
    Fault(
        name="a-write-may-wait-for-ever",
        rule="R8.9",
        file=f"{PACKAGE}/runtime/connection.py",
        old="asyncio.timeout(limits.WRITE_SECONDS_MAX)",
        new="asyncio.timeout(None)",
        test="tests/runtime/test_connection.py::test_R8_9_a_peer_that_stops_reading_is_freed_within_10_s",
    ),
)

UNDONE = (
    Fault(
        name="undo-restores-blindly",
        rule="R12.2",
        file=f"{PACKAGE}/room/undo.py",
        old="return PlaceSet(id, after, before) if hint and (hint.x, hint.y) == after else None",
        new="return PlaceSet(id, after, before) if hint else None",
        test="tests/room/test_undo.py::test_R12_2_a_field_changed_by_another_is_left_alone_and_named",
    ),
    Fault(
        name="skipped-step-comes-again",
        rule="R12.4",
        file=f"{PACKAGE}/room/undo.py",
        old="step = (Step(entry.revision, entry.changes),) if entry.changes else ()",
        new="step = (Step(entry.revision, entry.changes),)",
        test="tests/room/test_undo.py::test_R12_4_a_wholly_skipped_step_is_used_up",
    ),
    Fault(
        name="redo-cleared-by-others",
        rule="R12.5",
        file=f"{PACKAGE}/room/ledger.py",
        old="self.steps[entry.member] = steps_after(self.steps.get(entry.member, Steps()), entry)",
        new="self.steps = {member: Steps(steps.undo) for member, steps in self.steps.items()} | "
        "{entry.member: steps_after(self.steps.get(entry.member, Steps()), entry)}",
        test="tests/room/test_undo.py::test_R12_5_a_new_edit_clears_only_the_members_own_redo",
    ),
)

OF_THE_PICTURE = (
    Fault(
        name="swap-a-and-b",
        rule="color",
        file=f"{PACKAGE}/runtime/passes.py",
        old="PaintHint(hint.x, hint.y, hint.a, hint.b, hint.size)",
        new="PaintHint(hint.x, hint.y, hint.b, hint.a, hint.size)",
        test="tests/runtime/test_room_task.py::test_a_frame_carries_the_hints_color_at_its_point",
    ),
    Fault(
        name="swap-a-and-b-in-the-frame",
        rule="color",
        file=f"{PACKAGE}/pictures/frames.py",
        old="levels.reshape(2 * height, width)",
        new="levels[::-1].reshape(2 * height, width)",
        test="tests/pictures/test_frames.py::test_a_stands_over_b_in_one_gray_picture",
    ),
    Fault(
        name="hints-shifted-by-half-a-pixel",
        rule="color",
        file=f"{PACKAGE}/colorizer/fidelity.py",
        old="columns = np.clip((points[:, 0] * width).astype(np.int64), 0, width - 1)",
        new="columns = np.clip((points[:, 0] * width + 0.5).astype(np.int64), 0, width - 1)",
        test="tests/contracts/test_engine_contract.py::test_a_painting_obeys_its_hints[stub-16-size1]",
    ),
    Fault(
        name="chroma-shifted-by-half-a-pixel",
        rule="color",
        file=f"{PACKAGE}/color/upsample.py",
        old="(places + 0.5) * source_px / size_px - 0.5",
        new="(places + 0.5) * source_px / size_px",
        test="tests/color/test_upsample.py::test_pixel_centers_lie_at_half_pixels",
    ),
    Fault(
        name="client-shifts-chroma-by-half-a-pixel",
        rule="color",
        file="client/color/chroma.js",
        old="norm * cells - 0.5",
        new="norm * cells",
        test="tests/client/color.test.js::chroma between the cells of a frame is what the server computes",
    ),
)
