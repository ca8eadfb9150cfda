"""The colored picture at full size, by the arithmetic of the shader, as a file that says what it is."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from chromavive.pictures import export_files
from chromavive.pictures.contract import LIGHTNESS_SCALE
from chromavive.pictures.display import reduced
from chromavive.pictures.export_bands import Floats, bands
from chromavive.pictures.export_form import ExportForm, Format, Provenance
from chromavive.pictures.export_note import xmp

Told = Callable[[float], None]
"""Hears how much is done, 0 to 1, after each band; what it raises ends the work."""

# Of the time that an export takes, what has passed when the last band is there.
_BANDS_SHARE: dict[Format, float] = {"png": 1.0, "tiff": 1.0, "jpeg": 0.9, "webp": 0.6}


def write_export(
    lightness: NDArray[np.uint16],
    ab: NDArray[np.float32],
    form: ExportForm,
    made: Provenance,
    path: Path,
    told: Told = lambda share: None,
) -> None:
    """Writes the export of lightness (H, W) uint16 as shown and chroma (2, h, w) in CIE Lab units.

    Raises:
        PictureTooLarge: the format holds no picture of that size; nothing was written.
    """
    size = form.size(*lightness.shape)
    pixels = _heard(bands(lightness, ab, form.layout), len(lightness), _BANDS_SHARE[form.format], told)
    note = xmp(form.layout, made)
    match form.format:
        case "png":
            export_files.write_png(path, size, pixels, note)
        case "tiff":
            export_files.write_tiff(path, size, pixels, note)
        case "jpeg":
            export_files.write_jpeg(path, size, pixels, note, form.quality)
        case "webp":
            export_files.write_webp(path, size, pixels, note, form.quality)
    told(1.0)


def _heard(pixels: Iterator[Floats], height: int, bands_share: float, told: Told) -> Iterator[Floats]:
    told(0.0)
    done = 0
    for band in pixels:
        yield band
        done += len(band)
        told(bands_share * done / height)


def colored(lightness: NDArray[np.uint16], ab: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The picture as (H, W, 3) uint8 sRGB of lightness (H, W) uint16 and chroma (2, h, w) in CIE Lab units."""
    return np.concatenate([export_files.bytes_of(band) for band in bands(lightness, ab)])


def colored_thumbnail(lightness: NDArray[np.uint16], ab: NDArray[np.float32], long_side_px: int = 320) -> bytes:
    """The colored picture, small, as lossy WebP (`image/webp`): for lists of rooms."""
    small = np.rint(reduced(lightness, long_side_px) * np.float32(LIGHTNESS_SCALE)).astype(np.uint16)
    buffer = io.BytesIO()
    Image.fromarray(colored(small, ab)).save(buffer, "WEBP", quality=80)
    return buffer.getvalue()
