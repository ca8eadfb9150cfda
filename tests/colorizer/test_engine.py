"""What the engine on torch does beyond the contract: loading, its memory, its precision."""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pytest
import torch

from bench.passes import grid_hints
from chromavive.colorizer import engine as engine_module
from chromavive.colorizer import precision
from chromavive.colorizer.contract import PaintHint, Request
from chromavive.colorizer.distributions import Classifier
from chromavive.colorizer.engine import EngineOptions, TorchEngine, TorchScene, available
from chromavive.colorizer.precision import Proof, prove, spread_hints, synthetic_pictures, timed_paint
from chromavive.errors import NetworkUnknown, WeightsError

PICTURE = synthetic_pictures()[0]


def built(**options: object) -> TorchEngine:
    """An engine in float32 unless asked otherwise."""
    return TorchEngine(time.perf_counter, EngineOptions(**({"precision": "fp32"} | options)))  # type: ignore[arg-type]


def test_the_contract_and_the_stub_do_not_import_torch() -> None:
    """`serve --engine stub` starts without torch, which takes seconds to import."""
    told = (
        "import sys, chromavive.colorizer, chromavive.colorizer.stub, chromavive.colorizer.choice; "
        "assert 'torch' not in sys.modules"
    )
    subprocess.run(
        [sys.executable, "-c", told], check=True, env={"PYTHONPATH": str(Path(engine_module.__file__).parents[2])}
    )


def test_networks_are_those_whose_weights_are_there(tmp_path: Path, weights_folder: Path) -> None:
    """Compact always, the published ones once their files are there; the guided ones first."""
    assert available(None) == available(tmp_path) == ("compact",)
    assert available(weights_folder) == ("siggraph17", "compact", "eccv16")


@pytest.mark.slow
def test_all_networks_serve_side_by_side(weights_folder: Path) -> None:
    """Mixed in one call, all obeying; the engine says what it loaded."""
    engine = built(weights_folder=weights_folder)
    hints = (PaintHint(0.4, 0.6, 20, 10, 5),)
    names = ("siggraph17", "compact", "siggraph17", "eccv16", "eccv16")
    picture = PICTURE[:96, :128].copy()
    requests = [Request(engine.prepare("p", picture, name), hints) for name in names]
    requests[-1] = Request(requests[-1].scene, ())
    first, other, again, automatic, unhinted = engine.render(requests)
    assert first.ab.shape == other.ab.shape == automatic.ab.shape == (2, 48, 64)
    np.testing.assert_allclose(first.ab, again.ab, atol=1e-2)
    assert np.abs(first.ab - other.ab).max() > 1
    # Hints act on the automatic network by fidelity alone, which fades with the distance.
    np.testing.assert_allclose(automatic.ab[:, :8, -8:], unhinted.ab[:, :8, -8:], atol=0.5)
    for painting in (first, other, automatic):
        np.testing.assert_allclose(painting.ab[:, 28, 25], [20, 10], atol=0.5)
    assert list(engine.info.networks) == ["siggraph17", "compact", "eccv16"]
    assert engine.info.networks["eccv16"].parameters == 32_236_011
    assert engine.info.networks["siggraph17"].parameters == 34_187_027
    assert engine.info.precision == "fp32"


@pytest.mark.parametrize("name", ["compact", pytest.param("siggraph17", marks=pytest.mark.slow)])
def test_a_shared_pass_gives_what_passes_alone_give(
    monkeypatch: pytest.MonkeyPatch, weights_folder: Path, name: str
) -> None:
    """As on a GPU: other photographs, other hints, lists padded to the longest, more requests than one pass takes."""
    engine = built(weights_folder=weights_folder, networks=(name,))
    pictures = [picture[:64, :96].copy() for picture in synthetic_pictures()]
    asked = [(pictures[index % 3], spread_hints(count)) for index, count in enumerate((0, 3, 40, 9, 0))]
    requests = [Request(engine.prepare(str(i % 3), picture, name), hints) for i, (picture, hints) in enumerate(asked)]
    alone = [engine.render([request])[0].ab for request in requests]
    monkeypatch.setitem(engine_module.BATCH_MAX, "cpu", 3)
    together = engine.render(requests)
    for painting, ab in zip(together, alone, strict=True):
        np.testing.assert_allclose(painting.ab, ab, rtol=0, atol=0.01)
    assert together[0].pass_seconds == together[2].pass_seconds != together[3].pass_seconds


