"""Weights files: what fits is taken, anything else is a WeightsError with nothing loaded."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from chromavive.colorizer import checkpoint
from chromavive.colorizer.compact import Compact, folded
from chromavive.errors import WeightsError


def small() -> nn.Module:
    """A network with one convolution and one batch norm."""
    return nn.Sequential(nn.Conv2d(1, 2, 1), nn.BatchNorm2d(2))


def tensors() -> dict[str, torch.Tensor]:
    """Weights that fit it."""
    return {name: torch.ones_like(tensor) for name, tensor in small().state_dict().items()}


def test_the_bundled_weights_are_the_known_ones() -> None:
    """Their hash is the one in the code and in the model card, and they are under 10 MB."""
    path = checkpoint.bundled_path()
    assert checkpoint.read(path, checkpoint.COMPACT_SHA256).sha256 == checkpoint.COMPACT_SHA256
    assert checkpoint.COMPACT_SHA256 in (path.parent / "MODEL_CARD.md").read_text()
    assert path.stat().st_size < 10_000_000


def test_half_precision_becomes_float32(tmp_path: Path) -> None:
    """What is stored in halves is computed in float32; integers stay integers."""
    path = tmp_path / "w.safetensors"
    save_file({"a": torch.ones(2, dtype=torch.float16), "n": torch.tensor(3)}, path)
    read = checkpoint.read(path).tensors
    assert (read["a"].dtype, read["n"].dtype) == (torch.float32, torch.int64)


@pytest.mark.parametrize("damage", ["absent", "truncated", "garbage", "flipped"])
def test_a_damaged_file_is_refused(tmp_path: Path, damage: str) -> None:
    """Each with the typed error that names the file."""
    path = tmp_path / "w.safetensors"
    whole = checkpoint.bundled_path().read_bytes()
    match damage:
        case "truncated":
            path.write_bytes(whole[:100_000])
        case "garbage":
            path.write_bytes(b"\x00" * 1000)
        case "flipped":
            path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(WeightsError, match=r"w\.safetensors"):
        checkpoint.read(path, checkpoint.COMPACT_SHA256 if damage == "flipped" else None)


def test_counters_may_be_absent() -> None:
    """Old checkpoints lack num_batches_tracked."""
    given = tensors()
    del given["1.num_batches_tracked"]
    network = small()
    checkpoint.fill(network, given)
    assert network.state_dict()["0.weight"].eq(1).all()


@pytest.mark.parametrize(
    "change, told",
    [
        ({"0.bias": None}, "absent: 0.bias"),
        ({"2.weight": torch.ones(1)}, "unknown: 2.weight"),
        ({"0.weight": torch.ones(2, 1, 3, 3)}, "of another shape: 0.weight"),
        ({"0.weight": torch.full((2, 1, 1, 1), torch.nan)}, "not finite"),
    ],
)
def test_weights_that_do_not_fit_are_refused(change: dict[str, torch.Tensor | None], told: str) -> None:
    """Names, shapes and values are proved before the first tensor is copied."""
    given = {name: tensor for name, tensor in (tensors() | change).items() if tensor is not None}
    network = small()
    before = network.state_dict()["1.weight"].clone()
    with pytest.raises(WeightsError, match=told):
        checkpoint.fill(network, given)
    torch.testing.assert_close(before, network.state_dict()["1.weight"])


@pytest.mark.parametrize("name", ["in8.0.weight", "encoder.blocks.3.bn1.running_var", "ab.bias", "paint8.1.1.weight"])
def test_compact_misses_every_tensor_that_is_gone(name: str) -> None:
    """Folded or not, no tensor of the checkpoint is dispensable."""
    given = load_file(checkpoint.bundled_path())
    del given[name]
    with pytest.raises(WeightsError, match=name):
        checkpoint.fill(Compact(), folded(given))


def test_compact_refuses_a_tensor_too_many() -> None:
    """A checkpoint of a later network is not loaded in part."""
    with pytest.raises(WeightsError, match=r"unknown: paint1\.0\.weight"):
        checkpoint.fill(Compact(), folded(load_file(checkpoint.bundled_path()) | {"paint1.0.weight": torch.ones(1)}))
