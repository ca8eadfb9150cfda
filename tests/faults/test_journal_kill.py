"""A process is killed under its appends, again and again, and what it was told is there.

This shows what a dead process leaves behind. It says nothing about a power cut, for the system keeps what a killed
process wrote without syncing; the power-loss tests replace the disk for that.
"""

import itertools
import random
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from chromavive.journal import Append, Conflict
from chromavive.journal.sqlite import CHECKPOINT_PAGES, SqliteJournal
from tests.faults.journal_child import ROOMS, record_of

ROOT = Path(__file__).parents[2]
KILLS = 14
pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")]


Span = tuple[str, int, int]  # Room, first and last revision of one append.


@dataclass
class Life:
    """What one child said before it died."""

    asked: set[Span] = field(default_factory=set)
    appended: set[Span] = field(default_factory=set)

    def take(self, line: bytes) -> None:
        """Note one line of the child."""
        word, room, first, last = line.decode().split()
        {"asked": self.asked, "appended": self.appended}[word].add((room, int(first), int(last)))


def live(path: Path, seed: int, *, lines_max: int, batches: int | None = None) -> Life:
    """Start a child and kill it after so many lines; without `batches` it would append for ever."""
    command = [sys.executable, "-m", "tests.faults.journal_child", str(path), str(seed)]
    command += [] if batches is None else [str(batches)]
    life = Life()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        try:
            for line in itertools.islice(child.stdout, lines_max):
                life.take(line)
        finally:
            child.kill()
        for line in child.stdout:  # What it said before the kill and nobody had read yet.
            life.take(line)
    assert child.returncode == -signal.SIGKILL
    return life


def held_after(path: Path, life: Life, answered: set[Span], held_before: dict[str, int]) -> dict[str, int]:
    """Compare the journal with all that was ever answered and with the last life; give each room's revision."""
    journal = SqliteJournal(path)
    held = {}
    for room in ROOMS:
        records = journal.read(room)
        assert records == [record_of(room, revision) for revision in range(1, len(records) + 1)]
        assert all(last <= len(records) for where, _, last in answered if where == room)
        ends = {last for where, _, last in life.asked if where == room}
        assert len(records) in ends | {held_before[room]}, "an append is there in part"
        held[room] = len(records)
    journal.close()
    return held


def test_R1_1_what_was_answered_outlives_every_kill(tmp_path: Path) -> None:
    """Each append that was answered is there once, in order, whole, after every one of the kills."""
    path = tmp_path / "journal.db"
    dice = random.Random(1)
    held = dict.fromkeys(ROOMS, 0)
    answered: set[Span] = set()
    in_flight: list[int] = []
    wal_bytes: list[int] = []
    for number in range(KILLS):
        life = live(path, number, lines_max=dice.randint(0, 400) if number else 400)
        answered |= life.appended
        in_flight.append(len(life.asked - life.appended))
        wal = path.with_name(path.name + "-wal")
        wal_bytes.append(wal.stat().st_size if wal.exists() else 0)
        held = held_after(path, life, answered, held)
    assert sum(count > 0 for count in in_flight) >= 10, f"the kills have to come in mid-append, not at {in_flight}"
    assert len(answered) > 100
    assert max(wal_bytes) > 4096 * CHECKPOINT_PAGES, "a checkpoint has to lie between the appends"


def test_R3_2_what_was_written_and_never_answered_is_found_by_its_number(tmp_path: Path) -> None:
    """Killed between the sync and the answer: the append is there, and its repeat finds the revision it got."""
    path = tmp_path / "journal.db"
    held = dict.fromkeys(ROOMS, 0)
    answered: set[Span] = set()
    for batches in (1, 2, 3):
        life = live(path, batches, lines_max=10_000, batches=batches)
        answered |= life.appended
        held = held_after(path, life, answered, held)
        written = [(room, first, last) for room, first, last in life.asked - life.appended if held[room] == last]
        assert written, "the kill has to come after a sync"
        journal = SqliteJournal(path)
        for room, first, last in written:
            repeat = tuple(record_of(room, revision) for revision in range(first, last + 1))
            assert journal.append([Append(room, first - 1, repeat)]) == [Conflict(last)]
            assert journal.find(room, repeat[0].seat, repeat[0].number) == first
        journal.close()
