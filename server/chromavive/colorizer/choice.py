"""Which network serves when the operator does not say: the best one whose pass is quick enough on this machine."""

from dataclasses import dataclass
from statistics import median

import numpy as np

from chromavive.colorizer.contract import Engine, PaintHint, Request

PASS_SECONDS_MAX = 0.150  # a hint that answers within it still feels live
PREFERENCE = ("siggraph17", "compact")
_SIDE = 256
_HINTS = 16
_PASSES = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """The network that serves, why in a sentence, and the median pass of each that was measured, in seconds."""

    network: str
    sentence: str
    pass_seconds: dict[str, float]


def measure(engine: Engine, network: str) -> float:
    """The median of three passes at 256 x 256 with 16 hints, of which one moves, after one that warms up."""
    y, x = np.mgrid[0:_SIDE, 0:_SIDE] / _SIDE
    lightness = (50 + 40 * np.sin(7 * x + 3 * y) * np.cos(5 * y)).astype(np.float32)
    scene = engine.prepare(f"choice of {network}", lightness, network)
    still = [PaintHint((i % 4 + 0.5) / 4, (i // 4 + 0.5) / 4, 20 - 2 * i, 3 * i - 20, 5) for i in range(_HINTS - 1)]
    seconds = []
    for step in range(_PASSES + 1):
        moved = PaintHint(0.1 + 0.05 * step, 0.4, 30, 30, 5)
        seconds.append(engine.render([Request(scene, (*still, moved))])[0].pass_seconds)
    return median(seconds[1:])


def choose_network(engine: Engine, pass_seconds_max: float = PASS_SECONDS_MAX) -> Choice:
    """The first of siggraph17, compact that is loaded and quick enough; the last one loaded if none is."""
    loaded = [name for name in PREFERENCE if name in engine.info.networks] or list(engine.info.networks)
    measured: dict[str, float] = {}
    for name in loaded:
        measured[name] = measure(engine, name)
        if measured[name] <= pass_seconds_max:
            break
    chosen = list(measured)[-1]
    passed_over = [name for name in measured if name != chosen]
    sentence = f"{chosen} serves: {_milliseconds(measured[chosen])} a pass here."
    if passed_over:
        slow = ", ".join(f"{name} would take {_milliseconds(measured[name])}" for name in passed_over)
        sentence = f"{sentence[:-1]}; {slow}, over {_milliseconds(pass_seconds_max)}."
    return Choice(chosen, sentence, measured)


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"
