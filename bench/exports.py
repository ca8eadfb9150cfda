"""What exports cost: time against the format's own encoder, and memory above an idle process.

`python -m bench.exports [--megapixels 12] [--large 60] [--pairs 5] [--json]`: a made-up photograph of either size, its
lightness mapped from a file as a room's is, exported in every format.

`ratio` is of medians: the export, from lightness and chroma to the file, to `encode`, what Pillow (tifffile for TIFF)
takes to write the same pixels from memory, with its own settings; in turns, each in a process of its own.
`peak_mb` is by how much a process that had imported everything grew: the largest resident memory (getrusage) at the
end less that before, the mapped lightness included. `working_lightness` is what comes before a photograph's first pass.
A megabyte has 1,000,000 bytes.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from chromavive.pictures.display import working_lightness
from chromavive.pictures.export import write_export
from chromavive.pictures.export_bands import bands
from chromavive.pictures.export_form import FORMATS, QUALITY, ExportForm, Format, Provenance

ROOT = Path(__file__).resolve().parents[1]
MADE = Provenance("none", "none", 0, 0.0)
LIGHTNESS, PIXELS = "lightness.npy", "pixels.npy"
# Of ru_maxrss: kilobytes, but on macOS bytes.
RSS_UNIT_BYTES = 1 if sys.platform == "darwin" else 1024


def make(folder: Path, megapixels: float) -> None:
    """A photograph's lightness, 4 by 3, of smooth shapes and some grain, band by band."""
    height, width = round((megapixels * 1e6 * 3 / 4) ** 0.5), round((megapixels * 1e6 * 4 / 3) ** 0.5)
    random = np.random.default_rng(1)
    file = np.lib.format.open_memmap(folder / LIGHTNESS, mode="w+", dtype=np.uint16, shape=(height, width))
    columns = np.arange(width) / width
    for top in range(0, height, 64):
        rows = np.arange(top, min(top + 64, height))[:, None] / height
        shapes = 50 + 25 * np.sin(9 * rows + 5 * columns) * np.cos(13 * columns - 4 * rows)
        grain = random.normal(0, 1.5, (len(rows), width))
        file[top : top + 64] = np.rint(np.clip(shapes + grain, 0, 100) * 655.35)


def chroma() -> NDArray[np.float32]:
    """(2, 112, 144) float32, CIE Lab units: patches of color."""
    coarse = np.random.default_rng(2).uniform(-40, 40, (2, 14, 18)).astype(np.float32)
    return np.kron(coarse, np.ones((8, 8), np.float32))


def export(folder: Path, form: ExportForm) -> None:
    write_export(np.load(folder / LIGHTNESS, mmap_mode="r"), chroma(), form, MADE, folder / f"out{form.suffix}")


def keep_pixels(folder: Path, depth: int) -> None:
    """The pixels of the export, for the encoders alone."""
    lightness = np.load(folder / LIGHTNESS, mmap_mode="r")
    kind: Any = np.uint16 if depth == 16 else np.uint8
    whole = [np.rint(band * np.float32(2**depth - 1)).astype(kind) for band in bands(lightness, chroma())]
    np.save(folder / PIXELS, np.concatenate(whole))


def encoding(folder: Path, picture_format: Format) -> Callable[[], object]:
    """The format's own encoder with the pixels in hand."""
    pixels, path = np.load(folder / PIXELS), folder / "encoded"
    if picture_format == "tiff":
        import tifffile

        return lambda: tifffile.imwrite(path, pixels, photometric="rgb", compression="zlib", rowsperstrip=64)
    image = Image.fromarray(pixels)
    options: dict[str, Any] = {} if picture_format == "png" else {"quality": QUALITY}
    if picture_format == "jpeg":
        options["subsampling"] = 0
    return lambda: image.save(path, picture_format, **options)


def peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * RSS_UNIT_BYTES


def measured(work: Callable[[], object]) -> dict[str, float]:
    """Seconds of the work, and megabytes that this process grew by."""
    idle = peak_bytes()
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "peak_mb": (peak_bytes() - idle) / 1e6, "idle_mb": idle / 1e6}


def in_a_child(task: str, folder: Path, picture_format: Format = "png", size: float = 0) -> dict[str, float]:
    """What the task measured of itself in a fresh process; this one has to stay as small as an idle one."""
    command = [sys.executable, "-m", "bench.exports", "--task", task, "--folder", str(folder)]
    command += ["--format", picture_format, "--megapixels", str(size)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    result: dict[str, float] = json.loads(told.stdout)
    return result


def run_task(task: str, folder: Path, picture_format: Format, size: float) -> dict[str, float]:
    tasks: dict[str, Callable[[], Callable[[], object]]] = {
        "make": lambda: lambda: make(folder, size),
        "pixels": lambda: lambda: keep_pixels(folder, 16 if picture_format == "tiff" else 8),
        "export": lambda: lambda: export(folder, ExportForm(picture_format)),
        "encode": lambda: encoding(folder, picture_format),
        "working_lightness": lambda: lambda: working_lightness(np.load(folder / LIGHTNESS, mmap_mode="r")),
    }
    return measured(tasks[task]())


def compared(folder: Path, picture_format: Format, pairs: int) -> dict[str, Any]:
    """The export against the encoder alone, in turns."""
    in_a_child("pixels", folder, picture_format)
    exports, encodes = [], []
    for _ in range(pairs):
        exports.append(in_a_child("export", folder, picture_format))
        encodes.append(in_a_child("encode", folder, picture_format))
    export_seconds, encode_seconds = (
        statistics.median(each["seconds"] for each in runs) for runs in (exports, encodes)
    )
    return {
        "seconds": round(export_seconds, 2),
        "encode_seconds": round(encode_seconds, 2),
        "ratio": round(export_seconds / encode_seconds, 2),
        "peak_mb": round(max(each["peak_mb"] for each in exports)),
        "bytes": (folder / f"out{ExportForm(picture_format).suffix}").stat().st_size,
    }


def once(folder: Path, task: str, picture_format: Format = "png") -> dict[str, float]:
    told = in_a_child(task, folder, picture_format)
    return {"seconds": round(told["seconds"], 2), "peak_mb": round(told["peak_mb"])}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megapixels", type=float, default=12)
    parser.add_argument("--large", type=float, default=60, help="megapixels, memory only; 0: leave it out")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--task", help=argparse.SUPPRESS)  # this process measures one of its own kind
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--format", choices=FORMATS, help="only this one")
    arguments = parser.parse_args()
    if arguments.task:
        print(json.dumps(run_task(arguments.task, arguments.folder, arguments.format or "png", arguments.megapixels)))
        return
    report: dict[str, Any] = {"pairs": arguments.pairs}
    for size, pairs in ((arguments.megapixels, arguments.pairs), (arguments.large, 0)):
        if not size:
            continue
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            in_a_child("make", folder, size=size)
            formats: dict[str, Any] = {
                each: compared(folder, each, pairs) if pairs else once(folder, "export", each)
                for each in FORMATS
                if arguments.format in (None, each)
            }
            report[f"{size:g}_megapixels"] = formats | {"working_lightness": once(folder, "working_lightness")}
    print(json.dumps(report) if arguments.json else json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
