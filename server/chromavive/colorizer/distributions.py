"""Distributions over the 313 ab bins: at points for palettes, and what a vivid picture leans to.

A scene keeps what its newest pass gave to the class head, with the hints of that pass, so that a point that is selected
while no pass is due costs one column of the head. A point asks the cell of stride 4 that holds it: a mean over
neighbors would mix the colors of what lies on both sides of an edge, and no one color of a palette would stand for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from chromavive.color.bins import BIN_COUNT, ab_bins
from chromavive.color.rarity import rebalancing
from chromavive.colorizer.contract import PaintHint, no_distributions
from chromavive.colorizer.fidelity import cells_of
from chromavive.colorizer.precision import Network
from chromavive.colorizer.vividness import TEMPERATURE

Hints = tuple[PaintHint, ...]


class Classifier(Network, Protocol):
    """A network that also says how probable each ab bin is; its class features are what its class head reads.

    rebalanced: it was trained to say so as if rare colors were common.
    """

    rebalanced: bool

    def painted(self, scene: tuple[Tensor, ...], hints: Sequence[Sequence[PaintHint]]) -> tuple[Tensor, Tensor]:
        """What `paint` gives, and the class features (B, C, h/4, w/4) of the same pass."""

    def class_features(self, scene: tuple[Tensor, ...], hints: Sequence[Sequence[PaintHint]]) -> Tensor:
        """The class features alone, without painting where that can be spared."""

    def class_logits(self, features: Tensor) -> Tensor:
        """(B, 313, h, w) float32 of class features (B, C, h, w): logits of the classes of `color.bins.ab_bins`."""


@dataclass(slots=True, eq=False)
class ClassScene:
    """What a scene's distributions come from: a network, its tensors of the photograph, the newest class features."""

    source: Classifier
    tensors: tuple[Tensor, ...]
    hints: Hints | None = None  # of the features; None while there are none
    features: Tensor | None = None  # (1, C, h/4, w/4)

    def keep(self, hints: Hints, features: Tensor) -> None:
        """These are the newest."""
        self.hints, self.features = hints, features

    def kept(self, hints: Hints) -> Tensor | None:
        """The features, if they are those of equal hints."""
        return self.features if self.hints == hints else None


def stacked(scenes: Sequence[tuple[Tensor, ...]]) -> tuple[Tensor, ...]:
    """Scenes of one network and size as one batch."""
    return scenes[0] if len(scenes) == 1 else tuple(torch.cat(parts) for parts in zip(*scenes, strict=True))


def keep_each(scenes: Sequence[ClassScene], hints: Sequence[Hints], features: Tensor) -> None:
    """Each scene keeps its own part of a batch's class features, which must not hold the whole batch in memory."""
    for index, (scene, told) in enumerate(zip(scenes, hints, strict=True)):
        scene.keep(told, features[index : index + 1].clone() if len(scenes) > 1 else features)


def features_of(scenes: Sequence[ClassScene], hints: Sequence[Hints]) -> list[Tensor]:
    """The class features of scenes of one source and size, (1, C, h/4, w/4) each; those not kept are computed now."""
    found = [scene.kept(told) for scene, told in zip(scenes, hints, strict=True)]
    missing = [index for index, features in enumerate(found) if features is None]
    if missing:
        absent, told = [scenes[index] for index in missing], [hints[index] for index in missing]
        features = absent[0].source.class_features(stacked([scene.tensors for scene in absent]), told)
        keep_each(absent, told, features)
        for place, index in enumerate(missing):
            found[index] = features[place : place + 1]
    return [features for features in found if features is not None]


def at_points(source: Classifier, features: Tensor, points: Sequence[tuple[float, float]]) -> NDArray[np.float32]:
    """(n, 313) float32, each row summing to 1, of class features (1, C, h, w) at the points (x, y as fractions)."""
    if not points:
        return no_distributions()
    cells = torch.from_numpy(cells_of(np.array(points, np.float64), *features.shape[2:])).to(features.device)
    columns = features.flatten(2)[:, :, cells, None]
    rows: NDArray[np.float32] = source.class_logits(columns)[0, :, :, 0].softmax(dim=0).T.cpu().numpy()
    return rows


def leaning(source: Classifier, features: Tensor) -> NDArray[np.float32]:
    """(B, 2, h/2, w/2) float32: annealed less plain mean of the distributions, CIE Lab units, of (B, C, h/4, w/4).

    What is annealed is the distribution with rare colors given their due: the likeliest color alone is mostly gray.
    """
    logits = source.class_logits(features).permute(0, 2, 3, 1)
    due = logits if source.rebalanced else logits + _due(logits.device)
    weighed = [_exponentials(rows) @ _colors_and_one(rows.device) for rows in (due / TEMPERATURE, logits)]
    annealed, plain = (each[..., :2] / each[..., 2:] for each in weighed)
    apart = (annealed - plain).permute(0, 3, 1, 2)
    enlarged = F.interpolate(apart, scale_factor=2, mode="bilinear", align_corners=False)
    found: NDArray[np.float32] = enlarged.cpu().numpy()
    return found


def _exponentials(rows: Tensor) -> Tensor:
    return (rows - rows.amax(dim=3, keepdim=True)).exp_()


@cache
def _due(device: torch.device) -> Tensor:
    """(313,) float32: what gives rare colors their due, to be added to the logits of a network not trained to."""
    return torch.from_numpy(np.log(rebalancing())).to(device)


@cache
def _colors_and_one(device: torch.device) -> Tensor:
    """(313, 3) float32: a and b of each bin in CIE Lab units, and 1.

    One product with it gives the sums of a, of b and of the weights: a softmax would go through the rows twice more.
    """
    return torch.from_numpy(np.column_stack([ab_bins(), np.ones(BIN_COUNT)]).astype(np.float32)).to(device)
