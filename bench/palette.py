"""How often a palette holds the true color: of a network's distribution, and of how common colors are at a lightness.

`python -m bench.palette [FOLDER ...] [--train FOLDER] [--points N] [--network NAME --weights FOLDER] [--json]`: points
are drawn from the color photographs of the folders, as many of each, where the chroma at working size is above 15. A
point is a hit if its true color lies within deltaE2000 6 of one of the nine colors.

`histogram` chooses its nine by the same rule from how often each bin occurs in the train photographs at that lightness
+-5. `network` has no hints. `hinted` has one: the true color of a place 8 to 24 working pixels from the point, 5
working pixels in size; `beside` proposes nothing but that color, for comparison. The same seed gives the same points.
`palette_ms` is the median time of choosing nine. Without folders the photographs are scikit-image's; without --train
the histogram is that of the photographs themselves, which flatters it.
"""

import argparse
import json
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench._pictures import color_photographs
from chromavive.color import delta_e_2000, rgb_to_lab, working_size
from chromavive.color.bins import BIN_COUNT, ab_bins
from chromavive.color.palette import LikelyColor, palette
from chromavive.colorizer.contract import Engine, PaintHint, Request
from chromavive.colorizer.engine import EngineOptions, TorchEngine

SEED = 20261123
POINTS = 2000
TRAIN_PHOTOGRAPHS = 3000
TRAIN_PIXELS = 2000  # drawn of each of them
CHROMA_MIN = 15.0
HIT_DELTA_E = 6.0
WINDOW = 5  # of L, on both sides
NEAR_PX = (8.0, 24.0)
HINT_PX = 5.0

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Point:
    """A place, x and y as fractions, its true Lab, and a hint with the true color of a place near it."""

    x: float
    y: float
    lab: Floats
    near: PaintHint


def photographs(folders: Sequence[Path]) -> list[Path]:
    """Those of the folders, each in the order of their names; scikit-image's where there is no folder."""
    if not folders:
        return color_photographs(None, limit=100)
    found = [
        path for folder in folders for path in sorted(folder.iterdir()) if path.suffix in {".jpg", ".png", ".webp"}
    ]
    if not found:
        raise SystemExit("There are no photographs in the folders named.")
    return found


def working_lab(path: Path) -> Floats:
    """The photograph's Lab, (h, w, 3) float32, at its working size."""
    with Image.open(path) as image:
        height, width = working_size(image.height, image.width)
        rgb = image.convert("RGB").resize((width, height), Image.Resampling.BILINEAR)
    return rgb_to_lab(np.asarray(rgb, np.float32) / np.float32(255)).astype(np.float32)


def drawn_points(lab: Floats, count: int, rng: np.random.Generator) -> list[Point]:
    """So many colored points of a photograph; none if it has no colored pixel."""
    height, width = lab.shape[:2]
    colored = np.argwhere(np.hypot(lab[..., 1], lab[..., 2]) > CHROMA_MIN)
    points = []
    for row, column in colored[rng.integers(len(colored), size=count)].tolist() if len(colored) else ():
        near_row, near_column = _near(row, column, height, width, rng)
        _, a, b = lab[near_row, near_column].tolist()
        near = PaintHint((near_column + 0.5) / width, (near_row + 0.5) / height, a, b, HINT_PX)
        points.append(Point((column + 0.5) / width, (row + 0.5) / height, lab[row, column], near))
    return points


def _near(row: int, column: int, height: int, width: int, rng: np.random.Generator) -> tuple[int, int]:
    """A pixel of the photograph at a distance within NEAR_PX, any direction and distance as likely."""
    while True:
        distance, angle = rng.uniform(*NEAR_PX), rng.uniform(0, 2 * math.pi)
        found = round(row + distance * math.sin(angle)), round(column + distance * math.cos(angle))
        if 0 <= found[0] < height and 0 <= found[1] < width:
            return found


def histogram(paths: Sequence[Path], rng: np.random.Generator) -> NDArray[np.float64]:
    """(101, 313): how often each bin occurs at each L, of pixels drawn from the photographs."""
    grid = np.arange(-110, 111, 10)
    cells = np.stack(np.meshgrid(grid, grid, indexing="ij"), axis=-1).reshape(-1, 1, 2)
    nearest = ((cells - ab_bins()) ** 2).sum(axis=-1).argmin(axis=1).reshape(len(grid), len(grid))
    found = np.zeros((101, BIN_COUNT))
    for path in paths:
        with Image.open(path) as image:
            pixels = np.asarray(image.convert("RGB"), np.float32).reshape(-1, 3)
        lab = rgb_to_lab(pixels[rng.integers(len(pixels), size=TRAIN_PIXELS)] / np.float32(255))
        a, b = np.clip(np.rint(lab[:, 1:] / 10).astype(np.intp) + 11, 0, len(grid) - 1).T
        np.add.at(found, (np.rint(lab[:, 0]).astype(np.intp).clip(0, 100), nearest[a, b]), 1)
    return found


