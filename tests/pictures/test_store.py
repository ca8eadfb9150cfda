"""The store: a photograph exists whole and synced, or not at all."""

import hashlib
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from chromavive.errors import PhotographMissing
from chromavive.pictures.contract import DecodedMeta
from chromavive.pictures.store import PhotographStore

ROOM = "room-0001_A"
META = DecodedMeta(height=2, width=3, source_format="PNG", had_colors=True, notes=("One.", "Two."))
LIGHTNESS = np.array([[0, 1, 2], [65535, 4, 5]], np.uint16)


def kept(store: PhotographStore, room: str = ROOM, original: bytes = b"the original") -> None:
    """Puts a photograph into the store as an upload does."""
    arrival = store.arrival(room)
    arrival.original.write_bytes(original)
    np.save(arrival.lightness, LIGHTNESS)
    store.put(room, META)


def test_what_was_put_is_there_after_a_restart(tmp_path: Path) -> None:
    """Lightness, what is known of it and the hash of the original come back from the disk alone."""
    kept(PhotographStore(tmp_path / "photographs"))
    store = PhotographStore(tmp_path / "photographs")
    assert store.rooms() == [ROOM]
    np.testing.assert_array_equal(store.lightness(ROOM), LIGHTNESS)
    stored = store.photograph(ROOM)
    assert stored.decoded == META
    assert stored.sha256 == hashlib.sha256(b"the original").hexdigest()


@pytest.mark.skipif(sys.platform == "win32", reason="has no such modes")
def test_photographs_are_their_owners_alone(tmp_path: Path) -> None:
    """Other users of the machine read neither folder nor file, whatever the umask; also not a copy of them."""
    before = os.umask(0)
    try:
        (tmp_path / "photographs").mkdir(mode=0o755)  # as an earlier release left it
        kept(PhotographStore(tmp_path / "photographs"))
        PhotographStore(tmp_path / "copy").take(ROOM, tmp_path / "photographs")
    finally:
        os.umask(before)
    for folder in (tmp_path / "photographs", tmp_path / "copy"):
        modes = {path.relative_to(folder).as_posix(): path.stat().st_mode & 0o777 for path in folder.rglob("*")}
        assert modes == {
            ".arriving": 0o700,
            ROOM: 0o700,
            f"{ROOM}/original": 0o600,
            f"{ROOM}/lightness.npy": 0o600,
            f"{ROOM}/photograph.json": 0o600,
        }
        assert folder.stat().st_mode & 0o777 == 0o700


def test_lightness_is_mapped_and_cannot_be_written(tmp_path: Path) -> None:
    """Rooms share pages of the file, not copies of it."""
    store = PhotographStore(tmp_path)
    kept(store)
    lightness = store.lightness(ROOM)
    assert isinstance(lightness, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        lightness[0, 0] = 9


@pytest.mark.skipif(sys.platform != "linux", reason="names descriptors through /proc")
def test_R1_10_files_and_folders_are_synced_before_put_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file, then its folder, then the rename, then the folder that names it."""
    store = PhotographStore(tmp_path)
    arrival = store.arrival(ROOM)
    arrival.original.write_bytes(b"x")
    np.save(arrival.lightness, LIGHTNESS)
    events: list[str] = []
    sync, rename = os.fsync, Path.rename

    def noted_sync(descriptor: int) -> None:
        events.append(Path(os.readlink(f"/proc/self/fd/{descriptor}")).name)
        sync(descriptor)

    def noted_rename(source: Path, target: Path) -> Path:
        events.append("renamed")
        return rename(source, target)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(Path, "rename", noted_rename)
    store.put(ROOM, META)
    assert events == ["original", "lightness.npy", "photograph.json", ROOM, "renamed", tmp_path.name]


def test_an_upload_under_way_is_no_photograph_and_is_swept(tmp_path: Path) -> None:
    """A server that died during an upload leaves nothing behind."""
    store = PhotographStore(tmp_path)
    arrival = store.arrival(ROOM)
    arrival.original.write_bytes(b"half")
    assert store.rooms() == []
    with pytest.raises(PhotographMissing):
        store.lightness(ROOM)
    PhotographStore(tmp_path)
    assert not arrival.original.exists()


def test_an_abandoned_upload_leaves_nothing(tmp_path: Path) -> None:
    """A refused photograph's bytes are removed at once."""
    store = PhotographStore(tmp_path)
    arrival = store.arrival(ROOM)
    arrival.original.write_bytes(b"not a photograph")
    store.abandon(ROOM)
    assert not any(path.is_file() for path in tmp_path.rglob("*"))


def test_a_forgotten_photograph_is_gone_and_others_stay(tmp_path: Path) -> None:
    """Forgetting removes every byte of that room, and may be repeated."""
    store = PhotographStore(tmp_path)
    kept(store)
    kept(store, "another-room")
    store.forget(ROOM)
    store.forget(ROOM)
    assert store.rooms() == ["another-room"]
    assert not [path for path in tmp_path.rglob("*") if ROOM in path.name]


def test_two_requests_to_delete_one_room_at_once_both_succeed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second finds nothing to do while the first is still removing."""
    store = PhotographStore(tmp_path)
    kept(store)
    remove, removals = shutil.rmtree, []

    def meanwhile(path: Path) -> None:
        removals.append(path.name)
        store.forget(ROOM)
        remove(path)

    monkeypatch.setattr(shutil, "rmtree", meanwhile)
    store.forget(ROOM)
    assert removals == [ROOM]
    assert not [path for path in tmp_path.rglob("*") if ROOM in path.name]


@pytest.mark.parametrize(
    "room", ["", "short", "../../../etc", "a" * 33, "room/0001", "room 0001", "röom00001", ".arriving"]
)
def test_a_name_that_is_no_room_id_reaches_no_file(tmp_path: Path, room: str) -> None:
    """No room id leads out of the folder, nor to the uploads under way."""
    store = PhotographStore(tmp_path)
    for ask in (store.arrival, store.lightness, store.photograph, store.forget, store.abandon):
        with pytest.raises(ValueError, match="not a room id"):
            ask(room)


def test_a_room_id_followed_by_a_line_break_is_refused(tmp_path: Path) -> None:
    """The whole text is matched, not its first line."""
    with pytest.raises(ValueError, match="not a room id"):
        PhotographStore(tmp_path).lightness(ROOM + "\n")
