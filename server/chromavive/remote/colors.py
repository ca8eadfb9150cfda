"""Colors as scripts say them and get them."""

import re

import numpy as np
from numpy.typing import NDArray

from chromavive import errors
from chromavive.color.lab import rgb_to_lab
from chromavive.pictures.frames import ChromaPayload, PayloadType, decode_chroma
from chromavive.wire.frame import FrameHeader

Color = str | tuple[float, float]
"""A hexadecimal color such as "#c33", of which hue and chroma count, or (a, b) in CIE Lab units."""

_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


def ab_of(color: Color) -> tuple[float, float]:
    """A color's a and b, CIE Lab units.

    Raises:
        ColorOutside: it is neither a hexadecimal color nor two numbers.
    """
    if not isinstance(color, str):
        a, b = color
        return float(a), float(b)
    if not _HEX.fullmatch(color):
        raise errors.ColorOutside(f"{color!r} is no color: write #rgb or #rrggbb.")
    digits = color[1:] if len(color) == 7 else "".join(2 * digit for digit in color[1:])
    _, a, b = rgb_to_lab([int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)])
    return float(a), float(b)


def chroma_of(header: FrameHeader, payload: bytes) -> NDArray[np.float32]:
    """The planes of a frame, (2, h, w) float32, ab in CIE Lab units."""
    offsets_and_steps = (header.a_offset, header.a_step, header.b_offset, header.b_step)
    payload_type: PayloadType = "image/webp" if header.payload_type == "image/webp" else "image/jpeg"
    return decode_chroma(ChromaPayload(payload, payload_type, header.height_px, header.width_px, *offsets_and_steps))
