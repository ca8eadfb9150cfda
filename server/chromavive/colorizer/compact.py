"""Compact: our own bundled network, built around the split of a scene and its passes.

`analyze` computes, once per photograph, everything that depends on its lightness alone; `paint` runs for every pass.
Hints enter twice: as squares on a raster of stride 2 (pooled to 4, 8 and 16), and through attention (attend.py). The
served form differs from the trained one in arithmetic only: batch norms are folded into the convolutions, and a 1x1
convolution over stacked maps is taken apart (`Joint`), so that the scene's share is computed once and the coarser map's
share before it is enlarged. `folded` turns the checkpoint's tensors into those of this module.
"""

from collections.abc import Iterable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from chromavive.colorizer.attend import READ, Attend
from chromavive.colorizer.contract import AB_MAX, PaintHint
from chromavive.colorizer.encoder import BLOCKS, Encoder
from chromavive.colorizer.planes import HintLists, pack, raster
from chromavive.errors import WeightsError

NAME = "compact"
CLASSES = 313  # ECCV16's ab bins, in the order of its published table
_ENCODER_EPSILON = 1e-3  # of the encoder's batch norms; the others have torch's 1e-5
_EPSILON = 1e-5


def _conv3(channels: int) -> nn.Conv2d:
    return nn.Conv2d(channels, channels, 3, padding=1)


def _up(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)


def _relu(x: Tensor) -> Tensor:
    return F.relu(x, inplace=True)


class Joint(nn.Module):
    """ReLU of a 1x1 convolution over stacked maps, by its shares: scene's, coarser painted map's, hints'."""

    def __init__(self, scene: int, coarse: int, hints: int, out: int) -> None:
        super().__init__()
        self.scene = nn.Conv2d(scene, out, 1)
        self.coarse = nn.Conv2d(coarse, out, 1, bias=False) if coarse else None
        self.hints = nn.Conv2d(hints, out, 1, bias=False)

    def forward(self, scene_share: Tensor, hints: Tensor, coarse: Tensor | None = None) -> Tensor:
        """scene_share is `self.scene` of the scene's map; hints and coarse are maps, coarse of half the size."""
        x = scene_share + self.hints(hints.to(scene_share.dtype, memory_format=torch.channels_last))
        if self.coarse is not None and coarse is not None:
            x = x + _up(self.coarse(coarse))
        return _relu(x)


