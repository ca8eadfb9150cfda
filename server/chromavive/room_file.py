"""A whole room in one file: a ZIP of its entries and its photograph, for another data folder or for keeping.

room.json              the room's id and the version of this format
entries.jsonl          one entry a line, as the journal keeps them; sealed parts included, so that links go on working
original               the uploaded bytes
lightness.npy          (H, W) uint16
photograph.json        what is known of them

And the backup that members take over HTTP, which opens as another room:

backup.json            the version of this format
entries.jsonl          one entry a line, as members get them: no link, and nothing from which one follows
photograph             the uploaded bytes; they go through the door again
"""

import base64
import errno
import lzma
import re
import shutil
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import numpy as np

from chromavive import ids
from chromavive.errors import BackupUnreadable, EditRefused, RoomFileUnreadable
from chromavive.hints.bounds import check_change
from chromavive.hints.entry import Entry, decode_entry, encode_entry
from chromavive.ids import MEMBER_PATTERN
from chromavive.journal.contract import Append, Appended, Conflict, Journal, Record
from chromavive.limits import HINTS_MAX, SWATCHES_MAX
from chromavive.pictures.contract import DecodedMeta, PhotographLimits
from chromavive.pictures.store import PhotographStore
from chromavive.room.effects import EncodedEntry
from chromavive.room.ledger import Ledger
from chromavive.room.opening import links_of, rotation_of_all
from chromavive.room.rights import TABLE
from chromavive.room.undo import STEP_CHANGES, UNDOABLE
from chromavive.wire.messages import Links

ENTRIES_BYTES_MAX = 2**30
"""Of entries.jsonl, which is read into memory: some thousand imports of 512 hints, more than any room has seen."""
BACKUP_ENTRIES_MAX = 100_000
"""Of a backup: what one long year of evenings makes. More takes the command line."""
BACKUP_ENTRIES_BYTES_MAX = 64 * 2**20
"""Of a backup's entries.jsonl, which is a stranger's and is read into memory; one at a time."""
_DIRECTORY = struct.Struct("<4s4H2IH")
_DIRECTORY_BYTES_MAX = 1024
_TOLD_BYTES_MAX = 2**16
_HEADER_BYTES_MAX = 4096
_AS_NEW = "With --as-new it comes in as another room, under new links."
_SEAT_ID = re.compile(r"([0-9a-f]{32})?")

# What a ZIP whose bytes are not what they claim makes its readers raise. ValueError is msgspec's and numpy's too; an
# assertion of the ledger says that the entries do not follow each other.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    tokenize.TokenError,  # numpy's, of an array's header
    LookupError,
    EOFError,
    ValueError,
    TypeError,
    AssertionError,
    RuntimeError,
)


class RoomFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    room: str
    chromavive_room: int = 1


class RoomFileEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    revision: int
    seat: str
    number: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
    payload: str
    sealed: str


class RoomBackup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a backup says of itself."""

    chromavive_backup: Literal[1]


@dataclass(frozen=True, slots=True)
class Renewal:
    """Under which id a room comes in that cannot have its own, and the owner's capability of its links."""

    room: str
    owner: str
    unix_seconds: float


