"""A deterministic engine without torch: a tint by lightness, the hints obeyed. For tests and trials."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chromavive.colorizer.contract import EngineInfo, NetworkInfo, Painting, Request, Scene
from chromavive.colorizer.fidelity import Fidelity, half_size
from chromavive.errors import NetworkUnknown

NAME = "stub"
_WARMTH = 18.0  # CIE Lab units between the tint of black and of white


@dataclass(frozen=True, slots=True, eq=False)
class StubScene:
    """The photograph's lightness, (h, w) float32, and what makes its paintings obey."""

    lightness: NDArray[np.float32]
    fidelity: Fidelity
    network: str = NAME


class StubEngine:
    """Obeys the engine's contract; `passes` counts renderings. The clock gives seconds."""

    def __init__(self, clock: Callable[[], float], *, networks: Sequence[str] = (NAME,)) -> None:
        self.passes = 0
        self._clock = clock
        self._scenes: dict[tuple[str, str], StubScene] = {}
        known = {name: NetworkInfo(name, "none", 0, "fp32", deterministic=True) for name in networks}
        self._info = EngineInfo("cpu", 1, known, ("The stub engine serves: its colors are made up.",))

    @property
    def info(self) -> EngineInfo:
        """What serves."""
        return self._info

    def prepare(self, key: str, lightness: NDArray[np.float32], network: str) -> Scene:
        """The scene of a photograph; the 64 newest are kept."""
        if network not in self._info.networks:
            raise NetworkUnknown(f"no network {network!r} here; there are {', '.join(self._info.networks)}")
        scene = self._scenes.pop((key, network), None) or StubScene(lightness, Fidelity(half_size(lightness)), network)
        self._scenes[key, network] = scene
        if len(self._scenes) > 64:
            del self._scenes[next(iter(self._scenes))]
        return scene

    def render(self, requests: Sequence[Request]) -> list[Painting]:
        """One painting a request, in their order."""
        paintings = []
        for request in requests:
            began = self._clock()
            assert isinstance(request.scene, StubScene), "a scene of another engine"
            tint = _WARMTH * (half_size(request.scene.lightness) / 100 - 0.5)
            ab = request.scene.fidelity.obey(np.stack([tint / 2, tint]).astype(np.float32), request.hints)
            self.passes += 1
            paintings.append(Painting(ab, self._clock() - began))
        return paintings

    def close(self) -> None:
        """Lets the scenes go."""
        self._scenes.clear()
