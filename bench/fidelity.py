"""How well the picture obeys its hints, after its frame was packed and unpacked.

`python -m bench.fidelity [FOLDER] [--limit N] [--sets N] [--pairs N] [--weights FOLDER] [--json]`

Every figure comes from real passes on photographs at their working size, settled (lossless WebP) and moving (JPEG).
SIGGRAPH17 runs on the tests' made-up weights unless --weights names a folder with its own: its predictions are then
arbitrary, from one end of the colors to the other, which is harder to obey under than any photograph's.

hints: random sets of 1, 5, 20 and 100 hints, each at least 8 working pixels from every other, of any size. Their colors
are drawn from all of sRGB whatever the lightness is where they lie, so that many are impossible there. The error is the
distance in ab between what the frame shows in a hint's chroma cell and the hint's color, brought into the gamut at that
cell's lightness.

pairs: two hints of opposite colors (a, b) and (-a, -b), 3, 4 and 8 working pixels apart in any direction. In every
chroma cell and for a and b alone, the range is spanned by three values: what the network predicts in that very cell,
and the colors of the two hints, brought into the gamut. `excursion` is by how much the frame leaves that range, the
worst of all cells. `excursion_from_all` is the same where the predictions of all cells span the range.
"""

import argparse
import json
import math
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench._pictures import add_options, color_photographs
from chromavive.color.lab import clamp_to_gamut, rgb_to_lab
from chromavive.colorizer.contract import PaintHint, Request
from chromavive.colorizer.engine import EngineOptions, TorchEngine, TorchScene
from chromavive.colorizer.fidelity import Fidelity, half_size
from chromavive.pictures.contract import PhotographLimits
from chromavive.pictures.display import working_lightness
from chromavive.pictures.door import open_photograph
from chromavive.pictures.frames import decode_chroma, encode_chroma

NETWORKS = ("compact", "siggraph17")
COUNTS = (1, 5, 20, 100)  # hints of a set
APART_PX = 8.0  # between hints of a set, in working pixels
PAIR_PX = (3, 4, 8)  # between hints of a pair
FRAMES = {"settled": True, "moving": False}

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Figures = dict[str, Any]


class _Watched(Fidelity):
    """Fidelity that also keeps what the network predicted."""

    predicted: Floats

    def obey(self, ab: Floats, hints: Sequence[PaintHint]) -> Floats:
        self.predicted = ab
        return super().obey(ab, hints)


def drawn_color(chance: np.random.Generator) -> tuple[float, float]:
    """The a and b of any sRGB color."""
    _, a, b = rgb_to_lab(chance.uniform(size=3)).tolist()
    return a, b


def drawn_hints(count: int, size_px: tuple[int, ...], chance: np.random.Generator) -> tuple[PaintHint, ...]:
    """So many hints at least APART_PX working pixels from each other, fewer where no room is left after many tries.

    size_px: the working size, (height, width).
    """
    height_px, width_px = size_px
    places: list[tuple[float, float]] = []
    for _ in range(1000 * count):
        x, y = chance.uniform(0, width_px), chance.uniform(0, height_px)
        if all(math.hypot(x - other_x, y - other_y) >= APART_PX for other_x, other_y in places):
            places.append((x, y))
        if len(places) == count:
            break
    sizes = chance.integers(1, 10, len(places)).tolist()
    return tuple(
        PaintHint(x / width_px, y / height_px, *drawn_color(chance), size)
        for (x, y), size in zip(places, sizes, strict=True)
    )


def drawn_pair(apart_px: float, size_px: tuple[int, ...], chance: np.random.Generator) -> tuple[PaintHint, ...]:
    """Two hints of opposite colors so many working pixels apart; size_px is the working size, (height, width)."""
    height_px, width_px = size_px
    angle, (a, b) = chance.uniform(0, 2 * np.pi), drawn_color(chance)
    x, y = chance.uniform(apart_px, width_px - apart_px), chance.uniform(apart_px, height_px - apart_px)
    other_x, other_y = x + apart_px * np.cos(angle), y + apart_px * np.sin(angle)
    return (
        PaintHint(x / width_px, y / height_px, a, b, 3),
        PaintHint(other_x / width_px, other_y / height_px, -a, -b, 3),
    )


def painted(engine: TorchEngine, scene: TorchScene, hints: tuple[PaintHint, ...]) -> tuple[Floats, Floats]:
    """(prediction, painting) of one pass, (2, h, w) each, ab of the chroma cells."""
    watched = _Watched(half_size(scene.lightness))
    [painting] = engine.render([Request(replace(scene, fidelity=watched), hints)])
    return watched.predicted, painting.ab


def shown(ab: Floats, settled: bool) -> Floats:
    """The painting as a page has it."""
    return decode_chroma(encode_chroma(ab, settled))


def possible(level: Floats, hints: Sequence[PaintHint]) -> tuple[NDArray[np.int64], Doubles]:
    """The hints' chroma cells, (2, n) rows and columns, and their colors as far as they are possible there, (n, 2)."""
    height, width = level.shape
    cells = np.array([(int(hint.y * height), int(hint.x * width)) for hint in hints]).T
    asked = np.array([(hint.a, hint.b) for hint in hints])
    lab = np.column_stack([level[tuple(cells)].astype(np.float64), asked])
    return cells, np.asarray(clamp_to_gamut(lab)[:, 1:], np.float64)


