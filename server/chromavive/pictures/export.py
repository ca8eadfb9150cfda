"""The colored picture at full size, by the arithmetic of the shader."""

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from chromavive.color.lab import lab_to_rgb
from chromavive.color.upsample import ChromaLines, cell_means, upsample_rows
from chromavive.pictures.contract import LIGHTNESS_SCALE
from chromavive.pictures.display import reduced

_BAND_PIXELS = 1 << 18
_SRGB_PERCEPTUAL = b"\0"  # the sRGB chunk's rendering intent: PNG 3rd edition, 11.3.2.5

# A quarter of the time of zlib's usual 6, for 6 % more bytes.
_COMPRESS_LEVEL = 4


def colored(lightness: NDArray[np.uint16], ab: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The picture as (H, W, 3) uint8 sRGB of lightness (H, W) uint16 and chroma (2, h, w) in CIE Lab units."""
    height, width = lightness.shape
    lines = ChromaLines.fitted(ab, cell_means(lightness, *ab.shape[1:]) / LIGHTNESS_SCALE, height, width)
    picture = np.empty((height, width, 3), np.uint8)
    rows = max(1, _BAND_PIXELS // width)
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        lab = np.empty((bottom - top, width, 3), np.float32)
        lab[..., 0] = lightness[top:bottom] / np.float32(LIGHTNESS_SCALE)
        lab[..., 1:] = np.moveaxis(upsample_rows(lines, lab[..., 0], top, height), 0, -1)
        picture[top:bottom] = np.rint(lab_to_rgb(lab) * 255).astype(np.uint8)
    return picture


def export_png(lightness: NDArray[np.uint16], ab: NDArray[np.float32], path_out: Path) -> None:
    """Writes the colored picture to `path_out` as 8-bit PNG, marked as sRGB and as colorized."""
    marks = PngImagePlugin.PngInfo()
    marks.add(b"sRGB", _SRGB_PERCEPTUAL)
    marks.add_text("Software", "chromaVive")
    marks.add_text("Comment", "Colorized: the lightness is the photograph's, the colors were added with chromaVive.")
    Image.fromarray(colored(lightness, ab)).save(path_out, "PNG", pnginfo=marks, compress_level=_COMPRESS_LEVEL)


def colored_thumbnail(lightness: NDArray[np.uint16], ab: NDArray[np.float32], long_side_px: int = 320) -> bytes:
    """The colored picture, small, as lossy WebP (`image/webp`): for lists of rooms."""
    small = np.rint(reduced(lightness, long_side_px) * np.float32(LIGHTNESS_SCALE)).astype(np.uint16)
    buffer = io.BytesIO()
    Image.fromarray(colored(small, ab)).save(buffer, "WEBP", quality=80)
    return buffer.getvalue()