class Compact(nn.Module):
    """The whole network; sides must be multiples of 32. `bins` (313, 2): centers of the ab classes, Lab units."""

    bins: Tensor

    rebalanced = False  # see distributions.Classifier

    def __init__(self, *, newest_wins: bool = True) -> None:
        super().__init__()
        self.newest_wins = newest_wins
        self.register_buffer("bins", torch.zeros(CLASSES, 2))
        self.encoder = Encoder()
        self.top = nn.Conv2d(320, 128, 1)
        self.side16, self.mix16 = nn.Conv2d(112, 128, 1), _conv3(128)
        self.down8, self.side8, self.mix8 = nn.Conv2d(128, 96, 1), nn.Conv2d(40, 96, 1), _conv3(96)
        self.down4, self.side4, self.mix4 = nn.Conv2d(96, 64, 1), nn.Conv2d(24, 64, 1), _conv3(64)
        self.side2 = nn.Conv2d(16, 24, 1)
        self.attend16, self.attend8 = Attend(128), Attend(96)
        self.in16, self.paint16 = Joint(128, 0, READ + 3, 128), _conv3(128)
        self.in8, self.paint8 = Joint(96, 128, READ + 3, 96), nn.ModuleList([_conv3(96), _conv3(96)])
        self.in4, self.paint4 = Joint(64, 96, 3, 64), nn.ModuleList([_conv3(64), _conv3(64)])
        self.in2, self.paint2 = Joint(24, 64, 3, 32), _conv3(32)
        self.ab = nn.Conv2d(32, 2, 1)
        self.classes = nn.Conv2d(64, CLASSES, 1)  # logits at stride 4

    def set_precision(self, dtype: torch.dtype) -> None:
        """Convolutions in the given type, save for the last ones; attention, positions and ab stay float32."""
        self.to(dtype)
        for kept in (self.attend16, self.attend8, self.ab, self.classes):
            kept.float()
        self.bins = self.bins.float()

    def analyze(self, lightness: Tensor) -> tuple[Tensor, ...]:
        """The scene: shares of the joints at strides 16, 8, 4, 2, then queries and keys at 16 and at 8.

        lightness (B, 1, H, W) float32, L in 0..100.
        """
        taps = self.encoder((lightness / 50 - 1).to(self.top.weight.dtype, memory_format=torch.channels_last))
        f16 = _relu(self.mix16(_up(_relu(self.top(taps[32]))) + self.side16(taps[16])))
        f8 = _relu(self.mix8(_up(self.down8(f16)) + self.side8(taps[8])))
        f4 = _relu(self.mix4(_up(self.down4(f8)) + self.side4(taps[4])))
        f2 = _relu(self.side2(taps[2]))
        shares = (self.in16.scene(f16), self.in8.scene(f8), self.in4.scene(f4), self.in2.scene(f2))
        return *shares, *self.attend16.analyze(f16), *self.attend8.analyze(f8)

    def features(self, scene: tuple[Tensor, ...], hints: HintLists) -> tuple[Tensor, Tensor]:
        """Painted maps of stride 2 (B, 32, H/2, W/2) and 4 (B, 64, H/4, W/4)."""
        share2 = scene[3]
        r2, r4, r8, r16 = _pyramid(hints, *share2.shape[-2:], newest_wins=self.newest_wins)
        x = self._coarse(scene, hints, r4, r8, r16)
        y = self.in2(share2, _mean(r2), x)
        return _relu(self.paint2(y)) + y, x

    def _coarse(self, scene: tuple[Tensor, ...], hints: HintLists, r4: Tensor, r8: Tensor, r16: Tensor) -> Tensor:
        """The painted map of stride 4; the rasters of strides 4, 8 and 16 are those of `_pyramid`."""
        share16, share8, share4, _, queries16, keys16, queries8, keys8 = scene
        x = self.in16(share16, torch.cat([self.attend16(queries16, keys16, hints), _mean(r16)], dim=1))
        x = _relu(self.paint16(x)) + x
        x = self.in8(share8, torch.cat([self.attend8(queries8, keys8, hints), _mean(r8)], dim=1), x)
        x = self._twice(self.paint8, x)
        x = self.in4(share4, _mean(r4), x)
        return self._twice(self.paint4, x)

    def paint(self, scene: tuple[Tensor, ...], hints: Sequence[Sequence[PaintHint]]) -> Tensor:
        """ab (B, 2, H/2, W/2) float32, CIE Lab units, within ±110."""
        return self.paint_lists(scene, pack(hints, scene[0].device))

    def paint_lists(self, scene: tuple[Tensor, ...], hints: HintLists) -> Tensor:
        """As `paint`, of hints that are tensors already."""
        return self._ab(self.features(scene, hints)[0])

    def painted(self, scene: tuple[Tensor, ...], hints: Sequence[Sequence[PaintHint]]) -> tuple[Tensor, Tensor]:
        """What `paint` gives, and what the class head reads of the same pass: (B, 64, H/4, W/4)."""
        fine, coarse = self.features(scene, pack(hints, scene[0].device))
        return self._ab(fine), coarse

    def class_features(self, scene: tuple[Tensor, ...], hints: Sequence[Sequence[PaintHint]]) -> Tensor:
        """What the class head reads, without the maps of stride 2: three quarters of a pass."""
        lists = pack(hints, scene[0].device)
        rasters = _pyramid(lists, *scene[3].shape[-2:], newest_wins=self.newest_wins)
        return self._coarse(scene, lists, *rasters[1:])

    def class_logits(self, features: Tensor) -> Tensor:
        """(B, 313, h, w) float32: logits of the classes of `bins`."""
        out: Tensor = self.classes(features.to(self.classes.weight.dtype))
        return out.float()

    def _ab(self, fine: Tensor) -> Tensor:
        out: Tensor = self.ab(fine.to(self.ab.weight.dtype))
        return (out * AB_MAX).clamp(-AB_MAX, AB_MAX)

    @staticmethod
    def _twice(convolutions: Iterable[nn.Module], x: Tensor) -> Tensor:
        y = x
        for convolution in convolutions:
            y = _relu(convolution(y))
        return y + x


