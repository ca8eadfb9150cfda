"""Photographs are decoded in a child process, for bytes from strangers meet decoders written in C.

The child (`chromavive.pictures.__main__`) limits its own memory and processor time before it reads a byte; here stand
the deadline, the number of children, and the way back of its errors.
"""

import asyncio
import errno
import json
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

import chromavive
from chromavive.errors import (
    DecodingFailed,
    DecodingTimedOut,
    PhotographTooManyPixels,
    RequestRefused,
    ServerBusy,
    leaves,
)
from chromavive.pictures.contract import DISK_FULL_STATUS, AsideWish, ChildLimits, DecodedMeta, PhotographLimits

CHILDREN_MAX = 2
"""Decoders at once: each may take 2 GiB and a core."""
ANSWER_BYTES_MAX = 64 * 1024
WAITING_MAX = 16
"""Uploads that wait for a decoder; the next is refused and may be sent again."""

_COMMAND = (sys.executable, "-P", "-m", "chromavive.pictures")
_REFUSALS = {error.code: error for error in leaves(RequestRefused)}


class PhotographDecoder(Protocol):
    """Turns an uploaded file into a file of lightness, or of its colors."""

    async def decode(self, path_in: Path, path_out: Path, aside: AsideWish | None = None) -> DecodedMeta:
        """Writes the lightness of `path_in`, (H, W) uint16 .npy, to `path_out`.

        aside: writes its colors instead, as this wishes, (2, h, w) float32 a and b in CIE Lab units.

        Raises:
            RequestRefused: one leaf for each reason; `path_out` does not exist then.
        OSError: the disk is full.
        """
        ...


class ChildDecoder:
    """The decoder that the server uses: one child process a photograph, killed at its deadline."""

    def __init__(
        self,
        photograph: PhotographLimits | None = None,
        child: ChildLimits | None = None,
        children_max: int = CHILDREN_MAX,
        waiting_max: int = WAITING_MAX,
        command: Sequence[str] = _COMMAND,
    ) -> None:
        self._command = command
        self._photograph = photograph or PhotographLimits()
        self._child = child or ChildLimits()
        self._free = asyncio.Semaphore(children_max)
        self._accepted_max = children_max + waiting_max
        self._accepted = 0

    async def decode(self, path_in: Path, path_out: Path, aside: AsideWish | None = None) -> DecodedMeta:
        """As `PhotographDecoder.decode`; waits while as many children as may run are running."""
        if path_in.stat().st_size > self._photograph.upload_bytes_max:
            raise self._photograph.too_large()
        if self._accepted >= self._accepted_max:
            raise ServerBusy
        path_answer = path_out.with_name(path_out.name + ".answer")
        self._accepted += 1
        try:
            async with self._free:
                returncode = await self._run(aside, path_in, path_out, path_answer)
            return _meta(path_answer, returncode, self._photograph)
        except BaseException:
            path_out.unlink(missing_ok=True)
            raise
        finally:
            path_answer.unlink(missing_ok=True)
            self._accepted -= 1

    async def _run(self, aside: AsideWish | None, *paths: Path) -> int:
        """The child's exit status. It has files and no pipes: whatever it writes, nothing here waits or fills up."""
        numbers = asdict(self._photograph) | asdict(self._child)
        limits = json.dumps({**numbers, "aside": asdict(aside) if aside else None})
        process = await asyncio.create_subprocess_exec(
            *(*self._command, *map(str, paths), limits),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env=_environment(),
            process_group=0,  # Ctrl-C is meant for the server, which lets an upload end (R11)
        )
        try:
            async with asyncio.timeout(self._child.seconds_max):
                return await process.wait()
        except TimeoutError:
            raise DecodingTimedOut from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


def _environment() -> dict[str, str]:
    """What the child needs to start, and none of the operator's secrets."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    # One thread: a decoder's arithmetic is small, and each further thread reserves address space under the limit.
    return kept | {"PYTHONPATH": str(Path(chromavive.__file__).parent.parent), "OPENBLAS_NUM_THREADS": "1"}


def _meta(path_answer: Path, returncode: int, limits: PhotographLimits) -> DecodedMeta:
    if sys.platform != "win32" and returncode == -signal.SIGXCPU:
        raise DecodingTimedOut
    if returncode == DISK_FULL_STATUS:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if returncode != 0:
        raise DecodingFailed
    try:
        with path_answer.open("rb") as answer:
            told = json.loads(answer.read(ANSWER_BYTES_MAX))
        if "error" in told:
            if told["error"] == PhotographTooManyPixels.code:
                raise limits.too_many_pixels()
            raise _REFUSALS.get(told["error"], DecodingFailed)
        return DecodedMeta(**(told["meta"] | {"notes": tuple(told["meta"]["notes"])}))
    except (OSError, ValueError, TypeError, KeyError):
        raise DecodingFailed from None
