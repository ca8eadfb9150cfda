"""What a TIFF needs beyond Pillow, which reads 16 bits a channel as 8 and turns the picture upright by itself."""

import io
import math

import numpy as np
from numpy.typing import NDArray
from PIL.TiffImagePlugin import TiffImageFile

_BITS, _PHOTOMETRIC, _ORIENTATION, _PLANAR = 258, 262, 274, 284  # TIFF 6.0, section 8
_WHITE_IS_ZERO, _RGB = 0, 2
_ASSOCIATED = 1  # the kind of alpha whose colors are multiplied by it already: TIFF 6.0, section 18


def bits(image: TiffImageFile) -> int:
    """Of its deepest channel."""
    return int(max(image.tag_v2.get(_BITS, (1,))))


def is_negative(image: TiffImageFile) -> bool:
    """Whether its zeros are white; Pillow minds that up to 8 bits."""
    photometric: int = image.tag_v2.get(_PHOTOMETRIC, -1)
    return photometric == _WHITE_IS_ZERO


def is_planar(image: TiffImageFile) -> bool:
    """Whether each channel is stored by itself."""
    planar: int = image.tag_v2.get(_PLANAR, 1)
    return planar == 2


def orientation(image: TiffImageFile) -> int:
    """EXIF's orientation, 1 to 8; ask before the picture is loaded, for Pillow turns it and forgets it."""
    value: int = image.tag_v2.get(_ORIENTATION, 1)
    return value if value in range(1, 9) else 1


def deep_colors(data: bytes, image: TiffImageFile) -> NDArray[np.uint16] | None:
    """The first picture as it lies in the file, (H, W, 3) uint16 RGB over white.

    None where it is of another kind, packed in a way that only Pillow unpacks, or damaged.
    """
    if bits(image) != 16 or image.tag_v2.get(_PHOTOMETRIC) != _RGB:
        return None
    import tifffile  # on this need only, as it costs more than all of Pillow

    try:
        with tifffile.TiffFile(io.BytesIO(data)) as file:
            page = file.pages.first
            if page.dtype != np.uint16 or page.imagelength * page.imagewidth != image.width * image.height:
                return None
            if len(page.dataoffsets) < math.prod(page.chunked) or 0 in page.databytecounts:
                return None  # tifffile fills up with black what is missing
            pixels = page.asarray(maxworkers=1)
            if page.planarconfig == tifffile.PLANARCONFIG.SEPARATE:
                pixels = np.moveaxis(pixels, 0, -1)
            alpha = [int(kind) for kind in page.extrasamples]
    except (tifffile.TiffFileError, OSError, ValueError, TypeError, LookupError, RuntimeError):
        return None
    if pixels.shape != (page.imagelength, page.imagewidth, 3 + len(alpha)) or len(alpha) > 1:
        return None
    return _over_white(pixels, alpha[0]) if alpha else pixels


def _over_white(pixels: NDArray[np.uint16], alpha: int) -> NDArray[np.uint16]:
    """RGB of RGB and a fourth sample, row by row; one of no said kind is no alpha."""
    if alpha == 0:
        return pixels[..., :3]
    laid = np.empty((*pixels.shape[:2], 3), np.uint16)
    for row, out in zip(pixels, laid, strict=True):
        opacity = row[:, 3:].astype(np.float32) / np.float32(65535)
        own = row[:, :3].astype(np.float32) * (np.float32(1) if alpha == _ASSOCIATED else opacity)
        out[:] = np.rint(np.minimum(own + (1 - opacity) * 65535, 65535)).astype(np.uint16)
    return laid
