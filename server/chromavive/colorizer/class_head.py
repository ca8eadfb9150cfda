"""Whether SIGGRAPH17's class head tells what its picture shows, and in which order its classes are.

The published forward never calls the head, and two tables of its classes are about, one the transpose of the other
(tests/data/reference/README.md, sections Class head caution and Quirks). So the head proves itself when the weights
load: on pictures with hints of many hues the mean of its distribution must follow the regression. Hints it needs,
because colors of skies and soil lie near the line a = -b or a = b, where transposing changes little.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from chromavive.color.bins import ab_bins
from chromavive.colorizer.precision import Lightness, spread_hints
from chromavive.colorizer.siggraph17 import Siggraph17, grid_classes

FOLLOWS_MIN = 0.7  # correlation of a and b together; made-up heads had up to 0.3, one in no order at all 0.67
_HINTS = 16
_PICTURES_MAX = 2
_HALVED_PX = 256  # pictures with a side from here on are halved: a quarter of the time, and as telling


@dataclass(frozen=True, slots=True)
class HeadProof:
    """The correlations with the regression, the classes read with a slow (as trained) and with b slow (transposed)."""

    a_slow: float
    b_slow: float

    @property
    def holds(self) -> bool:
        """Whether one of the two follows; false for anything that is not a number."""
        return max(self.a_slow, self.b_slow) >= FOLLOWS_MIN

    @property
    def transposed(self) -> bool:
        """Which of the two it is."""
        return self.b_slow > self.a_slow

    def sentence(self, name: str, instead: str) -> str:
        """What the console and the doctor say where neither follows."""
        return (
            f"The class head of {name} does not follow its picture (correlation {self.a_slow:.2f}, transposed "
            f"{self.b_slow:.2f}; at least {FOLLOWS_MIN} is needed), so its palettes and vividness take the "
            f"distributions of {instead}."
        )


def prove_head(network: Siggraph17, pictures: Sequence[Lightness], device: torch.device) -> HeadProof:
    """Compares the means of the head's distributions with the regression on two pictures, with 16 hints each.

    At half the working size that is half a pass, so that the start of a server stays as quick as it was.
    """
    told = [spread_hints(_HINTS)]
    regressed: list[Tensor] = []
    read: tuple[list[Tensor], list[Tensor]] = ([], [])
    bins = torch.from_numpy(ab_bins()).to(device, torch.float32)
    for picture in pictures[:_PICTURES_MAX]:
        lightness = torch.from_numpy(picture)[None, None].to(device)
        if min(picture.shape) >= _HALVED_PX:
            lightness = F.avg_pool2d(lightness, 2)
        ab, features = network.painted((lightness,), told)
        regressed.append(F.avg_pool2d(ab, 2).flatten(2)[0])
        logits = network.logits(features).flatten(2)[0]
        for means, transposed in zip(read, (False, True), strict=True):
            chosen = logits[grid_classes(transposed=transposed).to(device)]
            means.append(bins.T @ chosen.softmax(dim=0))
    whole = torch.cat(regressed, dim=1)
    return HeadProof(*(_correlation(torch.cat(means, dim=1), whole) for means in read))


def _correlation(first: Tensor, second: Tensor) -> float:
    """Of a and b together, each around its own mean: (2, n), (2, n) -> -1..1."""
    first, second = (each - each.mean(dim=1, keepdim=True) for each in (first.double(), second.double()))
    return float((first * second).sum() / (first.norm() * second.norm()))