def test_a_network_without_weights_is_a_weights_error(tmp_path: Path) -> None:
    """Asked for by name and not there: said before anything serves."""
    with pytest.raises(WeightsError, match=r"siggraph17\.safetensors"):
        built(networks=("siggraph17",), weights_folder=tmp_path)


def test_a_network_that_does_not_exist_is_unknown() -> None:
    """With the names of those that do."""
    with pytest.raises(NetworkUnknown, match="siggraph17, compact, eccv16"):
        built(networks=("picasso",))


def test_scenes_are_bounded_and_the_least_used_goes_first() -> None:
    """Bytes are counted, the newest scene always stays, a scene in use survives one that is not."""
    engine = built(scene_bytes_max=12_000_000)  # room for two scenes of about 4.6 MB
    scenes = {key: engine.prepare(key, PICTURE, "compact") for key in "ab"}
    assert engine.prepare("a", PICTURE, "compact") is scenes["a"]
    engine.prepare("c", PICTURE, "compact")
    assert engine.prepare("a", PICTURE, "compact") is scenes["a"]
    assert engine.prepare("b", PICTURE, "compact") is not scenes["b"]
    tiny = built(scene_bytes_max=1)
    scene = tiny.prepare("a", PICTURE, "compact")
    assert tiny.prepare("a", PICTURE, "compact") is scene


def test_a_scene_that_was_forgotten_still_paints() -> None:
    """The bound drops it from the cache, not from the hands of who holds it."""
    engine = built(scene_bytes_max=1)
    scene = engine.prepare("a", PICTURE, "compact")
    engine.prepare("b", PICTURE, "compact")
    assert np.isfinite(engine.render([Request(scene, ())])[0].ab).all()


@pytest.mark.slow
def test_fidelity_costs_little_beside_the_network() -> None:
    """With one of 512 hints moved, a fifth of Compact's pass is the goal: twice that is asserted, medians of 5 pairs.

    In processor time of one thread, which other processes do not lengthen; bench/passes.py records the figure.
    """
    engine = built(threads=1)
    scene = engine.prepare("bench", PICTURE, "compact")
    assert isinstance(scene, TorchScene)
    network, spent = engine.network("compact"), []
    with torch.inference_mode():
        for step in range(6):
            hints = grid_hints(512, step)
            ab, pass_seconds = timed_paint(network, scene.tensors, [hints], time.process_time)
            began = time.process_time()
            scene.fidelity.obey(ab[0].numpy(), hints)
            spent.append((time.process_time() - began, pass_seconds))
    fidelity_seconds, pass_seconds = (median(times) for times in zip(*spent[1:], strict=True))
    assert fidelity_seconds / pass_seconds <= 2 * 0.2


def test_kept_rows_count_as_bytes_of_the_scene() -> None:
    """512 hints keep 32 MiB of rows, which the bound must see."""
    engine = built()
    scene = engine.prepare("a", PICTURE, "compact")
    assert isinstance(scene, TorchScene)
    before = scene.bytes_kept
    engine.render([Request(scene, spread_hints(400))])
    assert scene.bytes_kept - before > 512 * 128 * 128 * 4


@pytest.mark.parametrize(
    "proof, holds",
    [
        (Proof(0.5, 4.0, 1.05), True),
        (Proof(0.51, 4.0, 2.0), False),
        (Proof(0.1, 4.1, 2.0), False),
        (Proof(0.1, 1.0, 1.0), False),
        (Proof(float("nan"), 1.0, 2.0), False),
    ],
)
def test_low_precision_serves_only_where_it_proves_itself(
    monkeypatch: pytest.MonkeyPatch, proof: Proof, holds: bool
) -> None:
    """Color on average, color at the tail, and time; the figures are kept either way, and a note says float32."""
    monkeypatch.setattr(engine_module, "bf16_supported", lambda _device: True)
    monkeypatch.setattr(engine_module, "prove", lambda *_: proof)
    info = built(precision="auto").info
    assert info.precision == ("bf16" if holds else "fp32")
    assert info.notes == (() if holds else ("compact serves in float32.",))
    assert ("does not serve" in info.figures[0]) is not holds
    assert f"{proof.mean:.2f} on average" in info.figures[0]


