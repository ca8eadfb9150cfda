"""A deterministic engine without torch: a tint by lightness, the hints obeyed. For tests and trials."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chromavive.color.bins import ab_bins
from chromavive.colorizer.contract import EngineInfo, NetworkInfo, Painting, Request, Scene
from chromavive.colorizer.fidelity import Fidelity, cells_of, half_size
from chromavive.colorizer.vividness import strengths
from chromavive.errors import NetworkUnknown

NAME = "stub"
AUTOMATIC = "eccv16"  # a stub of that name says, as the network does, that hints do not guide it
_WARMTH = 18.0  # CIE Lab units between the tint of black and of white
_REACH = 0.2  # of the photograph's sides: how far a hint leads the made-up distributions
_SPREAD = (25.0, 8.0)  # CIE Lab units: standard deviations around the tint and around a hint's color

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class StubScene:
    """The photograph's lightness, (h, w) float32, and what makes its paintings obey."""

    lightness: Floats
    fidelity: Fidelity
    network: str = NAME


class StubEngine:
    """Obeys the engine's contract; `passes` counts renderings. The clock gives seconds.

    Every second of its networks is cool where the others are warm, so that a look shows which one painted it.
    """

    def __init__(self, clock: Callable[[], float], *, networks: Sequence[str] = (NAME,)) -> None:
        self.passes = 0
        self._clock = clock
        self._scenes: dict[tuple[str, str], StubScene] = {}
        self._bins = ab_bins().astype(np.float32)
        known = {
            name: NetworkInfo(name, "none", 0, "fp32", deterministic=True, guided=name != AUTOMATIC, distribution=name)
            for name in networks
        }
        self._warmth = {name: _WARMTH * (-1) ** index for index, name in enumerate(networks)}
        self._info = EngineInfo("cpu", 1, known, ("The stub engine serves: its colors are made up.",))

    @property
    def info(self) -> EngineInfo:
        """What serves."""
        return self._info

    def prepare(self, key: str, lightness: Floats, network: str) -> Scene:
        """The scene of a photograph; the 64 newest are kept."""
        if network not in self._info.networks:
            raise NetworkUnknown(f"no network {network!r} here; there are {', '.join(self._info.networks)}")
        scene = self._scenes.pop((key, network), None) or StubScene(lightness, Fidelity(half_size(lightness)), network)
        self._scenes[key, network] = scene
        if len(self._scenes) > 64:
            del self._scenes[next(iter(self._scenes))]
        return scene

    def render(self, requests: Sequence[Request]) -> list[Painting]:
        """One painting a request, in their order; at vividness 1 the tint is twice as strong."""
        paintings = []
        for request in requests:
            began = self._clock()
            scene = _own(request.scene)
            ab = self._tint(scene)
            if request.vividness > 0:
                ab += strengths(request.vividness, request.hints, *ab.shape[1:]) * ab
            ab = scene.fidelity.obey(ab, request.hints)
            self.passes += 1
            paintings.append(Painting(ab, self._clock() - began, self._distributions(request)))
        return paintings

    def distributions(self, requests: Sequence[Request]) -> list[Floats]:
        """At each point the tint, and the colors of the hints by how near they are."""
        return [self._distributions(request) for request in requests]

    def close(self) -> None:
        """Lets the scenes go."""
        self._scenes.clear()

    def _tint(self, scene: StubScene) -> Floats:
        tint = self._warmth[scene.network] * (half_size(scene.lightness) / 100 - 0.5)
        return np.stack([tint / 2, tint]).astype(np.float32)

    def _distributions(self, request: Request) -> Floats:
        scene = _own(request.scene)
        points = np.array(request.points, np.float64).reshape(-1, 2)
        tint = self._tint(scene)
        cells = cells_of(points, *tint.shape[1:])
        weights = self._around(tint.reshape(2, -1)[:, cells].T, _SPREAD[0])
        if self._info.networks[scene.network].guided:
            for hint in request.hints:
                near = np.exp(-np.hypot(points[:, 0] - hint.x, points[:, 1] - hint.y) / _REACH)
                weights += 4 * near[:, None] * self._around(np.array([[hint.a, hint.b]]), _SPREAD[1])
        normed: Floats = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
        return normed

    def _around(self, centers: NDArray[np.floating], spread: float) -> NDArray[np.float64]:
        """(n, 313), each row summing to 1: a Gaussian around each center (n, 2), in CIE Lab units."""
        apart = ((self._bins - centers[:, None]) ** 2).sum(axis=-1, dtype=np.float64)
        # Relative to the nearest bin: a color far from all of them must not underflow to nothing.
        falls = np.exp((apart.min(axis=1, keepdims=True) - apart) / (2 * spread * spread))
        normed: NDArray[np.float64] = falls / falls.sum(axis=1, keepdims=True)
        return normed


def _own(scene: Scene) -> StubScene:
    assert isinstance(scene, StubScene), "a scene of another engine"
    return scene
