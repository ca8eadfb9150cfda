"""Seeded random stories of the real hub, rooms and journal: after all that can fail has failed, everybody agrees.

A failing seed is printed; run it alone with CHROMAVIVE_SEEDS=SEED, and add it to REGRESSIONS once it is understood.
"""

import logging
import os
import sys
from collections import Counter
from pathlib import Path
from unittest.mock import patch

import pytest

from chromavive import limits
from chromavive.room.undo import UNDOABLE
from tests.simulation.disk import Disk, FileDisk, MemoryDisk
from tests.simulation.regressions import REGRESSIONS
from tests.simulation.story import TIGHT, Story
from tests.simulation.virtual_loop import run_virtual

SEEDS = 100
"""Of a run that says nothing; .ci/run tells two thousand."""

FILE_EVERY = 20
"""One seed in so many runs on the real SQLite journal."""

TIGHT_EVERY = 5
"""One seed in so many has limits that its edits reach."""


def seeds() -> list[int]:
    """A range such as 0-1999 or single seeds, from the environment; the usual ones without it."""
    told = os.environ.get("CHROMAVIVE_SEEDS", f"0-{SEEDS - 1}")
    first, _, last = told.partition("-")
    return [*REGRESSIONS, *range(int(first), int(last or first) + 1)]


def run_seed(seed: int, folder: Path) -> Counter[str]:
    """One story; a failure names its seed."""
    folder = folder / str(seed)
    disk: Disk = MemoryDisk()
    if seed % FILE_EVERY == 0:
        folder.mkdir(parents=True, exist_ok=True)
        disk = FileDisk(folder)
    with patch.dict(vars(limits), TIGHT if seed % TIGHT_EVERY == 4 else {}):
        story = Story(seed, disk)
        try:
            run_virtual(story.tell(), seed)
        except BaseException as error:
            error.add_note(f"seed {seed}: {dict(story.happened)}")
            raise
    if isinstance(disk, FileDisk):
        disk.close()
    return story.happened


@pytest.mark.simulation
@pytest.mark.timeout(600)
def test_R1_1_R2_2_R3_1_R5_3_everybody_agrees_after_all_that_can_fail(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Members and journal hold the same; every acknowledged edit is there exactly once; no picture went back."""
    caplog.set_level(logging.CRITICAL)
    happened: Counter[str] = Counter()
    for seed in seeds():
        happened += run_seed(seed, tmp_path)
        happened["story"] += 1
    with capsys.disabled():
        sys.stdout.write(f"\n{dict(sorted(happened.items()))}\n")
    if happened["story"] >= ENOUGH:  # the stories really told of it
        for event, a_story in EVENTS.items():
            assert happened[event] >= int(a_story * happened["story"]), f"{event}: {happened[event]}"


ENOUGH = 100

EVENTS = {
    "accepted": 35,
    "undo checked": 6,
    "undo skipped a field": 0.5,
    "refused": 15,
    "repeat": 50,
    "reconnect": 30,
    "adopted": 8,
    "shared": 0.3,
    "offered again": 0.3,
    "rolled back": 0.8,
    "entry taken back by a backup": 2,
    "crash": 1.5,
    "drain": 1,
    "drain before an answer": 0.2,
    "killed between append and answer": 0.7,
    "ended once it had heard": 0.5,
    "ended once it had appended": 0.2,
    "ended once it had spoken": 0.5,
    "disk failed": 0.5,
    "CONFLICT": 1,
    "UNKNOWN_ABSENT": 1,
    "UNKNOWN_PRESENT": 1,
    "drop": 1.5,
    "half-open": 0.5,
    "changed socket": 0.4,
    "silence noticed": 0.05,
    "stalled reader": 0.4,
    "stalled reader freed": 0.1,
    "closed: 4501": 0.002,
    "closed: 4502": 0.03,
    "hidden": 1,
    "offline": 1,
    "came": 1.5,
    "left with unsent edits": 0.7,
    "second tab": 1.5,
    "rooms unloaded": 0.2,
    "trespass": 0.1,
    "retry": 1,
    "frame": 70,
    "palette": 5,
    "preview": 0.8,
    "gesture: add": 2,
    "gesture: move": 2,
    "gesture: recolor": 1,
    "gesture: resize": 1,
    "cancel": 0.4,
    "welcome: entries": 10,
    "welcome: state": 5,
    **{f"entry: {kind}": 0.1 for kind in sorted(set(UNDOABLE) | {"undo", "redo", "retitle", "lock", "allow_export"})},
    **{f"entry: {kind}": 0.1 for kind in ("turn", "crop", "rotate")},
    "refused: room_locked": 2,
    "refused: not_allowed": 3,
    "refused: hints_full": 0.1,
    "refused: network_not_served": 0.1,
}
"""What stories contain, at least so often on average."""