def write_room(path: Path, room: str, records: Sequence[Record], photographs: PhotographStore) -> None:
    """Writes the room's file; it is there whole or not at all."""
    lines = [
        RoomFileEntry(
            each.revision, each.seat, each.number, each.payload.decode(), base64.b64encode(each.sealed).decode()
        )
        for each in records
    ]
    files = photographs.files(room)
    partial = path.with_name(f"{path.name}.part")
    partial.touch(0o600)  # as the journal: it holds the same, and the photograph
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("room.json", msgspec.json.encode(RoomFile(room)))
            archive.writestr("entries.jsonl", msgspec.json.Encoder().encode_lines(lines))
            archive.write(files.original, "original", zipfile.ZIP_STORED)
            archive.write(files.lightness, "lightness.npy")
            archive.writestr("photograph.json", msgspec.json.encode(photographs.photograph(room).decoded))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read_room(
    path: Path,
    journal: Journal,
    photographs: PhotographStore,
    limits: PhotographLimits,
    renewal: Renewal | None = None,
) -> str:
    """Takes in the room of a file; gives its id. The photograph is synced before the entries (R1).

    What the file unpacks to is bounded by the limits before it is unpacked. renewal: it comes in as another room,
    whose links are new.

    Raises:
        RoomFileUnreadable: it is no such file, or damaged; or the room is here, or was deleted here. Nothing changed.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_sizes(archive, limits)
            return _read(archive, journal, photographs, renewal)
    except (*_DAMAGE, OSError) as error:
        if isinstance(error, OSError) and error.errno != errno.EINVAL:  # that is a part said to lie before the file
            raise
        raise RoomFileUnreadable(f"{path} is not a whole room: {error}") from error


def _check_sizes(archive: zipfile.ZipFile, limits: PhotographLimits) -> None:
    """Nothing, if no part claims more bytes than it may have; none gives more than it claims."""
    _check_parts(
        archive,
        {
            "room.json": _TOLD_BYTES_MAX,
            "entries.jsonl": ENTRIES_BYTES_MAX,
            "original": limits.upload_bytes_max,
            "lightness.npy": 2 * limits.pixels_max + _HEADER_BYTES_MAX,
            "photograph.json": _TOLD_BYTES_MAX,
        },
    )


def _check_parts(archive: zipfile.ZipFile, most: dict[str, int]) -> None:
    for name, bytes_max in most.items():
        if (size := archive.getinfo(name).file_size) > bytes_max:
            raise RoomFileUnreadable(f"In the file {name} has {size:,} bytes; here it may have {bytes_max:,}.")


def _read(archive: zipfile.ZipFile, journal: Journal, photographs: PhotographStore, renewal: Renewal | None) -> str:
    room = msgspec.json.decode(archive.read("room.json"), type=RoomFile).room
    if not ids.ROOM_PATTERN.fullmatch(room):
        raise RoomFileUnreadable("The file names a room that cannot be.")
    if renewal is not None:
        room = renewal.room
    if journal.revision(room):
        raise RoomFileUnreadable(f"The room {room} is here already; nothing was changed. {_AS_NEW}")
    lines = msgspec.json.Decoder(RoomFileEntry).decode_lines(archive.read("entries.jsonl"))
    records = [
        Record(each.revision, each.seat, each.number, each.payload.encode(), base64.b64decode(each.sealed))
        for each in lines
    ]
    for each in records:
        entry = decode_entry(each.payload)
        if (entry.revision, entry.seat, entry.number) != (each.revision, each.seat, each.number):
            raise RoomFileUnreadable(f"In the file the entry {each.revision} is filed as another one.")
        _check_entry(entry)
    if renewal is not None:
        records.append(rotation_record(records, renewal.owner, renewal.unix_seconds))
    photograph = ledger_of(records).state.photograph
    photographs.forget(room)  # what a crash between photograph and entries left
    arrival = photographs.arrival(room)
    try:
        for name, target in (("original", arrival.original), ("lightness.npy", arrival.lightness)):
            with archive.open(name) as source, target.open("wb") as file:
                shutil.copyfileobj(source, file)
        decoded = msgspec.json.decode(archive.read("photograph.json"), type=DecodedMeta)
        lightness = np.lib.format.open_memmap(arrival.lightness, mode="r")
        size = (photograph.height_px, photograph.width_px)
        if lightness.dtype != np.uint16 or not lightness.shape == size == (decoded.height, decoded.width):
            raise RoomFileUnreadable("The lightness in the file has another size or kind than its photograph.")
        del lightness  # Windows renames no folder with a mapped file in it
        stored = photographs.put(room, decoded)
    finally:
        photographs.abandon(room)
    outcome = None
    try:
        if stored.sha256 != photograph.sha256:
            raise RoomFileUnreadable("The photograph in the file is not the one that its entries name.")
        [outcome] = journal.append([Append(room, 0, tuple(records))])
    finally:
        if not isinstance(outcome, Appended):
            photographs.forget(room)
    if isinstance(outcome, Conflict):
        raise RoomFileUnreadable(f"The room {room} was deleted here, and a deleted room stays deleted. {_AS_NEW}")
    return room


def write_backup(path: Path, payloads: Sequence[bytes], original: Path) -> None:
    """Writes a room's backup. payloads: its entries as members get them, in order; original: the uploaded bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("backup.json", msgspec.json.encode(RoomBackup(1)))
        archive.writestr("entries.jsonl", b"".join(payload + b"\n" for payload in payloads))
        archive.write(original, "photograph", zipfile.ZIP_STORED)