def test_without_the_arithmetic_bf16_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Said only to those who asked for it."""
    monkeypatch.setattr(engine_module, "bf16_supported", lambda _device: False)
    monkeypatch.setattr(engine_module, "prove", None)
    assert built(precision="auto").info.notes == ()
    assert "no bfloat16" in built(precision="bf16").info.notes[0]


class _Tinted:
    """A network whose prediction is one tint, painted in a stated time of a clock that it moves itself."""

    def __init__(self, a: float, seconds: float, clock: list[float]) -> None:
        self.a, self.seconds, self.clock = a, seconds, clock

    def set_precision(self, dtype: torch.dtype) -> None:
        """Nothing to change."""

    def analyze(self, lightness: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """The lightness."""
        return (lightness,)

    def paint(self, scene: tuple[torch.Tensor, ...], hints: object) -> torch.Tensor:
        """The tint."""
        self.clock[0] += self.seconds
        ab = torch.zeros(1, 2, scene[0].shape[2] // 2, scene[0].shape[3] // 2)
        ab[:, 0] = self.a
        return ab


def test_a_proof_measures_color_and_time() -> None:
    """CIEDE2000 between the two paintings, and the ratio of their median passes."""
    clock = [0.0]
    gray = [np.full((32, 32), 50, np.float32)]
    proof = prove(_Tinted(0, 0.3, clock), _Tinted(1, 0.1, clock), gray, torch.device("cpu"), lambda: clock[0])
    assert proof.faster == pytest.approx(3)
    assert 0.5 < proof.mean < 2
    assert proof.tail == pytest.approx(proof.mean)
    assert not proof.holds


@pytest.mark.slow
def test_eccv16_stays_exact(monkeypatch: pytest.MonkeyPatch, weights_folder: Path) -> None:
    """Nothing of it is computed in a pass, so low precision has no time to win and is not tried."""
    monkeypatch.setattr(engine_module, "bf16_supported", lambda _device: True)
    monkeypatch.setattr(engine_module, "prove", None)
    info = built(precision="auto", networks=("eccv16",), weights_folder=weights_folder).info
    assert (info.precision, info.notes) == ("fp32", ())


@pytest.mark.slow
def test_eccv16_computes_once_per_photograph(weights_folder: Path) -> None:
    """The scene holds the painting and the distribution over the 313 bins; passes add nothing to it."""
    engine = built(networks=("eccv16",), weights_folder=weights_folder)
    scene = engine.prepare("p", PICTURE[:64, :96].copy(), "eccv16")
    assert isinstance(scene, TorchScene)
    ab, distribution = (tensor.clone() for tensor in scene.tensors)
    assert distribution.shape == (1, 313, 16, 24)
    torch.testing.assert_close(distribution.sum(dim=1), torch.ones(1, 16, 24))
    hinted, unhinted = (engine.render([Request(scene, hints)])[0].ab for hints in (spread_hints(3), ()))
    assert torch.equal(ab, scene.tensors[0])
    np.testing.assert_array_equal(ab[0].numpy(), unhinted)
    assert np.abs(hinted - unhinted).max() > 1


def test_bf16_keeps_positions_and_the_last_layers_in_float32() -> None:
    """What does not survive bfloat16 is not turned into it."""
    from chromavive.colorizer.compact import Compact

    network = Compact()
    network.set_precision(torch.bfloat16)
    kept = {name for name, tensor in network.state_dict().items() if tensor.dtype == torch.float32}
    assert kept == {n for n in network.state_dict() if n.startswith(("attend", "ab.", "classes.", "bins"))}
    scene = network.eval().analyze(torch.from_numpy(PICTURE)[None, None])
    assert network.paint(scene, [spread_hints(3)]).dtype == torch.float32


def test_hints_for_measurements_lie_inside_and_apart() -> None:
    """Sixteen places within the photograph, all different."""
    hints = precision.spread_hints(16)
    assert len({(hint.x, hint.y) for hint in hints}) == 16
    assert all(0 < hint.x < 1 and 0 < hint.y < 1 for hint in hints)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["siggraph17", "compact", "eccv16"])
def test_the_bare_prediction_is_what_fidelity_starts_from(weights_folder: Path, name: str) -> None:
    """Without hints its 2x2 means are the painting: exactly for SIGGRAPH17, which predicts at working size."""
    engine = built(weights_folder=weights_folder, networks=(name,))
    request = Request(engine.prepare("p", PICTURE[:96, :128].copy(), name), ())
    bare = engine.predict(request)
    assert bare.shape == (2, 96, 128)
    [painting] = engine.render([request])
    means = bare.reshape(2, 48, 2, 64, 2).mean((2, 4))
    if name == "siggraph17":
        np.testing.assert_allclose(means, painting.ab, atol=1e-3)
    assert np.abs(means - painting.ab).mean() < 0.05 * np.ptp(painting.ab)


class _CountedHead:
    """A network whose class head and class features are counted."""

    def __init__(self, network: Classifier) -> None:
        self.network = network
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:
        """As the network's."""
        found = getattr(self.network, name)

        def counted(*arguments: object) -> object:
            self.calls.append(name)
            return found(*arguments)

        return counted


