"""The SQLite journal on a disk that fails, fills up and is shared with others."""

import errno
import os
import sqlite3
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from chromavive.errors import JournalBroken, JournalInUse
from chromavive.journal import Append, Appended, Conflict, Record
from chromavive.journal.schema import APPLICATION_ID, MIGRATIONS
from chromavive.journal.sqlite import BUSY_TIMEOUT_MS, CHECKPOINT_PAGES, SqliteJournal

SEAT = "a1" * 16


def append(room: str, revision: int, size_bytes: int = 20) -> Append:
    """An append of one record."""
    return Append(room, revision - 1, (Record(revision, SEAT, revision, b"p" * size_bytes, b"s"),))


class Disk(apsw.VFS):
    """A VFS that notes what is done to the files below one folder, and fails on demand."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []
        self.failing: dict[str, type[Exception]] = {}
        super().__init__("test-disk", "")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> "DiskFile":
        return DiskFile(self, name, flags)

    def note(self, call: str, file: str) -> None:
        """Write the call down, and fail if told so."""
        self.calls.append((call, file))
        for what in (call, f"{call} {file}"):
            if what in self.failing:
                raise self.failing[what]("forced by a test")

    def count(self, call: str, file: str) -> int:
        """How often this was done to this file."""
        return self.calls.count((call, file))


class DiskFile(apsw.VFSFile):
    """A file that tells its disk before it writes or syncs."""

    def __init__(self, disk: Disk, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        super().__init__("", name, flags)
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._disk, self._file = disk, "wal" if path and path.endswith("-wal") else "main"

    def xWrite(self, data: bytes, offset: int) -> None:
        self._disk.note("write", self._file)
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:
        self._disk.note("sync", self._file)
        super().xSync(flags)


@pytest.fixture
def disk() -> Iterator[Disk]:
    """The registered VFS "test-disk"."""
    disk = Disk()
    yield disk
    disk.unregister()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the journal is kept; its folders do not exist yet."""
    return tmp_path / "data" / "rooms" / "journal.db"


def test_R1_1_every_append_is_synced_before_it_is_answered(disk: Disk, path: Path) -> None:
    """The WAL is synced at least once after its last write of each append."""
    journal = SqliteJournal(path, vfs="test-disk")
    for revision in range(1, 11):
        disk.calls.clear()
        assert journal.append([append("room", revision)]) == [Appended(revision)]
        assert disk.count("write", "wal") > 0
        assert disk.calls[-1] == ("sync", "wal")


def test_R1_7_fifty_rooms_share_one_sync(disk: Disk, path: Path) -> None:
    """A batch costs one sync, however many rooms are in it."""
    journal = SqliteJournal(path, vfs="test-disk")
    journal.append([append("first", 1)])  # The first write to a fresh WAL also syncs its header.
    disk.calls.clear()
    journal.append([append(f"room {number}", 1) for number in range(50)])
    assert [disk.count("sync", "wal"), disk.count("sync", "main")] == [1, 0]


def test_R1_11_forget_is_synced(disk: Disk, path: Path) -> None:
    """When forget returns, the deletion is in the main file, and the file is synced."""
    journal = SqliteJournal(path, vfs="test-disk")
    journal.append([append("room", 1)])
    disk.calls.clear()
    journal.forget("room")
    assert disk.count("sync", "wal") > 0
    assert ("sync", "main") in disk.calls[disk.calls.index(("write", "main")) :]


def test_R1_5_a_failed_sync_ends_the_journal_and_the_file_is_left_alone(disk: Disk, path: Path) -> None:
    """No answer, no read, no further write: a later process finds all that was answered, and takes up from there."""
    journal = SqliteJournal(path, vfs="test-disk")
    journal.append([append("room", 1)])
    disk.failing["sync wal"] = apsw.IOError
    disk.calls.clear()
    with pytest.raises(JournalBroken, match="Check the disk"):
        journal.append([append("room", 2), append("other", 1)])
    with pytest.raises(JournalBroken, match="closed"):
        journal.read("room")
    journal.close()
    assert disk.calls.index(("sync", "wal")) == len(disk.calls) - 1
    disk.failing.clear()
    again = SqliteJournal(path, vfs="test-disk")
    held = again.revision("room")
    assert held in (1, 2)
    assert again.append([append("room", held + 1)]) == [Appended(held + 1)]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a file")
