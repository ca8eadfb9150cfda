"""`chromavive doctor`: whether this machine can serve."""

import json
import socket
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from chromavive.cli import app, doctor
from chromavive.journal.sqlite import SqliteJournal
from chromavive.weights.kept import kept_path


def run(data: Path, *arguments: str) -> Result:
    """The command with the stub, in this process."""
    return CliRunner().invoke(app, ["doctor", "--engine", "stub", "--port", "0", "--data", str(data), *arguments])


def found(data: Path, *arguments: str) -> tuple[bool, dict[str, list[dict[str, Any]]]]:
    """Whether all is good, and the findings by what they are about."""
    told = json.loads(run(data, "--json", *arguments).output)
    by_what: dict[str, list[dict[str, Any]]] = {}
    for each in told["findings"]:
        by_what.setdefault(each["what"], []).append(each)
    return told["good"], by_what


def test_a_sound_machine_is_found_sound(tmp_path: Path) -> None:
    """Versions, weights, engine, disk, journal and port; nothing is made in the data folder."""
    result = run(tmp_path / "data")
    assert result.exit_code == 0, result.output
    good, findings = found(tmp_path / "data")
    assert good
    assert {"versions", "weights", "device", "precision", "engine", "disk", "journal", "port"} <= findings.keys()
    assert "numpy" in findings["versions"][0]["sentence"]
    assert any("weights pull eccv16" in each["sentence"] for each in findings["weights"])
    assert not (tmp_path / "data").exists()


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    """With what to do; the exit status is 1."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        good, findings = found(tmp_path, "--port", port)
        assert run(tmp_path, "--port", port).exit_code == 1
        assert not (tmp_path / "journal.sqlite").exists()
    assert not good
    assert [each["good"] for each in findings["port"]] == [False]
    assert "--port" in findings["port"][0]["sentence"]


def test_a_port_is_taken_rightly_where_a_server_holds_the_journal(tmp_path: Path) -> None:
    """Nothing has to be mended: most likely it is that server's own."""
    journal = SqliteJournal(tmp_path / "journal.sqlite")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        good, findings = found(tmp_path, "--port", str(taken.getsockname()[1]))
    journal.close()
    assert good
    assert "by the server that holds the journal" in findings["port"][0]["sentence"]


def test_damaged_weights_are_found(tmp_path: Path) -> None:
    """A kept file that is not what its record says."""
    path = kept_path(tmp_path / "weights", "eccv16")
    path.parent.mkdir()
    path.write_bytes(b"damaged")
    path.with_name(path.name + ".sha256").write_text(f"{'0' * 64}  {path.name}\n")
    _, findings = found(tmp_path)
    assert [each["good"] for each in findings["weights"]].count(False) == 1


def test_a_running_servers_journal_is_no_fault(tmp_path: Path) -> None:
    """One that nobody holds is opened and counted; one that is no journal is a fault."""
    journal = SqliteJournal(tmp_path / "journal.sqlite")
    assert "it is running" in found(tmp_path)[1]["journal"][0]["sentence"]
    journal.close()
    assert "holds 0 rooms" in found(tmp_path)[1]["journal"][0]["sentence"]
    (tmp_path / "journal.sqlite").write_bytes(b"nothing of that kind" * 100)
    assert not found(tmp_path)[1]["journal"][0]["good"]


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the journal stops the server."""
    monkeypatch.setattr(doctor, "DISK_BYTES_MIN", 10**18)
    _, findings = found(tmp_path)
    assert not findings["disk"][0]["good"]
    assert findings["disk"][0]["sentence"].startswith("Only ")


def test_an_engine_that_cannot_be_is_one_finding(tmp_path: Path) -> None:
    """The rest is looked at all the same."""
    _, findings = found(tmp_path, "--engine", "other")
    assert not findings["engine"][0]["good"]
    assert findings["port"][0]["good"]
