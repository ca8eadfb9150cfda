"""The engine on torch: loaded networks, cached scenes, passes; on a CPU or a CUDA device.

One thread uses it, the one that built it: torch keeps its number of threads per calling thread.
"""

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from chromavive.colorizer import checkpoint, compact, eccv16, published, siggraph17
from chromavive.colorizer.class_head import prove_head
from chromavive.colorizer.contract import (
    SCENE_BYTES_MAX,
    SIDE_MULTIPLE,
    EngineInfo,
    NetworkInfo,
    Painting,
    Request,
    Scene,
    no_distributions,
)
from chromavive.colorizer.distributions import (
    Classifier,
    ClassScene,
    at_points,
    features_of,
    keep_each,
    leaning,
    stacked,
)
from chromavive.colorizer.fidelity import Fidelity, half_size
from chromavive.colorizer.precision import Reducible, bf16_supported, prove, synthetic_pictures
from chromavive.colorizer.vividness import strengths
from chromavive.errors import NetworkUnknown, WeightsError
from chromavive.weights import kept

T = TypeVar("T")
Precision = Literal["auto", "fp32", "bf16"]
Loaded = siggraph17.Siggraph17 | compact.Compact | eccv16.Eccv16

# The guided networks in the order in which they are preferred (choice.py); the automatic one serves only who asks.
NETWORKS = (siggraph17.NAME, compact.NAME, eccv16.NAME)

# Requests of one network and size that share a pass. On a CPU a shared pass takes as long as its passes one by one, and
# all would wait for the last; on a GPU it takes little longer than one. bench/passes.py measures both.
BATCH_MAX = {"cpu": 1, "cuda": 16}


@dataclass(frozen=True, slots=True, eq=False)
class TorchScene:
    """A network's tensors for one photograph, on the device, and what makes its paintings obey.

    classes: what its distributions come from, mostly the same tensors.
    """

    network: str
    lightness: NDArray[np.float32]
    tensors: tuple[Tensor, ...]
    fidelity: Fidelity
    classes: ClassScene

    @property
    def bytes_kept(self) -> int:
        """What the scene takes, on the device and beside it."""
        features = () if self.classes.features is None else (self.classes.features,)
        different = {id(tensor): int(tensor.nbytes) for tensor in (*self.tensors, *self.classes.tensors, *features)}
        return sum(different.values()) + self.lightness.nbytes + self.fidelity.bytes_kept


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineOptions:
    """What the operator may choose; the defaults serve.

    weights_folder: where fetched weights lie (NAME.safetensors); networks: those to load, by default all whose
    weights are there; threads: of torch, by default its own choice; proof_pictures: lightness of photographs, (h, w)
    float32 at working size, on which low precision proves itself, by default made-up pictures; scene_bytes_max: kept of
    scenes.
    """

    weights_folder: Path | None = None
    networks: Sequence[str] | None = None
    device: str = "cpu"
    precision: Precision = "auto"
    threads: int | None = None
    proof_pictures: Sequence[NDArray[np.float32]] = field(default=())
    scene_bytes_max: int = SCENE_BYTES_MAX


def best_device() -> str:
    """The device that serves where the operator does not say."""
    return "cuda" if torch.cuda.is_available() else "cpu"