def test_R1_5_a_failed_checkpoint_is_not_hidden(path: Path) -> None:
    """An error while the WAL is copied back ends the journal as well, and everything answered is found again.

    The error is the system's own, at a limit on the size of files: one that a VFS raises would not be hidden by
    SQLite's automatic checkpoint either.
    """
    resource = pytest.importorskip("resource")
    half_bytes = 4096 * CHECKPOINT_PAGES
    journal = SqliteJournal(path)
    journal.append([append("room", 1, size_bytes=half_bytes)])
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (half_bytes * 3 // 2, limits[1]))  # The WAL fits, the main file does not.
    try:
        with pytest.raises(JournalBroken):
            journal.append([append("room", 2, size_bytes=half_bytes)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [len(record.payload) for record in SqliteJournal(path).read("room")] == [half_bytes, half_bytes]


def test_R1_5_a_full_disk_says_so_and_nothing_of_the_batch_is_there(disk: Disk, path: Path) -> None:
    """The message names the file and what to do; after space was made, the journal opens and goes on."""
    journal = SqliteJournal(path, vfs="test-disk")
    journal.append([append("room", 1)])
    disk.failing["write wal"] = apsw.FullError
    with pytest.raises(JournalBroken, match=rf"{path}.*Free some space"):
        journal.append([append("room", 2)])
    disk.failing.clear()
    again = SqliteJournal(path)
    assert again.append([append("room", 2)]) == [Appended(2)]


def test_R1_5_a_damaged_file_says_so(path: Path) -> None:
    """A file that is no database is refused, and not a byte of it is changed."""
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not a database, but long enough to look like one to a careless reader" * 20)
    before = path.read_bytes()
    with pytest.raises(JournalBroken, match="newest backup"):
        SqliteJournal(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "number, advice",
    [(errno.EROFS, "read-only"), (errno.EACCES, "permissions"), (errno.ENOSPC, "space"), (errno.EIO, "Check the disk")],
)
def test_a_disk_that_cannot_be_written_says_so(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int, advice: str
) -> None:
    """Before SQLite sees the file, the system's refusal is a typed error with the way out in it."""

    def refuse(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(JournalBroken, match=rf"{path}.*{advice}.*start again"):
        SqliteJournal(path)


def test_what_is_read_after_a_start_is_synced_anew(disk: Disk, path: Path) -> None:
    """A batch whose sync failed may be read from the page cache: opening writes it to the main file and syncs that."""
    journal = SqliteJournal(path, vfs="test-disk")
    journal.append([append("room", 1)])
    disk.failing["sync wal"] = apsw.IOError
    with pytest.raises(JournalBroken):
        journal.append([append("room", 2)])
    disk.failing.clear()
    disk.calls.clear()
    SqliteJournal(path, vfs="test-disk")
    last_write = max(place for place, call in enumerate(disk.calls) if call == ("write", "main"))
    assert ("sync", "main") in disk.calls[last_write:]


def test_a_second_journal_on_one_file_is_refused(path: Path) -> None:
    """Two writers would split rooms silently; after the first one closed, the file is free."""
    first = SqliteJournal(path)
    with pytest.raises(JournalInUse):
        SqliteJournal(path)
    assert first.append([append("room", 1)]) == [Appended(1)]
    first.close()
    assert SqliteJournal(path).revision("room") == 1


def test_a_running_journal_can_be_backed_up(path: Path, tmp_path: Path) -> None:
    """The system's own sqlite3 takes a copy in the middle of the work, and the copy is a whole journal."""
    journal = SqliteJournal(path)
    journal.append([append("room", 1), append("other", 1)])
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as source, sqlite3.connect(tmp_path / "copy.db") as copy:
        source.backup(copy)
        assert journal.append([append("room", 2)]) == [Appended(2)]
    source.close()
    copy.close()
    restored = SqliteJournal(tmp_path / "copy.db")
    assert [restored.revision("room"), restored.revision("other")] == [1, 1]


def test_a_reader_does_not_stop_the_journal(path: Path) -> None:
    """While a backup reads an old state, appends, checkpoints and forget go on and do not wait for it."""
    journal = SqliteJournal(path)
    journal.append([append("room", 1), append("other", 1)])
    began = time.monotonic()
    with sqlite3.connect(path) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM entry").fetchone() == (2,)
        assert journal.append([append("room", 2, size_bytes=4096 * CHECKPOINT_PAGES)]) == [Appended(2)]
        journal.forget("other")
        assert reader.execute("SELECT count(*) FROM entry").fetchone() == (2,)
        assert time.monotonic() - began < BUSY_TIMEOUT_MS / 1000
    reader.close()
    assert journal.rooms() == ["room"]


def test_R1_11_nothing_forgotten_is_left_in_the_files(path: Path) -> None:
    """Neither the main file nor the WAL holds a byte of the room's payloads any more."""
    secret = b"the-only-copy-of-this-sentence"
    journal = SqliteJournal(path)
    journal.append([Append("room", 0, (Record(1, SEAT, 1, secret * 300, b"s"),)), append("other", 1)])
    files = [path, path.with_name(path.name + "-wal")]
    assert any(secret in file.read_bytes() for file in files)
    journal.forget("room")
    assert not any(secret in file.read_bytes() for file in files)


def test_the_wal_does_not_grow_for_ever(path: Path) -> None:
    """After ten checkpoints' worth of appends the WAL is about one checkpoint long."""
    journal = SqliteJournal(path)
    page = 4096
    for revision in range(1, 101):
        journal.append([append("room", revision, size_bytes=page * CHECKPOINT_PAGES // 10)])
    assert path.with_name(path.name + "-wal").stat().st_size < 2 * page * CHECKPOINT_PAGES
    assert path.stat().st_size > 8 * page * CHECKPOINT_PAGES


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such file modes")
def test_only_its_owner_reads_the_journal(path: Path) -> None:
    """The file holds hashes of capabilities: neither group nor others may read it or its WAL."""
    journal = SqliteJournal(path)
    journal.append([append("room", 1)])
    for file in (path, path.with_name(path.name + "-wal")):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    journal.close()
    path.parent.chmod(0o755)
    SqliteJournal(path).close()
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o755, "a folder that somebody else made keeps its mode"
    SqliteJournal(path.parent / "made" / "journal.sqlite").close()
    assert stat.S_IMODE((path.parent / "made").stat().st_mode) == 0o700


def test_a_fresh_file_has_the_newest_version(path: Path) -> None:
    """The file says whose it is and which migrations it has seen."""
    SqliteJournal(path).close()
    connection = apsw.Connection(str(path))
    assert connection.pragma("application_id") == APPLICATION_ID
    assert connection.pragma("user_version") == len(MIGRATIONS)
    connection.close()


def test_a_failed_migration_leaves_no_trace(disk: Disk, path: Path) -> None:
    """The tables and the record of them commit together: a start that failed half-way is repeated whole."""
    disk.failing["sync wal"] = apsw.IOError
    with pytest.raises(JournalBroken):
        SqliteJournal(path, vfs="test-disk")
    disk.failing.clear()
    journal = SqliteJournal(path, vfs="test-disk")
    assert journal.append([append("room", 1)]) == [Appended(1)]


@pytest.mark.parametrize(
    "script, match",
    [
        (f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 99", "newer chromaVive"),
        ("CREATE TABLE somebody_elses (x)", "not a journal"),
        ("PRAGMA user_version = 1", "not a journal"),
    ],
)
def test_a_file_that_is_not_ours_is_refused(path: Path, script: str, match: str) -> None:
    """A newer journal, or another program's database, is not touched."""
    path.parent.mkdir(parents=True)
    connection = apsw.Connection(str(path))
    connection.execute(script)
    connection.close()
    with pytest.raises(JournalBroken, match=match):
        SqliteJournal(path)


def test_an_unforeseen_error_ends_the_journal(path: Path) -> None:
    """A transaction that stopped half-way for any reason is rolled back and never continued."""
    journal = SqliteJournal(path)
    journal.append([append("room", 1)])
    too_large = Append("other", 0, (Record(1, SEAT, 2**70, b"", b""),))  # More than SQLite's integers hold.
    with pytest.raises(JournalBroken):
        journal.append([append("room", 2), too_large])
    assert SqliteJournal(path).append([append("room", 1)]) == [Conflict(1)]
