"""People and CI use the same verbs, and the README's commands are the ones that CI runs."""

import ast
import os
from pathlib import Path

import pytest

from tests.source.tree import ROOT, name_of

SCRIPTS = sorted(path for path in (ROOT / "scripts").iterdir() if path.is_file() and not path.suffix)
INSTALL_AND_SERVE = "pip install . && chromavive serve"
INSTALL_AND_TEST = "pip install '.[test]' && scripts/test"
BENCHMARKS = sorted(path for path in (ROOT / "bench").glob("*.py") if not path.name.startswith("_"))


@pytest.mark.parametrize("path", [*SCRIPTS, ROOT / ".ci" / "run"], ids=name_of)
def test_a_script_stops_at_the_first_surprise(path: Path) -> None:
    """Scripts can be executed and treat unset names and broken pipes as failures."""
    text = path.read_text(encoding="utf-8")
    assert os.access(path, os.X_OK)
    assert text.startswith("#!/usr/bin/env bash\n# ")
    assert "\nset -euo pipefail\n" in text or "\nset -uo pipefail\n" in text


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_a_script_is_explained(path: Path) -> None:
    """scripts/README.md has a line for each."""
    assert f"| `{name_of(path)}` |" in (ROOT / "scripts" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", [INSTALL_AND_SERVE, INSTALL_AND_TEST])
def test_the_readme_names_both_commands(command: str) -> None:
    """A person on a fresh machine finds two lines."""
    assert f"\n{command}\n" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_ci_runs_the_commands_of_the_readme() -> None:
    """CI runs what the README says, word by word."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert INSTALL_AND_TEST in script
    assert "scripts/prove-install" in script


@pytest.mark.parametrize("path", BENCHMARKS, ids=name_of)
def test_a_benchmark_can_be_recorded(path: Path) -> None:
    """Figures come out as JSON, so that evidence can be kept."""
    assert '"--json"' in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", BENCHMARKS, ids=name_of)
def test_a_benchmark_needs_to_be_told_nothing(path: Path) -> None:
    """`scripts/bench` runs them all with --json alone: every other argument has a default."""
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    for call in calls:
        if not isinstance(call.func, ast.Attribute) or call.func.attr != "add_argument":
            continue
        told = {each.arg: ast.unparse(each.value) for each in call.keywords}
        optional = ast.unparse(call.args[0]).startswith("'-") and told.get("required") != "True"
        assert optional or told.get("nargs") in ("'?'", "'*'"), ast.unparse(call)
