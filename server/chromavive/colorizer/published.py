"""The published checkpoints: read without executing them, proved, and written as safetensors."""

import pickle
from pathlib import Path

import torch
from safetensors.torch import save

from chromavive.colorizer import checkpoint, eccv16, siggraph17
from chromavive.errors import NetworkUnknown, WeightsError

Published = siggraph17.Siggraph17 | eccv16.Eccv16


def empty(name: str) -> Published:
    """The published network of that name, its weights not yet filled in."""
    match name:
        case siggraph17.NAME:
            return siggraph17.Siggraph17()
        case eccv16.NAME:
            return eccv16.Eccv16()
    raise NetworkUnknown(f"There is no published network {name!r}.")


def convert(name: str, published: Path, target: Path) -> None:
    """Writes a published .pth as safetensors, every name and shape proved; equal files give equal bytes.

    Only a file whose hash was checked may come here; torch's restricted unpickler is the second line, not the first.
    """
    try:
        tensors = torch.load(published, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError) as error:
        raise WeightsError(f"{published.name} is not a checkpoint that can be read safely: {error}") from error
    if not isinstance(tensors, dict) or not all(isinstance(each, torch.Tensor) for each in tensors.values()):
        raise WeightsError(f"{published.name} holds something else than tensors by name.")
    checkpoint.fill(empty(name), tensors)
    # Through bytes, for the sake of a full disk: it shows as the OSError that it is.
    target.write_bytes(save({name: tensor.contiguous() for name, tensor in tensors.items()}))
