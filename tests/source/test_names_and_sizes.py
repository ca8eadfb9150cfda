"""Small pieces with telling names."""

import ast
from pathlib import Path

import pytest

from tests.source.tree import ROOT, functions, javascript_files, name_of, python_files

BANNED_MODULE_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "service", "services", "handlers"}
MODULE_LINES_MAX = 400
BODY_LINES_MAX = 60
# A longer file needs a line here: its path, and in a comment the reason.
LONG_MODULES = frozenset(
    {
        "server/chromavive/errors.py",  # one tree, drawn in one place; every leaf is five lines
    }
)

MODULES = [*python_files(), *javascript_files()]


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function, signature included, docstring left out."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def test_there_is_something_to_look_at() -> None:
    """The lists below are read from the tree; an empty one would make every other test pass."""
    names = {name_of(path) for path in MODULES}
    assert {"server/chromavive/__init__.py", "server/chromavive/assets.py", "tests/source/tree.py"} <= names


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_lives_there(path: Path) -> None:
    """No module or folder has a name that could hold anything."""
    parts = {part.split(".")[0].strip("_") for part in path.relative_to(ROOT).parts}
    assert not parts & BANNED_MODULE_NAMES


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_has_at_most_400_lines(path: Path) -> None:
    """A file that keeps growing is several files."""
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MODULE_LINES_MAX or name_of(path) in LONG_MODULES


@pytest.mark.parametrize("path", python_files(), ids=name_of)
def test_a_function_body_has_at_most_60_lines(path: Path) -> None:
    """No long method hides in a good file."""
    long = {function.name: lines for function in functions(path) if (lines := body_lines(function)) > BODY_LINES_MAX}
    assert not long


@pytest.mark.parametrize("path", python_files(ROOT / "tests"), ids=name_of)
def test_a_test_says_what_must_hold(path: Path) -> None:
    """Every test has a docstring."""
    tests = [function for function in functions(path) if function.name.startswith("test_")]
    assert not [function.name for function in tests if ast.get_docstring(function) is None]