def at_lightness(counts: NDArray[np.float64], lightness: float) -> NDArray[np.float64]:
    level = round(lightness)
    windowed: NDArray[np.float64] = counts[max(level - WINDOW, 0) : level + WINDOW + 1].sum(axis=0)
    return windowed


def hit(colors: Sequence[LikelyColor], lab: Floats) -> bool:
    if not colors:
        return False
    proposed = np.array([(lab[0], likely.a, likely.b) for likely in colors])
    return bool(delta_e_2000(proposed, lab).min() <= HIT_DELTA_E)


def palettes_of(
    engine: Engine, network: str, key: str, lab: Floats, points: Sequence[Point], counts: NDArray[np.float64]
) -> list[dict[str, tuple[LikelyColor, ...]]]:
    """For each point of one photograph the colors of every way."""
    scene = engine.prepare(key, np.ascontiguousarray(lab[..., 0]), network)
    places = tuple((point.x, point.y) for point in points)
    [unhinted] = engine.distributions([Request(scene, (), 0.0, places)])
    found = []
    for point, place, plain in zip(points, places, unhinted, strict=True):
        [[told]] = engine.distributions([Request(scene, (point.near,), 0.0, (place,))])
        lightness = float(point.lab[0])
        found.append(
            {
                "histogram": palette(at_lightness(counts, lightness), lightness),
                "network": palette(plain, lightness),
                "hinted": palette(told, lightness),
                "beside": (LikelyColor(point.near.a, point.near.b, 1.0),),
            }
        )
    return found


def measured(engine: Engine, network: str, paths: Sequence[Path], train: Sequence[Path], count: int) -> dict[str, Any]:
    """All figures of one run."""
    rng = np.random.default_rng(SEED)
    counts = histogram([train[index] for index in rng.permutation(len(train))[:TRAIN_PHOTOGRAPHS]], rng)
    hits: dict[str, list[bool]] = {}
    # Photographs without a colored pixel have no points, so that later ones have to make up for them.
    for place, path in enumerate(paths):
        missing = count - len(hits.get("network", ()))
        lab = working_lab(path)
        points = drawn_points(lab, math.ceil(missing / (len(paths) - place)), rng)
        if not points:
            continue
        for point, ways in zip(points, palettes_of(engine, network, str(path), lab, points, counts), strict=True):
            for way, colors in ways.items():
                hits.setdefault(way, []).append(hit(colors, point.lab))
    percent = {way: round(100 * sum(found) / len(found), 1) for way, found in hits.items()}
    return {
        "network": network,
        "photographs": len(paths),
        "points": len(hits["network"]),
        "train_photographs": min(TRAIN_PHOTOGRAPHS, len(train)),
        "train_pixels": int(counts.sum()),
        "hits_percent": percent,
        "gain_points": round(percent["network"] - percent["histogram"], 1),
        "gain_points_hinted": round(percent["hinted"] - percent["histogram"], 1),
        "palette_ms": palette_ms(counts),
    }


def palette_ms(counts: NDArray[np.float64]) -> float:
    """The median time of one palette, over all lightnesses."""
    spent = []
    for lightness in range(10, 91):
        began = time.perf_counter()
        palette(counts[lightness], lightness)
        spent.append(time.perf_counter() - began)
    return round(1000 * median(spent), 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--train", type=Path)
    parser.add_argument("--points", type=int, default=POINTS)
    parser.add_argument("--network", default="compact")
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    options = EngineOptions(
        networks=(arguments.network,),
        weights_folder=arguments.weights,
        precision="fp32",
        threads=arguments.threads,
    )
    engine = TorchEngine(time.perf_counter, options)
    paths = photographs(arguments.folders)
    train = photographs([arguments.train]) if arguments.train is not None else paths
    found = measured(engine, arguments.network, paths, train, arguments.points)
    engine.close()
    if arguments.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:20}", value)


if __name__ == "__main__":
    main()
