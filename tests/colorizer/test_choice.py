"""Which network serves, on engines whose passes take a stated time."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from chromavive.colorizer.choice import choose_network
from chromavive.colorizer.contract import Painting, Request, Scene
from chromavive.colorizer.stub import StubEngine


class TimedEngine(StubEngine):
    """A stub whose passes last as its table says, the first one ten times as long; remembers what was asked."""

    def __init__(self, seconds: dict[str, float]) -> None:
        super().__init__(lambda: 0.0, networks=tuple(seconds))
        self.seconds = seconds
        self.asked: list[tuple[str, tuple[int, ...], int]] = []

    def render(self, requests: Sequence[Request]) -> list[Painting]:
        """As the stub's, with the table's time."""
        (request,) = requests
        name = request.scene.network
        first = all(network != name for network, _, _ in self.asked)
        self.asked.append((name, request.scene.lightness.shape, len(request.hints)))
        return [Painting(np.zeros((2, 1, 1), np.float32), self.seconds[name] * (10 if first else 1))]

    def prepare(self, key: str, lightness: NDArray[np.float32], network: str) -> Scene:
        """As the stub's."""
        return super().prepare(key, lightness, network)


@pytest.mark.parametrize(
    "seconds, chosen",
    [
        ({"siggraph17": 0.149, "compact": 0.01}, "siggraph17"),
        ({"siggraph17": 0.151, "compact": 0.01}, "compact"),
        ({"compact": 0.01}, "compact"),
        ({"siggraph17": 9.0, "compact": 0.5}, "compact"),
        ({"siggraph17": 9.0}, "siggraph17"),
        ({"compact": 0.5, "eccv16": 0.001}, "compact"),
        ({"eccv16": 9.0}, "eccv16"),
        ({"stub": 9.0}, "stub"),
    ],
)
def test_the_first_network_that_is_quick_enough_serves(seconds: dict[str, float], chosen: str) -> None:
    """siggraph17 before compact; the last of them where none is quick enough; the automatic network only by itself."""
    assert choose_network(TimedEngine(seconds)).network == chosen


def test_a_network_is_measured_as_it_will_serve() -> None:
    """256 x 256, 16 hints, three passes after one that warms up and does not count."""
    engine = TimedEngine({"compact": 0.02})
    choice = choose_network(engine)
    assert engine.asked == [("compact", (256, 256), 16)] * 4
    assert choice.pass_seconds == {"compact": pytest.approx(0.02)}


def test_the_sentence_names_what_was_passed_over() -> None:
    """The console says which network serves, how long a pass takes, and why not the better one."""
    sentence = choose_network(TimedEngine({"siggraph17": 0.902, "compact": 0.015})).sentence
    assert sentence == "compact serves: 15 ms a pass here; siggraph17 would take 902 ms, over 150 ms."
