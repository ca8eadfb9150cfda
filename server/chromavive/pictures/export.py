"""The colored picture at full size, by the arithmetic of the shader."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from chromavive.color.lab import lab_to_rgb
from chromavive.color.upsample import upsample_rows
from chromavive.pictures.contract import LIGHTNESS_SCALE

_BAND_PIXELS = 1 << 18
_SRGB_PERCEPTUAL = b"\0"  # the sRGB chunk's rendering intent: PNG 3rd edition, 11.3.2.5

# zlib's 1 takes a third of 6's time for 5 % more bytes.
_COMPRESS_LEVEL = 1


def colored(lightness: NDArray[np.uint16], ab: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The picture as (H, W, 3) uint8 sRGB of lightness (H, W) uint16 and chroma (2, h, w) in CIE Lab units."""
    height, width = lightness.shape
    picture = np.empty((height, width, 3), np.uint8)
    rows = max(1, _BAND_PIXELS // width)
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        lab = np.empty((bottom - top, width, 3), np.float32)
        lab[..., 0] = lightness[top:bottom] / np.float32(LIGHTNESS_SCALE)
        lab[..., 1:] = np.moveaxis(upsample_rows(ab, height, width, top, bottom), 0, -1)
        picture[top:bottom] = np.rint(lab_to_rgb(lab) * 255).astype(np.uint8)
    return picture


def export_png(lightness: NDArray[np.uint16], ab: NDArray[np.float32], path_out: Path) -> None:
    """Writes the colored picture to `path_out` as 8-bit PNG, marked as sRGB and as colorized."""
    marks = PngImagePlugin.PngInfo()
    marks.add(b"sRGB", _SRGB_PERCEPTUAL)
    marks.add_text("Software", "chromaVive")
    marks.add_text("Comment", "Colorized: the lightness is the photograph's, the colors were added with chromaVive.")
    Image.fromarray(colored(lightness, ab)).save(path_out, "PNG", pnginfo=marks, compress_level=_COMPRESS_LEVEL)