class TorchEngine:
    """The engine of `contract.Engine`; raises WeightsError if a network's weights are absent or do not fit."""

    def __init__(self, clock: Callable[[], float], options: EngineOptions | None = None) -> None:
        """The clock gives seconds."""
        self._clock = clock
        self._options = options = options or EngineOptions()
        self._device = torch.device(options.device)
        if self._device.type == "cuda":
            # By default cuDNN rounds the factors of float32 convolutions to ten bits, which the published numbers and
            # the proof of bfloat16 do not allow.
            torch.backends.cudnn.allow_tf32 = False
        if options.threads is not None:
            torch.set_num_threads(options.threads)
        self._networks: dict[str, Classifier] = {}
        self._sources: dict[str, Classifier] = {}  # of each network's distributions
        self._scenes: dict[tuple[str, str], TorchScene] = {}  # least recently used first
        known: dict[str, NetworkInfo] = {}
        notes: list[str] = []
        figures: list[str] = []
        for name in available(options.weights_folder) if options.networks is None else options.networks:
            network, weights_hash = _load(name, options.weights_folder)
            distribution = self._distribution(name, network, notes)
            self._networks[name], precision = self._with_precision(name, network, notes, figures)
            known[name] = NetworkInfo(
                name,
                weights_hash,
                parameters=sum(parameter.numel() for parameter in network.parameters()),
                precision=precision,
                deterministic=self._device.type == "cpu",
                guided=name != eccv16.NAME,
                distribution=distribution,
            )
        for name, info in known.items():
            self._sources[name] = self._networks.get(info.distribution) or self._bundled()
        self._info = EngineInfo(options.device, torch.get_num_threads(), known, tuple(notes), tuple(figures))

    @property
    def info(self) -> EngineInfo:
        """What serves."""
        return self._info

    @torch.inference_mode()
    def prepare(self, key: str, lightness: NDArray[np.float32], network: str) -> Scene:
        """The scene of a photograph, from the cache or analyzed now (see the contract)."""
        if network not in self._networks:
            raise NetworkUnknown(
                f"The network {network!r} is not loaded here; {', '.join(self._networks)} can be chosen."
            )
        scene = self._scenes.pop((key, network), None)
        if scene is None:
            assert all(side % SIDE_MULTIPLE == 0 for side in lightness.shape), "not a working size"
            on_device = torch.from_numpy(lightness)[None, None].to(self._device)
            tensors, source = self._networks[network].analyze(on_device), self._sources[network]
            own = source is self._networks[network]
            classes = ClassScene(source, tensors if own else source.analyze(on_device))
            scene = TorchScene(network, lightness, tensors, Fidelity(half_size(lightness)), classes)
        self._scenes[key, network] = scene
        self._forget_oldest()
        return scene

    @torch.inference_mode()
    def render(self, requests: Sequence[Request]) -> list[Painting]:
        """One painting a request, in their order; those of one network and size in shared passes."""
        return self._in_batches(requests, self._pass)

    @torch.inference_mode()
    def distributions(self, requests: Sequence[Request]) -> list[NDArray[np.float32]]:
        """Those of each request's points, (points, 313); kept features where the hints are equal (see the contract)."""
        return self._in_batches(requests, _at_points)

    @torch.inference_mode()
    def predict(self, request: Request) -> NDArray[np.float32]:
        """What the bare network says, before its hints are enforced, for measurements.

        ab (2, h, w) float32, CIE Lab units, at working size: as published, or enlarged without regard to lightness.
        """
        scene = _own(request)
        network = self._networks[scene.network]
        paint = network.paint_whole if isinstance(network, siggraph17.Siggraph17) else network.paint
        ab = paint(scene.tensors, [request.hints])
        whole: NDArray[np.float32] = F.interpolate(ab, scene.lightness.shape, mode="bilinear")[0].cpu().numpy()
        return whole

    def network(self, name: str) -> Classifier:
        """A loaded network by itself, for measurements."""
        return self._networks[name]

    def close(self) -> None:
        """Lets scenes and networks go."""
        self._scenes.clear()
        self._networks.clear()
        self._sources.clear()

    def _in_batches(self, requests: Sequence[Request], answers: Callable[[list[Request]], list[T]]) -> list[T]:
        """One answer a request, in their order; those that may share a pass are answered together."""
        found: dict[int, T] = {}
        for batch in self._batches(requests):
            found.update(zip(batch, answers([requests[index] for index in batch]), strict=True))
        return [found[index] for index in range(len(requests))]

    def _batches(self, requests: Sequence[Request]) -> Iterator[list[int]]:
        """The requests' indexes, by what may share a pass: one network and one size."""

        def kind(index: int) -> tuple[str, tuple[int, ...]]:
            scene = requests[index].scene
            return scene.network, scene.lightness.shape

        batch_max = BATCH_MAX[self._device.type]
        for _, group in groupby(sorted(range(len(requests)), key=kind), key=kind):
            indexes = list(group)
            for start in range(0, len(indexes), batch_max):
                yield indexes[start : start + batch_max]

    def _pass(self, requests: Sequence[Request]) -> list[Painting]:
        began = self._clock()
        scenes, hints = [_own(request) for request in requests], [request.hints for request in requests]
        network = self._networks[scenes[0].network]
        predicted, features = network.painted(stacked([scene.tensors for scene in scenes]), hints)
        if scenes[0].classes.source is network:
            keep_each([scene.classes for scene in scenes], hints, features)
        chroma = predicted.cpu().numpy()  # waits for the device
        _enliven(chroma, requests)
        obeyed = [
            scene.fidelity.obey(ab, request.hints) for scene, ab, request in zip(scenes, chroma, requests, strict=True)
        ]
        distributions = _at_points(requests)
        seconds = self._clock() - began
        return [Painting(ab, seconds, rows) for ab, rows in zip(obeyed, distributions, strict=True)]

    def _forget_oldest(self) -> None:
        kept = sum(scene.bytes_kept for scene in self._scenes.values())
        while kept > self._options.scene_bytes_max and len(self._scenes) > 1:
            kept -= self._scenes.pop(next(iter(self._scenes))).bytes_kept

    def _distribution(self, name: str, network: Loaded, notes: list[str]) -> str:
        """The name of the network whose distributions this one's palettes follow; says so if it is another one."""
        if not isinstance(network, siggraph17.Siggraph17):
            return name
        pictures = self._options.proof_pictures or synthetic_pictures()
        _channels_last(network.to(self._device))
        with torch.inference_mode():
            proof = prove_head(network, pictures, self._device)
        if not proof.holds:
            # Compact rather than ECCV16: its distributions follow the hints, and its weights are always there.
            notes.append(proof.sentence(name, instead=compact.NAME))
            return compact.NAME
        network.bin_classes = siggraph17.grid_classes(transposed=proof.transposed).to(self._device)
        return name

    def _bundled(self) -> Classifier:
        """Compact for the distributions of networks whose own do not serve, where it does not serve itself."""
        network, _ = _load(compact.NAME, None)
        return _channels_last(network.to(self._device))

    def _with_precision(
        self, name: str, network: Loaded, notes: list[str], figures: list[str]
    ) -> tuple[Classifier, str]:
        """The network on the device as it shall serve, and its precision; says what was found."""
        exact = _channels_last(network.to(self._device))
        # ECCV16 computes once per photograph and nothing in a pass: there is no time to win by being less exact.
        if self._options.precision == "fp32" or not isinstance(exact, Reducible):
            return exact, "fp32"
        if not bf16_supported(self._device):
            if self._options.precision == "bf16":
                notes.append(f"{name} serves in float32: this device has no bfloat16 arithmetic of its own.")
            return exact, "fp32"
        low = copy.deepcopy(exact)
        low.set_precision(torch.bfloat16)
        pictures = self._options.proof_pictures or synthetic_pictures()
        with torch.inference_mode():
            proof = prove(exact, low, pictures, self._device, self._clock)
        figures.append(proof.sentence(name))
        if not proof.holds:
            notes.append(f"{name} serves in float32.")
        return (low, "bf16") if proof.holds else (exact, "fp32")


