"""The checkout as the source tests see it: files, syntax trees and what they import. Nothing needs to be installed."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "server" / "chromavive"
CLIENT = ROOT / "client"
PYTHON_FOLDERS = (PACKAGE, ROOT / "tests", ROOT / "bench", ROOT / "scripts")
JAVASCRIPT_FOLDERS = (CLIENT, ROOT / "tests")

_COMMENT_OR_STRING = re.compile(
    r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`""", re.DOTALL
)


def python_files(*folders: Path) -> list[Path]:
    """Every Python file below the folders (all of ours without an argument), in a fixed order."""
    return _files(folders or PYTHON_FOLDERS, "*.py")


def javascript_files(*folders: Path) -> list[Path]:
    """Every JavaScript module below the folders (the client's and the tests' without an argument)."""
    return _files(folders or JAVASCRIPT_FOLDERS, "*.js")


def _files(folders: tuple[Path, ...], pattern: str) -> list[Path]:
    return sorted(path for folder in folders for path in folder.rglob(pattern) if "node_modules" not in path.parts)


def name_of(path: Path) -> str:
    """The path as a person would write it, from the root of the checkout."""
    return path.relative_to(ROOT).as_posix()


@cache
def parse(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def imported(path: Path) -> frozenset[str]:
    """Full names of what a Python file imports anywhere in it, also by importlib and inside functions."""
    return frozenset(name for node in ast.walk(parse(path)) for name in _imported_by(node))


def _imported_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Call) and dotted(node.func) in {"importlib.import_module", "import_module", "__import__"}:
        yield from (a.value for a in node.args[:1] if isinstance(a, ast.Constant) and isinstance(a.value, str))


def dotted(node: ast.AST) -> str:
    """`a.b.c` of names and attributes; calls in between become `()`; other expressions are empty."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return f"{dotted(node.func)}()"
    return ""


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a Python file, nested ones included."""
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def code_of_javascript(path: Path) -> str:
    """A module without its comments and with its strings emptied; line breaks stay."""
    text = path.read_text(encoding="utf-8")
    return _COMMENT_OR_STRING.sub(lambda match: "\n" * match.group().count("\n") or '""', text)


def uncommented_javascript(path: Path) -> str:
    """A module without its comments; its strings and line breaks stay."""

    def kept(match: re.Match[str]) -> str:
        return match.group() if match.group()[0] != "/" else "\n" * match.group().count("\n")

    return _COMMENT_OR_STRING.sub(kept, path.read_text(encoding="utf-8"))
