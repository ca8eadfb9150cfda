"""Photographs are decoded in a child process, for bytes from strangers meet decoders written in C.

The child (`chromavive.pictures.__main__`) limits its own memory and processor time before it reads a byte; here stand
the deadline, the number of children, and the way back of its errors.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

import chromavive
from chromavive.errors import DecodingFailed, DecodingTimedOut, RequestRefused, ServerBusy, UploadTooLarge, leaves
from chromavive.pictures.contract import ChildLimits, DecodedMeta, PhotographLimits

CHILDREN_MAX = 2
"""Decoders at once: each may take 2 GiB and a core."""
WAITING_MAX = 16
"""Uploads that wait for a decoder; the next is refused and may be sent again."""

_COMMAND = (sys.executable, "-P", "-m", "chromavive.pictures")
_REFUSALS = {error.code: error for error in leaves(RequestRefused)}


class PhotographDecoder(Protocol):
    """Turns an uploaded file into a file of lightness."""

    async def decode(self, path_in: Path, path_out: Path) -> DecodedMeta:
        """Writes the lightness of `path_in`, (H, W) uint16 .npy, to `path_out`.

        Raises:
            RequestRefused: one leaf for each reason; `path_out` does not exist then.
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

    async def decode(self, path_in: Path, path_out: Path) -> DecodedMeta:
        """As `PhotographDecoder.decode`; waits while as many children as may run are running."""
        if path_in.stat().st_size > self._photograph.upload_bytes_max:
            raise UploadTooLarge
        if self._accepted >= self._accepted_max:
            raise ServerBusy
        self._accepted += 1
        try:
            async with self._free:
                return await self._decode(path_in, path_out)
        except RequestRefused:
            path_out.unlink(missing_ok=True)
            raise
        finally:
            self._accepted -= 1

    async def _decode(self, path_in: Path, path_out: Path) -> DecodedMeta:
        limits = json.dumps(asdict(self._photograph) | asdict(self._child))
        process = await asyncio.create_subprocess_exec(
            *(*self._command, str(path_in), str(path_out), limits),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=_environment(),
        )
        assert process.stdout is not None
        try:
            async with asyncio.timeout(self._child.seconds_max):
                answer = await process.stdout.readline()
                await process.wait()
        except TimeoutError:
            raise DecodingTimedOut from None
        except ValueError:  # a line longer than the stream's limit: this is not our child's voice any more
            raise DecodingFailed from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return _meta(answer, process.returncode)


def _environment() -> dict[str, str]:
    """What the child needs to start, and none of the operator's secrets."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    # One thread: a decoder's arithmetic is small, and each further thread reserves address space under the limit.
    return kept | {"PYTHONPATH": str(Path(chromavive.__file__).parent.parent), "OPENBLAS_NUM_THREADS": "1"}


def _meta(answer: bytes, returncode: int | None) -> DecodedMeta:
    if sys.platform != "win32" and returncode == -signal.SIGXCPU:
        raise DecodingTimedOut
    if returncode != 0:
        raise DecodingFailed
    try:
        told = json.loads(answer)
        if "error" in told:
            raise _REFUSALS.get(told["error"], DecodingFailed)
        return DecodedMeta(**(told["meta"] | {"notes": tuple(told["meta"]["notes"])}))
    except (ValueError, TypeError, KeyError):
        raise DecodingFailed from None
