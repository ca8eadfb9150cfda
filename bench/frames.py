"""What each encoding of a chroma frame costs and loses, over the chroma of real photographs.

`python -m bench.frames [FOLDER] [--limit N] [--json]`: every photograph is squeezed to 256 x 256 as the papers do, its
own chroma halved to 128 x 128, encoded, decoded and compared. A network's chroma is of about the same size.
"""

import argparse
import io
import json
import statistics
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench._pictures import add_options, color_photographs
from chromavive.color import delta_e_2000, rgb_to_lab
from chromavive.pictures import frames

WAYS: Mapping[str, tuple[str, dict[str, object]]] = {
    **{f"JPEG {quality}": ("JPEG", {"quality": quality}) for quality in (85, 90, 92, 95)},
    **{
        f"lossless WebP, method {method}": ("WEBP", {"lossless": True, "quality": 0, "method": method})
        for method in (0, 1, 4, 6)
    },
    "PNG": ("PNG", {}),
}


def halved_lab(path: Path) -> NDArray[np.float32]:
    """The photograph's Lab, (128, 128, 3) float32."""
    with Image.open(path) as image:
        rgb = image.convert("RGB").resize((256, 256), Image.Resampling.BILINEAR)
    lab = rgb_to_lab(np.asarray(rgb, np.float32) / np.float32(255))
    return np.asarray(lab.reshape(128, 2, 128, 2, 3).mean(axis=(1, 3)), np.float32)


def measured(lab: NDArray[np.float32], kind: str, options: dict[str, object]) -> tuple[int, float, float]:
    """Bytes, milliseconds of encoding, and the mean CIEDE2000 that the encoding adds."""
    whole = frames.encode_chroma(np.ascontiguousarray(np.moveaxis(lab[..., 1:], -1, 0)), settled=True)
    with Image.open(io.BytesIO(whole.payload)) as image:
        levels = image.convert("L")
    buffer = io.BytesIO()
    began = time.perf_counter()
    levels.save(buffer, kind, **options)
    milliseconds = (time.perf_counter() - began) * 1000
    with Image.open(buffer) as image:
        decoded = np.asarray(image.convert("L"), np.float32).reshape(2, 128, 128)
    decoded = np.stack([whole.a_offset + whole.a_step * decoded[0], whole.b_offset + whole.b_step * decoded[1]])
    shown = np.concatenate([lab[..., :1], np.moveaxis(decoded, 0, -1)], axis=-1)
    return len(buffer.getvalue()), milliseconds, float(delta_e_2000(lab, shown).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    labs = [halved_lab(path) for path in color_photographs(arguments.folder, arguments.limit)]
    report = {}
    for name, (kind, options) in WAYS.items():
        sizes, times, losses = zip(*(measured(lab, kind, options) for lab in labs), strict=True)
        report[name] = {
            "bytes_mean": round(statistics.mean(sizes)),
            "encode_ms_median": round(statistics.median(times), 2),
            "delta_e_2000_mean": round(statistics.mean(losses), 3),
        }
    if arguments.json:
        print(json.dumps({"photographs": len(labs), "ways": report}))
    else:
        for name, figures in report.items():
            print(f"{name:24}", *(f"{key} {value}" for key, value in figures.items()), sep="  ")


if __name__ == "__main__":
    main()
