"""The embedded journal: one SQLite file in WAL mode, synced before each answer. Reasons: decision 2."""

import errno
import itertools
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import apsw

from chromavive.errors import ChromaviveError, JournalBroken, JournalInUse
from chromavive.journal.contract import Append, Appended, Conflict, Outcome, Record
from chromavive.journal.schema import migrate

# Written back to the main file from this length on: SQLite's own default, about 4 MiB, a few milliseconds of work.
CHECKPOINT_PAGES = 1000
# How long another program (a backup, the sqlite3 shell) may hold a lock before the journal gives up.
BUSY_TIMEOUT_MS = 5000

_REVISION = "SELECT ifnull(max(revision), 0) FROM entry WHERE room = ?"
_FORGOTTEN = "SELECT EXISTS (SELECT 1 FROM forgotten WHERE room = ?)"
_INSERT = "INSERT INTO entry (room, revision, seat, number, payload, sealed) VALUES (?, ?, ?, ?, ?, ?)"
_READ = """
    SELECT revision, seat, number, payload, sealed FROM entry WHERE room = ? AND revision > ? ORDER BY revision LIMIT ?
"""
_FIND = "SELECT revision FROM entry WHERE room = ? AND seat = ? AND number = ?"
# Jumps from room to room in the primary key, where DISTINCT would walk over every entry.
_ROOMS = """
    WITH RECURSIVE known (room) AS (
        SELECT min(room) FROM entry
        UNION ALL SELECT (SELECT min(room) FROM entry WHERE room > known.room) FROM known WHERE room IS NOT NULL
    )
    SELECT room FROM known WHERE room IS NOT NULL
"""


class SqliteJournal:
    """A `Journal` in one file; `vfs` names an apsw VFS, which the power-loss tests put in place of the disk.

    Beside the file lie SQLite's own -wal and -shm and our -lock, whose lock refuses a second process.
    Other programs may read while we write, so `sqlite3 FILE ".backup COPY"` takes a sound copy of a running journal.
    """

    def __init__(self, path: Path, vfs: str | None = None) -> None:
        self._path = path
        self._held: apsw.Connection | None = None
        self._lock: apsw.Connection | None = None
        self._wal_pages = 0
        with self._broken_on_error():
            _create_synced(path)
            self._lock = _lock(path)
            self._held = apsw.Connection(os.fspath(path), vfs=vfs)
            self._configure(self._held)
            migrate(self._held)
            # After a failed sync the page cache showed the dead process's last batch, and may still show it to us
            # while the disk lacks it. Copying the whole WAL to the main file writes and syncs those bytes anew, so
            # nothing that we read, and may acknowledge again, is there by hope only.
            self._held.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_FULL)
            # A power cut brings back a WAL that `forget` had emptied, for SQLite does not sync a file that it shortens.
            self._checkpoint(apsw.SQLITE_CHECKPOINT_TRUNCATE)

    def _configure(self, connection: apsw.Connection) -> None:
        connection.set_busy_timeout(BUSY_TIMEOUT_MS)
        pragmas: dict[str, str | int] = {
            "journal_mode": "wal",  # One sync a commit, and readers (a backup) do not stop the writer.
            "synchronous": "full",  # The WAL is synced in every commit; "normal" would sync at checkpoints only.
            "fullfsync": 1,  # macOS: fsync leaves the data in the drive's cache, F_FULLFSYNC does not.
            "checkpoint_fullfsync": 1,  # The same for the checkpoint, after which the WAL is overwritten.
            "journal_size_limit": 16 * 2**20,  # A WAL that grew while a backup was read shrinks again.
            "secure_delete": 1,  # What was forgotten is overwritten, not only unlinked.
            "trusted_schema": 0,  # A tampered file gets no functions run.
            "cell_size_check": 1,  # A damaged page is noticed when it is read, not copied on.
        }
        for name, value in pragmas.items():
            connection.pragma(name, value)
        if (mode := connection.pragma("journal_mode")) != "wal":
            raise JournalBroken(f"{self._path} cannot be kept safely on this disk, which allows no WAL ({mode}).")
        # Takes the place of SQLite's automatic checkpoint, which hides its errors.
        connection.set_wal_hook(self._note_wal_pages)

    def _note_wal_pages(self, _connection: apsw.Connection, _schema: str, pages: int) -> int:
        self._wal_pages = pages
        return apsw.SQLITE_OK

    def append(self, batch: Sequence[Append]) -> list[Outcome]:
        with self._broken_on_error():
            # IMMEDIATE: the revisions compared below stay what they are until the commit.
            self._connection.execute("BEGIN IMMEDIATE")
            outcomes = [self._append_one(append) for append in batch]
            self._connection.execute("COMMIT")
            if self._wal_pages >= CHECKPOINT_PAGES:
                self._checkpoint(apsw.SQLITE_CHECKPOINT_PASSIVE)
            return outcomes

    def _append_one(self, append: Append) -> Outcome:
        held: int = self._connection.execute(_REVISION, (append.room,)).get
        if held != append.expected_revision or self._connection.execute(_FORGOTTEN, (append.room,)).get:
            return Conflict(held)
        rows = [(append.room, r.revision, r.seat, r.number, r.payload, r.sealed) for r in append.records]
        self._connection.execute("SAVEPOINT room")
        try:
            self._connection.executemany(_INSERT, rows)
            outcome: Outcome = Appended(append.records[-1].revision)
        except apsw.ConstraintError:  # The index over (room, seat, number): this edit is there already.
            self._connection.execute("ROLLBACK TO room")
            outcome = Conflict(held)
        self._connection.execute("RELEASE room")
        return outcome

    def read(self, room: str, after_revision: int = 0, limit: int | None = None) -> list[Record]:
        with self._broken_on_error():
            bound = -1 if limit is None else limit  # SQLite: a negative limit is none.
            return [Record(*row) for row in self._connection.execute(_READ, (room, after_revision, bound))]

    def revision(self, room: str) -> int:
        with self._broken_on_error():
            revision: int = self._connection.execute(_REVISION, (room,)).get
            return revision

    def find(self, room: str, seat: str, number: int) -> int | None:
        with self._broken_on_error():
            revision: int | None = self._connection.execute(_FIND, (room, seat, number)).get
            return revision

    def rooms(self) -> list[str]:
        with self._broken_on_error():
            return [room for (room,) in self._connection.execute(_ROOMS)]

    def forget(self, room: str) -> None:
        with self._broken_on_error():
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("DELETE FROM entry WHERE room = ?", (room,))
            self._connection.execute("INSERT OR IGNORE INTO forgotten (room) VALUES (?)", (room,))
            self._connection.execute("COMMIT")
            # The WAL still holds the entries as they were written; this empties it, unless a backup reads just now.
            self._checkpoint(apsw.SQLITE_CHECKPOINT_TRUNCATE)

    def _checkpoint(self, mode: int) -> None:
        """Copy the WAL into the main file, as far as other programs that read it let us do so at once."""
        self._wal_pages = 0
        self._connection.set_busy_timeout(0)
        # Busy: somebody reads an older state. All is safe in the WAL, and a later checkpoint gets it.
        with suppress(apsw.BusyError):
            self._connection.wal_checkpoint(mode=mode)
        self._connection.set_busy_timeout(BUSY_TIMEOUT_MS)

    def close(self) -> None:
        held, self._held = self._held, None
        lock, self._lock = self._lock, None
        try:
            if held is not None:
                held.close()
        finally:
            if lock is not None:
                lock.close()

    @property
    def _connection(self) -> apsw.Connection:
        if self._held is None:
            raise JournalBroken(f"The journal {self._path} is closed.")
        return self._held

    @contextmanager
    def _broken_on_error(self) -> Iterator[None]:
        """Close the journal at any error: a transaction that stopped half-way must never be continued."""
        try:
            yield
        except Exception as error:
            if self._held is not None:
                # Closing must not touch the file any more: a checkpoint now might believe a sync that failed.
                self._held.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
            with suppress(apsw.Error):  # The first error tells more than what closing says after it.
                self.close()
            if isinstance(error, ChromaviveError):
                raise
            raise JournalBroken(_explain(self._path, error)) from error


