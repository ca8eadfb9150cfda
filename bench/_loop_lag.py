"""How late the event loop is while the engine works, against as many threads that spin and release the GIL."""

import asyncio
import hashlib
import statistics
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bench._local_engine import LocalEngine

TICK_SECONDS = 0.005
SETTLE_SECONDS = 0.3  # longer than idle OpenMP threads go on spinning (0.2 s), so that neither half sees the other's
SPUN_BYTES = 1 << 22  # hashed without the GIL in some milliseconds: about a layer of a network


def percentile(samples: Sequence[float], percent: int) -> float:
    """The percentile, interpolated between samples and never beyond the largest."""
    return statistics.quantiles(samples, n=100, method="inclusive")[percent - 1]


async def lags(seconds: float) -> list[float]:
    """By how many seconds each tick came late."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    late = []
    while (due := loop.time() + TICK_SECONDS) < end:
        await asyncio.sleep(TICK_SECONDS)
        late.append(loop.time() - due)
    return late


@contextmanager
def spinning(threads: int) -> Iterator[None]:
    """So many threads that compute without the GIL."""
    stop = threading.Event()

    def spin() -> None:
        content = bytes(SPUN_BYTES)
        while not stop.is_set():
            hashlib.sha256(content)

    spinners = [threading.Thread(target=spin) for _ in range(threads)]
    for spinner in spinners:
        spinner.start()
    try:
        yield
    finally:
        stop.set()
        for spinner in spinners:
            spinner.join()


async def loop_lag(engine: LocalEngine, pairs: int, seconds: float) -> dict[str, float]:
    """The figures of so many interleaved pairs, each half of so many seconds."""
    threads = engine.thread.info.threads
    busy, spun = [], []
    for _ in range(pairs):
        async with engine.busy():
            busy.append(await lags(seconds))
        await asyncio.sleep(SETTLE_SECONDS)
        with spinning(threads):
            spun.append(await lags(seconds))
        await asyncio.sleep(SETTLE_SECONDS)
    figures: dict[str, float] = {"pairs": pairs, "threads": threads}
    for percent in (50, 99):
        of_busy, of_spun = (
            statistics.median(percentile(window, percent) for window in windows) for windows in (busy, spun)
        )
        figures[f"engine_p{percent}_ms"] = 1000 * of_busy
        figures[f"spinning_p{percent}_ms"] = 1000 * of_spun
        figures[f"p{percent}_ratio"] = of_busy / of_spun
    return figures
