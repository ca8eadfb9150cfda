"""Every sentence of the specification has a test, and every test that quotes a rule quotes one that exists."""

import re

from tests.source.tree import ROOT, functions, javascript_files, python_files

SPEC = ROOT / "docs" / "spec.md"
SENTENCE = re.compile(r"^- \*\*(R\d+\.\d+)\*\* (?P<later>\*\(later\)\* )?(?P<text>.+)$")
PYTHON_ID = re.compile(r"_R(\d+)_(\d+)(?=_)")
JAVASCRIPT_ID = re.compile(r"""\b(?:test|it|describe)\(\s*["'`](R\d+\.\d+(?:, R\d+\.\d+)*)[ :]""")


def sentences() -> dict[str, bool]:
    """The IDs of the specification, and whether each holds only from a later release."""
    matches = [SENTENCE.match(line) for line in SPEC.read_text(encoding="utf-8").splitlines()]
    return {match[1]: bool(match["later"]) for match in matches if match}


def quoted_by_python() -> set[str]:
    """IDs in the names of pytest's tests, as in test_R7_3_… and test_R7_3_R7_4_…."""
    found = [function.name for path in python_files(ROOT / "tests") for function in functions(path)]
    names = [name for name in found if name.startswith("test_")]
    return {f"R{rule}.{part}" for name in names for rule, part in PYTHON_ID.findall(name)}


def quoted_by_javascript() -> set[str]:
    """IDs at the start of the names of the client's tests ("R7.3 …" or "R7.3, R7.4 …")."""
    texts = [path.read_text(encoding="utf-8") for path in javascript_files(ROOT / "tests")]
    return {rule for text in texts for group in JAVASCRIPT_ID.findall(text) for rule in group.split(", ")}


def test_the_specification_is_readable() -> None:
    """Every line that names a rule is one sentence with one ID, and IDs are unique."""
    lines = [line for line in SPEC.read_text(encoding="utf-8").splitlines() if line.startswith("- **R")]
    assert lines
    assert all(SENTENCE.match(line) and line.endswith(".") for line in lines)
    assert len(sentences()) == len(lines)


def test_every_sentence_has_a_test() -> None:
    """A promise that nothing checks is removed, or gets its test."""
    promised = {rule for rule, later in sentences().items() if not later}
    assert promised - quoted_by_python() - quoted_by_javascript() == set()


def test_every_quoted_rule_exists() -> None:
    """A test that quotes a rule quotes one of the specification."""
    assert (quoted_by_python() | quoted_by_javascript()) - sentences().keys() == set()


def test_a_rule_without_part_is_not_quoted() -> None:
    """`test_R7_…` alone would count for nothing, and look as if it did."""
    vague = re.compile(r"^test_R\d+_(?!\d)")
    found = {function.name for path in python_files(ROOT / "tests") for function in functions(path)}
    assert not {name for name in found if vague.match(name)}
