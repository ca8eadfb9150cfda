"""`chromavive weights` as people run it."""

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest
import torch
from typer.testing import CliRunner, Result

from chromavive.cli import app, engines
from chromavive.cli import weights as command
from chromavive.colorizer.engine import EngineOptions, TorchEngine, available
from chromavive.errors import SettingInvalid, WeightsError
from chromavive.runtime.clock import SystemClock
from chromavive.settings import Settings
from chromavive.weights.kept import kept_path
from chromavive.weights.manifest import Entry, bundled_manifest
from tests.cli.process import environment
from tests.colorizer.deterministic import rebuilt_tensors
from tests.weights.mirror import Mirror, serving

pytestmark = pytest.mark.slow

NOWHERE = {"HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": "127.0.0.1"}  # where nothing but loopback is reached


def run(*arguments: str) -> Result:
    """The command, in this process."""
    return CliRunner().invoke(app, ["weights", *arguments])


def started(*arguments: str) -> subprocess.Popen[str]:
    """The command as a process of its own, without a network."""
    whole = [sys.executable, "-m", "chromavive", "weights", *arguments]
    return subprocess.Popen(whole, env=environment(**NOWHERE), stdout=-1, stderr=-1, text=True)


def said(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Its exit status and all that it said."""
    out, err = process.communicate(timeout=60)
    return process.returncode, out + err


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """eccv16 with made-up weights, in the form and under the name of the published file."""
    path = tmp_path_factory.mktemp("published") / bundled_manifest()["eccv16"].file
    torch.save(rebuilt_tensors("eccv16"), path, _use_new_zipfile_serialization=False)
    return path


@pytest.fixture
def manifest(published: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Entry]:
    """The manifest, with eccv16 as the stand-in file."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    body = published.read_bytes()
    sha256 = hashlib.sha256(body).hexdigest()
    own = Entry("eccv16", published.name, ("http://127.0.0.1:9/w.pth",), len(body), sha256, "none", "none")
    changed = bundled_manifest() | {"eccv16": own}
    monkeypatch.setattr(command, "bundled_manifest", lambda: changed)
    return changed


def test_from_the_mirror_into_the_engine(manifest: dict[str, Entry], published: Path, tmp_path: Path) -> None:
    """Fetched over a break, listed, proved, loaded and checked; one flipped bit and it is refused everywhere."""
    data, folder = str(tmp_path), tmp_path / "weights"
    with serving(Mirror(published.read_bytes(), breaks_after=[50_000_000])) as url:
        pulled = run("pull", "eccv16", "--mirror", url, "--data", data)
        again = run("pull", "eccv16", "--mirror", url, "--data", data)
    assert pulled.exit_code == 0, pulled.output
    assert "broke off at 50.0 MB" in pulled.output
    assert "going on from 50.0 MB" in pulled.output
    assert "here already" in again.output
    assert "here" in next(line for line in run("list", "--data", data).output.splitlines() if "eccv16" in line)
    assert available(folder) == ("compact", "eccv16")
    options = EngineOptions(weights_folder=folder, networks=("eccv16",), precision="fp32")
    settings = Settings(engine="torch", network="eccv16", precision="fp32", device="cpu")
    served = engines.build(settings, SystemClock(), folder)
    info = served.engine.info.networks[served.network]
    kept = kept_path(folder, "eccv16")
    assert info.name == "eccv16"
    assert info.weights_hash == hashlib.sha256(kept.read_bytes()).hexdigest()
    assert run("verify", "--data", data).exit_code == 0
    with kept.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        (last,) = file.read(1)
        file.seek(-1, os.SEEK_END)
        file.write(bytes([last ^ 1]))
    verified = run("verify", "--data", data)
    assert verified.exit_code == 1
    assert "eccv16: damaged" in verified.output
    assert "chromavive weights pull eccv16" in verified.output
    with pytest.raises(WeightsError, match="damaged or another file"):
        TorchEngine(lambda: 0.0, options)


def test_a_file_is_added_by_hand(manifest: dict[str, Entry], published: Path, tmp_path: Path) -> None:
    """For a machine without the network; another file is refused in a sentence."""
    added = run("add", str(published), "--data", str(tmp_path))
    assert added.exit_code == 0, added.output
    assert available(tmp_path / "weights") == ("compact", "eccv16")
    refused = run("add", __file__, "--data", str(tmp_path))
    assert refused.exit_code == 1
    assert "not a published weights file" in refused.output


def test_a_list_before_anything_was_fetched(tmp_path: Path) -> None:
    """Every network with its state, size, license and paper, and the folder; a part is told."""
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / "siggraph17-df00044c.pth.part").write_bytes(b"x" * 43_000_000)
    lines = run("list", "--data", str(tmp_path)).output.splitlines()
    shown = {line.split()[0]: line for line in lines if line.strip()}
    assert "43 MB fetched" in shown["siggraph17"]
    assert "bundled" in shown["compact"]
    assert "not here" in shown["eccv16"]
    assert "BSD-2-Clause" in shown["eccv16"]
    assert "arXiv 1603.08511" in shown["eccv16"]
    assert f"{tmp_path}/weights" in "".join(lines)


def test_a_network_that_was_not_fetched_says_how(tmp_path: Path) -> None:
    """Whoever asks for it at the start is told the command."""
    settings = Settings(engine="torch", network="siggraph17", precision="fp32", device="cpu")
    with pytest.raises(SettingInvalid, match="chromavive weights pull siggraph17"):
        engines.build(settings, SystemClock(), tmp_path)


def test_the_bundled_network_is_not_fetched(tmp_path: Path) -> None:
    """Said kindly."""
    pulled = run("pull", "compact", "--data", str(tmp_path))
    assert (pulled.exit_code, "nothing to fetch" in pulled.output) == (0, True)


def test_an_unknown_network_is_refused(tmp_path: Path) -> None:
    """Before anything is fetched, with the names."""
    refused = run("pull", "siggraph17", "picasso", "--data", str(tmp_path))
    assert refused.exit_code == 1
    assert "siggraph17, compact, eccv16" in refused.output
    assert not (tmp_path / "weights").exists()


def test_offline_says_what_to_do(tmp_path: Path) -> None:
    """Each mirror with its reason, then the way without a network; exit status 1 and no traceback."""
    status, output = said(started("pull", "siggraph17", "--data", str(tmp_path)))
    assert status == 1
    assert "is this machine offline?" in output
    assert "chromavive weights add" in output
    assert bundled_manifest()["siggraph17"].urls[0] in output
    assert "Traceback" not in output


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_a_second_process_is_refused_while_the_first_lives(tmp_path: Path, end: signal.Signals) -> None:
    """However the first ends, what it fetched stays and the lock is free."""
    mirror = Mirror(b"x" * 2_000_000, tells_size=False, held=Event())
    part = tmp_path / "weights" / "siggraph17-df00044c.pth.part"
    with serving(mirror) as url:
        first = started("pull", "siggraph17", "--mirror", url, "--data", str(tmp_path))
        try:
            assert mirror.begun.wait(60)
            status, output = said(started("pull", "siggraph17", "--mirror", url, "--data", str(tmp_path)))
            assert (status, len(mirror.asked)) == (1, 1)
            assert "Another process is fetching siggraph17" in output
        finally:
            first.send_signal(end)
            status, output = said(first)
    if end is signal.SIGINT:
        assert status == 130
        assert "Stopped. What was fetched is kept" in output
    assert part.stat().st_size > 0
    assert "offline" in said(started("pull", "siggraph17", "--data", str(tmp_path)))[1]
