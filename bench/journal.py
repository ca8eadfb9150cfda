"""How many appends a second the journal takes, with one room waiting and with many, against the disk's bare sync.

`python -m bench.journal [--json] [--folder FOLDER] [--seconds SECONDS]`; the folder decides which disk is measured.
"""

import argparse
import asyncio
import json
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from chromavive.journal import Append, Appended, Outcome, Record
from chromavive.journal.sqlite import SqliteJournal
from chromavive.runtime.journal_thread import JournalThread

ROOMS = (1, 50)
PAYLOAD_BYTES = 150  # About one hint added, as JSON.
PAGE_BYTES = 4096
APPENDS_MIN = 2  # of each room, however busy the machine: percentiles need two samples


class Counting(SqliteJournal):
    """The journal that ships, counting its batches: each is one sync."""

    batches = 0

    def append(self, batch: Sequence[Append]) -> list[Outcome]:
        self.batches += 1
        return super().append(batch)


def sync_seconds(folder: Path, repeats: int = 200) -> float:
    """The median time of writing one page to the end of a file and syncing it."""
    times = []
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        for _ in range(repeats):
            began = time.perf_counter()
            file.write(bytes(PAGE_BYTES))
            os.fsync(file.fileno())
            times.append(time.perf_counter() - began)
    return statistics.median(times)


async def measure(path: Path, rooms: int, seconds: float) -> dict[str, float]:
    """Let so many rooms append one record after the other, each waiting for its answer, for so long."""
    kept = Counting(path)
    journal = JournalThread(kept)
    waits: list[float] = []
    end = time.perf_counter() + seconds

    async def append_in_turn(room: str) -> None:
        revision = 0
        while (began := time.perf_counter()) < end or revision < APPENDS_MIN:
            revision += 1
            record = Record(revision, "seat", revision, bytes(PAYLOAD_BYTES))
            assert await journal.append(room, revision - 1, [record]) == Appended(revision)
            waits.append(time.perf_counter() - began)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(rooms):
            group.create_task(append_in_turn(f"room {number}"))
    took = time.perf_counter() - began
    await journal.close()
    return {
        "rooms": rooms,
        "appends_per_second": len(waits) / took,
        "appends_per_sync": len(waits) / kept.batches,
        "answer_ms_median": 1000 * statistics.median(waits),
        "answer_ms_p99": 1000 * statistics.quantiles(waits, n=100)[98],
    }


def report(folder: Path, seconds: float) -> dict[str, object]:
    """All figures of one run."""
    with tempfile.TemporaryDirectory(dir=folder) as kept:
        results = [asyncio.run(measure(Path(kept) / f"{rooms}.db", rooms, seconds)) for rooms in ROOMS]
        sync = sync_seconds(Path(kept))
    return {"sync_ms_median": 1000 * sync, "payload_bytes": PAYLOAD_BYTES, "rooms": results}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--folder", type=Path, default=Path(), help="a folder on the disk to be measured")
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each measurement runs")
    arguments = parser.parse_args()
    figures = report(arguments.folder, arguments.seconds)
    if arguments.json:
        print(json.dumps(figures, indent=2))
        return
    print(f"one page synced: {figures['sync_ms_median']:.2f} ms")
    results = figures["rooms"]
    assert isinstance(results, list)
    for result in results:
        print("  ".join(f"{name} {value:.2f}" for name, value in result.items()))


if __name__ == "__main__":
    main()
