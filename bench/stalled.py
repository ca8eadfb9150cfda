"""Whether a member that stops reading slows the 49 others down, in a real room over real sockets.

`python -m bench.stalled [--json] [--engine ENGINE] [--network NETWORK] [--pairs PAIRS]`; about two minutes.

Pairs of halves, in turns: in one half the fiftieth member takes what it is sent, in the other it stops reading, with
the smallest receive buffer there is. In each, large entries go out until more waits for the fiftieth than the kernel
takes, then four of the others move hints and time how long each takes to be seen (p50_ms, p99_ms). `p50_ratio` is the
median over the pairs of the stalled half's median to the other's.

held_bytes: the most that waited in the outbox of the stalled member. server_bytes: what the server's resident memory
was larger by at the end of a stalled half than at the end of the other, the median over the pairs. freed_seconds: the
longest from the first moment at which something waited until the server had let the member go.
"""

import argparse
import asyncio
import json
import random
import signal
import socket
import statistics
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.request import urlopen

from websockets.asyncio.client import connect

from bench._loop_lag import percentile
from bench._member import Member, joined
from bench._server import Process, opened_room, server
from bench.live import SAMPLE, machine
from chromavive.hints.edit import Add, Edit, Move, NewHint, Placed, Remove
from chromavive.room.follower import Follower
from chromavive.wire import messages

MEMBERS = 50
EDITORS = 4
SECONDS = 5.0  # of editing in each half; with what comes before less than the 10 s after which the member is let go
PAUSES_SECONDS = (0.15, 0.3)
FILLING_HINTS = 400
FILLING_EDITS = 12  # entries of about 75 kB: together more than kernel and transport keep, and less than the outbox
FREED_SECONDS_MAX = 30.0
EDITS_MIN = 2
HELD_BYTES_MIN = 300_000  # no member that reads has so much waiting for long


@dataclass(slots=True)
class Half:
    """What was seen in one half."""

    latencies: list[float]
    server_bytes: int
    held_bytes: int = 0
    freed_seconds: float = 0.0


@dataclass(slots=True)
class Halves:
    """All halves of a kind."""

    every: list[Half] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        seconds = [each for half in self.every for each in half.latencies]
        return {
            "edits": float(len(seconds)),
            "p50_ms": 1000 * percentile(seconds, 50),
            "p99_ms": 1000 * percentile(seconds, 99),
        }


async def health(url: str) -> dict[str, Any]:
    """The server's counts."""

    def ask() -> dict[str, Any]:
        with urlopen(f"{url}/api/health", timeout=20) as answer:
            told: dict[str, Any] = json.load(answer)
            return told

    return await asyncio.to_thread(ask)


@asynccontextmanager
async def stalled(url: str, capability: str) -> AsyncIterator[None]:
    """A member that was welcomed and then reads nothing more."""
    host, _, port = url.removeprefix("ws://").partition("/")[0].partition(":")
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)  # the kernel makes the least of it that it allows
    raw.connect((host, int(port)))
    raw.setblocking(False)
    connection = await connect(url, sock=raw, compression=None, max_queue=1)
    try:
        follower = Follower(capability, "stalled".ljust(22, "-"), "seat-stalled")
        await connection.send(messages.encode(follower.hello()).decode())
        await connection.recv()
        connection.transport.pause_reading()
        yield
    finally:
        connection.transport.abort()


