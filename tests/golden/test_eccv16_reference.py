"""ECCV16 computes what the published code computes (data/reference, tolerances of its README)."""

from functools import lru_cache

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from chromavive.color.bins import ab_bins
from chromavive.colorizer import checkpoint
from chromavive.colorizer.eccv16 import Eccv16
from tests.colorizer.deterministic import REFERENCE, published_shapes, rebuilt_tensors, sums_of_rebuilt_tensors

AB_TOLERANCE = 1e-3
DISTRIBUTION_TOLERANCE = 1e-5
CASES = ("a", "c")


@lru_cache(maxsize=1)
def network() -> Eccv16:
    """The network with the rebuilt weights."""
    built = Eccv16()
    checkpoint.fill(built, rebuilt_tensors("eccv16"))
    return built.eval().requires_grad_(False)


@lru_cache(maxsize=1)
def reference() -> dict[str, NDArray[np.float32]]:
    """The stored numbers of the published code."""
    with np.load(REFERENCE / "eccv16_reference.npz") as stored:
        return dict(stored)


def lightness(case: str) -> torch.Tensor:
    """L of a case."""
    return torch.from_numpy(reference()[f"{case}_L"])


def test_the_rebuilt_weights_are_the_reference_s() -> None:
    """The hash over all float tensors is the stored one: what follows compares with the right weights."""
    stored, found = sums_of_rebuilt_tensors("eccv16")
    assert stored == found


def test_every_tensor_has_its_published_name_shape_and_order() -> None:
    """The module's state is the published checkpoint's, tensor by tensor."""
    own = {name: tuple(tensor.shape) for name, tensor in Eccv16().state_dict().items()}
    assert list(published_shapes("eccv16").items()) == list(own.items())


@pytest.mark.parametrize("case", CASES)
def test_ab_is_the_published_one(case: str) -> None:
    """Square and not, within 1e-3 ab units."""
    with torch.inference_mode():
        ab = network()(lightness(case)).numpy()
    np.testing.assert_allclose(ab, reference()[f"{case}_ab_out"], rtol=0, atol=AB_TOLERANCE)


@pytest.mark.parametrize("case", CASES)
def test_the_distribution_is_the_published_one(case: str) -> None:
    """Over the 313 bins at stride 4, within 1e-5; its ab before the upsampling within 1e-3."""
    with torch.inference_mode():
        _, distribution = network().analyze(lightness(case))
        ab_stride4 = network().model_out(distribution).numpy() * 110
    np.testing.assert_allclose(distribution, reference()[f"{case}_prob313"], rtol=0, atol=DISTRIBUTION_TOLERANCE)
    np.testing.assert_allclose(ab_stride4, reference()[f"{case}_ab_stride4"], rtol=0, atol=AB_TOLERANCE)


@pytest.mark.parametrize("case", CASES)
def test_every_stage_has_the_published_statistics(case: str) -> None:
    """Mean, deviation, extremes and corner values of each stage's output, so that a fault is found where it is."""
    stored = reference()
    names, stats = [str(name) for name in stored["stage_names"]], stored[f"{case}_stage_stats"]
    seen: dict[str, torch.Tensor] = {}
    hooks = [
        module.register_forward_hook(lambda _m, _i, out, name=name: seen.__setitem__(name, out.clone()))
        for name, module in network().named_children()
    ]
    with torch.inference_mode():
        network()(lightness(case))
    for hook in hooks:
        hook.remove()
    assert set(names) == set(seen)
    for name in names:
        out = seen[name].double().contiguous().numpy()
        found = [out.mean(), out.std(), out.min(), out.max(), out.flat[0], out.flat[-1]]
        np.testing.assert_allclose(found, stats[names.index(name)], rtol=1e-4, atol=1e-4, err_msg=name)


def test_a_painting_is_the_published_ab_in_means_of_2x2() -> None:
    """Whatever the hints say; each caller gets an array of its own, so that the scene stays what it is."""
    with torch.inference_mode():
        scene = network().analyze(lightness("c"))
        painted = network().paint(scene, [[]])
        expected = torch.nn.functional.avg_pool2d(torch.from_numpy(reference()["c_ab_out"]), 2)
        torch.testing.assert_close(painted, expected, rtol=0, atol=AB_TOLERANCE)
        painted.zero_()
        torch.testing.assert_close(network().paint(scene, [[]]), expected, rtol=0, atol=AB_TOLERANCE)


def test_the_bins_are_the_published_ones() -> None:
    """The table told by its runs is the published file, row by row."""
    stored = np.load(REFERENCE / "eccv16_pts_in_hull_313.npy")
    assert stored.dtype == ab_bins().dtype
    np.testing.assert_array_equal(stored, ab_bins())
