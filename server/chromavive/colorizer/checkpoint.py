"""Weights from disk: the file's hash, safetensors, names and shapes proved."""

from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from chromavive.assets import bundled_weights_folder
from chromavive.errors import WeightsError
from chromavive.weights import kept

# What weights/compact.safetensors must be; its model card quotes the same sum.
COMPACT_SHA256 = "8420794fa14d69a99915c48125c01d8465b33d4691ec005df9d4280576a2e4c7"


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """The tensors of a weights file by name (floating ones as float32), and the SHA-256 of its bytes."""

    tensors: dict[str, Tensor]
    sha256: str


def bundled_path() -> Path:
    """Where Compact's weights lie: in an installed wheel, else in the checkout."""
    return bundled_weights_folder() / "compact.safetensors"


def read(path: Path, sha256: str | None = None) -> Checkpoint:
    """The file's tensors; raises WeightsError if it is absent, damaged or has another hash than the expected one."""
    try:
        found = kept.sha256_of(path)
        if sha256 is not None and found != sha256:
            raise WeightsError(f"{path.name} is damaged or another file: its SHA-256 is {found}, not {sha256}")
        tensors = load_file(path)
    except OSError as error:
        raise WeightsError(f"{path} cannot be read: {error.strerror}") from error
    except SafetensorError as error:
        raise WeightsError(f"{path.name} is not a whole safetensors file: {error}") from error
    floats = {name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in tensors.items()}
    return Checkpoint(floats, found)


def fill(network: nn.Module, tensors: dict[str, Tensor]) -> None:
    """Copies the tensors into the network after every name and shape was proved; raises WeightsError otherwise.

    Counters of batch norm may be absent: nothing reads them, and old checkpoints lack them.
    """
    wanted = network.state_dict()
    absent = [name for name in wanted if name not in tensors and not name.endswith(".num_batches_tracked")]
    foreign = [name for name in tensors if name not in wanted]
    shapes = [
        f"{name} {tuple(tensor.shape)} for {tuple(wanted[name].shape)}"
        for name, tensor in tensors.items()
        if name in wanted and tensor.shape != wanted[name].shape
    ]
    wrong = {"absent": absent, "unknown": foreign, "of another shape": shapes}
    if any(wrong.values()):
        parts = (f"{kind}: {', '.join(names[:4])} ({len(names)})" for kind, names in wrong.items() if names)
        raise WeightsError("the weights do not fit the network; " + "; ".join(parts))
    if not all(torch.isfinite(tensor).all() for tensor in tensors.values()):
        raise WeightsError("the weights hold values that are not finite")
    network.load_state_dict(tensors, strict=False)
