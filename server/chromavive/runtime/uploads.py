"""What goes to the disk: uploads, bounded in bytes, in silence and in time; and a disk that has no room for more."""

import asyncio
import errno
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

from chromavive import errors
from chromavive.pictures.contract import PhotographLimits
from chromavive.runtime.workers import Worker
from chromavive.settings import Settings

LIGHTNESS_BYTES = 2
"""A pixel, as the store keeps it beside the upload."""


def check_disk(free_bytes: int, uploads: int, settings: Settings) -> None:
    """Nothing, if the disk has room for so many uploads, each as large as it may be, and for what it keeps free.

    Raises:
        DiskNearlyFull: it has not.
    """
    arriving = settings.upload_bytes_max + LIGHTNESS_BYTES * settings.pixels_max
    if free_bytes - uploads * arriving < settings.disk_free_bytes_min:
        least = settings.disk_free_bytes_min / 1e9
        raise errors.DiskNearlyFull(
            f"The server's disk keeps {least:g} GB free, and has no more than that for photographs and downloads. "
            "Whoever runs it can make room, or remove rooms."
        )


@contextmanager
def full_disk_named(sentence: str) -> Iterator[None]:
    """Around what writes files.

    Raises:
        DiskFull: the disk has no room left, for which the sentence says what to do.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise errors.DiskFull(sentence) from error


async def receive(
    upload: AsyncIterator[bytes], path: Path, files: Worker, settings: Settings, bytes_max: int | None = None
) -> None:
    """Writes the upload to `path` as it comes in. bytes_max: where it is not a photograph's.

    Raises:
        UploadTooLarge: it has more bytes than it may have.
        RequestMalformed: it came to a halt, or went on for too long.
    """
    try:
        async with asyncio.timeout(settings.upload_seconds_max):
            await _write(upload, path, files, settings, bytes_max or settings.upload_bytes_max)
    except TimeoutError:
        raise errors.RequestMalformed(
            f"The upload took too long: {settings.upload_seconds_max:g} s is the most. Send a smaller file, or over a "
            "faster line."
        ) from None


async def _write(upload: AsyncIterator[bytes], path: Path, files: Worker, settings: Settings, bytes_max: int) -> None:
    size = 0
    with path.open("wb") as file:
        while (chunk := await _chunk(upload, settings.upload_silence_seconds)) is not None:
            size += len(chunk)
            if size > bytes_max:
                raise PhotographLimits(bytes_max).too_large()
            await files.run(file.write, chunk)


async def _chunk(upload: AsyncIterator[bytes], seconds_max: float) -> bytes | None:
    try:
        async with asyncio.timeout(seconds_max):
            return await anext(upload, None)
    except TimeoutError:
        raise errors.RequestMalformed(
            f"The upload came to a halt for {seconds_max:g} s. Send the photograph again."
        ) from None
