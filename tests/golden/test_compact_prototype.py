"""Compact, as it is served, computes what the prototype it comes from computes, its mendings switched off."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch
from torch import Tensor

from chromavive.colorizer import checkpoint
from chromavive.colorizer.compact import Compact, folded
from chromavive.colorizer.planes import HintLists
from chromavive.colorizer.precision import synthetic_pictures

RESEARCH = Path(__file__).parents[3] / "shared" / "research"
STORED = Path(__file__).parent / "compact_prototype.npz"
AB_TOLERANCE = 1e-3
# Float32 alone moves prototype and served network by up to 2.5e-3 from their own float64 results; see decision 0003.
FLOAT32_TOLERANCE = 6e-3
SIZES = ((256, 256), (192, 320), (416, 160))
COUNTS = (0, 1, 16, 100)


def served(*, newest_wins: bool) -> Compact:
    """The network with the bundled weights."""
    network = Compact(newest_wins=newest_wins)
    checkpoint.fill(network, folded(checkpoint.read(checkpoint.bundled_path()).tensors))
    return network.eval().requires_grad_(False)


def lists(count: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """xy, ab (Lab units), size and validity of random hints, a tenth of them padding, float64; overlapping squares."""
    rng = np.random.default_rng(count)
    length = max(count, 1)
    xy, ab = rng.uniform(0, 1, (1, length, 2)), rng.normal(0, 35, (1, length, 2))
    valid = (np.arange(length) < count)[None] & ~(np.arange(length) % 10 == 9)[None]
    size = rng.integers(1, 10, (1, length)).astype(np.float64)
    return torch.from_numpy(xy), torch.from_numpy(ab), torch.from_numpy(size), torch.from_numpy(valid)


def own_painting(network: Compact, lightness: Tensor, count: int) -> Tensor:
    """What the served network paints, in the type of the lightness."""
    xy, ab, size, valid = lists(count)
    hints = HintLists(xy.to(lightness), ab.to(lightness) / 110, size.to(lightness), valid)
    with torch.inference_mode():
        return network.paint_lists(network.analyze(lightness), hints)


@pytest.fixture
def prototype(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The prototype's module, computing in float64 throughout: its casts to float32 become casts to float64."""
    if not RESEARCH.is_dir():
        pytest.skip("the prototype is not beside this checkout")
    monkeypatch.syspath_prepend(str(RESEARCH))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    module = importlib.import_module("compact")
    zeros = torch.zeros
    monkeypatch.setattr(torch.Tensor, "float", torch.Tensor.double)
    monkeypatch.setattr(torch, "zeros", lambda *shape, **kind: zeros(*shape, **kind | {"dtype": torch.float64}))
    yield module
    del sys.modules["compact"]


@pytest.mark.parametrize("size", SIZES)
def test_it_paints_what_the_prototype_paints(prototype: ModuleType, size: tuple[int, int]) -> None:
    """Both in float64, so that structure is compared and not rounding: within 1e-3 ab, at every number of hints."""
    original = prototype.Compact()
    original.load_state_dict(checkpoint.read(RESEARCH / "compact.safetensors").tensors)
    original = original.eval().double()
    network = served(newest_wins=False).double()
    for picture in synthetic_pictures(*size)[:1]:
        lightness = torch.from_numpy(picture)[None, None].double()
        with torch.inference_mode():
            scene = original.analyse(lightness)
        for count in COUNTS:
            with torch.inference_mode():
                expected = original.paint(scene, *lists(count))
            found = own_painting(network, lightness, count)
            assert found.dtype == torch.float64
            torch.testing.assert_close(expected, found, rtol=0, atol=AB_TOLERANCE)


@pytest.mark.parametrize("count", COUNTS)
def test_it_paints_the_stored_paintings(count: int) -> None:
    """Float32, as served, against paintings of the prototype in float64 that are stored here."""
    with np.load(STORED) as stored:
        lightness, expected = torch.from_numpy(stored["lightness"]), torch.from_numpy(stored[f"ab_{count}"])
    found = own_painting(served(newest_wins=False), lightness, count)
    torch.testing.assert_close(expected, found, rtol=0, atol=FLOAT32_TOLERANCE)


def test_the_mending_of_overlaps_changes_overlaps_only() -> None:
    """Newest wins: the same painting where squares lie apart, another where they overlap."""
    lightness = torch.from_numpy(synthetic_pictures()[0])[None, None]
    apart = HintLists(
        torch.tensor([[[0.2, 0.2], [0.8, 0.8]]]), torch.tensor([[[0.4, 0.1], [-0.3, 0.2]]]), torch.full((1, 2), 5.0),
        torch.ones(1, 2, dtype=torch.bool),
    )  # fmt: skip
    near = HintLists(torch.tensor([[[0.5, 0.5], [0.51, 0.5]]]), apart.ab, apart.size, apart.valid)
    with torch.inference_mode():
        newest, averaged = served(newest_wins=True), served(newest_wins=False)
        scene = newest.analyze(lightness)
        torch.testing.assert_close(newest.paint_lists(scene, apart), averaged.paint_lists(scene, apart))
        difference = (newest.paint_lists(scene, near) - averaged.paint_lists(scene, near)).abs().max()
    assert difference > 1
