"""The commands of bench/ print one JSON object each, run here as briefly as they can be."""

import importlib
import json
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench import fidelity, live, stalled
from bench._pictures import color_photographs

SHORT = {
    "client": [],
    "exports": ["--megapixels", "0.1", "--large", "0", "--pairs", "1", "--format", "png"],
    "fidelity": ["--limit", "1", "--pairs", "1"],
    "first_paint": ["--engine", "stub", "--megapixels", "0.1", "--rounds", "1"],
    "frames": ["--limit", "1"],
    "journal": ["--seconds", "0"],
    "live": ["--engine", "stub", "--rounds", "1"],
    "palette": ["--points", "8", "--threads", "1"],
    "passes": ["--rounds", "1", "--threads", "1"],
    "photographs": ["--megapixels", "0.1"],
    "script_time": ["--frames", "3"],
    "stalled": ["--engine", "stub", "--pairs", "1"],
    "upsample": ["--limit", "1"],
}
LONG = {"exports", "first_paint", "live", "passes", "script_time", "stalled"}  # more than two seconds
IN_A_BROWSER = {"first_paint", "script_time"}


@pytest.fixture(autouse=True)
def _the_handlers_of_signals_stay() -> Iterator[None]:
    """bench.live ends its server when it is told to end itself."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def _marked(name: str) -> Any:
    marks = [pytest.mark.slow] * (name in LONG) + [pytest.mark.browser] * (name in IN_A_BROWSER)
    return pytest.param(name, marks=marks)


@pytest.mark.parametrize("name", [_marked(name) for name in SHORT])
def test_a_benchmark_prints_one_json_object(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing before it, nothing behind it, on standard output."""
    monkeypatch.setattr(fidelity, "NETWORKS", ("compact",))
    monkeypatch.setattr(fidelity, "write_made_up", lambda _folder: None)
    monkeypatch.setattr(fidelity, "COUNTS", (1,))
    monkeypatch.setattr(live, "MEMBERS", {1: 0.3})
    monkeypatch.setattr(live, "LAG_SECONDS", 0.3)
    monkeypatch.setattr(stalled, "SECONDS", 1.5)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [name, *SHORT[name], "--json"])
    importlib.import_module(f"bench.{name}").main()
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    assert found


def test_every_benchmark_is_run_here() -> None:
    """A new command gets its line above, so that `scripts/bench` without names never stops at it."""
    folder = Path(live.__file__).parent
    assert set(SHORT) == {path.stem for path in folder.glob("*.py") if not path.name.startswith("_")}


def test_photographs_are_taken_evenly_and_never_more_than_asked(tmp_path: Path) -> None:
    """From a folder, or from what scikit-image ships; a folder without any is said to be one."""
    for number in range(10):
        (tmp_path / f"{number}.jpg").touch()
    assert [path.stem for path in color_photographs(tmp_path, 4)] == ["0", "3", "6", "9"]
    assert len(color_photographs(tmp_path, 40)) == 10
    assert len(color_photographs(None, 2)) == 2
    assert "camera" not in {path.stem for path in color_photographs(None, 40)}
    with pytest.raises(SystemExit, match=r"no \*\.jpg"):
        color_photographs(tmp_path / "nowhere", 4)
