"""Bare passes of the networks: what a scene, a pass, fidelity and a shared pass take, interleaved in one run.

`python -m bench.passes [--json] [--threads N] [--rounds N] [--weights FOLDER | --made-up]`

The medians of some rounds, 256 x 256, float32 unless said. Of the hints one moves between passes. Fidelity's share is
its own time over the network's in the same passes; so are the shares of vividness over the whole picture, of the
distributions at 1 and 16 points, and of class features computed without a pass. With --made-up SIGGRAPH17 runs on the
tests' made-up weights: its times are those of the real ones. Ratios travel between machines, milliseconds do not.
"""

import argparse
import copy
import json
import os
import platform
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import TypeVar

import numpy as np
import torch

from chromavive.colorizer.contract import PaintHint
from chromavive.colorizer.distributions import Classifier, at_points, leaning
from chromavive.colorizer.engine import EngineOptions, TorchEngine, TorchScene
from chromavive.colorizer.fidelity import Fidelity, half_size
from chromavive.colorizer.precision import Network, Reducible, bf16_supported, synthetic_pictures, timed_paint
from chromavive.colorizer.vividness import strengths

HINTS = (16, 512)
POINTS = (1, 16)
BATCH = 4

Seconds = dict[str, list[float]]
Result = TypeVar("Result")


def grid_hints(count: int, step: int) -> tuple[PaintHint, ...]:
    """So many hints on a grid, of which the last lies elsewhere at every step."""
    side = int(np.ceil(np.sqrt(count)))
    still = tuple(
        PaintHint((i % side + 0.5) / side, (i // side + 0.5) / side, 25 * np.cos(i), 25 * np.sin(i), 5)
        for i in range(count - 1)
    )
    return (*still, PaintHint(0.02 + 0.037 * (step % 26), 0.97, 30, 20, 5))


def low_copy(network: Network, device: torch.device) -> Network | None:
    """The network in bfloat16, where the device has it."""
    if not bf16_supported(device) or not isinstance(network, Reducible):
        return None
    low = copy.deepcopy(network)
    low.set_precision(torch.bfloat16)
    return low


@torch.inference_mode()
def measure(network: Classifier, scene: TorchScene, rounds: int) -> dict[str, float]:
    """Milliseconds and ratios of one network, medians over the rounds; a first round warms up."""
    spent: Seconds = defaultdict(list)
    lightness = torch.from_numpy(scene.lightness)[None, None].to(scene.tensors[0].device)
    low = low_copy(network, lightness.device)
    fidelities = {count: Fidelity(half_size(scene.lightness)) for count in HINTS}
    batch = tuple(torch.cat([tensor] * BATCH) for tensor in scene.tensors)
    for step in range(rounds + 1):
        began = time.perf_counter()
        network.analyze(lightness)
        spent["scene"].append(time.perf_counter() - began)
        for count in HINTS:
            hints = grid_hints(count, step)
            ab, seconds = timed_paint(network, scene.tensors, [hints], time.perf_counter)
            spent[f"pass_{count}"].append(seconds)
            chroma = ab[0].cpu().numpy()
            began = time.perf_counter()
            fidelities[count].obey(chroma, hints)
            spent[f"fidelity_{count}"].append(time.perf_counter() - began)
        measure_classes(network, scene, step, spent)
        hints = grid_hints(HINTS[0], step)
        spent["shared"].append(timed_paint(network, batch, [hints] * BATCH, time.perf_counter)[1] / BATCH)
        if low is not None:
            spent["bf16"].append(timed_paint(low, low.analyze(lightness), [hints], time.perf_counter)[1])
    return summary({name: seconds[1:] for name, seconds in spent.items()})


def measure_classes(network: Classifier, scene: TorchScene, step: int, spent: Seconds) -> None:
    """One round of what vividness and points add to a pass with 16 hints, and of the class features without one."""
    hints = grid_hints(HINTS[0], step)
    height, width = half_size(scene.lightness).shape
    features = timed(lambda: network.class_features(scene.tensors, [hints]), spent["class_features"])
    timed(lambda: leaning(network, features) * strengths(0.5, hints, height, width), spent["vividness"])
    for count in POINTS:
        points = [((i + 0.5) / count, 0.5) for i in range(count)]
        timed(partial(at_points, network, features, points), spent[f"points_{count}"])


def timed(work: Callable[[], Result], spent: list[float]) -> Result:
    """What the work gives; its seconds are added to the list. Work that ends on a GPU must wait for it by itself."""
    began = time.perf_counter()
    result = work()
    spent.append(time.perf_counter() - began)
    return result


def summary(spent: Seconds) -> dict[str, float]:
    """Medians in milliseconds, and ratios as medians over the rounds' pairs."""

    def ratio(above: str, below: str) -> float:
        return round(median(a / b for a, b in zip(spent[above], spent[below], strict=True)), 3)

    found = {f"{name}_ms": round(1000 * median(seconds), 2) for name, seconds in spent.items()}
    found |= {f"fidelity_over_pass_{count}": ratio(f"fidelity_{count}", f"pass_{count}") for count in HINTS}
    added = ("class_features", "vividness", *(f"points_{count}" for count in POINTS))
    found |= {f"{name}_over_pass_16": ratio(name, "pass_16") for name in added}
    found["shared_over_alone"] = ratio("shared", "pass_16")
    if "bf16" in spent:
        found["bf16_over_fp32"] = ratio("bf16", "pass_16")
    return found


def report(weights: Path | None, threads: int | None, rounds: int, device: str) -> dict[str, object]:
    """All figures of one run."""
    options = EngineOptions(weights_folder=weights, precision="fp32", threads=threads, device=device)
    engine = TorchEngine(time.perf_counter, options)
    found: dict[str, object] = {
        "device": device,
        "machine": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "threads": engine.info.threads,
        "rounds": rounds,
    }
    for name in engine.info.networks:
        scene = engine.prepare("bench", synthetic_pictures()[0], name)
        assert isinstance(scene, TorchScene)
        found[name] = measure(engine.network(name), scene, rounds)
    engine.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--made-up", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        weights = args.weights
        if args.made_up:
            from safetensors.torch import save_file

            from tests.colorizer.deterministic import siggraph17_tensors

            weights = Path(folder)
            save_file(siggraph17_tensors(), weights / "siggraph17.safetensors")
        found = report(weights, args.threads, args.rounds, args.device)
    if args.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name}: {value}" if not isinstance(value, dict) else f"\n{name}")
        for key, figure in value.items() if isinstance(value, dict) else ():
            print(f"  {key:28} {figure}")


if __name__ == "__main__":
    main()
