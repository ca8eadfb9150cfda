"""The inputs that fuzzing found worth keeping are judged by every run of the tests."""

from pathlib import Path

import pytest

from tests.fuzz import door
from tests.fuzz.texts import TARGETS

CORPUS = Path(__file__).parents[1] / "data" / "fuzz"
BYTES_MAX = 256 * 1024


def kept(name: str) -> list[Path]:
    """The inputs of a target."""
    return sorted(path for path in (CORPUS / name).glob("*") if path.is_file())


@pytest.mark.parametrize("name", TARGETS)
def test_every_kept_input_of_a_parser_is_taken_or_refused(name: str) -> None:
    """As its name says: what it comes to stands before the hash."""
    assert kept(name)
    for path in kept(name):
        assert TARGETS[name][2](path.read_bytes()) == path.name.rpartition("-")[0]


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="forks for every photograph")
def test_every_kept_photograph_is_taken_or_refused_within_its_limits(tmp_path: Path) -> None:
    """Of what it comes to, only that it is typed: the decoders of another version may see more or less in it."""
    assert kept("door")
    with door.opened(tmp_path) as opened:
        for path in kept("door"):
            assert opened.judge(path.read_bytes())


def test_the_corpus_is_small() -> None:
    """It is kept for what it finds, not for its size."""
    assert sum(path.stat().st_size for path in CORPUS.rglob("*") if path.is_file()) <= BYTES_MAX
