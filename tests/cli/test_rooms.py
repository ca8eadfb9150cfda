"""`chromavive rooms` on a real data folder."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from chromavive.cli import app
from chromavive.hints.edit import Add
from chromavive.hints.entry import Entry, HintSet, Photograph, encode_entry
from chromavive.hints.hint import Hint
from chromavive.ids import new_room_id, new_secret
from chromavive.journal.contract import Append, Appended, Record
from chromavive.journal.sqlite import SqliteJournal
from chromavive.pictures.contract import DecodedMeta
from chromavive.pictures.store import PhotographStore
from chromavive.room.effects import EncodedEntry
from chromavive.room.follower import Follower
from chromavive.room.opening import opening_entry
from chromavive.room_file import ledger_of
from tests.room.stage import Stage, new_hint, secret
from tests.web.site import photograph


def run(data: Path, *arguments: str, stdin: str = "") -> Result:
    """The command on a data folder."""
    return CliRunner().invoke(app, ["rooms", *arguments, "--data", str(data)], input=stdin)


def made_room(data: Path, title: str = "Grandmother", unix_seconds: int = 1000) -> tuple[str, str]:
    """A room with one hint, in a real journal and store; gives its id and its owner's capability."""
    room, owner = new_room_id(), new_secret()
    journal, store = SqliteJournal(data / "journal.sqlite"), PhotographStore(data / "photographs")
    arrival = store.arrival(room)
    arrival.original.write_bytes(photograph())
    np.save(arrival.lightness, np.arange(48 * 64, dtype=np.uint16).reshape(48, 64))
    stored = store.put(room, DecodedMeta(48, 64, "PNG", False, ()))
    first = opening_entry(Photograph(stored.sha256, 48, 64, False), "compact", title, owner, unix_seconds)
    hint = Hint("hint", 0.5, 0.5, 1.0, 2.0, 5.0, "a" * 16, 2)
    second = Entry(2, "a" * 16, "5" * 32, 1, "add", (HintSet("hint", None, hint),), unix_seconds + 60)
    records = (Record(1, "", 0, first.payload, first.sealed), Record(2, "5" * 32, 1, encode_entry(second)))
    assert journal.append([Append(room, 0, records)]) == [Appended(2)]
    journal.close()
    return room, owner


def records_of(data: Path, room: str) -> list[Record]:
    journal = SqliteJournal(data / "journal.sqlite")
    try:
        return journal.read(room)
    finally:
        journal.close()


def test_rooms_are_listed_the_last_edited_first(tmp_path: Path) -> None:
    """With what people know them by; --json is a list of objects."""
    old, _ = made_room(tmp_path, "Grandmother")
    new, _ = made_room(tmp_path, "Harbor", unix_seconds=9000)
    told = json.loads(run(tmp_path, "list", "--json").output)
    assert [each["room"] for each in told] == [new, old]
    assert told[1] | {"sha256": ""} == {
        "room": old,
        "title": "Grandmother",
        "network": "compact",
        "vividness": 0.0,
        "hints": 1,
        "height_px": 48,
        "width_px": 64,
        "sha256": "",
        "locked": False,
        "revision": 2,
        "opened": "1970-01-01 00:16:40 UTC",
        "edited": "1970-01-01 00:17:40 UTC",
    }
    shown = run(tmp_path, "list").output
    assert shown.index("Harbor") < shown.index("Grandmother")
    assert "Grandmother" in run(tmp_path, "show", old).output
    assert json.loads(run(tmp_path, "show", old, "--json").output)["hints"] == 1


def test_a_list_fits_a_terminal_of_80_columns(tmp_path: Path) -> None:
    """A line a room, dates whole, to the minute; only a long title is folded."""
    made_room(tmp_path)
    lines = run(tmp_path, "list").output.splitlines()
    assert len(lines) == 2
    assert lines[1].split()[-4:] == ["1970-01-01", "00:17", "1970-01-01", "00:16"]
    room, _ = made_room(tmp_path, "An uncommonly long title " * 4)
    lines = run(tmp_path, "list").output.splitlines()
    assert max(map(len, lines)) <= 80
    assert sum(line.startswith(room) and line.endswith("1970-01-01 00:16") for line in lines) == 1


def test_a_room_is_shown_in_words(tmp_path: Path) -> None:
    """Names of fields are for --json."""
    room, _ = made_room(tmp_path)
    shown = run(tmp_path, "show", room).output
    assert "64 x 48 pixels" in shown
    assert "_px" not in shown


def test_a_room_is_deleted_only_when_that_is_meant(tmp_path: Path) -> None:
    """It asks; then entries and photograph are gone."""
    room, _ = made_room(tmp_path)
    assert run(tmp_path, "delete", room, stdin="n\n").exit_code == 1
    assert len(records_of(tmp_path, room)) == 2
    assert run(tmp_path, "delete", room, stdin="y\n").exit_code == 0
    assert records_of(tmp_path, room) == []
    assert PhotographStore(tmp_path / "photographs").rooms() == []