def _pyramid(hints: HintLists, height: int, width: int, *, newest_wins: bool) -> list[Tensor]:
    """The raster of stride 2, of so many cells, and its means at strides 4, 8 and 16."""
    rasters = [raster(hints, height, width, newest_wins=newest_wins)]
    for _ in range(3):
        rasters.append(F.avg_pool2d(rasters[-1], 2))
    return rasters


def _mean(cells: Tensor) -> Tensor:
    """Sums of a, b and counts -> mean a, mean b, and 1 where there is a hint."""
    count = cells[:, 2:]
    return torch.cat([cells[:, :2] / count.clamp(min=1e-6), (count > 0).to(cells.dtype)], dim=1)


# Of each joint: its name and the widths of the maps that the trained convolution had stacked, in its order.
_STACKED = {
    "in16": {"scene": 128, "hints": READ + 3},
    "in8": {"scene": 96, "coarse": 128, "hints": READ + 3},
    "in4": {"scene": 64, "coarse": 96, "hints": 3},
    "in2": {"coarse": 64, "scene": 24, "hints": 3},
}
_NORMED = ("top", "mix16", "mix8", "mix4", "side2", "in16", "in8", "in4", "in2", "paint16", "paint8.0", "paint8.1",
           "paint4.0", "paint4.1", "paint2")  # fmt: skip


def folded(checkpoint: dict[str, Tensor]) -> dict[str, Tensor]:
    """The tensors of this module from those of the checkpoint: batch norms folded, joints taken apart; float32.

    Every tensor of the checkpoint is used or, as the counters of batch norm, known to be idle; what is left over goes
    through unchanged, so that the check of names against the module catches it. Raises WeightsError for a missing one.
    """
    left = {name: tensor for name, tensor in checkpoint.items() if not name.endswith(".num_batches_tracked")}
    own: dict[str, Tensor] = {}
    for conv, norm, epsilon, name in _norms():
        own[f"{name}.weight"], own[f"{name}.bias"] = _fold(left, conv, norm, epsilon)
    for joint, widths in _STACKED.items():
        weight, bias = own.pop(f"{joint}.weight"), own.pop(f"{joint}.bias")
        if weight.shape[1] != sum(widths.values()):
            raise WeightsError(f"{joint}.0.weight has {weight.shape[1]} input channels, not {sum(widths.values())}")
        for share, part in zip(widths, torch.split(weight, list(widths.values()), dim=1), strict=True):
            own[f"{joint}.{share}.weight"] = part.contiguous()
        own[f"{joint}.scene.bias"] = bias
    return own | left


def _norms() -> list[tuple[str, str, float, str]]:
    """(convolution, its batch norm, epsilon, name of the folded convolution) for each pair of the checkpoint."""
    pairs = [(f"{name}.0", f"{name}.1", _EPSILON, name) for name in _NORMED]
    pairs.append(("encoder.stem", "encoder.bn", _ENCODER_EPSILON, "encoder.stem"))
    for index, (_, _, expansion, _, _) in enumerate(BLOCKS):
        layers = [("expand", "bn0")] * (expansion != 1) + [("depthwise", "bn1"), ("project", "bn2")]
        block = f"encoder.blocks.{index}"
        pairs += [(f"{block}.{conv}", f"{block}.{norm}", _ENCODER_EPSILON, f"{block}.{conv}") for conv, norm in layers]
    return pairs


def _fold(left: dict[str, Tensor], conv: str, norm: str, epsilon: float) -> tuple[Tensor, Tensor]:
    """Weight and bias of the convolution followed by its batch norm, in float64 on the way; takes them from `left`."""
    names = [f"{conv}.weight", *(f"{norm}.{leaf}" for leaf in ("weight", "bias", "running_mean", "running_var"))]
    missing = [name for name in names if name not in left]
    if missing:
        raise WeightsError(f"the checkpoint lacks {', '.join(missing)}")
    weight, scale, shift, mean, variance = (left.pop(name).double() for name in names)
    factor = scale / (variance + epsilon).sqrt()
    return (weight * factor[:, None, None, None]).float(), (shift - mean * factor).float()
