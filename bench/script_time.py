"""How long the page's script is busy with a chroma frame: from the decoded bitmap to the issued draw.

`python -m bench.script_time [--frames 120] [--json]`: in real Chromium, by the page's own clock. Frames of a hint that
moves over scikit-image's coffee, enlarged to a gray copy of full size, are made beforehand and sent through the page's
own modules one after the other; waiting for the screen's next picture and the GPU's work are not the script's.
"""

import argparse
import base64
import json
import os
import statistics
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench._browser import browser, files
from bench._loop_lag import percentile
from bench._pictures import color_photographs
from chromavive.color import cell_means, rgb_to_lab
from chromavive.color.sizes import working_size
from chromavive.pictures.contract import LIGHTNESS_SCALE
from chromavive.pictures.display import GRAY_COPY_PX, gray_copy
from chromavive.pictures.frames import encode_chroma
from chromavive.wire.frame import FrameHeader, pack_frame

CANVAS_PX = (1440, 900)
WARM_UP = 10  # frames that are not counted: the first compile the script
_EPOCH = "0" * 15 + "1"


def photograph() -> NDArray[np.floating[Any]]:
    """Coffee's Lab, (H, W, 3), its long side that of the gray copy."""
    path = next(path for path in color_photographs(None, 40) if path.stem == "coffee")
    with Image.open(path) as image:
        height = round(GRAY_COPY_PX * image.height / image.width)
        rgb = image.convert("RGB").resize((GRAY_COPY_PX, height), Image.Resampling.BICUBIC)
    return rgb_to_lab(np.asarray(rgb, np.float32) / np.float32(255))


def moving_frames(lab: NDArray[np.floating[Any]], count: int) -> Iterator[bytes]:
    """As the hub packs them: the photograph's own chroma, half the working size, with a red spot on its way through."""
    height, width = (side // 2 for side in working_size(*lab.shape[:2]))
    ab = np.stack([cell_means(lab[..., channel], height, width) for channel in (1, 2)]).astype(np.float32)
    rows, columns = np.mgrid[:height, :width]
    for look in range(1, count + 1):
        away = np.hypot(rows - height / 2, columns - width * look / count)
        spot = np.exp(-away / 8).astype(np.float32)
        chroma = encode_chroma(ab * (1 - spot) + np.float32(60) * spot, settled=False)
        ranges = (chroma.a_offset, chroma.a_step, chroma.b_offset, chroma.b_step)
        size = (chroma.height_px, chroma.width_px)
        header = FrameHeader(_EPOCH, look, look, False, "compact", *size, *ranges, 0.015, chroma.payload_type)
        yield pack_frame(header, chroma.payload)


def measure(count: int) -> dict[str, Any]:
    """Milliseconds of so many frames, and of what they were."""
    lab = photograph()
    gray = gray_copy(np.rint(lab[..., 0] * LIGHTNESS_SCALE).astype(np.uint16))
    frames = [base64.b64encode(frame).decode() for frame in moving_frames(lab, count + WARM_UP)]
    with files() as url, browser() as chromium:
        page = chromium.new_page(viewport={"width": CANVAS_PX[0], "height": CANVAS_PX[1]})
        page.goto(f"{url}/bench/script_time.html")
        page.wait_for_function("globalThis.measure !== undefined")
        script = "([gray, frames]) => measure(gray, frames)"
        times = page.evaluate(script, [base64.b64encode(gray).decode(), frames])[WARM_UP:]
        version = chromium.version
    spent = [one["taken"] + one["drawn"] for one in times]
    return {
        "frames": len(spent),
        "median_ms": statistics.median(spent),
        "p95_ms": percentile(spent, 95),
        "worst_ms": max(spent),
        "taken_up_median_ms": statistics.median(one["taken"] for one in times),
        "drawn_median_ms": statistics.median(one["drawn"] for one in times),
        "canvas_px": CANVAS_PX,
        "gray_copy_px": [lab.shape[1], lab.shape[0]],
        "planes_px": [side // 2 for side in working_size(*lab.shape[:2])[::-1]],
        "chromium": version,
        "load": os.getloadavg()[0],  # how many processes wanted to run; beyond the cores they disturb
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--frames", type=int, default=120)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    told = parser.parse_args()
    figures = measure(told.frames)
    print(json.dumps(figures) if told.json else "\n".join(f"{name}: {value}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
