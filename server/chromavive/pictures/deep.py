"""16 bits a channel by Pillow, which unpacks one byte of each: the file is read for the high bytes and for the low."""

import io
import sys
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

# What unpacks the byte beside the one that Pillow takes; N is the machine's own order.
_NATIVE: Final = "B" if sys.byteorder == "little" else "L"
_BESIDE: Final = {
    f"{mode};16{order}": f"{mode};16{other}"
    for mode in ("RGB", "RGBA")
    for order, other in (("B", "L"), ("L", "B"), ("N", _NATIVE))
}

_HEIF_PIXELS_MAX: Final = 50_000_000


def low_bytes(data: bytes, image: ImageFile.ImageFile) -> Image.Image | None:
    """The picture of the low bytes, loaded, for one that was opened and not yet loaded; None where there are none."""
    tiles = [_beside(tile) for tile in image.tile]
    if "transparency" in image.info or not tiles or None in tiles:
        return None
    low = Image.open(io.BytesIO(data), formats=[str(image.format)])
    assert isinstance(low, ImageFile.ImageFile)
    low.tile = [tile for tile in tiles if tile is not None]
    low.load()
    return low


def heif_low_bytes(data: bytes, image: Image.Image) -> Image.Image | None:
    """The picture of the low bytes of a loaded HEIF of 10 or 12 bits a channel, whose high bytes replace its own.

    None for one of 8 bits, one that Pillow reads whole, and one so large that both would not fit the child's memory.
    """
    deep = image.info.get("bit_depth", 8) > 8 and image.mode in ("RGB", "RGBA")
    if not deep or image.width * image.height > _HEIF_PIXELS_MAX:
        return None
    import pillow_heif  # it is in memory already: the picture was opened by it

    pixels = np.asarray(pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=False))
    if pixels.dtype != np.uint16 or pixels.shape != (image.height, image.width, len(image.mode)):
        return None
    image.paste(Image.fromarray((pixels >> 8).astype(np.uint8)))
    return Image.fromarray((pixels & 255).astype(np.uint8))


def _beside(tile: ImageFile._Tile) -> ImageFile._Tile | None:
    raw, *more = (tile.args,) if isinstance(tile.args, str) else tile.args or ("",)
    beside = _BESIDE.get(raw)
    return None if beside is None else tile._replace(args=(beside, *more))


def srgb_of(high: Image.Image, low: Image.Image) -> NDArray[np.float32]:
    """Both bytes of RGB or RGBA as (H, W, 3) float32 sRGB 0..1, over white."""
    values: NDArray[np.float32] = np.asarray(high, np.float32) * np.float32(256) + np.asarray(low, np.float32)
    values /= np.float32(65535)
    if values.shape[-1] == 3:
        return values
    opacity = values[..., 3:]
    return values[..., :3] * opacity + (1 - opacity)
