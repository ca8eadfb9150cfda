"""Weights that anybody can rebuild: each tensor an affine function of a hash of its name (data/reference/README.md)."""

import json
import math
import zlib
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

REFERENCE = Path(__file__).parents[1] / "data" / "reference"
_TRANSPOSED = ("model8up.0.weight", "model9up.0.weight", "model10up.0.weight")
_GAIN = {"model1.0.weight": 5.0, "model_class.0.weight": 2.0, "model_out.0.weight": 0.3}


def _uniform(name: str, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """splitmix64 over the element's number and the name's CRC-32, to [-1, 1) in steps that float32 holds exactly."""
    count = math.prod(shape)
    with np.errstate(over="ignore"):
        z = np.arange(count, dtype=np.uint64) + np.uint64((zlib.crc32(name.encode()) << 32) % 2**64)
        z += np.uint64(0x9E3779B97F4A7C15)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            z = (z ^ (z >> np.uint64(shift))) * np.uint64(factor)
        z ^= z >> np.uint64(31)
    return ((z >> np.uint64(40)).astype(np.float64) / 2.0**23 - 1.0).reshape(shape)


def _values(name: str, shape: tuple[int, ...]) -> NDArray[np.float64]:
    u = _uniform(name, shape)
    leaf = name.rsplit(".", 1)[1]
    if len(shape) == 4:
        transposed = name in _TRANSPOSED  # (in, out, 4, 4) at stride 2: each output sees a quarter of the kernel
        fan = shape[0] * 4.0 if transposed else math.prod(shape[1:])
        return u * (_GAIN.get(name, math.sqrt(2)) * math.sqrt(3.0 / fan))
    offset, amplitude = {"running_mean": (0.3, 0.2), "running_var": (1.0, 0.5), "weight": (1.0, 0.1)}.get(
        leaf, (0.0, 0.1)
    )
    return offset + amplitude * u


def published_shapes() -> dict[str, tuple[int, ...]]:
    """Name -> shape of every tensor of the published siggraph17 checkpoint, in its order."""
    listed = json.loads((REFERENCE / "siggraph17_tensors.json").read_text())
    return {name: tuple(shape) for name, shape in listed}


@lru_cache(maxsize=1)
def siggraph17_tensors() -> dict[str, torch.Tensor]:
    """A whole checkpoint of siggraph17 with made-up weights."""
    tensors = {}
    for name, shape in published_shapes().items():
        counter = name.endswith(".num_batches_tracked")
        array = np.zeros(shape, np.int64) if counter else _values(name, shape).astype(np.float32)
        tensors[name] = torch.from_numpy(np.asarray(array))
    return tensors
