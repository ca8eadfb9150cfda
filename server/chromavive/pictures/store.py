"""Where photographs lie: one folder a room, which exists whole and synced or not at all.

FOLDER/ROOM/original          the uploaded bytes, never served back but in a backup
FOLDER/ROOM/lightness.npy     (H, W) uint16
FOLDER/ROOM/photograph.json   what is known of them
FOLDER/.arriving/ROOM/        an upload under way; swept when the store is opened

Folders and files are their owner's alone, as the journal is.
"""

import hashlib
import json
import os
import re
import shutil
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chromavive.errors import PhotographMissing
from chromavive.pictures.contract import DecodedMeta

_ROOM_ID = re.compile(r"[A-Za-z0-9_-]{8,32}")
_ARRIVING = ".arriving"  # the dot keeps it apart from every room id
_ORIGINAL, _LIGHTNESS, _META = "original", "lightness.npy", "photograph.json"
_FOLDER_MODE, _FILE_MODE = 0o700, 0o600


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where an upload is written: its bytes, and the lightness that the decoder makes of them."""

    original: Path
    lightness: Path


@dataclass(frozen=True, slots=True)
class StoredPhotograph:
    """What the store knows of a photograph without opening it."""

    decoded: DecodedMeta
    sha256: str
    """Of the uploaded bytes, in hex."""


class PhotographStore:
    """The photographs of all rooms. Blocking; for one room at a time, from any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        folder.chmod(_FOLDER_MODE)  # an earlier release left it open to all users of the machine
        shutil.rmtree(folder / _ARRIVING, ignore_errors=True)
        (folder / _ARRIVING).mkdir(mode=_FOLDER_MODE)
        _sync(folder.parent)

    def free_bytes(self) -> int:
        """What the disk has room for."""
        return shutil.disk_usage(self._folder).free

    def arrival(self, room: str) -> Arrival:
        """Room for an upload; after this call, `put` or `abandon`."""
        arriving = self._arriving(room)
        shutil.rmtree(arriving, ignore_errors=True)
        arriving.mkdir(mode=_FOLDER_MODE)
        return Arrival(arriving / _ORIGINAL, arriving / _LIGHTNESS)

    def put(self, room: str, decoded: DecodedMeta) -> StoredPhotograph:
        """Keeps what arrived for the room; when this returns, files and folders are synced (R1)."""
        arriving = self._arriving(room)
        stored = StoredPhotograph(decoded, self.arrived_sha256(room))
        (arriving / _META).write_text(json.dumps(asdict(stored)), encoding="utf-8")
        self._keep(room)
        return stored

    def arrived_sha256(self, room: str) -> str:
        """Of the bytes that arrived, in hex."""
        with (self._arriving(room) / _ORIGINAL).open("rb") as original:
            return hashlib.file_digest(original, "sha256").hexdigest()

    def take(self, room: str, folder: Path) -> None:
        """Copies the room's photograph from another store's folder, which may be in use; synced, as by `put`.

        Raises:
            PhotographMissing: it is not there, or was forgotten meanwhile.
        """
        arriving = self.arrival(room).original.parent
        try:
            for name in (_ORIGINAL, _LIGHTNESS, _META):
                shutil.copyfile(folder / _checked(room) / name, arriving / name)
        except FileNotFoundError:
            self.abandon(room)
            raise PhotographMissing() from None
        self._keep(room)

    def _keep(self, room: str) -> None:
        """Syncs what arrived, and gives it its place."""
        arriving = self._arriving(room)
        files = (arriving / _ORIGINAL, arriving / _LIGHTNESS, arriving / _META)
        for path in files:
            path.chmod(_FILE_MODE)
        for path in (*files, arriving):
            _sync(path)
        arriving.rename(self._room(room))
        _sync(self._folder)

    def arrived_lightness(self, room: str) -> NDArray[np.uint16]:
        """The lightness of what arrived and is to be abandoned; as `lightness`."""
        return _mapped(self._arriving(room) / _LIGHTNESS)

    def abandon(self, room: str) -> None:
        """Removes what arrived for the room."""
        shutil.rmtree(self._arriving(room), ignore_errors=True)

    def lightness(self, room: str) -> NDArray[np.uint16]:
        """The room's lightness at full size, (H, W) uint16, CIE L 0..100 as 0..65535; mapped, read-only.

        Raises:
            PhotographMissing: it is not here, or was forgotten meanwhile.
        """
        try:
            return _mapped(self._room(room) / _LIGHTNESS)
        except FileNotFoundError:
            raise PhotographMissing() from None

    def files(self, room: str) -> Arrival:
        """Where the room's photograph lies, for taking it elsewhere."""
        return Arrival(self._room(room) / _ORIGINAL, self._room(room) / _LIGHTNESS)

    def photograph(self, room: str) -> StoredPhotograph:
        """What is known of the room's photograph."""
        told = json.loads((self._room(room) / _META).read_text(encoding="utf-8"))
        decoded = told["decoded"]
        return StoredPhotograph(DecodedMeta(**(decoded | {"notes": tuple(decoded["notes"])})), told["sha256"])

    def forget(self, room: str) -> None:
        """Removes the room's photograph, if there is one; a crash half way leaves it whole or to be swept."""
        leaving = self._arriving(room)
        try:
            self._room(room).rename(leaving)
        except FileNotFoundError:
            return  # there is none, or another request is removing it just now
        _sync(self._folder)
        shutil.rmtree(leaving)

    def rooms(self) -> list[str]:
        """The rooms that have a photograph here, sorted."""
        return sorted(path.name for path in self._folder.iterdir() if _ROOM_ID.fullmatch(path.name))

    def _room(self, room: str) -> Path:
        return self._folder / _checked(room)

    def _arriving(self, room: str) -> Path:
        return self._folder / _ARRIVING / _checked(room)


def _mapped(path: Path) -> NDArray[np.uint16]:
    mapped: NDArray[np.uint16] = np.load(path, mmap_mode="r")
    return mapped


def _checked(room: str) -> str:
    """The room id itself, once it is certain that it names a folder of ours; callers refuse strangers' ids earlier."""
    if not _ROOM_ID.fullmatch(room):
        raise ValueError("not a room id")
    return room


def _sync(path: Path) -> None:
    """Returns once the file's bytes, or the folder's names, are on the disk."""
    if sys.platform == "win32" and path.is_dir():
        return  # Windows opens no folders; NTFS journals the names itself
    descriptor = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    try:
        if sys.platform == "darwin":  # fsync leaves the bytes in the drive's cache there
            import fcntl

            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
        else:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
