"""A lock against two fetches at once; the system gives it back when the process ends, however it ends."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from chromavive.errors import WeightsInUse


@contextmanager
def locked(folder: Path, name: str) -> Iterator[None]:
    """Holds the lock of one network's weights in a folder, which is made if need be; raises WeightsInUse at once."""
    folder.mkdir(parents=True, exist_ok=True)
    # The file stays: to remove it would let a third process lock a new one while a second still holds the old one.
    with (folder / f"{name}.lock").open("ab") as file:
        try:
            _lock(file)
        except (BlockingIOError, PermissionError) as error:
            raise WeightsInUse(
                f"Another process is fetching {name} into {folder}. Wait for it: the weights will be there."
            ) from error
        yield


if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
