"""What a deliberate fault is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One wrong change to the tree, and the test that must notice it."""

    name: str
    rule: str
    """The rule it breaks, as R7.3; "color" for what the picture shows."""
    file: str
    """Path from the root of the checkout."""
    old: str
    """Text that stands in the file exactly once."""
    new: str
    test: str
    """What must turn red: a pytest id (tests/room/test_looks.py::test_R7_1_…), or a client test's file::its name."""
