"""The deliberate faults: at least one for each rule, each found by a test that carries the rule's name."""

from tests.sabotage.fault import Fault

FAULTS: tuple[Fault, ...] = ()
