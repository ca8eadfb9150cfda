"""Faults that one message or one step does not show: the stories of the simulation have to notice them."""

from tests.sabotage.fault import Fault

PACKAGE = "server/chromavive"
STORIES = "tests/simulation/test_convergence.py::test_R1_1_R2_2_R3_1_R5_3_everybody_agrees_after_all_that_can_fail"

OF_THE_STORIES = (
    Fault(
        name="unknown-taken-for-no",
        rule="R1.4",
        file=f"{PACKAGE}/room/room.py",
        old="            if self._seats.fate(*proposal.key) is Fate.ACCEPTED:",
        new="            if False:",
        test=STORIES,
    ),
    Fault(
        name="resume-leaves-one-entry-out",
        rule="R4.2",
        file=f"{PACKAGE}/room/joining.py",
        old="range(revision + 1, len(self.chains))",
        new="range(revision + 1 + (len(self.chains) > revision + 3), len(self.chains))",
        test=STORIES,
    ),
    Fault(
        name="script-sends-rolled-back-edits-without-asking",
        rule="R4.5",
        file=f"{PACKAGE}/room/follower.py",
        old="            self.offered, self.pending = self.offered + self.pending, []",
        new="            self.offered, self.pending = self.offered + self.pending, self.pending[-1:]",
        test=STORIES,
    ),
    Fault(
        name="late-connection-goes-on-after-it-was-replaced",
        rule="R4.6",
        file=f"{PACKAGE}/room/room.py",
        old="self._dismiss(old, errors.Replaced()) for old in self._people.of_seat(person.seat)",
        new="self._dismiss(old, errors.Replaced()) for old in ()",
        test=STORIES,
    ),
    Fault(
        name="gestures-of-who-left-stay",
        rule="R6.3",
        file=f"{PACKAGE}/room/gestures.py",
        old="        return gesture.sampled_seconds + limits.GESTURE_SILENCE_SECONDS",
        new='        return float("inf")',
        test=STORIES,
    ),
    Fault(
        name="locked-room-takes-recipes",
        rule="R9.3",
        file=f"{PACKAGE}/room/proposals.py",
        old="rights.check(proposal.role, what, self.ahead.state)",
        new='rights.check(proposal.role, what.replace("import", "retitle"), self.ahead.state)',
        test=STORIES,
    ),
    Fault(
        name="undo-restores-a-size-that-somebody-changed-since",
        rule="R12.2",
        file=f"{PACKAGE}/room/undo.py",
        old="            return SizeSet(id, after, before) if hint and hint.size == after else None",
        new="            return SizeSet(id, hint.size, before) if hint else None",
        test=STORIES,
    ),
    Fault(
        name="undone-step-comes-onto-the-list-again",
        rule="R12.4",
        file=f"{PACKAGE}/room/undo.py",
        old="    step = (Step(entry.revision, entry.changes),) if entry.changes else ()",
        new="    step = (Step(entry.revision, entry.changes),)",
        test=STORIES,
    ),
)
