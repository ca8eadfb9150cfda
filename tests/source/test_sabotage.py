"""The deliberate faults still fit the tree. That each is noticed is scripts/sabotage's to show."""

import re

import pytest

from tests.sabotage.fault import Fault
from tests.sabotage.faults import FAULTS
from tests.source.tree import ROOT

# Rules that the product holds now; each has a fault that breaks it.
RULES = [f"R{number}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13)]


def test_every_rule_has_a_fault() -> None:
    """A rule that no test would miss is no rule."""
    broken = {fault.rule.split(".")[0] for fault in FAULTS}
    assert set(RULES) <= broken


def test_names_are_unique() -> None:
    """`scripts/sabotage NAME` means one fault."""
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault.name))
def test_a_fault_still_fits(fault: Fault) -> None:
    """The text it replaces stands in its file exactly once, and the test it names exists."""
    assert (ROOT / fault.file).read_text(encoding="utf-8").count(fault.old) == 1
    assert fault.old != fault.new
    file, _, name = fault.test.partition("::")
    text = (ROOT / file).read_text(encoding="utf-8")
    if file.endswith(".js"):
        assert f"'{name}'" in text.replace("\\'", "'")
    else:
        assert re.search(rf"\bdef {re.escape(name.partition('[')[0])}\b", text)