def test_R9_5_a_new_owner_link_replaces_all_three(tmp_path: Path) -> None:
    """The old ones open nothing, the printed one gives all rights, twice over."""
    room, owner = made_room(tmp_path)
    links = [run(tmp_path, "new-owner-link", room).output.split()[-1] for _ in range(2)]
    assert links[0].startswith(f"http://localhost:8000/room/{room}#")
    assert "put the server's in their place" in run(tmp_path, "new-owner-link", made_room(tmp_path)[0]).output
    first, second = (link.partition("#")[2] for link in links)
    ledger = ledger_of(records_of(tmp_path, room))
    assert [ledger.role_of(each) for each in (owner, first, second)] == [None, None, "owner"]
    assert ledger.state.generations == {"owner": 2, "editor": 2, "viewer": 2}
    assert len(ledger.state.hints) == 1


def test_a_room_goes_on_after_its_links_were_replaced(tmp_path: Path) -> None:
    """The command's entry is one that a server's room loads and edits further."""
    room, _ = made_room(tmp_path)
    link = run(tmp_path, "new-owner-link", room).output.split()[-1]
    stage = Stage()
    stage.journal = [
        EncodedEntry(each.revision, each.seat, each.number, each.payload, each.sealed)
        for each in records_of(tmp_path, room)
    ]
    stage.load()
    owner = stage.join(follower=Follower(link.partition("#")[2], secret("ann"), "ann-seat-1", "ann"))
    owner.edit(Add((new_hint("fresh"),)))
    stage.land()
    assert set(stage.state.hints) == {"hint", "fresh"}


def test_a_running_server_keeps_its_rooms_to_itself(tmp_path: Path) -> None:
    """Every command says that the journal is held; nothing is touched."""
    room, _ = made_room(tmp_path)
    journal = SqliteJournal(tmp_path / "journal.sqlite")
    arriving = tmp_path / "photographs" / ".arriving" / room
    arriving.mkdir()
    for arguments in (["list"], ["show", room], ["delete", room, "--yes"], ["new-owner-link", room]):
        result = run(tmp_path, *arguments)
        assert (result.exit_code, "Another process holds this journal" in result.output) == (1, True)
    assert arriving.exists()
    journal.close()


def test_a_room_id_is_no_option() -> None:
    """One in 64 would be taken for one."""
    assert not any(new_room_id().startswith("-") for _ in range(2000))


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    """A folder without rooms is not made into one; a room that is not there is named."""
    assert "holds no rooms" in run(tmp_path / "nowhere", "list").output
    assert not (tmp_path / "nowhere").exists()
    made_room(tmp_path)
    assert "There is no room abc" in run(tmp_path, "show", "abc").output


@pytest.mark.parametrize("arguments", [["list"], ["show"], ["delete"]])
def test_a_title_commands_no_terminal(tmp_path: Path, arguments: list[str]) -> None:
    """Any editor writes titles, and the operator reads them."""
    room, _ = made_room(tmp_path, "\x1b]0;owned\x07\x1b[2J\u202egnol")
    named = [] if arguments == ["list"] else [room]
    shown = run(tmp_path, *arguments, *named, stdin="n\n").output
    assert "owned" in shown
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)


def test_a_room_of_no_year_is_listed_and_deleted(tmp_path: Path) -> None:
    """A file may bring any number; it must not keep the operator from the other rooms."""
    room, _ = made_room(tmp_path, unix_seconds=10**18)
    assert json.loads(run(tmp_path, "list", "--json").output)[0]["opened"] == "unknown"
    assert run(tmp_path, "delete", room, "--yes").exit_code == 0


def test_all_rooms_are_backed_up_into_a_folder_that_can_be_served(tmp_path: Path) -> None:
    """Entries and photographs, byte for byte, for nobody else to read; what is there already is not touched."""
    here, there = tmp_path / "here", tmp_path / "there"
    rooms = sorted(made_room(here)[0] for _ in range(3))
    assert run(here, "backup", str(there)).exit_code == 0
    assert [records_of(there, room) for room in rooms] == [records_of(here, room) for room in rooms]
    one, other = PhotographStore(here / "photographs"), PhotographStore(there / "photographs")
    assert one.rooms() == other.rooms() == rooms
    for room in rooms:
        assert one.files(room).original.read_bytes() == other.files(room).original.read_bytes()
        assert one.photograph(room) == other.photograph(room)
    assert [path for path in (there, *there.rglob("*")) if path.stat().st_mode & 0o077] == [
        there / "journal.sqlite-lock"
    ]
    again = run(here, "backup", str(there))
    assert (again.exit_code, "exists already" in again.output) == (1, True)
    assert "holds no rooms" in run(tmp_path / "nowhere", "backup", str(tmp_path / "x")).output


def test_a_backup_names_the_rooms_whose_photograph_is_gone(tmp_path: Path) -> None:
    """Their entries are kept all the same."""
    here, there = tmp_path / "here", tmp_path / "there"
    room, _ = made_room(here)
    PhotographStore(here / "photographs").forget(room)
    told = run(here, "backup", str(there))
    assert told.exit_code == 0
    assert f"The photograph of {room} is not there" in told.output
    assert records_of(there, room) == records_of(here, room)
