"""SIGGRAPH17's class head proves itself when its weights load, in whichever order its classes are."""

import time
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from safetensors.torch import save_file

from chromavive.color.bins import ab_bins
from chromavive.colorizer import checkpoint
from chromavive.colorizer.class_head import FOLLOWS_MIN, HeadProof, prove_head
from chromavive.colorizer.contract import PaintHint, Request
from chromavive.colorizer.engine import EngineOptions, TorchEngine
from chromavive.colorizer.precision import spread_hints
from chromavive.colorizer.siggraph17 import GRID_SIDE, Siggraph17, grid_classes
from tests.colorizer.deterministic import REFERENCE, siggraph17_tensors

CPU = torch.device("cpu")
SPREAD = 15.0  # CIE Lab units: how wide the distributions of the made-up heads are
Tensors = dict[str, torch.Tensor]


def pictures() -> list[np.ndarray]:
    """Two small ones, (64, 64) float32, L in 0..100."""
    y, x = np.mgrid[0:64, 0:64] / 64
    return [(50 + 30 * np.sin(way[0] * x + way[1] * y)).astype(np.float32) for way in ((5, 2), (3, 9))]


def filled(tensors: Tensors) -> Siggraph17:
    """The network with these weights."""
    network = Siggraph17()
    checkpoint.fill(network, tensors)
    return network.eval().requires_grad_(False)


@lru_cache(maxsize=1)
def traced() -> tuple[torch.Tensor, torch.Tensor]:
    """(2, 256) and (2,): the linear map from class features to the regression's ab that fits the pictures best."""
    network = filled(siggraph17_tensors())
    features, regressed = [], []
    with torch.inference_mode():
        for picture in pictures():
            ab, maps = network.painted((torch.from_numpy(picture)[None, None],), [spread_hints(16)])
            features.append(maps[0].flatten(1).T)
            regressed.append(F.avg_pool2d(ab, 2)[0].flatten(1).T)
    told = torch.cat([torch.cat(features), torch.ones(sum(map(len, features)), 1)], dim=1)
    fit = torch.linalg.lstsq(told.double(), torch.cat(regressed).double()).solution.float()
    return fit[:-1].T, fit[-1]


def with_head(order: str) -> Tensors:
    """Made-up weights whose head puts a Gaussian around that ab, its classes with a slow or b slow; or as made up."""
    if order == "none":
        return siggraph17_tensors()
    weight, bias = traced()
    grid = torch.arange(-110.0, 111.0, 10.0)
    slow, fast = (axis.flatten() for axis in torch.meshgrid(grid, grid, indexing="ij"))
    centers = torch.stack([fast, slow] if order == "b slow" else [slow, fast], dim=1)
    logits_bias = (centers @ bias - centers.square().sum(dim=1) / 2) / SPREAD**2
    head = {"model_class.0.weight": (centers @ weight / SPREAD**2)[..., None, None], "model_class.0.bias": logits_bias}
    return siggraph17_tensors() | head


def test_the_classes_are_the_bins_in_the_order_of_the_training_code() -> None:
    """The grid's part inside the hull, row by row; transposed, the class whose a and b change places."""
    inside = np.load(REFERENCE / "ab_grid_529_in_hull.npy")
    np.testing.assert_array_equal(grid_classes().numpy(), np.flatnonzero(inside))
    slow, fast = np.divmod(grid_classes(transposed=True).numpy(), GRID_SIDE)
    np.testing.assert_array_equal(np.stack([10 * fast - 110, 10 * slow - 110], axis=1), ab_bins())


@pytest.mark.slow
@pytest.mark.parametrize("order", ["a slow", "b slow", "none"])
def test_a_head_holds_in_the_order_in_which_its_mean_follows(order: str) -> None:
    """One order follows the regression and the other does not; of a head that was never trained neither does."""
    with torch.inference_mode():
        proof = prove_head(filled(with_head(order)), pictures(), CPU)
    assert proof.holds is (order != "none")
    if proof.holds:
        assert proof.transposed is (order == "b slow")
        assert max(proof.a_slow, proof.b_slow) > 0.9
        assert min(proof.a_slow, proof.b_slow) < FOLLOWS_MIN


@pytest.mark.parametrize("a_slow, b_slow, holds", [(0.7, 0.4, True), (0.1, 0.8, True), (0.69, 0.2, False)])
def test_a_head_holds_from_the_bound_on(a_slow: float, b_slow: float, holds: bool) -> None:
    """The better order counts."""
    assert HeadProof(a_slow, b_slow).holds is holds


def test_a_head_whose_correlation_is_no_number_does_not_hold() -> None:
    """A constant head has none, in either order."""
    nan = float("nan")
    assert not any(HeadProof(*pair).holds for pair in ((nan, nan), (nan, 0.2), (0.2, nan)))


@pytest.mark.slow
@pytest.mark.parametrize(
    "order, networks",
    [
        ("a slow", ("siggraph17", "compact")),
        ("b slow", ("siggraph17",)),
        ("none", ("siggraph17", "compact")),
        ("none", ("siggraph17",)),
    ],
)
def test_the_order_that_holds_serves_and_else_compact(tmp_path: Path, order: str, networks: tuple[str, ...]) -> None:
    """Palettes at a hint propose its color, whatever the order; a head that does not follow is named in a sentence."""
    save_file(with_head(order), tmp_path / "siggraph17.safetensors")
    options = EngineOptions(
        weights_folder=tmp_path, networks=networks, precision="fp32", proof_pictures=pictures(), threads=1
    )
    engine = TorchEngine(time.perf_counter, options)
    info = engine.info.networks["siggraph17"]
    assert info.distribution == ("compact" if order == "none" else "siggraph17")
    assert list(engine.info.networks) == list(networks)
    assert len(engine.info.notes) == (order == "none")
    assert all("distributions of compact" in note for note in engine.info.notes)
    scene = engine.prepare("p", pictures()[0], "siggraph17")
    hints = (PaintHint(0.5, 0.5, 60, -40, 9),)
    request = Request(scene, hints, 1.0, ((0.5, 0.5),))
    [painting] = engine.render([request])
    np.testing.assert_allclose(engine.distributions([request])[0], painting.distributions, atol=1e-5)
    if order == "none":
        compact = engine if "compact" in networks else TorchEngine(time.perf_counter, EngineOptions(threads=1))
        other = compact.prepare("p", pictures()[0], "compact")
        [own] = compact.distributions([Request(other, hints, 0.0, request.points)])
        np.testing.assert_allclose(painting.distributions, own, atol=1e-4)
    else:
        bare = engine.predict(Request(scene, hints))[:, 30:34, 30:34].mean(axis=(1, 2))
        assert np.linalg.norm(painting.distributions[0] @ ab_bins() - bare) < 25
