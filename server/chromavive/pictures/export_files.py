"""The writers of exports. PNG and TIFF are written from band to band; JPEG and WebP encode the whole at once.

Each is given its bands, (rows, W, 3) of encoded sRGB 0 to 1 from top to bottom, and rounds them once.
"""

import struct
import zlib
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from chromavive.pictures.export_bands import Floats
from chromavive.pictures.export_note import CREATOR

Bands = Iterator[Floats]
Size = tuple[int, int]  # height, width

# A quarter of the time of zlib's usual 6, for 2 % more bytes.
_COMPRESS_LEVEL = 4

# A profile says when it was made; one date for all keeps equal pictures equal files.
_PROFILE_DATE = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)  # ICC.1:2010, 7.2.8: bytes 24 to 35


def write_png(path: Path, size: Size, bands: Bands, note: bytes) -> None:
    """8 bits a channel, marked as sRGB (PNG, 3rd edition)."""
    height, width = size
    with path.open("wb") as file:

        def chunk(kind: bytes, body: bytes) -> None:
            file.write(struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)))

        file.write(b"\x89PNG\r\n\x1a\n")
        chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        chunk(b"sRGB", b"\0")  # perceptual intent
        chunk(b"gAMA", struct.pack(">I", 45455))  # for readers that know no sRGB chunk
        chunk(b"tEXt", b"Software\0" + CREATOR.encode("latin-1"))
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + note)
        packing = zlib.compressobj(_COMPRESS_LEVEL, strategy=zlib.Z_FILTERED)
        above = np.zeros((1, 3 * width), np.uint8)
        for band in bands:
            rows = bytes_of(band).reshape(len(band), -1)
            packed = packing.compress(_filtered(rows, above).tobytes())
            if packed:
                chunk(b"IDAT", packed)
            above = rows[-1:]
        chunk(b"IDAT", packing.flush())
        chunk(b"IEND", b"")


def _filtered(rows: NDArray[np.uint8], above: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Rows (n, 3 W) as PNG filters them, each behind its filter's number.

    All by Paeth's filter (section 9.4): on photographs its files are as small as those of a choice for each row.
    """
    left = np.pad(rows[:, :-3], ((0, 0), (3, 0))).astype(np.int16)
    up = np.concatenate([above, rows[:-1]]).astype(np.int16)
    corner = np.pad(up[:, :-3], ((0, 0), (3, 0)))
    from_left, from_up = np.abs(up - corner), np.abs(left - corner)
    from_corner = np.abs(left + up - 2 * corner)
    vertical = np.where(from_up <= from_corner, up, corner)
    nearest = np.where((from_left <= from_up) & (from_left <= from_corner), left, vertical)
    filtered = np.empty((len(rows), rows.shape[1] + 1), np.uint8)
    filtered[:, 0] = 4
    np.subtract(rows, nearest.astype(np.uint8), out=filtered[:, 1:])
    return filtered


def write_tiff(path: Path, size: Size, bands: Bands, note: bytes) -> None:
    """16 bits a channel, a strip a band, packed by Deflate after horizontal differences (TIFF 6.0, section 14)."""
    import tifffile  # on this need only, as it costs more than all of Pillow

    height, width = size
    first = next(bands)
    with tifffile.TiffWriter(path, byteorder="<") as file:
        file.write(
            map(_strip, chain([first], bands)),
            shape=(height, width, 3),
            dtype=np.dtype("<u2"),
            photometric="rgb",
            compression="zlib",
            predictor=True,
            rowsperstrip=len(first),
            iccprofile=srgb_profile(),
            software=CREATOR,
            metadata=None,
            extratags=[(700, 1, len(note), note, True)],  # XMP: TIFF tag of XMP specification part 3, 3.3
        )


def _strip(band: Floats) -> bytes:
    samples = np.rint(band * np.float32(65535)).astype("<u2")
    differences = samples.copy()
    differences[:, 1:] -= samples[:, :-1]
    return zlib.compress(differences.tobytes(), _COMPRESS_LEVEL)


def write_jpeg(path: Path, size: Size, bands: Bands, note: bytes, quality: int) -> None:
    """8 bits a channel, chroma at full size (4:4:4)."""
    _gathered(size, bands).save(path, "JPEG", quality=quality, subsampling=0, icc_profile=srgb_profile(), xmp=note)


def write_webp(path: Path, size: Size, bands: Bands, note: bytes, quality: int) -> None:
    """8 bits a channel, lossy, so that chroma has half the size (4:2:0) whatever the quality."""
    _gathered(size, bands).save(path, "WEBP", quality=quality, icc_profile=srgb_profile(), xmp=note)


def _gathered(size: Size, bands: Bands) -> Image.Image:
    """The whole in 8 bits: 4 bytes a pixel, of which no second copy is made."""
    height, width = size
    picture = Image.new("RGB", (width, height))
    top = 0
    for band in bands:
        picture.paste(Image.fromarray(bytes_of(band)), (0, top))
        top += len(band)
    return picture


def bytes_of(band: Floats) -> NDArray[np.uint8]:
    """8 bits a channel of encoded sRGB, 0 to 1."""
    return np.asarray(np.rint(band * np.float32(255)), np.uint8)


@cache
def srgb_profile() -> bytes:
    """An ICC profile of sRGB, the same at every call."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile[:24] + _PROFILE_DATE + profile[36:]
