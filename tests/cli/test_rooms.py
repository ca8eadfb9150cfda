"""`chromavive rooms` on a real data folder, and the file that a room travels in."""

import io
import json
import os
import zipfile
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


def test_a_room_travels_to_another_data_folder(tmp_path: Path) -> None:
    """Entries, sealed parts and photograph, byte for byte: its links open it there."""
    here, there, file = tmp_path / "here", tmp_path / "there", tmp_path / "room.chromavive"
    room, owner = made_room(here)
    made_room(there)
    assert run(here, "export", room, "-o", str(file)).exit_code == 0
    assert run(there, "import", str(file)).exit_code == 0
    assert records_of(there, room) == records_of(here, room)
    assert ledger_of(records_of(there, room)).role_of(owner) == "owner"
    one, other = PhotographStore(here / "photographs"), PhotographStore(there / "photographs")
    assert other.photograph(room) == one.photograph(room)
    assert np.array_equal(other.lightness(room), one.lightness(room))
    assert other.files(room).original.read_bytes() == photograph()


def test_a_room_comes_in_once_and_never_after_its_deletion(tmp_path: Path) -> None:
    """Neither a room that is here nor one that was deleted here is replaced."""
    room, _ = made_room(tmp_path)
    file = tmp_path / "room.chromavive"
    run(tmp_path, "export", room, "-o", str(file))
    assert "exists already" in run(tmp_path, "export", room, "-o", str(file)).output
    again = run(tmp_path, "import", str(file))
    assert (again.exit_code, "here already" in again.output) == (1, True)
    assert len(records_of(tmp_path, room)) == 2
    run(tmp_path, "delete", room, "--yes")
    late = run(tmp_path, "import", str(file))
    assert (late.exit_code, "stays deleted" in late.output) == (1, True)
    assert PhotographStore(tmp_path / "photographs").rooms() == []


@pytest.mark.parametrize("part", ["room.json", "entries.jsonl", "original", "lightness.npy", "photograph.json"])
@pytest.mark.parametrize("damage", [b"", b"{}", b"PK\3\4", b"\x93NUMPY\1\0\7\0{'a':(\n", None])
def test_a_damaged_file_leaves_nothing(tmp_path: Path, part: str, damage: bytes | None) -> None:
    """Whatever part is empty, something else or missing (None): one sentence, no room, no photograph."""
    room, _ = made_room(tmp_path / "here")
    whole, damaged = tmp_path / "whole", tmp_path / "damaged"
    run(tmp_path / "here", "export", room, "-o", str(whole))
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(damaged, "w") as target:
        for name in source.namelist():
            content = damage if name == part else source.read(name)
            if content is not None:
                target.writestr(name, content)
    there = tmp_path / "there"
    made_room(there)
    result = run(there, "import", str(damaged))
    assert result.exit_code == 1
    assert result.output.startswith("chromavive: ")
    assert records_of(there, room) == []
    assert room not in PhotographStore(there / "photographs").rooms()


def test_a_file_that_is_no_room_is_refused(tmp_path: Path) -> None:
    """In a sentence."""
    made_room(tmp_path)
    (tmp_path / "file").write_bytes(b"nothing of that kind")
    assert "is not a whole room" in run(tmp_path, "import", str(tmp_path / "file")).output


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


def rewritten(whole: Path, damaged: Path, parts: dict[str, bytes]) -> Path:
    """A copy of a room's file with some parts replaced."""
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(damaged, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, parts.get(name) or source.read(name))
    return damaged


def npy(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, pixels)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "parts",
    [
        {"lightness.npy": npy(np.zeros((48, 64)))},
        {
            "lightness.npy": npy(np.zeros((24, 32), np.uint16)),
            "photograph.json": b'{"height":24,"width":32,"source_format":"PNG","had_colors":false,"notes":[]}',
        },
        {"room.json": b" " * 2**17},
    ],
)
def test_a_file_that_would_make_a_room_that_cannot_be_painted_is_refused(
    tmp_path: Path, parts: dict[str, bytes]
) -> None:
    """Lightness of another kind, of another size than the entries say, and a part that unpacks to too much."""
    room, _ = made_room(tmp_path / "here")
    run(tmp_path / "here", "export", room, "-o", str(tmp_path / "whole"))
    there = tmp_path / "there"
    made_room(there)
    result = run(there, "import", str(rewritten(tmp_path / "whole", tmp_path / "damaged", parts)))
    assert (result.exit_code, "In the file" in result.output or "in the file" in result.output) == (1, True)
    assert records_of(there, room) == []
    assert room not in PhotographStore(there / "photographs").rooms()


