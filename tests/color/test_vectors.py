"""The cases that the server's and the client's color arithmetic share."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from chromavive.color import (
    clamp_to_gamut,
    gray_to_lightness,
    in_gamut,
    lab_to_rgb,
    lab_to_rgb_unclipped,
    rgb_to_lab,
    upsample,
)

ROOT = Path(__file__).parents[2]


def vectors(name: str) -> Any:
    return json.loads((ROOT / "tests" / "vectors" / f"{name}.json").read_text())


def column(cases: list[dict[str, Any]], name: str) -> Any:
    return np.array([case[name] for case in cases])


def test_lab_vectors_hold() -> None:
    """Both directions and the lightness of the 256 grays."""
    lab = vectors("lab")
    forward, back = lab["rgb_to_lab"], lab["lab_to_rgb"]
    assert min(len(forward), len(back)) > 30
    np.testing.assert_allclose(rgb_to_lab(column(forward, "rgb")), column(forward, "lab"), atol=1e-7)
    np.testing.assert_allclose(lab_to_rgb_unclipped(column(back, "lab")), column(back, "unclipped"), atol=1e-7)
    np.testing.assert_allclose(lab_to_rgb(column(back, "lab")), column(back, "rgb"), atol=1e-7)
    np.testing.assert_allclose(gray_to_lightness(np.arange(256) / 255), lab["lightness_of_gray"], atol=1e-7)


def test_gamut_vectors_hold() -> None:
    """Inside or not, and the nearest color inside."""
    cases = vectors("gamut")["clamp_to_gamut"]
    np.testing.assert_array_equal(in_gamut(column(cases, "lab")), column(cases, "inside"))
    np.testing.assert_allclose(clamp_to_gamut(column(cases, "lab")), column(cases, "clamped"), atol=1e-5)


def test_upsample_vectors_hold() -> None:
    """Planes of bytes, unpacked and brought to a gray picture's size."""
    for case in vectors("upsample")["upsample"]:
        offset, step = (np.array(case[name])[:, None, None] for name in ("offset", "step"))
        lightness = gray_to_lightness(np.array(case["gray"]) / 255)
        ab = upsample(offset + step * np.array(case["planes"]), lightness)
        np.testing.assert_allclose(ab, case["ab"], atol=1e-7)


def test_the_files_are_what_the_script_writes() -> None:
    """No file was edited by hand, and no change of the arithmetic was left unwritten."""
    script = ROOT / "scripts" / "make_vectors.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
