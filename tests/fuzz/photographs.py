"""Sound photographs for the fuzzing of the door: every format and way of packing that it knows, all made here."""

import io
from functools import cache

import numpy as np
import tifffile
from PIL import Image

from tests.fuzz.mutation import Material
from tests.pictures.made import deep_png, encoded, lzw_tiff, profile, scene

WORDS = (
    *b"IDAT acTL fdAT iCCP tRNS PLTE eXIf VP8X VP8L ALPH ANMF ICCP EXIF".split(),
    *b"ftyp meta iloc iinf ispe irot grid hvcC mdat".split(),
    *(bytes((0xFF, marker)) for marker in (0xC0, 0xC2, 0xC4, 0xDA, 0xDB, 0xE1, 0xE2, 0xEE, 0xD9)),
    b"\xff\xff\xff\xff",
    bytes(8),
)
"""Of PNG and WebP, of HEIF, of JPEG, and what any of them may take for a size."""


def _gray() -> Image.Image:
    return Image.fromarray(scene())


def _colors() -> Image.Image:
    rows, columns = np.mgrid[0:24, 0:40]
    return Image.fromarray(np.stack([rows * 10, columns * 6, 255 - rows * 5], -1).astype(np.uint8))


def _jpegs() -> list[bytes]:
    turned = Image.Exif()
    turned[0x0112] = 6
    color = _colors()
    return [
        encoded(_gray(), "JPEG"),
        encoded(color, "JPEG", progressive=True, exif=turned, icc_profile=profile(2.2, None)),
        encoded(color.convert("CMYK"), "JPEG"),
        encoded(color, "JPEG", subsampling=0, restart_marker_blocks=2),
    ]


def _pngs() -> list[bytes]:
    gray, color = _gray(), _colors()
    moving = io.BytesIO()
    gray.save(moving, "PNG", save_all=True, append_images=[gray.rotate(180)], duration=100)
    deep = np.arange(24 * 40 * 4, dtype=np.uint16).reshape(24, 40, 4) * 17
    return [
        encoded(gray, "PNG"),
        encoded(gray.point(lambda level: level > 99 and 255, "1"), "PNG"),
        encoded(color.quantize(16), "PNG", transparency=3),
        encoded(Image.fromarray(scene().astype(np.uint16) * 257), "PNG"),
        deep_png(deep),
        deep_png(deep[..., :3]),
        moving.getvalue(),
    ]


def _webps() -> list[bytes]:
    color = _colors()
    clear = color.copy()
    clear.putalpha(_gray())
    moving = io.BytesIO()
    color.save(moving, "WEBP", save_all=True, append_images=[color.rotate(180)])
    return [
        encoded(color, "WEBP"),
        encoded(color, "WEBP", lossless=True),
        encoded(clear, "WEBP", exif=b"Exif\0\0II*\0\x08\0\0\0"),
        moving.getvalue(),
    ]


def _tiffs() -> list[bytes]:
    gray, color = _gray(), _colors()
    bilevel = gray.point(lambda level: level > 99 and 255, "1")
    ways = [
        encoded(color, "TIFF", compression=way) for way in ("raw", "tiff_lzw", "tiff_adobe_deflate", "jpeg", "packbits")
    ]
    pages = io.BytesIO()
    gray.save(pages, "TIFF", save_all=True, append_images=[gray])
    deep = np.asarray(color).astype(np.uint16) * 257
    tiled, planar = io.BytesIO(), io.BytesIO()
    tifffile.imwrite(tiled, deep, tile=(16, 16), photometric="rgb", compression="zlib")
    tifffile.imwrite(planar, np.moveaxis(deep, -1, 0), photometric="rgb", planarconfig="separate")
    more = [encoded(bilevel, "TIFF", compression="group4"), pages.getvalue(), tiled.getvalue(), planar.getvalue()]
    return [*ways, *more, lzw_tiff(deep, ">", 6), encoded(Image.fromarray(deep[..., 0]), "TIFF")]


def _heics() -> list[bytes]:
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)
    color = _colors().resize((64, 64))
    clear = color.copy()
    clear.putalpha(_gray().resize((64, 64)))
    return [
        encoded(color, "HEIF", quality=50),
        encoded(clear, "HEIF", quality=50),
        encoded(_gray().resize((64, 64)), "HEIF"),
    ]


@cache
def material() -> Material:
    """One list of all formats, so that parts of one come to stand in another."""
    return Material([*_jpegs(), *_pngs(), *_webps(), *_tiffs(), *_heics()], WORDS)