def copy_journal(path: Path, target: Path) -> None:
    """Copy a journal, which a server may be using, into a new file; when this returns, the copy is synced.

    The copy is the journal as it was at one moment: SQLite reads one state while the server goes on writing.
    """
    try:
        _create_synced(target)
        source = apsw.Connection(os.fspath(path), flags=apsw.SQLITE_OPEN_READONLY)
        copy = apsw.Connection(os.fspath(target))
        try:
            source.set_busy_timeout(BUSY_TIMEOUT_MS)
            copy.pragma("fullfsync", 1)
            with copy.backup("main", source, "main") as backup:
                backup.step(-1)  # All at once: between two steps the server may write, and the copy would begin anew.
        finally:
            copy.close()
            source.close()
    except (apsw.Error, OSError) as error:
        raise JournalBroken(_explain(path, error)) from error


def _explain(path: Path, error: Exception) -> str:
    """Say what happened and what to do."""
    match error:
        case apsw.FullError() | OSError(errno=errno.ENOSPC):
            advice = "The disk is full. Free some space, then start again."
        case apsw.ReadOnlyError() | apsw.CantOpenError() | PermissionError() | OSError(errno=errno.EROFS):
            advice = "It cannot be written. Check its permissions and whether the disk is read-only, then start again."
        case apsw.CorruptError() | apsw.NotADBError():
            advice = "The file is damaged. Keep it, and start with the newest backup."
        case apsw.BusyError():
            advice = "Another program held its lock for too long. Close that program, then start again."
        case _:
            advice = "Check the disk, then start again."
    return f"The journal {path} failed ({error}). {advice}"


def _create_synced(path: Path) -> None:
    """Create folder and file so that they outlive a power cut: SQLite syncs contents, not our new names."""
    folder = path.parent
    created = list(itertools.takewhile(lambda parent: not parent.exists(), (folder, *folder.parents)))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # one that is there already keeps its mode
    # Readable by its owner alone, for it holds the hashes of capabilities; SQLite gives -wal and -shm the same mode.
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    for changed in (folder, *(parent.parent for parent in created)):
        _sync_folder(changed)


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return  # A folder cannot be opened there; NTFS journals its names.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _lock(path: Path) -> apsw.Connection:
    """Hold the journal for this process: an empty database beside it, locked for as long as it stays open.

    SQLite's own lock, since it works on every system, is gone when the process dies and is not inherited by children.
    """
    lock = apsw.Connection(f"{path}-lock")
    try:
        lock.pragma("journal_mode", "off")  # Nothing is ever written to it.
        lock.execute("BEGIN EXCLUSIVE")
    except apsw.BusyError as error:
        lock.close()
        raise JournalInUse() from error
    return lock
