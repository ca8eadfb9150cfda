"""A simulated disk beneath SQLite that forgets, when its power is cut, what was not synced, in part and in any order.

The files themselves lie in a real folder and show what the running system shows, its page cache included; the disk
notes beside them what would outlive a power cut. The model is that of the published crash tests of SQLite and of
LazyFS, with the freedoms that POSIX leaves:

- What a file holds is durable after a sync of that file. Until then each sector of it holds any state that it has
  passed through since, whatever its neighbors hold, and one sector may be torn at a byte between two such states.
- The length is kept apart from the contents and may be any that the file has had since. Where a file grew and its
  new sectors did not arrive, it holds zeros or what lay on the disk before. To shorten a file is one step of the file
  system: it has happened, and what lay behind the new end is gone, or it has not, and neither has what came after it.
- That a name is there, or is gone, is durable after a sync of its folder. Until then each name is in any state that
  it has passed through since. SQLite syncs the folder with the first sync of a new journal or WAL file, and after a
  deletion when it asks for that.
- The shared memory beside a WAL is never durable: it is gone, or it is rubbish.

Kept, as SQLite relies on it (SQLITE_IOCAP_POWERSAFE_OVERWRITE): bytes that nobody writes are not damaged.
"""

import errno
import os
import random
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import apsw

SECTOR_BYTES = (512, 4096)
"""What disks of today call a sector."""

_JOURNALS = apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_SUPER_JOURNAL


@dataclass(frozen=True, slots=True)
class _Change:
    """Bytes that were put somewhere, and the length of the file after it."""

    offset: int
    data: bytes
    size: int

    @property
    def shortens(self) -> bool:
        """What was there behind the new end is cut off."""
        return self.size < self.offset + len(self.data)

    def split(self, sector_bytes: int) -> Iterator[tuple[int, int, bytes]]:
        """The change in each sector: the sector's number, offset in the file, bytes."""
        place, end = self.offset, self.offset + len(self.data)
        while place < end:
            sector = place // sector_bytes
            stop = min(end, (sector + 1) * sector_bytes)
            yield sector, place, self.data[place - self.offset : stop - self.offset]
            place = stop


@dataclass(slots=True)
class _Contents:
    """What one file holds for certain, and the changes since its last sync."""

    durable: bytearray = field(default_factory=bytearray)
    pending: list[_Change] = field(default_factory=list)
    dirsync: bool = False
    """The next sync of this file syncs its folder as well."""

    @property
    def size(self) -> int:
        return self.pending[-1].size if self.pending else len(self.durable)

    def write(self, offset: int, data: bytes) -> None:
        if offset > (size := self.size):  # a hole reads as zeros
            offset, data = size, bytes(offset - size) + data
        self.pending.append(_Change(offset, data, max(size, offset + len(data))))

    def truncate(self, size: int) -> None:
        first, last = sorted((size, self.size))
        self.pending.append(_Change(first, bytes(last - first), size))

    def sync(self) -> None:
        for change in self.pending:
            self.durable[len(self.durable) :] = bytes(max(0, change.offset - len(self.durable)))
            self.durable[change.offset : change.offset + len(change.data)] = change.data
            del self.durable[change.size :]
        self.pending.clear()

    def survivor(self, dice: random.Random, sector_bytes: int) -> bytes:
        """What the disk may hold when the power is back."""
        if not self.pending:
            return bytes(self.durable)
        arrived = dice.choice(("nothing", "all", "some", "some", "some"))
        if arrived == "nothing":
            return bytes(self.durable)
        sizes = [len(self.durable), *(change.size for change in self.pending)]
        reached = len(self.pending) if arrived == "all" else dice.randint(0, len(self.pending))
        shorter = [number for number, change in enumerate(self.pending) if change.shortens]
        next_shorter = next((number for number in shorter if number >= reached), len(self.pending))
        image = bytearray(self.durable)
        fresh = max(sizes) - len(image)
        image += dice.randbytes(fresh) if dice.random() < 0.5 else bytes(fresh)
        steps: dict[int, list[tuple[int, bytes]]] = defaultdict(list)
        certain: dict[int, int] = defaultdict(int)
        for change in self.pending[:next_shorter]:
            for sector, offset, data in change.split(sector_bytes):
                steps[sector].append((offset, data))
                if change.shortens:
                    certain[sector] = len(steps[sector])
        torn = dice.choice(list(steps)) if steps and arrived == "some" else None
        for sector, pieces in steps.items():
            count = len(pieces) if arrived == "all" else dice.randint(certain[sector], len(pieces))
            for offset, data in pieces[:count]:
                image[offset : offset + len(data)] = data
            if sector == torn and count < len(pieces):
                offset, data = pieces[count]
                data = data[: dice.randint(0, len(data))]
                image[offset : offset + len(data)] = data
        size = sizes[reached]
        return bytes(image[:size])


_FOLDER = _Contents()
"""Stands for a folder where a file's contents stand for a file."""