def take_apart(path: Path, limits: PhotographLimits, owner: str, unix_seconds: float) -> tuple[list[Record], Links]:
    """The records of a backup, as of a room of its own, and that room's links; its photograph takes the file's place.

    owner: the new room's owner's capability. After this call, let the photograph through the door.

    Raises:
        BackupUnreadable: it is none, or holds what no room could have made.
    """
    try:
        _check_directory(path)
        with zipfile.ZipFile(path) as archive:
            _check_parts(
                archive,
                {
                    "backup.json": _TOLD_BYTES_MAX,
                    "entries.jsonl": BACKUP_ENTRIES_BYTES_MAX,
                    "photograph": limits.upload_bytes_max,
                },
            )
            msgspec.json.decode(archive.read("backup.json"), type=RoomBackup)
            with archive.open("entries.jsonl") as lines:
                records = [_backed_up(line) for line in islice(lines, BACKUP_ENTRIES_MAX + 1)]
            if len(records) > BACKUP_ENTRIES_MAX:
                raise RoomFileUnreadable(f"It has more than {BACKUP_ENTRIES_MAX:,} entries.")
            records.append(rotation_record(records, owner, unix_seconds))
            if len({(each.seat, each.number) for each in records}) < len(records):
                raise RoomFileUnreadable("It has an edit of one seat twice.")
            generations = ledger_of(records).state.generations
            photograph = path.with_name("photograph")
            with archive.open("photograph") as source, photograph.open("wb") as file:
                shutil.copyfileobj(source, file)
    except (*_DAMAGE, RoomFileUnreadable) as error:
        raise BackupUnreadable(f"{BackupUnreadable.sentence[:-1]}: {error}") from error
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        raise BackupUnreadable() from error
    photograph.replace(path)
    return records, links_of(owner, generations)


def _backed_up(line: bytes) -> Record:
    entry = decode_entry(line)
    _check_entry(entry)
    known = entry.kind in TABLE or entry.kind == "opened"
    numbers = (entry.number, entry.unix_seconds, entry.undoes or 0)
    if not known or not all(0 <= number < 2**53 for number in numbers):
        raise RoomFileUnreadable(f"The entry {entry.revision} is none that a room makes.")
    return Record(entry.revision, entry.seat, entry.number, encode_entry(entry))


def _check_directory(path: Path) -> None:
    """Nothing, if the file ends as a ZIP of ours: a stranger's could list a million parts before one is looked at."""
    with path.open("rb") as file:
        file.seek(0, 2)
        file.seek(-min(file.tell(), _DIRECTORY.size + 20), 2)
        end = file.read()
    if len(end) < _DIRECTORY.size + 20 or end.startswith(b"PK\x06\x07"):
        raise zipfile.BadZipFile("it is too short, or another kind of file")
    signature, _, _, _, parts, size, _, comment = _DIRECTORY.unpack(end[20:])
    if signature != b"PK\x05\x06" or comment or parts != 3 or size > _DIRECTORY_BYTES_MAX:
        raise zipfile.BadZipFile("it ends otherwise")


def _check_entry(entry: Entry) -> None:
    """Nothing, if a room could have made this entry: no room will look at it again."""
    if len(entry.changes) > HINTS_MAX:
        raise RoomFileUnreadable(f"In the file the entry {entry.revision} changes more than a room has hints.")
    if entry.kind in {*UNDOABLE, "undo", "redo"} and not all(isinstance(each, STEP_CHANGES) for each in entry.changes):
        raise RoomFileUnreadable(f"In the file the entry {entry.revision} changes what nobody could take back.")
    try:
        for change in entry.changes:
            check_change(change)
    except EditRefused as error:
        raise RoomFileUnreadable(f"In the file the entry {entry.revision} cannot be: {error}") from error
    if not (MEMBER_PATTERN.fullmatch(entry.member) and _SEAT_ID.fullmatch(entry.seat)):
        raise RoomFileUnreadable(f"In the file the entry {entry.revision} is of nobody.")


def ledger_of(records: Sequence[Record]) -> Ledger:
    """What the records of a room, of which there is at least one, add up to.

    Raises:
        RoomFileUnreadable: at some time it held more than a room does; then each further entry costs what it copies.
    """
    first, *others = records
    ledger = Ledger.opened(EncodedEntry(first.revision, first.seat, first.number, first.payload, first.sealed))
    for each in others:
        ledger.advance(decode_entry(each.payload), each.sealed)
        if len(ledger.state.hints) > HINTS_MAX or len(ledger.state.swatches) > SWATCHES_MAX:
            raise RoomFileUnreadable(f"The room in the file has more than {HINTS_MAX} hints or {SWATCHES_MAX} colors.")
    return ledger


def rotation_record(records: Sequence[Record], owner: str, unix_seconds: float) -> Record:
    """The entry after these that replaces all links; `owner` is the owner's new capability.

    It belongs to no seat, so its revision is its number.
    """
    revision = len(records) + 1
    changes, sealed = rotation_of_all(ledger_of(records).state.generations, owner)
    entry = Entry(revision, "", "", revision, "rotate", changes, int(unix_seconds))
    return Record(revision, "", revision, encode_entry(entry), sealed)
