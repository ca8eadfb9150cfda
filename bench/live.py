"""How long a hint takes to be seen, and how late the event loop is under the engine, each as a ratio of one run.

`python -m bench.live [--json] [--engine ENGINE] [--network NETWORK] [--threads THREADS] [--rounds ROUNDS]`; less than a
minute on a machine that does nothing else.

hint_to_frame: a real server process on this machine, real sockets. A member sends an edit that moves one of sixteen
hints, waits for the first frame whose revision holds it, and goes on after a moment; alone, and with seven others who
do the same. The journal's sync, the engine's turn, the pass, the encoding and the way there and back are in it. The
ratio is to a bare pass of the same engine in this process, some after each round while the server is idle.

loop_lag: by how much a tick of 5 ms comes late on a loop whose engine thread paints one pass after the other, against
the same loop with as many threads as the engine has that hash without the GIL.
"""

import argparse
import asyncio
import json
import os
import platform
import random
import signal
import statistics
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from bench._local_engine import HINTS, LocalEngine, local_engine
from bench._loop_lag import loop_lag, percentile
from bench._member import Member, joined
from bench._server import opened_room, served
from chromavive.hints.edit import Add, Move, NewHint, Placed
from chromavive.settings import Settings
from chromavive.wire.messages import NetworkNote

SAMPLE = "astronaut"  # 512 x 512, so the network works on 256 x 256 as the bare pass does
MEMBERS = {1: 3.0, 8: 2.0}  # how many edit, and for how many seconds a round
PAUSES_SECONDS = {1: (0.05, 0.15), 8: (0.3, 0.5)}  # between seeing an edit and sending the next
EDITS_MIN = 2  # of each member in a round, however slow the machine: percentiles need two samples
BARE_PASSES = 6  # after each round of each number of members
BARE_PAUSE_SECONDS = 0.1  # before each, as members pause: passes find caches as cold and the server's threads at rest
LAG_SECONDS = 1.0  # of each half of a pair


@dataclass(slots=True)
class Samples:
    """What a number of members saw, in seconds."""

    latencies: list[float] = field(default_factory=list)
    passes: list[float] = field(default_factory=list)

    def figures(self, bare_seconds: float) -> dict[str, float]:
        """Milliseconds, and their ratios to a bare pass. pass_ms: the median pass as the server measured it."""
        figures = {"edits": float(len(self.latencies))}
        for percent in (50, 99):
            figures[f"p{percent}_ms"] = 1000 * percentile(self.latencies, percent)
            figures[f"p{percent}_ratio"] = percentile(self.latencies, percent) / bare_seconds
        return figures | {"pass_ms": 1000 * statistics.median(self.passes), "bare_pass_ms": 1000 * bare_seconds}


async def edit(member: Member, hint: int, end_seconds: float, pauses: tuple[float, float], seed: int) -> list[float]:
    """The member moves its hint again and again until the end; gives what each move took."""
    loop, rng = asyncio.get_running_loop(), random.Random(seed)
    latencies: list[float] = []
    while len(latencies) < EDITS_MIN or loop.time() < end_seconds:
        x, y = (hint % 4 + rng.uniform(0.2, 0.8)) / 4, (hint // 4 + rng.uniform(0.2, 0.8)) / 4
        latencies.append(await member.seconds_until_seen(Move((Placed(f"hint{hint}", x, y),))))
        await asyncio.sleep(rng.uniform(*pauses))
    return latencies


async def play(room: tuple[str, str], members: int, turn: int, samples: Samples) -> None:
    """So many members come, edit at a modest rate for their seconds, and go."""
    async with AsyncExitStack() as stack:
        here = [await stack.enter_async_context(joined(*room, f"{turn}-{number}")) for number in range(members)]
        end = asyncio.get_running_loop().time() + MEMBERS[members]
        edits = (edit(member, number, end, PAUSES_SECONDS[members], turn) for number, member in enumerate(here))
        samples.latencies += chain.from_iterable(await asyncio.gather(*edits))
        samples.passes += here[0].passes.values()


async def hint_to_frame(engine: LocalEngine, room: tuple[str, str], rounds: int) -> dict[str, Any]:
    """The figures of so many interleaved rounds."""
    samples = {members: Samples() for members in MEMBERS}
    bare = []
    for turn in range(rounds):
        for members, seen in samples.items():
            await play(room, members, turn, seen)
            for _ in range(BARE_PASSES):
                await asyncio.sleep(BARE_PAUSE_SECONDS)
                bare.append(await engine.bare_pass_seconds())
    return {f"members_{members}": seen.figures(statistics.median(bare)) for members, seen in samples.items()}


async def hints_placed(room: tuple[str, str], network: str) -> NetworkNote:
    """Places the hints, waits until they are seen, and gives what the room says of the network."""
    async with joined(*room, "first") as first:
        hints = (
            NewHint(f"hint{i}", (i % 4 + 0.5) / 4, (i // 4 + 0.5) / 4, 20 - 2 * i, 3 * i - 20) for i in range(HINTS)
        )
        await first.seconds_until_seen(Add(tuple(hints)))
        return first.engine.serving(network)


async def measure(settings: Settings, rounds: int) -> dict[str, Any]:
    """All figures of one run, and on what they were taken."""
    options = ("--engine", settings.engine, "--network", settings.network, "--threads", str(settings.threads))
    with served(*options) as url:
        room = opened_room(url, SAMPLE)
        note = await hints_placed(room, settings.network)
        # Low precision proves itself anew at each start, so the engine here is told what the server's came to.
        async with local_engine(replace(settings, precision=note.precision)) as engine:
            if (precision := engine.describe()["precision"]) != note.precision:
                raise RuntimeError(f"the server computes in {note.precision}, and here {precision} came out")
            seen = await hint_to_frame(engine, room, rounds)
            lag = await loop_lag(engine, rounds, LAG_SECONDS)
            return {"hint_to_frame": seen, "loop_lag": lag, "engine": engine.describe(), **machine()}


def machine() -> dict[str, Any]:
    """Where and when. load: how many processes wanted to run over the last minute; beyond the cores they disturb."""
    info = Path("/proc/cpuinfo")
    names = [line.partition(": ")[2] for line in info.read_text().splitlines() if line.startswith("model name")]
    return {
        "processor": names[0] if names else platform.processor(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "date": datetime.now(UTC).date().isoformat(),
    }


def table(figures: dict[str, Any]) -> str:
    """The same for people."""
    rows = {**figures["hint_to_frame"], "loop_lag": figures["loop_lag"]}
    lines = [f"{name:10}" + "".join(f"  {key} {value:.4g}" for key, value in row.items()) for name, row in rows.items()]
    return "\n".join([*lines, *(f"{key}: {figures[key]}" for key in ("engine", "processor", "cores", "load", "date"))])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--engine", default="torch", help="torch or stub")
    parser.add_argument("--network", default="", help="the network; by default compact, or the stub's")
    parser.add_argument("--threads", type=int, default=0, help="of the engine; by default its own choice")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds of each figure")
    told = parser.parse_args()
    network = told.network or ("stub" if told.engine == "stub" else "compact")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server goes too
    settings = Settings(engine=told.engine, network=network, threads=told.threads)
    figures = asyncio.run(measure(settings, told.rounds))
    print(json.dumps(figures, indent=2) if told.json else table(figures))


if __name__ == "__main__":
    main()
