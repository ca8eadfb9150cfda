"""What chroma along the photograph's lightness gains over bilinear interpolation, and what it costs.

`python -m bench.upsample [FOLDER] [--limit N] [--noise SIGMA] [--json]`: of every color photograph the true chroma is
reduced to the size of its chroma frame (means over the cells), brought back both ways and compared with the truth.
Edges are the pixels within 8 of the top decile of L's gradient. PSNR of a and b together, over a range of 220.
`milliseconds_per_megapixel` is of either way, without the conversion to sRGB.
`reduced_copy` compares a picture whose lines follow a smaller gray copy in 8 bits, as a zoomed page of a large
photograph has it, with the export: the share of samples within 2 of 255, and the largest difference. The copy has four
fifths of the size: 7 to 9 pixels a cell, which is harder than a page's, whose copies of 2048 pixels have 10 to 14.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench._pictures import add_options, color_photographs
from chromavive.color import (
    ChromaLines,
    bilinear,
    cell_means,
    gray_to_lightness,
    lab_to_rgb,
    rgb_to_lab,
    upsample,
    upsample_rows,
    working_size,
)
from chromavive.pictures.contract import LIGHTNESS_SCALE
from chromavive.pictures.display import reduced_gray
from chromavive.pictures.export import colored

EDGE_PX = 8
AB_RANGE = 220.0
COPY_SCALE = 0.8
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Truth:
    """A photograph: L (H, W) float32, chroma (2, H, W) in CIE Lab units, and the pixels near an edge of L."""

    lightness: NDArray[np.float32]
    ab: NDArray[np.float32]
    near_edge: Mask

    def reduced(self) -> NDArray[np.float32]:
        """The chroma at the size of a frame: half the working size."""
        height, width = (size // 2 for size in working_size(*self.lightness.shape))
        return np.stack([cell_means(plane, height, width) for plane in self.ab]).astype(np.float32)


def read(path: Path) -> Truth:
    with Image.open(path) as image:
        lab = rgb_to_lab(np.asarray(image.convert("RGB"), np.float32) / np.float32(255)).astype(np.float32)
    gradient = np.hypot(*np.gradient(lab[..., 0]))
    steep = gradient >= np.quantile(gradient, 0.9)
    return Truth(lab[..., 0], np.ascontiguousarray(np.moveaxis(lab[..., 1:], -1, 0)), near(steep))


def near(marked: Mask) -> Mask:
    """Which pixels have a marked one at most EDGE_PX away, in a straight line."""
    height, width = marked.shape
    padded = np.pad(marked, EDGE_PX)
    found = np.zeros_like(marked)
    for down in range(-EDGE_PX, EDGE_PX + 1):
        for across in range(-EDGE_PX, EDGE_PX + 1):
            if down**2 + across**2 <= EDGE_PX**2:
                top, left = EDGE_PX + down, EDGE_PX + across
                found |= padded[top : top + height, left : left + width]
    return found


def compared(truth: Truth, noise: float) -> dict[str, float]:
    """PSNR of both ways in dB, near edges and overall, and their milliseconds a megapixel."""
    grain = np.random.default_rng(1).normal(0, noise, truth.lightness.shape) if noise else 0
    lightness = np.clip(truth.lightness + grain, 0, 100).astype(np.float32)
    ab = truth.reduced()
    figures: dict[str, float] = {}
    ways: dict[str, Callable[[], NDArray[np.floating[Any]]]] = {
        "bilinear": lambda: bilinear(ab, *lightness.shape),
        "along_lightness": lambda: upsample(ab, lightness),
    }
    for name, way in ways.items():
        began = time.perf_counter()
        shown = way()
        figures[f"{name}_milliseconds"] = (time.perf_counter() - began) * 1e9 / lightness.size
        square = ((shown - truth.ab) ** 2).mean(axis=0)
        figures[f"{name}_edges_db"] = decibels(square[truth.near_edge])
        figures[f"{name}_overall_db"] = decibels(square)
    apart = reduced_copy(truth)
    return figures | {"reduced_copy_within": float((apart <= 2).mean()), "reduced_copy_worst": float(apart.max())}


def reduced_copy(truth: Truth) -> NDArray[np.uint8]:
    """How far each sample (H, W, 3) lies from the export's where the lines follow the smaller copy."""
    exact, ab = np.rint(truth.lightness * LIGHTNESS_SCALE).astype(np.uint16), truth.reduced()
    gray = np.asarray(reduced_gray(exact, round(max(exact.shape) * COPY_SCALE)))
    cells = cell_means(gray_to_lightness(gray / 255), *ab.shape[1:])
    chroma = upsample_rows(ChromaLines.fitted(ab, cells, *exact.shape), truth.lightness, 0, len(exact))
    lab = np.concatenate([truth.lightness[..., None], np.moveaxis(chroma, 0, -1)], axis=-1)
    shown = np.rint(lab_to_rgb(lab) * 255).astype(np.int16)
    apart: NDArray[np.uint8] = np.abs(shown - colored(exact, ab)).astype(np.uint8)
    return apart


def decibels(square_error: NDArray[np.floating[Any]]) -> float:
    return float(10 * np.log10(AB_RANGE**2 / square_error.mean()))


def summary(photographs: list[dict[str, float]]) -> dict[str, Any]:
    report: dict[str, Any] = {"photographs": len(photographs)}
    for where in ("edges", "overall"):
        before, after = ([one[f"{way}_{where}_db"] for one in photographs] for way in ("bilinear", "along_lightness"))
        gains = [mine - theirs for mine, theirs in zip(after, before, strict=True)]
        report[where] = {
            "bilinear_db": round(statistics.mean(before), 2),
            "along_lightness_db": round(statistics.mean(after), 2),
            "gain_db": round(statistics.mean(gains), 2),
            "gain_db_worst": round(min(gains), 2),
        }
    report["milliseconds_per_megapixel"] = {
        way: round(statistics.median(one[f"{way}_milliseconds"] for one in photographs), 1)
        for way in ("bilinear", "along_lightness")
    }
    report["reduced_copy"] = {
        "within_2_of_255_worst": round(min(one["reduced_copy_within"] for one in photographs), 5),
        "largest": max(one["reduced_copy_worst"] for one in photographs),
    }
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    parser.add_argument("--noise", type=float, default=0.0, help="standard deviation of grain added to L before use")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    paths = color_photographs(arguments.folder, arguments.limit)
    report = summary([compared(read(path), arguments.noise) for path in paths]) | {"noise": arguments.noise}
    if arguments.json:
        print(json.dumps(report))
    else:
        for name, figures in report.items():
            print(f"{name:28}", figures)


if __name__ == "__main__":
    main()
