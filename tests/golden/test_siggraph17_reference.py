"""SIGGRAPH17 computes what the published code computes (data/reference, tolerances of its README)."""

from functools import lru_cache

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from chromavive.colorizer import checkpoint
from chromavive.colorizer.contract import PaintHint
from chromavive.colorizer.siggraph17 import Siggraph17
from tests.colorizer.deterministic import REFERENCE, published_shapes, siggraph17_tensors, sums_of_rebuilt_tensors

AB_TOLERANCE = 1e-3
LOGITS_TOLERANCE = 1e-4
CASES = ("a", "b", "c")


@lru_cache(maxsize=1)
def network() -> Siggraph17:
    """The network with the rebuilt weights."""
    built = Siggraph17()
    checkpoint.fill(built, siggraph17_tensors())
    return built.eval().requires_grad_(False)


@lru_cache(maxsize=1)
def reference() -> dict[str, NDArray[np.float32]]:
    """The stored numbers of the published code."""
    with np.load(REFERENCE / "siggraph17_reference.npz") as stored:
        return dict(stored)


def inputs(case: str) -> list[torch.Tensor]:
    """L, hint ab and mask of a case."""
    stored = reference()
    lightness = torch.from_numpy(stored[f"{case}_L"])
    nothing = np.zeros((1, 3, *lightness.shape[-2:]), np.float32)
    ab, mask = stored.get(f"{case}_hint_ab", nothing[:, :2]), stored.get(f"{case}_mask", nothing[:, 2:])
    return [lightness, torch.from_numpy(ab), torch.from_numpy(mask)]


def test_the_rebuilt_weights_are_the_reference_s() -> None:
    """The hash over all float tensors is the stored one: what follows compares with the right weights."""
    stored, found = sums_of_rebuilt_tensors("siggraph17")
    assert stored == found


def test_every_tensor_has_its_published_name_shape_and_order() -> None:
    """The module's state is the published checkpoint's, tensor by tensor."""
    own = {name: tuple(tensor.shape) for name, tensor in Siggraph17().state_dict().items()}
    assert list(published_shapes().items()) == list(own.items())


@pytest.mark.parametrize("case", CASES)
def test_ab_is_the_published_one(case: str) -> None:
    """Every stored case, with hints and without, square and not, within 1e-3 ab units."""
    with torch.inference_mode():
        ab = network()(*inputs(case)).numpy()
    np.testing.assert_allclose(ab, reference()[f"{case}_ab_out"], rtol=0, atol=AB_TOLERANCE)


@pytest.mark.parametrize("case", ["b", "c"])
def test_class_logits_are_the_published_ones(case: str) -> None:
    """The class head, asked for by itself, within 1e-4."""
    with torch.inference_mode():
        conv8, _, _ = network().trunk(*inputs(case))
        logits = network().logits(conv8).numpy()
    np.testing.assert_allclose(logits, reference()[f"{case}_class_logits"], rtol=0, atol=LOGITS_TOLERANCE)


@pytest.mark.parametrize("case", CASES)
def test_every_stage_has_the_published_statistics(case: str) -> None:
    """Mean, deviation, extremes and corner values of each block's output, so that a fault is found where it is."""
    stored = reference()
    names, stats = [str(name) for name in stored["stage_names"]], stored[f"{case}_stage_stats"]
    seen: dict[str, torch.Tensor] = {}
    hooks = [
        module.register_forward_hook(lambda _m, _i, out, name=name: seen.__setitem__(name, out.clone()))
        for name, module in network().named_children()
    ]
    with torch.inference_mode():
        conv8, conv2, conv1 = network().trunk(*inputs(case))
        network().decode(conv8, conv2, conv1)
        network().logits(conv8)
    for hook in hooks:
        hook.remove()
    compared = [name for name in names if name in seen]
    assert len(compared) >= 16
    for name in compared:
        out = seen[name].double().numpy()
        found = [out.mean(), out.std(), out.min(), out.max(), out.flat[0], out.flat[-1]]
        np.testing.assert_allclose(found, stats[names.index(name)], rtol=1e-4, atol=1e-4, err_msg=name)


def test_the_decoder_runs_once() -> None:
    """Each convolution of the decoder is called once a pass; the published forward calls it twice."""
    calls: list[str] = []
    hooks = [
        module.register_forward_hook(lambda _m, _i, _o, name=name: calls.append(name))
        for name, module in network().named_modules()
        if name.startswith(("model8", "model9", "model10", "model_out")) and name.count(".") == 1
    ]
    with torch.inference_mode():
        network()(*inputs("a"))
    for hook in hooks:
        hook.remove()
    assert len(calls) == len(set(calls)) > 10
    assert not any(name.startswith("model_class") for name in calls)


def test_hints_reach_the_network_as_the_reference_s_squares() -> None:
    """A painting from hints is the 2x2 mean of what the published inputs give, for a patch on whole pixels."""
    lightness = inputs("a")[0]
    height, width = lightness.shape[-2:]
    ab, mask = torch.zeros(1, 2, height, width), torch.zeros(1, 1, height, width)
    ab[0, 0, 33:38, 21:26], ab[0, 1, 33:38, 21:26], mask[..., 33:38, 21:26] = 40.0, -25.0, 1.0
    hint = PaintHint(x=23.5 / width, y=35.5 / height, a=40.0, b=-25.0, size=5)
    with torch.inference_mode():
        painted = network().paint(network().analyze(lightness), [[hint]])
        full = network()(lightness, ab, mask)
    torch.testing.assert_close(torch.nn.functional.avg_pool2d(full, 2), painted, rtol=0, atol=AB_TOLERANCE)