def _own(request: Request) -> TorchScene:
    assert isinstance(request.scene, TorchScene), "a scene of another engine"
    return request.scene


def _at_points(requests: Sequence[Request]) -> list[NDArray[np.float32]]:
    """The distributions at the points of requests of one network and size; no class head runs where none asks."""
    asking = [index for index, request in enumerate(requests) if request.points]
    found = [no_distributions() for _ in requests]
    for index, features in zip(asking, _features([requests[index] for index in asking]), strict=True):
        found[index] = at_points(_own(requests[index]).classes.source, features, requests[index].points)
    return found


def _enliven(chroma: NDArray[np.float32], requests: Sequence[Request]) -> None:
    """Adds to the predictions, (B, 2, h, w) of requests of one network, what their vividness asks for."""
    vivid = [index for index, request in enumerate(requests) if request.vividness > 0]
    if not vivid:
        return
    asking = [requests[index] for index in vivid]
    leant = leaning(_own(asking[0]).classes.source, torch.cat(_features(asking)))
    for index, request, towards in zip(vivid, asking, leant, strict=True):
        chroma[index] += strengths(request.vividness, request.hints, *chroma.shape[2:]) * towards


def _features(requests: Sequence[Request]) -> list[Tensor]:
    return features_of([_own(request).classes for request in requests], [request.hints for request in requests])


def available(weights_folder: Path | None) -> tuple[str, ...]:
    """The networks whose weights are there, preferred ones first."""
    return tuple(name for name in NETWORKS if _weights_path(name, weights_folder) is not None)


def _channels_last(network: Loaded) -> Loaded:
    """The network with its convolutions in the memory order that CPUs and tensor cores compute in."""
    for parameter in network.parameters():
        if parameter.ndim == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    return network


def _weights_path(name: str, weights_folder: Path | None) -> Path | None:
    if name == compact.NAME:
        return checkpoint.bundled_path()
    path = kept.kept_path(weights_folder, name) if weights_folder is not None else None
    return path if path is not None and path.is_file() else None


def _load(name: str, weights_folder: Path | None) -> tuple[Loaded, str]:
    """The network with its weights, in float32 on the CPU, ready to serve; and the hash of its weights file."""
    if name not in NETWORKS:
        raise NetworkUnknown(f"There is no network {name!r}; there are {', '.join(NETWORKS)}.")
    path = _weights_path(name, weights_folder)
    if path is None:
        raise WeightsError(
            f"The weights of {name} are not there: `chromavive weights pull {name}` fetches {name}.safetensors into "
            f"{weights_folder}."
        )
    network: Loaded
    if name == compact.NAME:
        network = compact.Compact()
        found = checkpoint.read(path, checkpoint.COMPACT_SHA256)
        checkpoint.fill(network, compact.folded(found.tensors))
    else:
        network = published.empty(name)
        found = checkpoint.read(path, kept.recorded_sum(path))
        checkpoint.fill(network, found.tensors)
    return network.eval().requires_grad_(False), found.sha256
