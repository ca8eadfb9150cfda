"""The encoder of Compact: EfficientNet-Lite0 (Tan et al.), its batch norms folded into the convolutions."""

import torch.nn.functional as F
from torch import Tensor, nn

# (kernel, stride, expansion, in, out) of EfficientNet-Lite0, one row a block.
BLOCKS = (
    (3, 1, 1, 32, 16),
    (3, 2, 6, 16, 24), (3, 1, 6, 24, 24),
    (5, 2, 6, 24, 40), (5, 1, 6, 40, 40),
    (3, 2, 6, 40, 80), (3, 1, 6, 80, 80), (3, 1, 6, 80, 80),
    (5, 1, 6, 80, 112), (5, 1, 6, 112, 112), (5, 1, 6, 112, 112),
    (5, 2, 6, 112, 192), (5, 1, 6, 192, 192), (5, 1, 6, 192, 192), (5, 1, 6, 192, 192),
    (3, 1, 6, 192, 320),
)  # fmt: skip
TAPS = {0: 2, 2: 4, 4: 8, 10: 16, 15: 32}  # block -> stride of the feature map after it


def _halving_pad(x: Tensor, kernel: int, early: bool) -> Tensor:
    """Pads even sides for a convolution of stride 2; the odd pixel goes before (early) or after.

    The published weights were trained with it always after, which moves every map half a cell down and right.
    Alternating the side keeps all maps within a fifth of a cell of their places.
    """
    less, more = (kernel - 2) // 2, (kernel - 1) // 2
    return F.pad(x, ((more, less) if early else (less, more)) * 2)


class Block(nn.Module):
    """Inverted residual block: expand, depthwise, project."""

    def __init__(self, kernel: int, stride: int, expansion: int, c_in: int, c_out: int, early: bool) -> None:
        super().__init__()
        mid = c_in * expansion
        self.kernel, self.stride, self.early = kernel, stride, early
        self.expand = nn.Conv2d(c_in, mid, 1) if expansion != 1 else None
        self.depthwise = nn.Conv2d(mid, mid, kernel, stride, kernel // 2 if stride == 1 else 0, groups=mid)
        self.project = nn.Conv2d(mid, c_out, 1)
        self.skip = stride == 1 and c_in == c_out

    def forward(self, x: Tensor) -> Tensor:
        """(B, c_in, h, w) -> (B, c_out, h / stride, w / stride)."""
        y = x if self.expand is None else F.relu6(self.expand(x), inplace=True)
        if self.stride == 2:
            y = _halving_pad(y, self.kernel, self.early)
        out: Tensor = self.project(F.relu6(self.depthwise(y), inplace=True))
        return x + out if self.skip else out


class Encoder(nn.Module):
    """`forward(x)` -> feature maps by stride: 2 (16 channels), 4 (24), 8 (40), 16 (112), 32 (320)."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(1, 32, 3, 2)
        halvings = 1  # the stem's
        blocks = []
        for kernel, stride, expansion, c_in, c_out in BLOCKS:
            blocks.append(Block(kernel, stride, expansion, c_in, c_out, early=halvings % 2 == 1))
            halvings += stride == 2
        self.blocks = nn.ModuleList(blocks)

    def forward(self, x: Tensor) -> dict[int, Tensor]:
        """x (B, 1, H, W): L / 50 - 1; sides multiples of 32."""
        x = F.relu6(self.stem(_halving_pad(x, 3, early=False)), inplace=True)
        taps = {}
        for index, block in enumerate(self.blocks):
            x = block(x)
            if index in TAPS:
                taps[TAPS[index]] = x
        return taps
