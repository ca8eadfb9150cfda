"""One seeded story of a journal whose power is cut again and again, and what has to be true after each cut.

Rooms are appended to in batches, some appends are refused, rooms are forgotten, the WAL is copied back every few
pages; the cut comes at any call to the disk, also while the journal opens after the last one.
"""

import copy
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from unittest.mock import patch

import apsw

from chromavive.errors import JournalBroken
from chromavive.journal import Append, Appended, Conflict, MemoryJournal, Record
from chromavive.journal.sqlite import SqliteJournal
from tests.faults.power import Disk

LIVES = 6
ROOMS = 5
STEPS = 30
CHECKPOINT_PAGES = 12
"""So that some ten checkpoints lie in a life, where the shipped number would have none."""


class Lost(AssertionError):
    """The journal does not hold what it said it holds."""


Step = tuple[Append, ...] | str
"""A batch, or the room to forget."""


class Story:
    """What was asked of the journal, what it answered, and what the world therefore has to look like."""

    def __init__(self, seed: int, folder: Path, synchronous: str | None = None) -> None:
        self.happened: Counter[str] = Counter()
        self._dice = random.Random(seed)
        self._folder = folder
        self._synchronous = synchronous
        self._answered = MemoryJournal()
        self._forgotten: set[str] = set()
        self._out: Step | None = None
        self._serial = 0

    def tell(self) -> Counter[str]:
        """Live through all the lives; raises Lost where a promise was broken."""
        for life in range(LIVES):
            last = life == LIVES - 1
            calls = None if last else self._dice.choice([self._dice.randint(1, 40), self._dice.randint(1, 400)])
            disk = Disk(self._home(life), self._dice, calls)
            with disk.powered(), patch("chromavive.journal.sqlite.CHECKPOINT_PAGES", CHECKPOINT_PAGES):
                self._live(disk, self._home(life))
            disk.survive(self._home(life + 1))
            shutil.rmtree(self._home(life))
            self.happened["disk calls"] += disk.calls
        shutil.rmtree(self._folder)
        return self.happened

    def _home(self, life: int) -> Path:
        home = self._folder / str(life)
        home.mkdir(parents=True, exist_ok=True)
        return home

    def _live(self, disk: Disk, home: Path) -> None:
        """Open, compare, work; until the power is cut, or the day is over."""
        path = home / "data" / "journal.db"
        journal = None
        try:
            with self._weaker():
                journal = SqliteJournal(path, vfs=Disk.NAME)
            self._compare(journal, path)
            for _ in range(self._dice.randint(1, STEPS)):
                self._work(journal, disk)
            journal.close()
            self.happened["closed"] += not disk.cut
        except JournalBroken as error:
            if not disk.cut:
                raise Lost(f"the journal does not open or go on: {error}") from error
            self.happened["cut in an append" if self._out is not None else "cut while opening or closing"] += 1
        except apsw.Error:
            if not disk.cut:
                raise
            self.happened["cut while opening or closing"] += 1
        finally:
            if journal is not None:
                with suppress(apsw.Error):  # closing may be what the power is cut in
                    journal.close()

    @contextmanager
    def _weaker(self) -> Iterator[None]:
        """The journal as shipped, or with less syncing, which this test has to notice."""
        if self._synchronous is None:
            yield
            return
        shipped = SqliteJournal._configure

        def configure(journal: SqliteJournal, connection: apsw.Connection) -> None:
            shipped(journal, connection)
            connection.pragma("synchronous", self._synchronous)

        with patch.object(SqliteJournal, "_configure", configure):
            yield

    # -- what is asked of the journal -------------------------------------------------------------------------------

    def _work(self, journal: SqliteJournal, disk: Disk) -> None:
        """One batch, or one room forgotten; what a dead process answers, nobody has heard."""
        rooms = self._answered.rooms()
        if rooms and self._dice.random() < 0.06:
            room = self._dice.choice(rooms)
            self._out = room
            journal.forget(room)
            if not disk.cut:
                self._take(room)
                self.happened["forgotten"] += 1
        else:
            batch = self._batch()
            self._out = batch
            outcomes = journal.append(batch)
            if not disk.cut:
                if outcomes != self._answered.append(batch):
                    raise Lost(f"{batch} was answered {outcomes}")
                self._out = None
                self.happened["appended"] += sum(isinstance(outcome, Appended) for outcome in outcomes)
                self.happened["refused"] += sum(isinstance(outcome, Conflict) for outcome in outcomes)
        if disk.cut:
            raise JournalBroken

    def _batch(self) -> tuple[Append, ...]:
        held = self._answered.rooms()
        fresh = [f"room-{self._serial}-{number}" for number in range(ROOMS - len(held))]
        rooms = self._dice.sample(held + fresh, self._dice.randint(1, 3))
        return tuple(self._append(room) for room in rooms)

    def _append(self, room: str) -> Append:
        revision = self._answered.revision(room)
        if revision and self._dice.random() < 0.05:
            revision -= 1  # somebody read before the last append
        records = []
        for place in range(1, self._dice.choice([2, 2, 3, 5])):
            self._serial += 1
            payload = f"{room}:{self._serial};".encode() * self._dice.choice([1, 4, 30, 600])
            records.append(Record(revision + place, f"seat of {room}", self._serial, payload, b"sealed" * place))
        return Append(room, revision, tuple(records))

    def _take(self, step: Step) -> None:
        """Note what is certain now."""
        if isinstance(step, str):
            self._answered.forget(step)
            self._forgotten.add(step)
        else:
            self._answered.append(step)
        self._out = None

    # -- what has to be true ----------------------------------------------------------------------------------------

    def _compare(self, journal: SqliteJournal, path: Path) -> None:
        """The journal holds what it answered, and what was out at the cut whole or not at all; nothing else."""
        found = _contents(journal)
        if self._out is not None:
            before, out = copy.deepcopy(self._answered), self._out
            self._take(out)
            if found == _contents(self._answered):
                self.happened["arrived unanswered"] += 1
            else:
                self._answered, self._out = before, None
                self._forgotten -= {out} if isinstance(out, str) else set()
                self.happened["gone unanswered"] += 1
        if found != (expected := _contents(self._answered)):
            raise Lost(f"there are {_lengths(found)} entries, and there have to be {_lengths(expected)}")
        for room, records in found.items():
            if records and journal.find(room, records[-1].seat, records[-1].number) != records[-1].revision:
                raise Lost(f"the last edit of {room} is not found by its number")
        for room in self._forgotten:
            if journal.append([Append(room, 0, (Record(1, "late", 1, b"late"),))]) != [Conflict(0)]:
                raise Lost(f"{room} came back")
        self._check_file(path)
        self.happened["compared"] += 1

    def _check_file(self, path: Path) -> None:
        """The file is sound, and no WAL came back with what was forgotten."""
        reader = apsw.Connection(str(path))
        try:
            told = reader.pragma("integrity_check")
        except apsw.CorruptError as error:
            told = str(error)
        finally:
            reader.close()
        if told != "ok":
            raise Lost(f"the file is damaged: {told}")
        left = path.with_name(path.name + "-wal").read_bytes()
        for room in self._forgotten:
            if f"{room}:".encode() in left:
                raise Lost(f"the WAL still holds what {room} was")


def _contents(journal: SqliteJournal | MemoryJournal) -> dict[str, list[Record]]:
    return {room: journal.read(room) for room in journal.rooms()}


def _lengths(contents: dict[str, list[Record]]) -> dict[str, int]:
    return {room: len(records) for room, records in contents.items()}