class Disk(apsw.VFS):
    """The disk that holds everything below a folder, as a VFS named "power"; use it inside `powered`.

    The power is cut in the middle of the `calls_until_cut`-th call that changes or syncs something; never with None.
    From then on every such call fails, and `cut` says so: the process is dead, whatever it still believes.
    """

    NAME = "power"

    def __init__(self, folder: Path, dice: random.Random, calls_until_cut: int | None = None) -> None:
        self._folder = folder
        self._dice = dice
        self._calls_left = calls_until_cut
        self.cut = False
        self.calls = 0
        self._durable = {path: self._read(path) for path in self._paths()}
        self._now: dict[Path, _Contents] = dict(self._durable)
        self._since: dict[Path, list[_Contents | None]] = defaultdict(list)  # each name, since its folder was synced
        super().__init__(self.NAME, "")

    @contextmanager
    def powered(self) -> Iterator[None]:
        """SQLite finds this disk by its name, and the syncs that Python code asks for come here as well."""
        try:
            with patch("os.fsync", self._fsync):
                yield
        finally:
            self.unregister()

    def survive(self, folder: Path) -> None:
        """Write into an empty folder what the disk may hold when the power is back."""
        sector_bytes = self._dice.choice(SECTOR_BYTES)
        held: dict[Path, _Contents] = {}
        for path in sorted({*self._durable, *self._since}):
            held_now = self._dice.choice([self._durable.get(path), *self._since.get(path, [])])
            if held_now is not None and (path.parent == self._folder or path.parent in held):
                held[path] = held_now
        for path, contents in held.items():
            target = folder / path.relative_to(self._folder)
            if contents is _FOLDER:
                target.mkdir()
            else:
                target.write_bytes(contents.survivor(self._dice, sector_bytes))
            if path.name.endswith("-wal") and self._dice.random() < 0.5:
                target.with_name(path.name[:-3] + "shm").write_bytes(self._dice.randbytes(32768))

    # -- what SQLite asks for ---------------------------------------------------------------------------------------

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> "_File":
        path = Path(name.filename() if isinstance(name, apsw.URIFilename) else name or "")
        known = path in self._now or not flags[0] & apsw.SQLITE_OPEN_CREATE
        if not known:
            self._alive()
        file = _File(self, path, name, flags)
        self._look(path.parent)
        self._now[path].dirsync = bool(flags[0] & apsw.SQLITE_OPEN_CREATE and flags[0] & _JOURNALS)
        if not known:
            self._spend()
        return file

    def xDelete(self, filename: str, syncdir: bool) -> None:
        self._alive()
        super().xDelete(filename, syncdir)
        self._look(Path(filename).parent)
        self._spend()
        if syncdir:
            self._sync_names(Path(filename).parent)

    def write(self, path: Path, offset: int, data: bytes) -> None:
        """Note a write; part of it may outlive the cut that comes in the middle of it."""
        self._alive()
        self._now[path].write(offset, data)
        self._spend()

    def truncate(self, path: Path, size: int) -> None:
        """Note a new length."""
        self._alive()
        self._now[path].truncate(size)
        self._spend()

    def sync(self, path: Path) -> None:
        """Make a file's contents durable, and its name where SQLite syncs that too; a cut comes before or after."""
        self._alive()
        contents = self._now[path]
        if self._dice.random() < 0.5:
            self._spend()
            self._make_durable(path, contents)
        else:
            self._make_durable(path, contents)
            self._spend()

    # -- what Python code asks for ----------------------------------------------------------------------------------

    def _fsync(self, descriptor: int) -> None:
        asked = os.fstat(descriptor)
        for path in (self._folder, *self._paths()):
            if os.path.samestat(path.stat(), asked):
                break
        else:
            return  # beyond this disk
        try:
            self._alive()
            self._look(path.parent)
            self._spend()
        except apsw.IOError as error:
            raise OSError(errno.EIO, str(error)) from error
        if path.is_dir():
            self._look(path)
            self._sync_names(path)
        else:
            self._now[path].sync()

    # -- the model --------------------------------------------------------------------------------------------------

    def _alive(self) -> None:
        if self.cut:
            raise apsw.IOError("the power is cut")

    def _spend(self) -> None:
        """One more call that changes something; the last one ends here."""
        self.calls += 1
        if self._calls_left is not None:
            self._calls_left -= 1
            self.cut = self._calls_left == 0
        self._alive()

    def _paths(self) -> list[Path]:
        """What is in the folder now, parents first; the memory shared between processes is no file on a disk."""
        return [path for path in sorted(self._folder.rglob("*")) if not path.name.endswith(("-shm", "-lock"))]

    def _read(self, path: Path) -> _Contents:
        return _FOLDER if path.is_dir() else _Contents(bytearray(path.read_bytes()))

    def _look(self, folder: Path) -> None:
        """Note which names have come to a folder, and which have gone."""
        there = {path for path in self._paths() if path.parent == folder}
        gone = {path for path in self._now if path.parent == folder} - there
        for path in gone:
            del self._now[path]
            self._since[path].append(None)
        for path in there - set(self._now):
            self._now[path] = _FOLDER if path.is_dir() else _Contents()
            self._since[path].append(self._now[path])

    def _make_durable(self, path: Path, contents: _Contents) -> None:
        contents.sync()
        if contents.dirsync:
            contents.dirsync = False
            self._sync_names(path.parent)

    def _sync_names(self, folder: Path) -> None:
        for path in [path for path in self._since if path.parent == folder]:
            newest = self._since.pop(path)[-1]
            if newest is None:
                self._durable.pop(path, None)
            else:
                self._durable[path] = newest


class _File(apsw.VFSFile):
    """A file that tells its disk what is done to it; its own folder gets it too, and is never synced in earnest."""

    def __init__(self, disk: Disk, path: Path, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self._disk = disk
        self._path = path

    def xWrite(self, data: bytes, offset: int) -> None:
        self._disk.write(self._path, offset, bytes(data))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:
        self._disk.truncate(self._path, newsize)
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:
        self._disk.sync(self._path)