def filling() -> list[Edit]:
    """Edits whose entries are large, and which leave the room as it was."""
    hints = tuple(
        NewHint(f"filling-{n:016}", n / FILLING_HINTS, 0.123456789, 12.5, -12.5) for n in range(FILLING_HINTS)
    )
    pair: list[Edit] = [Add(hints), Remove(tuple(hint.id for hint in hints))]
    return pair * (FILLING_EDITS // 2)


async def moves(member: Member, number: int, seed: int) -> list[float]:
    """Moves a hint of its own for some seconds; gives how long each move took to be seen."""
    loop, rng = asyncio.get_running_loop(), random.Random(seed)
    end = loop.time() + SECONDS
    latencies: list[float] = []
    while len(latencies) < EDITS_MIN or loop.time() < end:
        there = Placed(f"hint{number}", rng.random(), (number + rng.uniform(0.2, 0.8)) / EDITORS)
        latencies.append(await member.seconds_until_seen(Move((there,))))
        await asyncio.sleep(rng.uniform(*PAUSES_SECONDS))
    return latencies


async def watch(process: Process, half: Half) -> None:
    """Notes what is held for the members, until the server has let one go."""
    loop = asyncio.get_running_loop()
    since: float | None = None
    while True:
        told = await health(process.url)
        if since is not None and told["connections"] < MEMBERS:
            half.freed_seconds = loop.time() - since
            return
        if since is None and told["waiting_bytes"] > HELD_BYTES_MIN:
            since = loop.time()
        half.held_bytes = max(half.held_bytes, told["waiting_bytes"])
        await asyncio.sleep(0.25)


async def one_half(process: Process, room: tuple[str, str], turn: str, stalls: bool) -> Half:
    """Fifty come, four of them edit, all go."""
    async with AsyncExitStack() as stack:
        others = MEMBERS - 1
        here = [await stack.enter_async_context(joined(*room, f"{turn}-{number}")) for number in range(others)]
        last = stalled(*room) if stalls else joined(*room, f"{turn}-last")
        await stack.enter_async_context(last)
        half = Half([], 0)
        async with asyncio.TaskGroup() as group:
            watching = group.create_task(watch(process, half))  # in both halves, for it costs the server something
            await here[0].send_all(filling())
            editing = [group.create_task(moves(here[number], number, number)) for number in range(EDITORS)]
            half.latencies = [each for task in editing for each in await task]
            half.server_bytes = process.resident_bytes()
            if stalls:
                await asyncio.wait_for(watching, FREED_SECONDS_MAX)
            watching.cancel()
        return half


async def measure(engine: str, network: str, pairs: int) -> dict[str, Any]:
    """All figures of one run."""
    with server("--engine", engine, "--network", network) as process:
        room = opened_room(process.url, SAMPLE)
        async with joined(*room, "first") as first:
            hints = (NewHint(f"hint{i}", (i + 0.5) / EDITORS, 0.5, 20.0 * i - 30, 30.0) for i in range(EDITORS))
            await first.seconds_until_seen(Add(tuple(hints)))
        kinds = {False: Halves(), True: Halves()}
        for pair in range(pairs):
            for stalls in (False, True) if pair % 2 else (True, False):
                kinds[stalls].every.append(await one_half(process, room, f"{pair}{'ab'[stalls]}", stalls))
    held, healthy = kinds[True].every, kinds[False].every
    each = list(zip(held, healthy, strict=True))
    ratios = [statistics.median(s.latencies) / statistics.median(h.latencies) for s, h in each]
    return {
        "stalled": kinds[True].figures(),
        "healthy": kinds[False].figures(),
        "p50_ratio": statistics.median(ratios),
        "p50_ratios": ratios,
        "held_bytes": max(half.held_bytes for half in held),
        "server_bytes": statistics.median(s.server_bytes - h.server_bytes for s, h in each),
        "freed_seconds": max(half.freed_seconds for half in held),
        "members": MEMBERS,
        "engine": engine,
        "network": network,
        **machine(),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--engine", default="torch", help="torch or stub")
    parser.add_argument("--network", default="", help="the network; by default compact, or the stub's")
    parser.add_argument("--pairs", type=int, default=5, help="pairs of halves, in turns")
    told = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server goes too
    network = told.network or ("stub" if told.engine == "stub" else "compact")
    figures = asyncio.run(measure(told.engine, network, told.pairs))
    print(
        json.dumps(figures, indent=2) if told.json else "\n".join(f"{key}: {value}" for key, value in figures.items())
    )


if __name__ == "__main__":
    main()
