"""A whole room in one file: a ZIP of its entries and its photograph, for another data folder or for keeping.

room.json              the room's id and the version of this format
entries.jsonl          one entry a line, as the journal keeps them; sealed parts included, so that links go on working
original               the uploaded bytes
lightness.npy          (H, W) uint16
photograph.json        what is known of them
"""

import base64
import shutil
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from chromavive import ids
from chromavive.errors import RoomFileUnreadable
from chromavive.hints.entry import decode_entry
from chromavive.journal.contract import Append, Appended, Conflict, Journal, Record
from chromavive.pictures.contract import DecodedMeta
from chromavive.pictures.store import PhotographStore
from chromavive.room.effects import EncodedEntry
from chromavive.room.ledger import Ledger


class _Room(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    room: str
    chromavive_room: int = 1


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    revision: int
    seat: str
    number: int
    payload: str
    sealed: str


def write_room(path: Path, room: str, records: Sequence[Record], photographs: PhotographStore) -> None:
    """Writes the room's file; it is there whole or not at all."""
    lines = [
        _Line(each.revision, each.seat, each.number, each.payload.decode(), base64.b64encode(each.sealed).decode())
        for each in records
    ]
    files = photographs.files(room)
    partial = path.with_name(f"{path.name}.part")
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("room.json", msgspec.json.encode(_Room(room)))
            archive.writestr("entries.jsonl", msgspec.json.Encoder().encode_lines(lines))
            archive.write(files.original, "original", zipfile.ZIP_STORED)
            archive.write(files.lightness, "lightness.npy")
            archive.writestr("photograph.json", msgspec.json.encode(photographs.photograph(room).decoded))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read_room(path: Path, journal: Journal, photographs: PhotographStore) -> str:
    """Takes in the room of a file; gives its id. The photograph is synced before the entries (R1).

    Raises:
        RoomFileUnreadable: it is no such file, or damaged; or the room is here, or was deleted here. Nothing changed.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _read(archive, journal, photographs)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, ValueError, AssertionError) as error:
        # ValueError is msgspec's too; an assertion of the ledger says that the entries do not follow each other.
        raise RoomFileUnreadable(f"{path} is not a whole room: {error}") from error


def _read(archive: zipfile.ZipFile, journal: Journal, photographs: PhotographStore) -> str:
    room = msgspec.json.decode(archive.read("room.json"), type=_Room).room
    if not ids.ROOM_PATTERN.fullmatch(room):
        raise RoomFileUnreadable("The file names a room that cannot be.")
    if journal.revision(room):
        raise RoomFileUnreadable(f"The room {room} is here already; nothing was changed.")
    lines = msgspec.json.Decoder(_Line).decode_lines(archive.read("entries.jsonl"))
    records = [
        Record(each.revision, each.seat, each.number, each.payload.encode(), base64.b64decode(each.sealed))
        for each in lines
    ]
    sha256 = ledger_of(records).state.photograph.sha256
    photographs.forget(room)  # what a crash between photograph and entries left
    arrival = photographs.arrival(room)
    try:
        for name, target in (("original", arrival.original), ("lightness.npy", arrival.lightness)):
            with archive.open(name) as source, target.open("wb") as file:
                shutil.copyfileobj(source, file)
        decoded = msgspec.json.decode(archive.read("photograph.json"), type=DecodedMeta)
        if np.load(arrival.lightness, mmap_mode="r").shape != (decoded.height, decoded.width):
            raise RoomFileUnreadable("The lightness in the file has another size than its photograph.")
        stored = photographs.put(room, decoded)
    finally:
        photographs.abandon(room)
    outcome = None
    try:
        if stored.sha256 != sha256:
            raise RoomFileUnreadable("The photograph in the file is not the one that its entries name.")
        [outcome] = journal.append([Append(room, 0, tuple(records))])
    finally:
        if not isinstance(outcome, Appended):
            photographs.forget(room)
    if isinstance(outcome, Conflict):
        raise RoomFileUnreadable(f"The room {room} was deleted here, and a deleted room stays deleted.")
    return room


def ledger_of(records: Sequence[Record]) -> Ledger:
    """What the records of a room, of which there is at least one, add up to."""
    first, *others = records
    ledger = Ledger.opened(EncodedEntry(first.revision, first.seat, first.number, first.payload, first.sealed))
    for each in others:
        ledger.advance(decode_entry(each.payload), each.sealed)
    return ledger
