"""ECCV16: the automatic network of Zhang et al. 2016, with the tensor names of the published checkpoint.

Structure and conventions: tests/data/reference/README.md, made from richzhang/colorization at commit 4f6009e. It sees
lightness and nothing else, so the whole network belongs to the scene and a pass only hands out what it gave; hints act
by fidelity alone. The published code has no annealing factor between logits and softmax, and neither has this.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from chromavive.color.bins import BIN_COUNT
from chromavive.colorizer.contract import AB_MAX, PaintHint

NAME = "eccv16"


def _block(*channels: int, stride: int = 1, dilation: int = 1) -> nn.Sequential:
    """3x3 convolutions with a ReLU after each, then batch norm; the last convolution has the stride."""
    layers: list[nn.Module] = []
    for index, c_out in enumerate(channels[1:], 1):
        step = stride if index == len(channels) - 1 else 1
        convolution = nn.Conv2d(channels[index - 1], c_out, 3, stride=step, padding=dilation, dilation=dilation)
        layers += [convolution, nn.ReLU(inplace=True)]
    return nn.Sequential(*layers, nn.BatchNorm2d(channels[-1]))


def _head() -> nn.Sequential:
    """From the deepest maps to the logits at stride 4; it has no batch norm."""
    layers: list[nn.Module] = [nn.ConvTranspose2d(512, 256, 4, stride=2, padding=1), nn.ReLU(inplace=True)]
    for _ in range(2):
        layers += [nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers, nn.Conv2d(256, BIN_COUNT, 1))


class Eccv16(nn.Module):
    """The whole network: `forward(L)` -> ab; sides must be multiples of 8."""

    rebalanced = True  # see distributions.Classifier

    def __init__(self) -> None:
        super().__init__()
        self.model1 = _block(1, 64, 64, stride=2)
        self.model2 = _block(64, 128, 128, stride=2)
        self.model3 = _block(128, 256, 256, 256, stride=2)
        self.model4 = _block(256, 512, 512, 512)
        self.model5 = _block(512, 512, 512, 512, dilation=2)
        self.model6 = _block(512, 512, 512, 512, dilation=2)
        self.model7 = _block(512, 512, 512, 512)
        self.model8 = _head()
        self.softmax = nn.Softmax(dim=1)
        self.model_out = nn.Conv2d(BIN_COUNT, 2, 1, bias=False)
        self.upsample4 = nn.Upsample(scale_factor=4, mode="bilinear")

    def logits(self, lightness: Tensor) -> Tensor:
        """(B, 313, H/4, W/4) float32: class logits of lightness (B, 1, H, W), L in 0..100."""
        x = ((lightness - 50) / 100).contiguous(memory_format=torch.channels_last)
        for block in (self.model1, self.model2, self.model3, self.model4, self.model5, self.model6, self.model7):
            x = block(x)
        out: Tensor = self.model8(x)
        return out

    def decode(self, distribution: Tensor) -> Tensor:
        """ab (B, 2, H, W) float32, CIE Lab units, from the distribution (B, 313, H/4, W/4)."""
        out: Tensor = self.upsample4(self.model_out(distribution))
        return out * AB_MAX

    def forward(self, lightness: Tensor) -> Tensor:
        """ab (B, 2, H, W) float32, CIE Lab units, of lightness (B, 1, H, W), L in 0..100."""
        return self.decode(self.softmax(self.logits(lightness)))

    def analyze(self, lightness: Tensor) -> tuple[Tensor, ...]:
        """The scene: ab (B, 2, H/2, W/2) in Lab units, the full-size output in means of 2x2; and the distribution.

        The distribution, (B, 313, H/4, W/4) float32, sums to 1 over the classes of `color.bins.ab_bins`.
        """
        distribution = self.softmax(self.logits(lightness)).contiguous()
        return F.avg_pool2d(self.decode(distribution), 2), distribution

    def paint(self, scene: tuple[Tensor, ...], hints: Sequence[Sequence[PaintHint]]) -> Tensor:
        """ab (B, 2, H/2, W/2) float32, CIE Lab units, whatever the hints say."""
        return scene[0].clone()  # the caller's own: what obeys the hints later must not write into the scene

    def painted(self, scene: tuple[Tensor, ...], hints: Sequence[Sequence[PaintHint]]) -> tuple[Tensor, Tensor]:
        """What `paint` gives, and the distribution of the scene."""
        return self.paint(scene, hints), scene[1]

    def class_features(self, scene: tuple[Tensor, ...], hints: Sequence[Sequence[PaintHint]]) -> Tensor:
        """The distribution itself, (B, 313, H/4, W/4), whatever the hints say."""
        return scene[1]

    def class_logits(self, features: Tensor) -> Tensor:
        """(B, 313, h, w) float32: logarithms, which are logits but for one term a place."""
        return features.clamp(min=1e-30).log()
