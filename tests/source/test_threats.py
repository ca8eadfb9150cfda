"""Every line of docs/threat-model.md names a test that exists."""

import re

from tests.source.tree import ROOT, functions

PAGE = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
LINES = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith(("| what they", "| ---"))]
NAMED = re.compile(r"`(tests/[^`:]+)(?:::([^`]+))?`")


def test_there_is_a_threat_model() -> None:
    """It has lines, each of what could be tried, what stops it, and a test."""
    assert len(LINES) > 40
    assert {len(line.strip("| ").split(" | ")) for line in LINES} == {3}


def test_every_threat_names_a_test_that_exists() -> None:
    """A line without one is a hope."""
    for line in LINES:
        named = NAMED.findall(line.strip("| ").split(" | ")[2])
        assert named, line
        for file, test in named:
            assert exists(file, test), f"{file}::{test}"


def exists(file: str, test: str) -> bool:
    """Whether this file has this test, or any where none is named."""
    path = ROOT / file
    if not path.is_file():
        return False
    if path.suffix == ".js":
        return f"test('{test}'" in path.read_text(encoding="utf-8")
    names = {function.name for function in functions(path) if function.name.startswith("test_")}
    return test in names if test else bool(names)


def test_what_does_not_exist_is_found() -> None:
    """The search above finds nothing where there is nothing."""
    assert not exists("tests/source/test_threats.py", "test_that_nobody_wrote")
    assert not exists("tests/source/nowhere.py", "")
