"""How Compact's hints reach what looks alike: every place of a feature map reads the hints on similar content.

A place q scores a hint k by  query_q . key_k / sqrt(width) - fall x |p_q - p_k|^2, the key read from the map at the
hint, and weighs the hints by softmax against a learned 'no hint' score of its own. Query, key map and 'no hint' depend
on the photograph alone and belong to its scene. Squared distance is itself a scalar product, of (p, |p|^2, 1) with (2
p_k, -1, -|p_k|^2): the whole score becomes one product of lengthened vectors, so that no table of places x hints is
ever written. Everything here is float32 in every precision: positions and ab do not survive bfloat16.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from chromavive.colorizer.planes import HintLists

HEADS = 4
WIDTH = 16  # of a query and a key
VALUE = 16  # learned features that a hint tells, beside its a, b and 1
READ = HEADS * (VALUE + 3)  # channels that a place reads
_LENGTH = WIDTH + 8  # query, x, y, |p|^2, 1, 'no hint', padded to a multiple of 8
_NEVER = -1e4  # the score of padding: exp underflows to 0


def _places(height: int, width: int, like: Tensor) -> Tensor:
    """(height * width, 2) in the type of `like`: x and y of the cells' centers, the longer side being 1."""
    longer = max(height, width)
    y, x = torch.meshgrid(
        torch.arange(height, device=like.device, dtype=like.dtype).add(0.5) / longer,
        torch.arange(width, device=like.device, dtype=like.dtype).add(0.5) / longer,
        indexing="ij",
    )
    return torch.stack([x, y], dim=-1).flatten(0, 1)


class Attend(nn.Module):
    """`analyze(map)` once per photograph, `forward(scene, hints)` per pass."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.query = nn.Conv2d(channels, HEADS * WIDTH, 1)
        self.key = nn.Linear(channels, HEADS * WIDTH)
        self.null = nn.Conv2d(channels, HEADS, 1)
        self.values = nn.Sequential(nn.Linear(4, 64), nn.ReLU(), nn.Linear(64, HEADS * VALUE))
        self.fall = nn.Parameter(torch.zeros(HEADS))  # log of 1 / (2 sigma^2), the longer side being 1

    def analyze(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x (B, C, h, w) -> lengthened queries (B, HEADS, h * w, _LENGTH) and the key map (B, HEADS * WIDTH, h, w)."""
        x = x.to(self.key.weight.dtype)
        batch, _, height, width = x.shape
        place = _places(height, width, x)
        query = (self.query(x) / math.sqrt(WIDTH)).view(batch, HEADS, WIDTH, height * width).transpose(2, 3)
        null = self.null(x).view(batch, HEADS, height * width, 1)
        where = torch.cat([place, place.square().sum(dim=1, keepdim=True), torch.ones_like(place[:, :1])], dim=1)
        where = where.expand(batch, HEADS, -1, -1)
        padding = null.new_zeros(*null.shape[:3], _LENGTH - WIDTH - 5)
        keys = F.conv2d(x, self.key.weight[:, :, None, None], self.key.bias)
        return torch.cat([query, where, null, padding], dim=-1).contiguous(), keys

    def forward(self, queries: Tensor, keys: Tensor, hints: HintLists) -> Tensor:
        """What each place reads: (B, READ, h, w) float32; the first two arguments are what `analyze` gave."""
        height, width = keys.shape[-2:]
        # Of shape (B, HEADS, h * w, _LENGTH).
        read = F.scaled_dot_product_attention(queries, self._keys(keys, hints), self._values(hints), scale=1.0)
        return read[..., : VALUE + 3].transpose(2, 3).reshape(-1, READ, height, width)

    def _keys(self, keys: Tensor, hints: HintLists) -> Tensor:
        """Lengthened keys, 'no hint' last: (B, HEADS, K + 1, _LENGTH)."""
        batch, count, _ = hints.xy.shape
        height, width = keys.shape[-2:]
        grid = (hints.xy * 2 - 1)[:, :, None]
        at = F.grid_sample(keys, grid, mode="bilinear", padding_mode="border", align_corners=False)[..., 0]
        key = at.view(batch, HEADS, WIDTH, count).transpose(2, 3)
        place = hints.xy * hints.xy.new_tensor([width, height]) / max(height, width)
        fall = self.fall.exp().view(1, HEADS, 1, 1)
        never = torch.where(hints.valid, 0.0, _NEVER).to(key.dtype)[:, None, :, None]
        place = place[:, None]  # (B, 1, K, 2)
        far = -fall * place.square().sum(dim=-1, keepdim=True) + never
        rest = key.new_zeros(batch, HEADS, count, _LENGTH - WIDTH - 4)
        one = -fall.expand(batch, HEADS, count, 1)
        told = torch.cat([key, 2 * fall * place, one, far, rest], dim=-1)
        null = key.new_zeros(batch, HEADS, 1, _LENGTH)
        null[..., WIDTH + 4] = 1
        return torch.cat([told, null], dim=2)

    def _values(self, hints: HintLists) -> Tensor:
        """What each hint tells, 0 for 'no hint': (B, HEADS, K + 1, _LENGTH), of which VALUE + 3 are used."""
        batch, count, _ = hints.xy.shape
        chroma = hints.ab.norm(dim=-1, keepdim=True)
        told = self.values(torch.cat([hints.ab, chroma, hints.size[..., None] / 9], dim=-1))
        learned = told.view(batch, count, HEADS, VALUE).transpose(1, 2)
        plain = torch.cat([hints.ab, torch.ones_like(chroma)], dim=-1)[:, None].expand(batch, HEADS, count, 3)
        values = torch.cat([learned, plain, learned.new_zeros(batch, HEADS, count, _LENGTH - VALUE - 3)], dim=-1)
        return F.pad(values, (0, 0, 0, 1))
