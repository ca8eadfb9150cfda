"""Every failure has its own stable code, and a reader finds it."""

import ast

import pytest

from tests.source.tree import PACKAGE, ROOT, parse

ERRORS = PACKAGE / "errors.py"
PROTOCOL = ROOT / "docs" / "protocol.md"
ROOT_ERROR = "ChromaviveError"


def error_classes() -> dict[str, ast.ClassDef]:
    """The classes of the error tree by name."""
    return {node.name: node for node in parse(ERRORS).body if isinstance(node, ast.ClassDef)}


def leaves() -> list[str]:
    """Names of the errors that nothing derives from."""
    classes = error_classes()
    parents = {base.id for node in classes.values() for base in node.bases if isinstance(base, ast.Name)}
    return [name for name in classes if name not in parents]


def fields(name: str) -> dict[str, object]:
    """The constants that a class sets itself."""
    assignments = [node for node in error_classes()[name].body if isinstance(node, ast.Assign)]
    return {
        target.id: node.value.value
        for node in assignments
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value, ast.Constant)
    }


def ancestors(name: str) -> list[str]:
    """The bases of a class up to the root of the tree."""
    bases = [base.id for base in error_classes()[name].bases if isinstance(base, ast.Name)]
    return bases + [far for base in bases if base in error_classes() for far in ancestors(base)]


@pytest.mark.parametrize("name", leaves())
def test_an_error_has_a_code_and_a_sentence(name: str) -> None:
    """Clients act on the code; people read the sentence."""
    assert ROOT_ERROR in ancestors(name)
    assert fields(name).get("code")
    assert str(fields(name).get("sentence", "")).endswith(".")


def test_codes_are_unique() -> None:
    """One code, one failure; one close code, one failure."""
    for field in ("code", "close_code"):
        values = [fields(name)[field] for name in leaves() if field in fields(name)]
        assert values
        assert len(values) == len(set(values))


@pytest.mark.parametrize("name", leaves())
def test_R10_4_a_close_code_lies_in_a_band(name: str) -> None:
    """4400 to 4499: stay away; 4500 to 4599: come back. Every reason to close has one."""
    close_code = fields(name).get("close_code")
    assert isinstance(close_code, int) == ("ConnectionClosed" in ancestors(name))
    if isinstance(close_code, int):
        assert 4400 <= close_code <= 4599


@pytest.mark.parametrize("name", [*error_classes()])
def test_the_tree_is_drawn(name: str) -> None:
    """The docstring of errors.py shows every error."""
    assert name in (ast.get_docstring(parse(ERRORS)) or "").split() or name == ROOT_ERROR


@pytest.mark.parametrize("name", leaves())
def test_the_protocol_lists_the_error(name: str) -> None:
    """docs/protocol.md names each code, and the close code beside it."""
    page = PROTOCOL.read_text(encoding="utf-8")
    assert f"`{fields(name)['code']}`" in page
    if close_code := fields(name).get("close_code"):
        assert str(close_code) in page
