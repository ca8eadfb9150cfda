"""What a deliberate fault is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One wrong change to the tree, and the test that must notice it."""

    name: str
    rule: str
    """The rule it breaks, as R7 or R7.3."""
    file: str
    """Path from the root of the checkout."""
    old: str
    """Text that stands in the file exactly once."""
    new: str
    test: str
    """What must turn red: a pytest id (tests/room/test_room.py::test_R1_1_…), or a file of client tests."""
