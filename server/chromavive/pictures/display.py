"""A photograph as it is shown: turned, cropped, reduced for the networks and for browsers.

Every reduction is of L, antialiased: so the picture that a network sees, the one on a page and the reduced export are
the same picture. (Reducing light instead would brighten fine texture in one of them only.)
"""

import io
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from chromavive.color.lab import lightness_to_gray
from chromavive.color.sizes import working_size
from chromavive.pictures.contract import LIGHTNESS_SCALE

Number = TypeVar("Number", bound=np.generic)

Crop = tuple[float, float, float, float]
"""x0, y0, x1, y1 as fractions of the turned picture, y down."""

WHOLE: Crop = (0.0, 0.0, 1.0, 1.0)

GRAY_COPY_PX = 2048
"""Long side of the gray copy: every WebGL2 takes a texture of it, and a page draws it within a second."""


def arrange(lightness: NDArray[Number], quarter_turns: int = 0, crop: Crop = WHOLE) -> NDArray[Number]:
    """The picture as shown, a view of (H, W): turned clockwise by quarter turns, then cropped to whole pixels."""
    turned = np.rot90(lightness, -quarter_turns)
    rows = _span(crop[1], crop[3], turned.shape[0])
    columns = _span(crop[0], crop[2], turned.shape[1])
    return turned[rows, columns]


def _span(start_norm: float, end_norm: float, size_px: int) -> slice:
    """Pixels from the boundary nearest to one fraction to that nearest to the other, at least one."""
    start = min(round(start_norm * size_px), size_px - 1)
    return slice(start, max(round(end_norm * size_px), start + 1))


def working_lightness(lightness: NDArray[np.uint16]) -> NDArray[np.float32]:
    """What a network gets: (h, w) float32, L 0..100, at the working size nearest in aspect ratio; never padded."""
    return _resized(lightness, *working_size(*lightness.shape))


def gray_copy(lightness: NDArray[np.uint16], long_side_px: int = GRAY_COPY_PX) -> bytes:
    """The gray picture that browsers draw, sRGB, as lossless WebP (`image/webp`); never enlarged."""
    buffer = io.BytesIO()
    # Once a room, for every member: half of method 0's bytes; more effort gains next to nothing.
    reduced_gray(lightness, long_side_px).save(buffer, "WEBP", lossless=True, quality=0, method=4)
    return buffer.getvalue()


def reduced_gray(lightness: NDArray[np.uint16], long_side_px: int) -> Image.Image:
    """The sRGB gray of L as an 8-bit picture whose long side is at most `long_side_px`."""
    gray = lightness_to_gray(reduced(lightness, long_side_px))
    return Image.fromarray(np.rint(gray * 255).astype(np.uint8))


def reduced(lightness: NDArray[np.uint16], long_side_px: int) -> NDArray[np.float32]:
    """L 0..100, (h, w) float32 of the same aspect, whose long side is at most `long_side_px`; never enlarged."""
    height, width = lightness.shape
    scale = min(1.0, long_side_px / max(height, width))
    return _resized(lightness, max(1, round(height * scale)), max(1, round(width * scale)))


def _resized(lightness: NDArray[np.uint16], height: int, width: int) -> NDArray[np.float32]:
    """L 0..100 as (height, width) float32; bilinear, its triangle as wide as the reduction asks."""
    exact = Image.fromarray(lightness.astype(np.float32))
    return np.asarray(exact.resize((width, height), Image.Resampling.BILINEAR), np.float32) / np.float32(
        LIGHTNESS_SCALE
    )
