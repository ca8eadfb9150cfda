"""Seeded random stories of the real hub, rooms and journal: after all that can fail has failed, everybody agrees.

A failing seed is printed; run it alone with CHROMAVIVE_SEEDS=SEED, and add it to REGRESSIONS once it is understood.
"""

import logging
import os
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.simulation.disk import Disk, FileDisk, MemoryDisk
from tests.simulation.virtual_loop import run_virtual
from tests.simulation.world import World

SEEDS = 300
FILE_EVERY = 20
"""One seed in so many runs on the real SQLite journal."""

REGRESSIONS: tuple[int, ...] = ()


def seeds() -> list[int]:
    """A range such as 0-1999 or single seeds, from the environment; the usual ones without it."""
    told = os.environ.get("CHROMAVIVE_SEEDS", f"0-{SEEDS - 1}")
    first, _, last = told.partition("-")
    return [*REGRESSIONS, *range(int(first), int(last or first) + 1)]


def run_seed(seed: int, disk: Disk) -> Counter[str]:
    """One story; a failure names its seed."""
    world = World(seed, disk)
    try:
        run_virtual(world.live(), seed)
    except BaseException as error:
        error.add_note(f"seed {seed}: {dict(world.happened)}")
        raise
    return world.happened


@pytest.mark.simulation
@pytest.mark.timeout(600)
def test_R1_1_R2_2_R3_1_R5_3_everybody_agrees_after_all_that_can_fail(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Members and journal hold the same; every acknowledged edit is there exactly once; no picture went back."""
    caplog.set_level(logging.CRITICAL)
    happened: Counter[str] = Counter()
    for seed in seeds():
        disk = FileDisk(tmp_path / f"{seed}.sqlite") if seed % FILE_EVERY == 0 else MemoryDisk()
        happened += run_seed(seed, disk)
        happened["story"] += 1
    with capsys.disabled():
        sys.stdout.write(f"\n{dict(happened)}\n")
    if happened["story"] >= SEEDS:  # the stories really told of it
        for event, at_least in EVENTS.items():
            assert happened[event] >= at_least, f"{event}: {happened[event]}"


EVENTS = {
    "accepted": 15_000,
    "refused": 500,
    "drop": 300,
    "offline": 100,
    "crash": 200,
    "drain": 150,
    "drain before an answer": 10,
    "crash between append and answer": 10,
    "CONFLICT": 100,
    "UNKNOWN_ABSENT": 100,
    "UNKNOWN_PRESENT": 100,
    "repeat": 500,
    "reconnect": 1000,
    "second tab": 100,
    "frame": 5000,
    "palette": 1000,
    "preview": 500,
    "refused: network_not_served": 50,
    "refused: not_allowed": 500,
}
