"""Hints as tensors: SIGGRAPH17's planes, the lists that Compact attends to, and Compact's raster.

Where a square lies. A hint of side s at the point p (in pixels or cells, p = fraction x count) covers along each axis
the pixels whose centers c = i + 0.5 lie in (p - s/2, p + s/2]. For whole s these are exactly s pixels; over all places
of p their middle is p on average, so that nothing is shifted by half a pixel; and a square of side 1 is the pixel that
holds the point. The training patches of the papers, whose points lie in the middle of s whole pixels, come out exactly.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from chromavive.colorizer.contract import AB_MAX, PaintHint

# Lists are padded to these lengths, so that rooms can share a batch and a device sees few shapes. 512 is the most that
# a room may have.
BUCKETS = (1, 8, 32, 128, 512)

_REACH_CELLS = range(-2, 3)  # a square of side 9 covers at most 5 cells of 2 working pixels


@dataclass(frozen=True, slots=True, eq=False)
class HintLists:
    """Lists of hints, oldest first, padded to one length K.

    xy (B, K, 2) float32 fractions (x right, y down); ab (B, K, 2) float32, CIE Lab units / 110; size (B, K) float32,
    working pixels; valid (B, K) bool, false for the padding.
    """

    xy: Tensor
    ab: Tensor
    size: Tensor
    valid: Tensor


def bucket(count: int) -> int:
    """The length that a list of so many hints is padded to; longer ones keep their length."""
    return next((length for length in BUCKETS if count <= length), count)


def pack(lists: Sequence[Sequence[PaintHint]], device: torch.device) -> HintLists:
    """The lists as tensors on the device, padded to the bucket of the longest."""
    length = bucket(max(map(len, lists)))
    values = np.zeros((len(lists), length, 5), np.float32)
    values[..., :2] = 0.5
    valid = np.zeros((len(lists), length), np.bool_)
    for row, hints in enumerate(lists):
        if hints:
            values[row, : len(hints)] = [(h.x, h.y, h.a / AB_MAX, h.b / AB_MAX, h.size) for h in hints]
            valid[row, : len(hints)] = True
    on_device = torch.from_numpy(values).to(device)
    return HintLists(on_device[..., :2], on_device[..., 2:4], on_device[..., 4], torch.from_numpy(valid).to(device))


def covered(point: float, side: float, count: int) -> slice:
    """The pixels along one axis that a square covers (see above): at least the one that holds the point."""
    own = min(max(math.floor(point), 0), count - 1)
    first = math.floor(point - side / 2 + 0.5)
    stop = math.floor(point + side / 2 + 0.5)
    return slice(max(min(first, own), 0), min(max(stop, own + 1), count))


def paint_planes(hints: Sequence[PaintHint], height: int, width: int) -> NDArray[np.float32]:
    """SIGGRAPH17's hint planes: (3, height, width) float32: a and b in CIE Lab units, and the mask, 0 or 1.

    Filled squares, later over earlier; without hints everything is 0. The mask is not centered, as in the release.
    """
    planes = np.zeros((3, height, width), np.float32)
    for hint in hints:
        rows = covered(hint.y * height, hint.size, height)
        columns = covered(hint.x * width, hint.size, width)
        planes[:, rows, columns] = np.array([hint.a, hint.b, 1.0], np.float32)[:, None, None]
    return planes


def raster(hints: HintLists, height: int, width: int, *, newest_wins: bool = True) -> Tensor:
    """Compact's raster of stride 2: (B, 3, height, width) float32: sums of a and b (Lab units / 110), and counts.

    A hint fills its own cell and every cell whose center its square covers. Where several lie on one cell the newest is
    taken (one winner a cell, hence independent of the order of writes on any device) or, as in the prototype, their
    sum.
    """
    x, y = hints.xy[..., 0] * width, hints.xy[..., 1] * height
    column, row = x.floor().clamp(0, width - 1), y.floor().clamp(0, height - 1)
    reach = (hints.size / 4)[..., None]  # half a side, in cells of 2 working pixels
    step = torch.tensor([(dx, dy) for dy in _REACH_CELLS for dx in _REACH_CELLS], device=x.device, dtype=x.dtype)
    c, r = column[..., None] + step[:, 0], row[..., None] + step[:, 1]  # (B, K, 25)
    reached = ((c + 0.5 - x[..., None]).abs() <= reach) & ((r + 0.5 - y[..., None]).abs() <= reach)
    own = (step == 0).all(dim=1)
    inside = (c >= 0) & (c < width) & (r >= 0) & (r < height) & hints.valid[..., None] & (reached | own)
    cells = (r.clamp(0, height - 1) * width + c.clamp(0, width - 1)).long().flatten(1)
    told = torch.cat([hints.ab, torch.ones_like(hints.ab[..., :1])], dim=-1)  # (B, K, 3)
    if newest_wins:
        rank = torch.arange(1, len(told[0]) + 1, device=x.device)[None, :, None] * inside  # 0: not on this cell
        winner = torch.zeros(len(told), height * width, dtype=torch.int64, device=x.device)
        winner.scatter_reduce_(1, cells, rank.flatten(1), "amax")
        nothing_first = torch.cat([torch.zeros_like(told[:, :1]), told], dim=1)
        filled = nothing_first.gather(1, winner[..., None].expand(-1, -1, 3))
    else:
        amounts = (told[:, :, None] * inside[..., None]).flatten(1, 2)  # (B, K * 25, 3)
        filled = torch.zeros(len(told), height * width, 3, device=x.device, dtype=told.dtype)
        filled.scatter_add_(1, cells[..., None].expand(-1, -1, 3), amounts)
    return filled.transpose(1, 2).reshape(-1, 3, height, width)
