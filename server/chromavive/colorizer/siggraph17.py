"""SIGGRAPH17: the user-guided network of Zhang et al. 2017, with the tensor names of the published checkpoint.

Structure and conventions: tests/data/reference/README.md, made from richzhang/colorization at commit 4f6009e. The
decoder runs once here; the published forward runs it twice with the same inputs. Each block ends in batch norm *after*
its last ReLU, so that what the skips and the next block get can be negative; it is not folded into the next
convolution, since the zero padding there would no longer stand for zeros.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from chromavive.color.bins import ab_bins
from chromavive.colorizer.contract import AB_MAX, PaintHint
from chromavive.colorizer.planes import paint_planes

NAME = "siggraph17"
GRID_SIDE = 23  # ab bins along each axis, -110 to 110 in steps of 10
CLASSES = GRID_SIDE * GRID_SIDE  # as trained a is slow and b fast


def grid_classes(*, transposed: bool = False) -> Tensor:
    """(313,) int64: the class of each of ECCV16's bins; transposed: of a head whose b is slow and a fast.

    The other 216 classes are colors that no screen shows; the head was trained to leave them near probability 0.
    """
    a, b = (ab_bins().astype(np.int64).T + 110) // 10
    slow, fast = (b, a) if transposed else (a, b)
    return torch.from_numpy(GRID_SIDE * slow + fast)


def _block(*channels: int, dilation: int = 1, relu_first: bool = False, norm: bool = True) -> nn.Sequential:
    """3x3 convolutions with a ReLU after each, then batch norm; the indices are the published ones."""
    layers: list[nn.Module] = [nn.ReLU(inplace=True)] if relu_first else []
    for c_in, c_out in pairwise(channels):
        layers += [nn.Conv2d(c_in, c_out, 3, padding=dilation, dilation=dilation), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers, *([nn.BatchNorm2d(channels[-1])] if norm else []))


def _up(c_in: int, c_out: int) -> nn.Sequential:
    return nn.Sequential(nn.ConvTranspose2d(c_in, c_out, 4, stride=2, padding=1))


def _short(c_in: int, c_out: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(c_in, c_out, 3, padding=1))


def _every_second(x: Tensor) -> Tensor:
    return x[..., ::2, ::2]


class Siggraph17(nn.Module):
    """The whole network: `forward(L, ab, mask)` -> ab; sides must be multiples of 8.

    bin_classes (313,): which class of the head each of ECCV16's bins is; `class_head.py` finds out.
    """

    bin_classes: Tensor

    rebalanced = False  # see distributions.Classifier

    def __init__(self) -> None:
        super().__init__()
        # MKL picks the kernel of a function in its first call; where two threads make that call at once, one may
        # compute with a coarse kernel, 3e-3 ab units off: https://github.com/pytorch/pytorch/issues/188792. One element
        # is one thread. To be removed once the pinned torch carries the repair.
        torch.tanh(torch.zeros(1))
        self.dtype = torch.float32
        self.register_buffer("bin_classes", grid_classes(), persistent=False)
        self.model1 = _block(4, 64, 64)
        self.model2 = _block(64, 128, 128)
        self.model3 = _block(128, 256, 256, 256)
        self.model4 = _block(256, 512, 512, 512)
        self.model5 = _block(512, 512, 512, 512, dilation=2)
        self.model6 = _block(512, 512, 512, 512, dilation=2)
        self.model7 = _block(512, 512, 512, 512)
        self.model8up = _up(512, 256)
        self.model8 = _block(256, 256, 256, relu_first=True)
        self.model9up = _up(256, 128)
        self.model9 = _block(128, 128, relu_first=True)
        self.model10up = _up(128, 128)
        self.model10 = nn.Sequential(nn.ReLU(inplace=True), nn.Conv2d(128, 128, 3, padding=1), nn.LeakyReLU(0.2, True))
        self.model3short8 = _short(256, 256)
        self.model2short9 = _short(128, 128)
        self.model1short10 = _short(64, 128)
        self.model_class = nn.Sequential(nn.Conv2d(256, CLASSES, 1))
        self.model_out = nn.Sequential(nn.Conv2d(128, 2, 1), nn.Tanh())

    def set_precision(self, dtype: torch.dtype) -> None:
        """Weights in the given type, save for the last convolutions, which stay float32 as tanh and softmax do."""
        self.dtype = dtype
        self.to(dtype)
        self.model_out.float()
        self.model_class.float()

    def trunk(self, lightness: Tensor, ab: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """What the decoder and the class head start from: the outputs of model8 (stride 4), model2 and model1.

        lightness (B, 1, H, W), L in 0..100; ab (B, 2, H, W), CIE Lab units, 0 off the hints; mask (B, 1, H, W), 0 or 1.
        """
        told = torch.cat([(lightness - 50) / 100, ab / AB_MAX, mask], dim=1)
        conv1 = self.model1(told.to(self.dtype, memory_format=torch.channels_last))
        conv2 = self.model2(_every_second(conv1))
        conv3 = self.model3(_every_second(conv2))
        deep = self.model7(self.model6(self.model5(self.model4(_every_second(conv3)))))
        conv8 = self.model8(self.model8up(deep) + self.model3short8(conv3))
        return conv8, conv2, conv1

    def decode(self, conv8: Tensor, conv2: Tensor, conv1: Tensor) -> Tensor:
        """ab (B, 2, H, W) float32, CIE Lab units, from what `trunk` gave."""
        conv9 = self.model9(self.model9up(conv8) + self.model2short9(conv2))
        conv10 = self.model10(self.model10up(conv9) + self.model1short10(conv1))
        out: Tensor = self.model_out(conv10.float())
        return out * AB_MAX

    def logits(self, conv8: Tensor) -> Tensor:
        """(B, 529, H/4, W/4) float32: raw class logits, before any scale or softmax."""
        out: Tensor = self.model_class(conv8.float())
        return out

    def forward(self, lightness: Tensor, ab: Tensor, mask: Tensor) -> Tensor:
        """ab (B, 2, H, W) float32, CIE Lab units; the arguments are those of `trunk`."""
        return self.decode(*self.trunk(lightness, ab, mask))

    def analyze(self, lightness: Tensor) -> tuple[Tensor, ...]:
        """The scene is the lightness itself: hints enter at the first layer. lightness (1, 1, H, W), L in 0..100."""
        return (lightness,)

    def paint(self, scene: tuple[Tensor, ...], hints: Sequence[Sequence[PaintHint]]) -> Tensor:
        """ab (B, 2, H/2, W/2) float32, CIE Lab units: the full-size output in means of 2x2."""
        return F.avg_pool2d(self.paint_whole(scene, hints), 2)

    def paint_whole(self, scene: tuple[Tensor, ...], hints: Sequence[Sequence[PaintHint]]) -> Tensor:
        """ab (B, 2, H, W) float32, CIE Lab units: the full-size output, as published."""
        return self.decode(*self.trunk(*_told(scene, hints)))

    def painted(self, scene: tuple[Tensor, ...], hints: Sequence[Sequence[PaintHint]]) -> tuple[Tensor, Tensor]:
        """What `paint` gives, and what the class head reads of the same pass: (B, 256, H/4, W/4)."""
        maps = self.trunk(*_told(scene, hints))
        return F.avg_pool2d(self.decode(*maps), 2), maps[0]

    def class_features(self, scene: tuple[Tensor, ...], hints: Sequence[Sequence[PaintHint]]) -> Tensor:
        """What the class head reads, without the decoder."""
        return self.trunk(*_told(scene, hints))[0]

    def class_logits(self, features: Tensor) -> Tensor:
        """(B, 313, h, w) float32: the head's logits of ECCV16's bins, at the scale it was trained at.

        A softmax over them is the head's own distribution given that the color can be shown. The published window
        multiplies by 0.2 first, which flattens the distribution for the sake of more different suggestions; our
        palettes are told apart by their distance instead.
        """
        return self.logits(features)[:, self.bin_classes]


def _told(scene: tuple[Tensor, ...], hints: Sequence[Sequence[PaintHint]]) -> tuple[Tensor, Tensor, Tensor]:
    """The three arguments of `trunk`, hints painted as planes."""
    (lightness,) = scene
    height, width = lightness.shape[-2:]
    planes = torch.stack([torch.from_numpy(paint_planes(row, height, width)) for row in hints]).to(lightness.device)
    return lightness, planes[:, :2], planes[:, 2:]
