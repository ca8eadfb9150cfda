"""Low precision proves itself against float32 when the network is loaded, in color and in time; else float32 serves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Protocol, runtime_checkable

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from chromavive.color.lab import delta_e_2000
from chromavive.colorizer.contract import PaintHint

MEAN_MAX = 0.5  # CIEDE2000 that bfloat16 may differ by on average
TAIL_MAX = 4.0  # and at the 99.9th percentile
FASTER_MIN = 1.05  # times that it must be faster: below, float32 is as good and exact

Lightness = NDArray[np.float32]


class Network(Protocol):
    """What the engine asks of a network."""

    def analyze(self, lightness: Tensor) -> tuple[Tensor, ...]:
        """The scene's tensors of (1, 1, h, w) float32, L in 0..100; a batch stacks them along the first axis."""

    def paint(self, scene: tuple[Tensor, ...], hints: Sequence[Sequence[PaintHint]]) -> Tensor:
        """ab (B, 2, h/2, w/2) float32, CIE Lab units."""


@runtime_checkable
class Reducible(Network, Protocol):
    """A network that computes in its passes, so that low precision can make them faster."""

    def set_precision(self, dtype: torch.dtype) -> None:
        """Weights in the given type, save for what has to stay float32."""


@dataclass(frozen=True, slots=True)
class Proof:
    """How far bfloat16 is from float32 (CIEDE2000 over all pixels of all pictures), and how many times faster."""

    mean: float
    tail: float
    faster: float

    @property
    def holds(self) -> bool:
        """Whether bfloat16 may serve; false for anything that is not a number."""
        return self.mean <= MEAN_MAX and self.tail <= TAIL_MAX and self.faster >= FASTER_MIN

    def sentence(self, name: str) -> str:
        """What the doctor says of it."""
        verdict = "serves" if self.holds else "does not serve, float32 does"
        return (
            f"{name} in bfloat16 {verdict}: CIEDE2000 against float32 {self.mean:.2f} on average (at most {MEAN_MAX}), "
            f"{self.tail:.2f} at the 99.9th percentile (at most {TAIL_MAX}), {self.faster:.2f} times as fast "
            f"(at least {FASTER_MIN})."
        )


def bf16_supported(device: torch.device) -> bool:
    """Whether the device computes in bfloat16 by itself: AMX or AVX512-BF16 on a CPU, Ampere or newer on CUDA."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("amx_bf16") or capabilities.get("avx512_bf16"))


def synthetic_pictures(height: int = 256, width: int = 256) -> list[Lightness]:
    """Lightness, (height, width) float32 in 0..100, where no photograph is given: a sky, disks, a grid."""
    y, x = np.mgrid[0:height, 0:width] / np.array([height, width]).reshape(2, 1, 1)
    sky = np.where(y < 0.45, 90 - 50 * y, 35 + 20 * np.sin(60 * y * y + 4 * np.sin(9 * x)))
    disks = 20.0 + 60 * sum((np.hypot(x - cx, y - cy) < r) * s for cx, cy, r, s in _DISKS)
    grid = 50 + 40 * np.sin(40 * x) * np.sin(25 * (y + x * x)) * y
    return [np.clip(picture, 0, 100).astype(np.float32) for picture in (sky, disks, grid)]


_DISKS = ((0.3, 0.3, 0.2, 0.9), (0.7, 0.4, 0.15, 0.5), (0.5, 0.75, 0.22, 1.2), (0.2, 0.8, 0.1, -0.3))


def spread_hints(count: int) -> tuple[PaintHint, ...]:
    """Hints of many colors, evenly strewn by the golden ratio, for proofs and measurements."""
    return tuple(
        PaintHint((0.5 + i * 0.618034) % 1, (i + 0.5) / count, 45 * np.cos(2.4 * i), 45 * np.sin(2.4 * i), 3 + i % 4)
        for i in range(count)
    )


def timed_paint(
    network: Network, scene: tuple[Tensor, ...], hints: Sequence[Sequence[PaintHint]], clock: Callable[[], float]
) -> tuple[Tensor, float]:
    """What `network.paint` gives, and the seconds it took on its device."""
    began = clock()
    ab = network.paint(scene, hints)
    if ab.device.type == "cuda":
        torch.cuda.synchronize(ab.device)
    return ab, clock() - began


def prove(
    exact: Network,
    low: Network,
    pictures: Sequence[Lightness],
    device: torch.device,
    clock: Callable[[], float],
) -> Proof:
    """Compares a network with its copy in low precision on the pictures, each without and with 16 hints.

    The clock gives seconds. The passes that are timed alternate, so that both meet the same machine.
    """
    told: tuple[tuple[PaintHint, ...], ...] = ((), spread_hints(16))
    differences = []
    seconds: tuple[list[float], list[float]] = ([], [])
    for picture in pictures:
        lightness = torch.from_numpy(picture)[None, None].to(device)
        level = F.avg_pool2d(lightness, 2)[0, 0].cpu().numpy()
        scenes = [network.analyze(lightness) for network in (exact, low)]
        for hints in told:
            labs = []
            for network, scene, spent in zip((exact, low), scenes, seconds, strict=True):
                ab, took = timed_paint(network, scene, [hints], clock)
                spent.append(took)
                labs.append(np.stack([level, *ab[0].cpu().numpy()], axis=-1))
            differences.append(delta_e_2000(*labs).ravel())
    every = np.concatenate(differences)
    return Proof(float(every.mean()), float(np.quantile(every, 0.999)), median(seconds[0]) / median(seconds[1]))
