"""Weights that anybody can rebuild: each tensor an affine function of a hash of its name (data/reference/README.md)."""

import hashlib
import json
import math
import zlib
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

REFERENCE = Path(__file__).parents[1] / "data" / "reference"
_TRANSPOSED = {
    "siggraph17": ("model8up.0.weight", "model9up.0.weight", "model10up.0.weight"),
    "eccv16": ("model8.0.weight",),
}
_GAIN = {
    "siggraph17": {"model1.0.weight": 5.0, "model_class.0.weight": 2.0, "model_out.0.weight": 0.3},
    "eccv16": {"model1.0.weight": 4.0, "model8.6.weight": 5.0, "model_out.weight": 10.0},
}
_SUM = "sha256_float32_tensors_sorted_by_name"


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


def _values(network: str, name: str, shape: tuple[int, ...]) -> NDArray[np.float64]:
    u = _uniform(name, shape)
    leaf = name.rsplit(".", 1)[1]
    if len(shape) == 4:
        transposed = (
            name in _TRANSPOSED[network]
        )  # (in, out, 4, 4) at stride 2: each output sees a quarter of the kernel
        fan = shape[0] * 4.0 if transposed else math.prod(shape[1:])
        return u * (_GAIN[network].get(name, math.sqrt(2)) * math.sqrt(3.0 / fan))
    offset, amplitude = {"running_mean": (0.3, 0.2), "running_var": (1.0, 0.5), "weight": (1.0, 0.1)}.get(
        leaf, (0.0, 0.1)
    )
    return offset + amplitude * u


def published_shapes(network: str = "siggraph17") -> dict[str, tuple[int, ...]]:
    """Name -> shape of every tensor of a published checkpoint, in its order."""
    listed = json.loads((REFERENCE / f"{network}_tensors.json").read_text())
    return {name: tuple(shape) for name, shape in listed}


@lru_cache(maxsize=2)
def rebuilt_tensors(network: str) -> dict[str, torch.Tensor]:
    """A whole checkpoint of siggraph17 or eccv16 with made-up weights."""
    tensors = {}
    for name, shape in published_shapes(network).items():
        counter = name.endswith(".num_batches_tracked")
        array = np.zeros(shape, np.int64) if counter else _values(network, name, shape).astype(np.float32)
        tensors[name] = torch.from_numpy(np.asarray(array))
    return tensors


def siggraph17_tensors() -> dict[str, torch.Tensor]:
    """A whole checkpoint of siggraph17 with made-up weights."""
    return rebuilt_tensors("siggraph17")


def sums_of_rebuilt_tensors(network: str) -> tuple[str, str]:
    """(stored, found): the hash over all float tensors in the order of their names, of the reference and of ours."""
    digest = hashlib.sha256()
    for _, tensor in sorted(rebuilt_tensors(network).items()):
        if tensor.is_floating_point():
            digest.update(tensor.numpy().astype("<f4").tobytes())
    return json.loads((REFERENCE / "weights_check.json").read_text())[network][_SUM], digest.hexdigest()
