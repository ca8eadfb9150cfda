"""How long photographs take on their way in and out: decoding in the child, reducing, the gray copy, the export.

`python -m bench.photographs [--megapixels 12] [--json]`: a made-up photograph of that size, as JPEG.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image

from chromavive.pictures.display import gray_copy, working_lightness
from chromavive.pictures.export import write_export
from chromavive.pictures.export_form import ExportForm, Provenance
from chromavive.runtime.child import ChildDecoder

Result = TypeVar("Result")


def write_photograph(path: Path, megapixels: float) -> None:
    """A colored picture, 4 by 3, of smooth shapes and some grain."""
    height, width = round((megapixels * 1e6 * 3 / 4) ** 0.5), round((megapixels * 1e6 * 4 / 3) ** 0.5)
    random = np.random.default_rng(1)
    shapes = Image.fromarray(random.integers(0, 255, (30, 40, 3), np.uint8)).resize((width, height))
    grain = Image.fromarray(random.integers(0, 255, (height, width), np.uint8)).convert("RGB")
    Image.blend(shapes, grain, 0.05).save(path, "JPEG", quality=90)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megapixels", type=float, default=12)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    seconds: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Result]) -> Result:
        began = time.perf_counter()
        result = work()
        seconds[name] = round(time.perf_counter() - began, 3)
        return result

    with tempfile.TemporaryDirectory() as folder:
        photograph, lightness_path = Path(folder, "photograph.jpg"), Path(folder, "lightness.npy")
        write_photograph(photograph, arguments.megapixels)
        timed("decode_in_child", lambda: asyncio.run(ChildDecoder().decode(photograph, lightness_path)))
        lightness = np.load(lightness_path, mmap_mode="r")
        timed("working_lightness", lambda: working_lightness(lightness))
        gray_bytes = len(timed("gray_copy", lambda: gray_copy(lightness)))
        ab = np.random.default_rng(2).uniform(-30, 30, (2, 112, 144)).astype(np.float32)
        made = Provenance("none", "none", 0, 0.0)
        timed("export_png", lambda: write_export(lightness, ab, ExportForm(), made, Path(folder, "out.png")))
        export_bytes = Path(folder, "out.png").stat().st_size
    report = {
        "megapixels": arguments.megapixels,
        "seconds": seconds,
        "gray_copy_bytes": gray_bytes,
        "export_bytes": export_bytes,
    }
    print(json.dumps(report) if arguments.json else report)


if __name__ == "__main__":
    main()
