"""The file that a room travels in: `chromavive rooms export` and `import`."""

import io
import json
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from chromavive.pictures.store import PhotographStore
from chromavive.room_file import ledger_of
from tests.cli.test_rooms import made_room, records_of, run
from tests.web.site import photograph


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
    nowhere = run(tmp_path, "export", room, "-o", str(tmp_path / "nowhere" / "file")).output
    assert nowhere == f"chromavive: There is no folder {tmp_path / 'nowhere'}.\n"
    missing = run(tmp_path, "import", str(tmp_path / "nowhere")).output
    assert missing == f"chromavive: {tmp_path / 'nowhere'}: No such file or directory.\n"
    again = run(tmp_path, "import", str(file))
    assert (again.exit_code, "here already" in again.output) == (1, True)
    assert len(records_of(tmp_path, room)) == 2
    run(tmp_path, "delete", room, "--yes")
    late = run(tmp_path, "import", str(file))
    assert (late.exit_code, "stays deleted" in late.output) == (1, True)
    assert PhotographStore(tmp_path / "photographs").rooms() == []


def test_R1_11_a_deleted_room_comes_back_as_another_one(tmp_path: Path) -> None:
    """Under a fresh id and fresh links, all else as it was; the old links open neither."""
    room, owner = made_room(tmp_path)
    before, file = records_of(tmp_path, room), tmp_path / "room.chromavive"
    run(tmp_path, "export", room, "-o", str(file))
    assert "only as another room, with new links" in run(tmp_path, "delete", room, stdin="y\n").output
    assert "--as-new" in run(tmp_path, "import", str(file)).output
    taken = run(tmp_path, "import", str(file), "--as-new")
    assert taken.exit_code == 0, taken.output
    place, _, fresh = taken.output.split()[-1].partition("#")
    again = place.rpartition("/")[2]
    assert again != room
    assert records_of(tmp_path, room) == []
    after = records_of(tmp_path, again)
    assert after[:-1] == before
    ledger = ledger_of(after)
    assert [ledger.role_of(each) for each in (owner, fresh)] == [None, "owner"]
    assert len(ledger.state.hints) == 1
    assert PhotographStore(tmp_path / "photographs").rooms() == [again]


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
