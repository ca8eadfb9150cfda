"""An upload on its way to the disk: bounded in bytes, in silence and in time."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from chromavive import errors
from chromavive.runtime.workers import Worker
from chromavive.settings import Settings


async def receive(upload: AsyncIterator[bytes], path: Path, files: Worker, settings: Settings) -> None:
    """Writes the upload to `path` as it comes in.

    Raises:
        UploadTooLarge: it has more bytes than it may have.
        RequestMalformed: it came to a halt, or went on for too long.
    """
    try:
        async with asyncio.timeout(settings.upload_seconds_max):
            await _write(upload, path, files, settings)
    except TimeoutError:
        raise errors.RequestMalformed("The upload took too long. Send a smaller file, or over a faster line.") from None


async def _write(upload: AsyncIterator[bytes], path: Path, files: Worker, settings: Settings) -> None:
    size = 0
    with path.open("wb") as file:
        while (chunk := await _chunk(upload, settings.upload_silence_seconds)) is not None:
            size += len(chunk)
            if size > settings.upload_bytes_max:
                raise errors.UploadTooLarge()
            await files.run(file.write, chunk)


async def _chunk(upload: AsyncIterator[bytes], seconds_max: float) -> bytes | None:
    try:
        async with asyncio.timeout(seconds_max):
            return await anext(upload, None)
    except TimeoutError:
        raise errors.RequestMalformed("The upload came to a halt. Send the photograph again.") from None
