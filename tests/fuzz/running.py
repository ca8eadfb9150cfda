"""Runs one target for its share of the time, counts, and keeps what was found where it is asked to."""

import hashlib
import os
import resource
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

SECONDS_VARIABLE = "CHROMAVIVE_FUZZ_SECONDS"
SEED_VARIABLE = "CHROMAVIVE_FUZZ_SEED"
KEEP_VARIABLE = "CHROMAVIVE_FUZZ_KEEP"
SECONDS = 8.0
"""Of processor time, over all targets, where nobody asks for more: enough to see that each of them works."""
EXAMPLES_A_ROUND = 100
KEPT_BYTES_MAX = 4096

T = TypeVar("T")


def cpu_seconds() -> float:
    """Of this process and of the children that have ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


@dataclass
class Run(Generic[T]):
    """One target: what judges an input and names the outcome. other_seconds: spent by a process that goes on."""

    name: str
    share: float
    judge: Callable[[T], str]
    other_seconds: Callable[[], float] = lambda: 0.0
    outcomes: Counter[str] = field(default_factory=Counter)

    def play(self, inputs: st.SearchStrategy[T]) -> None:
        """Judges inputs until the share is used up; what fails is shrunk and raised, with the seed."""
        budget = self.share * float(os.environ.get(SECONDS_VARIABLE) or SECONDS)
        first = int(os.environ.get(SEED_VARIABLE) or 0)
        started = self._seconds()
        rounds = 0
        while self._seconds() - started < budget:
            self._round(inputs, first + rounds)
            rounds += 1
        told = ", ".join(f"{outcome} {count}" for outcome, count in self.outcomes.most_common())
        seconds = self._seconds() - started
        sys.stdout.write(f"\nfuzz {self.name}: {self.outcomes.total()} inputs, {seconds:.0f} s, seeds {first} to ")
        sys.stdout.write(f"{first + rounds - 1}: {told}\n")

    def _seconds(self) -> float:
        return cpu_seconds() + self.other_seconds()

    def _round(self, inputs: st.SearchStrategy[T], number: int) -> None:
        @seed(number)
        @settings(
            max_examples=EXAMPLES_A_ROUND,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        )
        @given(inputs)
        def one(drawn: T) -> None:
            try:
                outcome = self.judge(drawn)
            except Exception:
                self._keep("found", drawn)
                raise
            if outcome not in self.outcomes:
                self._keep(outcome, drawn)
            self.outcomes[outcome] += 1

        one()

    def _keep(self, outcome: str, drawn: T) -> None:
        """Writes the input into the folder that was asked for, if it is small: the corpus grows by hand."""
        folder = os.environ.get(KEEP_VARIABLE)
        if folder and isinstance(drawn, bytes) and len(drawn) <= KEPT_BYTES_MAX:
            path = Path(folder) / self.name
            path.mkdir(parents=True, exist_ok=True)
            (path / f"{outcome}-{hashlib.sha256(drawn).hexdigest()[:8]}").write_bytes(drawn)
