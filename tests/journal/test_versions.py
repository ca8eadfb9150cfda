"""Journals of every version that was ever written are opened, brought up to date and go on."""

import shutil
from pathlib import Path

import apsw
import pytest

from chromavive.errors import JournalBroken
from chromavive.journal import Append, Appended, Conflict, Record
from chromavive.journal.schema import MIGRATIONS
from chromavive.journal.sqlite import SqliteJournal

SAMPLES = Path(__file__).parents[1] / "data" / "journals"
VERSIONS = range(1, len(MIGRATIONS) + 1)


def test_each_version_has_its_sample() -> None:
    """A migration without a journal that it is tried on cannot be released."""
    assert sorted(path.name for path in SAMPLES.glob("*.sqlite")) == [f"version-{each}.sqlite" for each in VERSIONS]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_journal_of_an_earlier_version_is_taken_over(version: int, tmp_path: Path) -> None:
    """Entries, sealed parts, numbers and what was forgotten are all there; appends go on after the last one."""
    path = tmp_path / "journal.sqlite"
    shutil.copy(SAMPLES / f"version-{version}.sqlite", path)
    before = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    assert before.pragma("user_version") == version
    before.close()
    journal = SqliteJournal(path)
    assert journal.rooms() == ["first-room", "other-room"]
    assert journal.read("first-room") == [
        Record(1, "", 0, b'{"revision":1}', b"sealed"),
        Record(2, "seat-a", 1, b'{"revision":2}'),
        Record(3, "seat-a", 2, b'{"revision":3}'),
    ]
    assert journal.find("first-room", "seat-a", 2) == 3
    late = Append("gone-room", 0, (Record(1, "seat-a", 1, b"late"),))
    following = Append("first-room", 3, (Record(4, "seat-a", 3, b"next"),))
    assert journal.append([late, following]) == [Conflict(0), Appended(4)]
    journal.close()
    assert SqliteJournal(path).revision("first-room") == 4


def test_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    """The sentence names both versions and the way out; the entries are what they were."""
    path = tmp_path / "journal.sqlite"
    shutil.copy(SAMPLES / f"version-{VERSIONS[-1]}.sqlite", path)
    newer = apsw.Connection(str(path))
    newer.pragma("user_version", 99)
    newer.close()
    held = path.read_bytes()
    said = rf"written by a newer chromaVive \(version 99, known here: {VERSIONS[-1]}\).*Install that one"
    with pytest.raises(JournalBroken, match=said):
        SqliteJournal(path)
    assert path.read_bytes() == held