def test_a_file_that_unpacks_to_more_than_a_photograph_may_have_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the operator's own limits, and before it is unpacked."""
    room, _ = made_room(tmp_path / "here")
    run(tmp_path / "here", "export", room, "-o", str(tmp_path / "whole"))
    there = tmp_path / "there"
    made_room(there)
    monkeypatch.setenv("CHROMAVIVE_UPLOAD_BYTES_MAX", "10")
    result = run(there, "import", str(tmp_path / "whole"))
    assert (result.exit_code, "here it may have 10" in result.output) == (1, True)
    monkeypatch.delenv("CHROMAVIVE_UPLOAD_BYTES_MAX")
    assert run(there, "import", str(tmp_path / "whole")).exit_code == 0


def test_an_entry_that_is_filed_as_another_is_refused(tmp_path: Path) -> None:
    """What the journal finds an edit by (R3) is what members are told of it."""
    room, _ = made_room(tmp_path / "here")
    whole = tmp_path / "whole"
    run(tmp_path / "here", "export", room, "-o", str(whole))
    with zipfile.ZipFile(whole) as archive:
        lines = [json.loads(line) for line in archive.read("entries.jsonl").splitlines()]
    lines[1]["number"] = 7
    parts = {"entries.jsonl": "\n".join(map(json.dumps, lines)).encode()}
    there = tmp_path / "there"
    made_room(there)
    result = run(there, "import", str(rewritten(whole, tmp_path / "damaged", parts)))
    assert (result.exit_code, "filed as another" in result.output) == (1, True)
    assert records_of(there, room) == []


@pytest.mark.parametrize(
    "old, new",
    [
        ('"x":0.5', '"x":1.5'),
        ('"a":1.0', '"a":999.0'),
        ('"size":5.0', '"size":1e9'),
        ('"id":"hint"', '"id":"../../etc/passwd"'),
        ('"hint":"hint"', '"hint":"a b"'),
        (f'"author":"{"a" * 16}"', '"author":"somebody"'),
        (f'"member":"{"a" * 16}"', '"member":"<b>"'),
        ('"title":"Grandmother"', f'"title":"{"t" * 121}"'),
        ('"network":"compact"', f'"network":"{"n" * 121}"'),
    ],
)
def test_R10_2_entries_that_no_room_could_have_made_are_refused(tmp_path: Path, old: str, new: str) -> None:
    """A file may come from anybody, and no room looks at its entries again: they hold to every limit of edits."""
    room, _ = made_room(tmp_path / "here")
    whole = tmp_path / "whole"
    run(tmp_path / "here", "export", room, "-o", str(whole))
    with zipfile.ZipFile(whole) as archive:
        lines = [json.loads(line) for line in archive.read("entries.jsonl").splitlines()]
    assert any(old in line["payload"] for line in lines)
    for line in lines:
        line["payload"] = line["payload"].replace(old, new)
    parts = {"entries.jsonl": "\n".join(map(json.dumps, lines)).encode()}
    result = run(tmp_path / "there", "import", str(rewritten(whole, tmp_path / "changed", parts)))
    assert (result.exit_code, "In the file the entry" in result.output) == (1, True)
    assert records_of(tmp_path / "there", room) == []


def test_a_room_comes_into_a_folder_that_no_server_has_used(tmp_path: Path) -> None:
    """To another machine it is carried before anything is served there; what came in can be served."""
    room, _ = made_room(tmp_path / "here")
    run(tmp_path / "here", "export", room, "-o", str(tmp_path / "whole"))
    assert run(tmp_path / "new", "import", str(tmp_path / "whole")).exit_code == 0
    assert records_of(tmp_path / "new", room) == records_of(tmp_path / "here", room)


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")
def test_a_room_file_is_its_owners_alone(tmp_path: Path) -> None:
    """As the journal is, whose hashes it holds."""
    room, _ = made_room(tmp_path)
    run(tmp_path, "export", room, "-o", str(tmp_path / "file"))
    assert (tmp_path / "file").stat().st_mode & 0o077 == 0


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
