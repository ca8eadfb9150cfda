"""A process that appends to a journal without end and says what it asked and what was answered; made to be killed.

Run as `python -m tests.faults.journal_child FILE SEED [BATCHES]`: with BATCHES it kills itself after so many batches,
at the fault point between the sync and the answers.
"""

import asyncio
import os
import random
import signal
import sys
from pathlib import Path

from chromavive.journal import Appended, Record
from chromavive.journal.sqlite import SqliteJournal
from chromavive.runtime.journal_thread import JournalThread

ROOMS = ("a", "b", "c")


def record_of(room: str, revision: int) -> Record:
    """The one record that may stand at this place; some are longer than several of the file's pages."""
    dice = random.Random(f"{room}{revision}")
    payload = f"{room}{revision}:".encode() * dice.choice([1, 10, 5000])
    return Record(revision, f"seat of {room}", revision, payload, b"sealed")


def say(word: str, room: str, first: int, last: int) -> None:
    """Write one line at once; so short a write to a pipe is never torn."""
    os.write(sys.stdout.fileno(), f"{word} {room} {first} {last}\n".encode())


async def append_for_ever(journal: JournalThread, room: str, dice: random.Random) -> None:
    """Take up where the journal is, and go on until the process dies."""
    held = len(await journal.read(room))
    while True:
        last = held + dice.randint(1, 3)
        say("asked", room, held + 1, last)
        outcome = await journal.append(room, held, [record_of(room, each) for each in range(held + 1, last + 1)])
        assert outcome == Appended(last), outcome
        say("appended", room, held + 1, last)
        held = last


class KillMyself:
    """Dies at the fault point after so many batches; with none, never."""

    def __init__(self, batches: int | None) -> None:
        self._batches_left = batches

    def __call__(self) -> None:
        if self._batches_left is not None:
            self._batches_left -= 1
            if self._batches_left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


async def main(path: Path, seed: int, batches: int | None) -> None:
    """Append to every room at once."""
    journal = JournalThread(SqliteJournal(path), after_append=KillMyself(batches))
    async with asyncio.TaskGroup() as group:
        for room in ROOMS:
            group.create_task(append_for_ever(journal, room, random.Random(f"{seed}{room}")))


if __name__ == "__main__":
    file, seed, *batches = sys.argv[1:]
    asyncio.run(main(Path(file), int(seed), int(batches[0]) if batches else None))
