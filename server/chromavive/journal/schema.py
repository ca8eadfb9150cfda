"""The tables of the SQLite journal, and how an older file becomes a new one."""

import apsw

from chromavive.errors import JournalBroken

APPLICATION_ID = 0x63566976  # "cViv": marks the file as ours, for `file` and against a mix-up.

# One script a version, never changed once released. STRICT: a bug must not store text where a number belongs.
# WITHOUT ROWID: an entry is small and is always found by its room and revision, so that is the tree it lives in.
MIGRATIONS = (
    """
    CREATE TABLE entry (
        room TEXT NOT NULL,
        revision INTEGER NOT NULL CHECK (revision >= 1),
        seat TEXT NOT NULL,
        number INTEGER NOT NULL CHECK (number >= 0),
        payload BLOB NOT NULL,
        sealed BLOB NOT NULL,
        PRIMARY KEY (room, revision)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX entry_by_seat ON entry (room, seat, number);
    CREATE TABLE forgotten (room TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;
    """,
)


def migrate(connection: apsw.Connection) -> None:
    """Bring the file to the newest version; each migration commits together with the record of it."""
    version = connection.pragma("user_version")
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").get
    if connection.pragma("application_id") != APPLICATION_ID and (version or tables):
        raise JournalBroken(f"{connection.filename} is not a journal of chromaVive. Choose another file.")
    if version > len(MIGRATIONS):
        raise JournalBroken(
            f"{connection.filename} was written by a newer chromaVive (version {version}, known here: "
            f"{len(MIGRATIONS)}). Install that one; nothing was changed."
        )
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        with connection:
            connection.execute(script)
            connection.pragma("application_id", APPLICATION_ID)
            connection.pragma("user_version", number)
