"""A chroma frame's payload: two ab planes as one gray picture, a over b, each 8 bits over its own range."""

import io
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

PayloadType = Literal["image/webp", "image/jpeg"]

JPEG_QUALITY = 90
"""Of moving frames; docs/decisions/0004-photographs.md has what other qualities cost and lose."""

WEBP_METHOD = 1
"""Of settled frames: a third smaller than method 0; higher ones take longer and save at most 5 % more."""

STEP_MIN = 1e-4
"""A plane of one value still gets a step: it is divided by."""


@dataclass(frozen=True, slots=True)
class ChromaPayload:
    """An encoded frame; a plane's value is offset + step * byte, in CIE Lab units. Sizes are of one plane."""

    payload: bytes
    payload_type: PayloadType
    height_px: int
    width_px: int
    a_offset: float
    a_step: float
    b_offset: float
    b_step: float


def encode_chroma(ab: NDArray[np.float32], settled: bool) -> ChromaPayload:
    """The planes (2, h, w) float32, ab in CIE Lab units, as a payload: lossless WebP if settled, else JPEG."""
    _, height, width = ab.shape
    offsets = ab.min(axis=(1, 2))
    steps = np.maximum((ab.max(axis=(1, 2)) - offsets) / np.float32(255), np.float32(STEP_MIN))
    levels = np.rint((ab - offsets[:, None, None]) / steps[:, None, None]).astype(np.uint8)
    image = Image.fromarray(levels.reshape(2 * height, width))
    buffer = io.BytesIO()
    if settled:
        image.save(buffer, "WEBP", lossless=True, quality=0, method=WEBP_METHOD)
    else:
        image.save(buffer, "JPEG", quality=JPEG_QUALITY)
    return ChromaPayload(
        buffer.getvalue(),
        "image/webp" if settled else "image/jpeg",
        height,
        width,
        float(offsets[0]),
        float(steps[0]),
        float(offsets[1]),
        float(steps[1]),
    )


def decode_chroma(frame: ChromaPayload) -> NDArray[np.float32]:
    """The planes of a payload, (2, h, w) float32, ab in CIE Lab units."""
    with Image.open(io.BytesIO(frame.payload), formats=["WEBP", "JPEG"]) as image:
        levels = np.asarray(image.convert("L"), np.float32).reshape(2, frame.height_px, frame.width_px)
    offsets = np.array([frame.a_offset, frame.b_offset], np.float32)[:, None, None]
    steps = np.array([frame.a_step, frame.b_step], np.float32)[:, None, None]
    return offsets + steps * levels
