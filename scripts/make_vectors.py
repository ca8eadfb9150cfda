#!/usr/bin/env python3
"""Write tests/vectors/*.json, the cases that the server's and the client's color arithmetic share.

With --check nothing is written: the exit status says whether the files hold what would be written.
"""

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "server"))

from chromavive.color import (  # noqa: E402
    clamp_to_gamut,
    gray_to_lightness,
    in_gamut,
    lab_to_rgb,
    lab_to_rgb_unclipped,
    rgb_to_lab,
    upsample,
)

FOLDER = ROOT / "tests" / "vectors"
DIGITS = 9
# Looser than the digits: the last of them may differ between machines' cube roots.
TOLERANCE = 1e-7


def lab_vectors() -> dict[str, Any]:
    rng = np.random.default_rng(2016)
    corners = np.array([[r, g, b] for r in (0, 1) for g in (0, 1) for b in (0, 1)], dtype=np.float64)
    near_black = np.array([[0.04045, 0.04045, 0.04045], [0.0405, 0.01, 0.0], [0.001, 0.002, 0.003]])
    rgb = np.concatenate([corners, near_black, np.round(rng.uniform(0, 1, (24, 3)), 4)])
    lab = some_lab(rng, 32)
    return {
        "rgb_to_lab": rows(rgb=rgb, lab=rgb_to_lab(rgb)),
        "lab_to_rgb": rows(lab=lab, unclipped=lab_to_rgb_unclipped(lab), rgb=lab_to_rgb(lab)),
        "lightness_of_gray": rounded(gray_to_lightness(np.arange(256) / 255)),
    }


def gamut_vectors() -> dict[str, Any]:
    rng = np.random.default_rng(2017)
    ends = np.array([[0, 0, 0], [0, 20, -20], [100, 0, 0], [100, 0, 60], [-5, 3, 4], [120, 3, 4], [50, 0, 0]])
    lab = np.concatenate([ends.astype(np.float64), some_lab(rng, 64)])
    return {"clamp_to_gamut": rows(lab=lab, inside=in_gamut(lab), clamped=clamp_to_gamut(lab))}


def upsample_vectors() -> dict[str, Any]:
    """Planes of bytes with their offsets and steps, brought to sizes with odd ratios, down to a single pixel.

    Grays and planes rise together, so that there is a slope, and have enough noise that some pixels are clamped.
    """
    rng = np.random.default_rng(2018)
    cases = []
    sizes = [((2, 3), (5, 7)), ((4, 4), (8, 8)), ((3, 5), (3, 5)), ((1, 1), (2, 3)), ((5, 4), (3, 6))]
    for (h, w), (height, width) in sizes:
        gray = np.clip(np.linspace(20, 220, width) + rng.integers(-60, 60, (height, width)), 0, 255).astype(np.int64)
        planes = np.clip(np.linspace(0, 255, w) + rng.integers(-50, 50, (2, h, w)), 0, 255).astype(np.int64)
        offset, step = np.round(rng.uniform(-100, 0, 2), 3), np.round(rng.uniform(0.1, 0.8, 2), 3)
        ab = upsample(offset[:, None, None] + step[:, None, None] * planes, gray_to_lightness(gray / 255))
        cases.append(
            {
                "planes": planes.tolist(),
                "offset": rounded(offset),
                "step": rounded(step),
                "gray": gray.tolist(),
                "ab": rounded(ab),
            }
        )
    return {"upsample": cases}


def some_lab(rng: np.random.Generator, count: int) -> Any:
    """Lab colors with few digits, so that what is written is what was computed with."""
    lab = [rng.uniform(0, 100, count), rng.uniform(-110, 110, count), rng.uniform(-110, 110, count)]
    return np.round(np.stack(lab, axis=-1), 3)


def rounded(values: Any) -> Any:
    return np.round(values, DIGITS).tolist()


def rows(**columns: Any) -> list[dict[str, Any]]:
    """One object a case, from arrays with a case a row."""
    plain = {name: rounded(values) if values.dtype != bool else values.tolist() for name, values in columns.items()}
    return [dict(zip(plain, case, strict=True)) for case in zip(*plain.values(), strict=True)]


def same(left: Any, right: Any) -> bool:
    """Whether two JSON values are equal, numbers to TOLERANCE."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float | int) and isinstance(right, float | int):
        return math.isclose(left, right, rel_tol=0, abs_tol=TOLERANCE)
    return bool(left == right)


def text_of(vectors: dict[str, Any]) -> str:
    """JSON with one case a line, so that a change shows as the lines of the changed cases."""
    parts = []
    for name, cases in vectors.items():
        lines = ",\n".join(f"  {json.dumps(case)}" for case in cases)
        parts.append(f"{json.dumps(name)}: [\n{lines}\n]")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    check = parser.parse_args().check
    stale = []
    for name, vectors in {"lab": lab_vectors(), "gamut": gamut_vectors(), "upsample": upsample_vectors()}.items():
        path = FOLDER / f"{name}.json"
        if path.exists() and same(json.loads(path.read_text()), vectors):
            continue
        stale.append(path.name)
        if not check:
            path.write_text(text_of(vectors))
    print(f"{'stale' if check else 'written'}: {', '.join(stale)}" if stale else "tests/vectors: up to date")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
