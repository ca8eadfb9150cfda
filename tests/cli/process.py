"""`chromavive serve` as a process of its own, as people run it."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import chromavive

TIMEOUT_SECONDS = 60.0


@dataclass
class Serving:
    """The process, once it told where it is."""

    process: asyncio.subprocess.Process
    url: str
    lines: list[str]

    async def ended(self) -> int:
        """Its exit code; negative: the signal that killed it."""
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await self.process.communicate()
            assert self.process.returncode is not None
            return self.process.returncode

    async def terminated(self) -> int:
        """Its exit code after SIGTERM."""
        self.process.send_signal(signal.SIGTERM)
        return await self.ended()


def environment(**more: str) -> dict[str, str]:
    """This process's, with the package under test and one thread of arithmetic."""
    path = str(Path(chromavive.__file__).parents[1])
    own = {name: value for name, value in os.environ.items() if not name.startswith("CHROMAVIVE_")}
    return own | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1"} | more


@asynccontextmanager
async def serving(
    data: Path, *flags: str, prefix: tuple[str, ...] = (), told: int = asyncio.subprocess.DEVNULL, **environ: str
) -> AsyncIterator[Serving]:
    """The server with the stub engine at a free port; killed at the end if it still runs.

    told: a descriptor that gets its standard error.
    """
    own = (sys.executable, "-m", "chromavive", "serve", "--engine", "stub", "--port", "0", "--data", str(data))
    process = await asyncio.create_subprocess_exec(
        *prefix,
        *own,
        *flags,
        env=environment(**environ),
        stdout=asyncio.subprocess.PIPE,
        stderr=told,
    )
    try:
        yield await _started(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def _started(process: asyncio.subprocess.Process) -> Serving:
    assert process.stdout is not None
    lines: list[str] = []
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while line := (await process.stdout.readline()).decode():
            lines.append(line.rstrip())
            if found := re.search(r"http://\S+", line):
                # By address: a bare machine may have no name for it.
                return Serving(process, found[0].replace("//localhost:", "//127.0.0.1:"), lines)
    raise AssertionError(f"it ended before it served: {lines}, exit code {process.returncode}")