def counted(monkeypatch: pytest.MonkeyPatch) -> tuple[TorchEngine, list[str]]:
    """An engine of Compact, and the calls of its network from now on."""
    engine = built(networks=("compact",))
    head = _CountedHead(engine._networks["compact"])
    monkeypatch.setitem(engine._networks, "compact", head)
    monkeypatch.setitem(engine._sources, "compact", head)
    return engine, head.calls


def test_the_class_head_runs_only_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plain pass has none; vividness and points have one each."""
    engine, calls = counted(monkeypatch)
    scene = engine.prepare("p", PICTURE[:64, :96].copy(), "compact")
    calls.clear()
    for vividness, points, wanted in ((0.0, (), 0), (0.5, (), 1), (0.0, ((0.5, 0.5),), 1)):
        engine.render([Request(scene, (), vividness, points)])
        assert calls == ["painted", *["class_logits"] * wanted]
        calls.clear()


def test_distributions_use_what_the_newest_pass_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Equal hints: the head alone. Other hints: features, but no painting; then those are kept."""
    engine, calls = counted(monkeypatch)
    scene = engine.prepare("p", PICTURE[:64, :96].copy(), "compact")
    engine.render([Request(scene, spread_hints(3))])
    calls.clear()
    for hints, wanted in ((3, []), (2, ["class_features"]), (2, []), (3, ["class_features"])):
        engine.distributions([Request(scene, spread_hints(hints), 0.0, ((0.1, 0.1), (0.9, 0.9)))])
        assert calls == [*wanted, "class_logits"]
        calls.clear()


def test_kept_class_features_count_as_bytes_of_the_scene(monkeypatch: pytest.MonkeyPatch) -> None:
    """64 channels at stride 4; the newest pass's only, and in a shared pass its own part only."""
    engine = built(networks=("compact",))
    monkeypatch.setitem(engine_module.BATCH_MAX, "cpu", 2)
    requests = [Request(engine.prepare(key, PICTURE, "compact"), ()) for key in "ab"]
    scenes = [request.scene for request in requests if isinstance(request.scene, TorchScene)]
    bare = [scene.bytes_kept for scene in scenes]
    for _ in range(2):
        engine.render(requests)
        assert [scene.bytes_kept - before for scene, before in zip(scenes, bare, strict=True)] == [64**3 * 4] * 2
    for scene in scenes:
        assert scene.classes.features is not None
        assert scene.classes.features.untyped_storage().nbytes() == 64**3 * 4


@pytest.mark.slow
def test_eccv16_gives_its_own_distribution_and_hints_do_not_change_it(weights_folder: Path) -> None:
    """The scene's column under the point; the network says that hints do not guide it."""
    engine = built(networks=("eccv16",), weights_folder=weights_folder)
    info = engine.info.networks["eccv16"]
    assert (info.guided, info.distribution) == (False, "eccv16")
    scene = engine.prepare("p", PICTURE[:64, :96].copy(), "eccv16")
    assert isinstance(scene, TorchScene)
    [[row]] = engine.distributions([Request(scene, spread_hints(3), 0.0, ((0.51, 0.26),))])
    np.testing.assert_allclose(row, scene.tensors[1][0, :, 4, 12].numpy(), atol=1e-6)
    plain, vivid = (engine.render([Request(scene, (), vividness)])[0].ab for vividness in (0.0, 1.0))
    assert np.abs(vivid - plain).max() > 1