def errors(level: Floats, ab: Floats, hints: Sequence[PaintHint]) -> Doubles:
    """How far each hint's cell is from its color, in ab; level is the lightness of the cells."""
    cells, wanted = possible(level, hints)
    return np.asarray(np.hypot(*(ab[:, *cells] - wanted.T)), np.float64)


def beyond(low: Floats, high: Floats, ab: Floats) -> float:
    """By how much any value leaves its range, 0 where none does."""
    return max(0.0, float((ab - high).max()), float((low - ab).max()))


def excursions(level: Floats, hints: Sequence[PaintHint], predicted: Floats, ab: Floats) -> dict[str, float]:
    """By how much the picture leaves the range that prediction and hints span (see above)."""
    wanted = possible(level, hints)[1].astype(np.float32)
    low, high = wanted.min(axis=0)[:, None, None], wanted.max(axis=0)[:, None, None]
    least, most = predicted.min(axis=(1, 2), keepdims=True), predicted.max(axis=(1, 2), keepdims=True)
    return {
        "excursion": beyond(np.minimum(low, predicted), np.maximum(high, predicted), ab),
        "excursion_from_all": beyond(np.minimum(low, least), np.maximum(high, most), ab),
    }


def of_hints(engine: TorchEngine, scenes: Sequence[TorchScene], sets: int) -> dict[str, Doubles]:
    """The errors at all hints of so many sets of each size on each photograph, by kind of frame."""
    found: dict[str, list[Doubles]] = defaultdict(list)
    chance = np.random.default_rng(1)
    for scene in scenes:
        for count in COUNTS * sets:
            hints = drawn_hints(count, scene.lightness.shape, chance)
            _, ab = painted(engine, scene, hints)
            for name, settled in FRAMES.items():
                found[name].append(errors(half_size(scene.lightness), shown(ab, settled), hints))
    return {name: np.concatenate(each) for name, each in found.items()}


def of_pairs(engine: TorchEngine, scenes: Sequence[TorchScene], pairs: int) -> dict[str, Figures]:
    """The worst excursions of so many pairs of each distance on each photograph, and their worst errors."""
    found: dict[str, Figures] = {name: {} for name in FRAMES}
    chance = np.random.default_rng(2)
    for scene in scenes:
        level = half_size(scene.lightness)
        for apart_px in PAIR_PX * pairs:
            hints = drawn_pair(apart_px, scene.lightness.shape, chance)
            predicted, ab = painted(engine, scene, hints)
            for name, settled in FRAMES.items():
                seen = shown(ab, settled)
                figures = excursions(level, hints, predicted, seen)
                figures["error"] = float(errors(level, seen, hints).max())
                worst = found[name].setdefault(f"{apart_px}_px", dict.fromkeys(figures, 0.0))
                worst.update({key: max(worst[key], value) for key, value in figures.items()})
    return found


def measure(engine: TorchEngine, network: str, pictures: Iterable[Floats], sets: int, pairs: int) -> Figures:
    """All figures of one network; pictures are lightness at working size."""
    scenes = []
    for index, lightness in enumerate(pictures):
        scene = engine.prepare(f"fidelity/{index}", lightness, network)
        assert isinstance(scene, TorchScene)
        scenes.append(scene)
    at_hints, between = of_hints(engine, scenes, sets), of_pairs(engine, scenes, pairs)
    figures: Figures = {"hints": len(at_hints["settled"]), "pairs": len(scenes) * len(PAIR_PX) * pairs}
    for name, found in at_hints.items():
        figures[name] = {
            "error_mean": round(float(found.mean()), 3),
            "error_p99": round(float(np.quantile(found, 0.99)), 3),
            "error_max": round(float(found.max()), 3),
            "pairs": {apart: {k: round(v, 3) for k, v in worst.items()} for apart, worst in between[name].items()},
        }
    return figures


def report(paths: Sequence[Path], weights: Path | None, sets: int, pairs: int) -> Figures:
    """All figures of one run."""
    pictures = [working_lightness(open_photograph(path.read_bytes(), PhotographLimits()).lightness) for path in paths]
    with ExitStack() as stack:
        if weights is None:
            weights = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            write_made_up(weights)
        options = EngineOptions(weights_folder=weights, networks=NETWORKS, precision="fp32")
        engine = TorchEngine(time.perf_counter, options)
        stack.callback(engine.close)
        found = {network: measure(engine, network, pictures, sets, pairs) for network in NETWORKS}
    return {"photographs": len(pictures), **found}


def write_made_up(folder: Path) -> None:
    """SIGGRAPH17's weights as the tests make them up."""
    from safetensors.torch import save_file

    from tests.colorizer.deterministic import siggraph17_tensors

    save_file(siggraph17_tensors(), folder / "siggraph17.safetensors")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--sets", type=int, default=1, help="sets of each number of hints on each photograph")
    parser.add_argument("--pairs", type=int, default=2, help="pairs of each distance on each photograph")
    parser.add_argument("--weights", type=Path, help="a folder with siggraph17.safetensors; by default made-up ones")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    paths = color_photographs(arguments.folder, arguments.limit)
    found = report(paths, arguments.weights, arguments.sets, arguments.pairs)
    print(json.dumps(found, indent=None if arguments.json else 2))


if __name__ == "__main__":
    main()
