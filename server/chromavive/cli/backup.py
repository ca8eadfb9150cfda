"""A copy of a whole data folder, taken while a server uses it."""

import os
from pathlib import Path

from chromavive.errors import PhotographMissing, SettingInvalid
from chromavive.journal.sqlite import SqliteJournal, copy_journal
from chromavive.pictures.store import PhotographStore


def back_up(data: Path, target: Path) -> tuple[int, list[str]]:
    """Copies all rooms into a new data folder, whole and synced; gives how many, and those without a photograph.

    The journal comes first. A photograph is kept before its room's first entry is written, and never changes, so
    every room of the copy finds its own, but for one that is deleted in these moments.

    Raises:
        SettingInvalid: the target is there already.
        JournalBroken, OSError: the disk failed; nothing is there under the target's name.
    """
    if target.exists():
        raise SettingInvalid(f"{target} exists already. Choose another folder for the backup.")
    arriving = target.with_name(f"{target.name}.part")
    if arriving.exists():
        raise SettingInvalid(f"{arriving} is what is left of a backup that did not end. Remove it first.")
    arriving.mkdir(mode=0o700, parents=True)
    copy_journal(data / "journal.sqlite", arriving / "journal.sqlite")
    journal = SqliteJournal(arriving / "journal.sqlite")  # which proves that the copy opens
    rooms = journal.rooms()
    journal.close()
    store, missing = PhotographStore(arriving / "photographs"), []
    for room in rooms:
        try:
            store.take(room, data / "photographs")
        except PhotographMissing:
            missing.append(room)
    os.replace(arriving, target)
    return len(rooms), missing
