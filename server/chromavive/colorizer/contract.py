"""What the rest of the server knows of the networks: scenes, requests and paintings in numpy terms, no torch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from chromavive.color.bins import BIN_COUNT

AB_MAX = 110.0  # CIE Lab units per network unit of a and b, as in SIGGRAPH17; no sRGB color lies outside ±110
SIDE_MULTIPLE = 32  # both sides of a working size are multiples of it: Compact halves five times
SCENE_BYTES_MAX = 1 << 30  # what the engine keeps of scenes: about 250 photographs of Compact with few hints each


@dataclass(frozen=True, slots=True)
class PaintHint:
    """One hint as networks get it; a list of them is already merged and ordered oldest first.

    Place as fractions of the photograph (x right, y down), a and b in CIE Lab units, size as the side of its square in
    working pixels, 1 to 9.
    """

    x: float
    y: float
    a: float
    b: float
    size: float


class Scene(Protocol):
    """What a network derives from the photograph alone.

    A caller gets it from `Engine.prepare` for each request and lets it go afterwards: keeping it would defeat the
    engine's bound on memory. It belongs to the engine that made it.
    """

    @property
    def network(self) -> str:
        """The name of the network that analyzed the photograph."""

    @property
    def lightness(self) -> NDArray[np.float32]:
        """(h, w) float32, L in 0..100 at working size."""


@dataclass(frozen=True, slots=True)
class Request:
    """One look to be painted: a photograph's scene and the hints that act, merged, oldest first.

    vividness: 0 to 1 (see `vividness.py`); points: where distributions are asked for, x and y as fractions of the
    photograph as shown (x right, y down).
    """

    scene: Scene
    hints: tuple[PaintHint, ...]
    vividness: float = 0.0
    points: tuple[tuple[float, float], ...] = ()


def no_distributions() -> NDArray[np.float32]:
    """(0, 313) float32: the distributions at no points."""
    return np.zeros((0, BIN_COUNT), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Painting:
    """The chroma that one pass gave.

    ab: (2, h/2, w/2) float32, CIE Lab units, within ±110; it obeys its hints as far as the gamut allows.
    pass_seconds: what the pass took on the engine, fidelity included; for a batch the time of the whole batch.
    distributions: (points, 313) float32, at the request's points given its hints; each row sums to 1 over the bins of
    `color.bins.ab_bins`.
    """

    ab: NDArray[np.float32]
    pass_seconds: float
    distributions: NDArray[np.float32] = field(default_factory=no_distributions)


@dataclass(frozen=True, slots=True)
class NetworkInfo:
    """A loaded network: parameters counts its weights, deterministic says that equal requests give equal bytes.

    guided: whether hints reach the network itself, not only its painting afterwards; distribution: the name of the
    network whose distributions its palettes and its vividness follow, mostly its own.
    """

    name: str
    weights_hash: str
    parameters: int
    precision: str
    deterministic: bool
    guided: bool
    distribution: str


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What serves, and in plain sentences whatever the operator should know about it.

    figures: sentences on what was measured when the networks were loaded, for whoever looks closer.
    """

    device: str
    threads: int
    networks: Mapping[str, NetworkInfo]
    notes: tuple[str, ...]
    figures: tuple[str, ...] = ()

    @property
    def precision(self) -> str:
        """fp32, bf16, or mixed where the networks differ."""
        found = {network.precision for network in self.networks.values()}
        return found.pop() if len(found) == 1 else "mixed"


class Engine(Protocol):
    """Scenes and passes on one device; used by one thread, the one that built it."""

    @property
    def info(self) -> EngineInfo:
        """What serves."""

    def prepare(self, key: str, lightness: NDArray[np.float32], network: str) -> Scene:
        """The scene of a photograph, from the cache or analyzed now.

        The key names the photograph as it is turned and cropped; lightness is (h, w) float32, L in 0..100, at working
        size. Raises NetworkUnknown for a network that was not loaded.
        """

    def render(self, requests: Sequence[Request]) -> list[Painting]:
        """One painting a request, in their order; requests of any networks, sizes and numbers of hints."""

    def distributions(self, requests: Sequence[Request]) -> list[NDArray[np.float32]]:
        """Those of each request's points, as a painting has them, without painting.

        Where the scene's newest pass had the same hints they cost next to nothing.
        """

    def close(self) -> None:
        """Frees scenes and networks; nothing may be called afterwards."""
