"""Runs a command on a disk that fails: `python -m tests.faults.failing_disk FAULT FILE CALL NUMBER COMMAND…`.

The command is one of Python's own (`python -m MODULE …`). From the NUMBERth CALL, write or sync, to FILE, wal or main,
on, SQLite gets what FAULT says: full, read-only or io. The rest of the process is what ships.
"""

import runpy
import sys

import apsw

BELOW = apsw.vfs_names()[0]
"""The disk that this process would have had."""

FAULTS = {"full": apsw.FullError, "read-only": apsw.ReadOnlyError, "io": apsw.IOError}


class Disk(apsw.VFS):
    """The default disk of this process."""

    def __init__(self, fault: str, file: str, call: str, number: int) -> None:
        self._fault = FAULTS[fault]
        self._failing = (file, call)
        self._left = number
        super().__init__("failing", BELOW, makedefault=True)

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> "File":
        return File(self, name, flags)

    def note(self, file: str, call: str) -> None:
        """Count the calls that are to fail, and fail from the chosen one on."""
        if (file, call) == self._failing:
            self._left -= 1
            if self._left <= 0:
                raise self._fault("forced by a test")


class File(apsw.VFSFile):
    """A file that asks its disk before it writes or syncs."""

    def __init__(self, disk: Disk, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        super().__init__(BELOW, name, flags)
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._disk, self._file = disk, "wal" if path and path.endswith("-wal") else "main"

    def xWrite(self, data: bytes, offset: int) -> None:
        self._disk.note(self._file, "write")
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:
        self._disk.note(self._file, "sync")
        super().xSync(flags)


if __name__ == "__main__":
    fault, file, call, number, _python, _m, module, *arguments = sys.argv[1:]
    disk = Disk(fault, file, call, int(number))
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
