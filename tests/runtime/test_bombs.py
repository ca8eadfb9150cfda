"""Files that are small and want to become large: refused by what they claim, or stopped by the child's memory limit."""

import asyncio
import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from chromavive.errors import DecodingFailed, PhotographTooManyPixels
from chromavive.pictures.contract import ChildLimits, DecodedMeta
from chromavive.runtime.child import ChildDecoder
from tests.pictures.made import encoded, png_claiming

pytestmark = pytest.mark.slow

CHILD = ChildLimits(seconds_max=30.0, memory_bytes_max=1024**3)
BOMB_BYTES = 2 * 1024**3
_PIECE_BYTES = 2**20


def bomb() -> bytes:
    """Zeros of twice the memory that the child may have, deflated to a thousandth; its checksum is never reached."""
    packer = zlib.compressobj(9)
    start = packer.compress(bytes(_PIECE_BYTES)) + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(bytes(_PIECE_BYTES)) + packer.flush(zlib.Z_FULL_FLUSH)
    return start + piece * (BOMB_BYTES // _PIECE_BYTES) + packer.flush()


def png_with(kind: bytes, body: bytes) -> bytes:
    """A sound PNG with this chunk behind its header."""
    sound = encoded(Image.fromarray(np.zeros((24, 40), np.uint8)), "PNG")
    chunk = struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return sound[:33] + chunk + sound[33:]


def deep_tiff(strip: bytes) -> bytes:
    """A TIFF of 16 bits a channel whose only strip is this, deflated."""
    buffer = io.BytesIO()
    zeros = np.zeros((24, 40, 3), np.uint16)
    tifffile.imwrite(buffer, zeros, photometric="rgb", compression="zlib", rowsperstrip=24)
    size = len(buffer.getvalue())
    return with_tags(buffer.getvalue(), {"StripOffsets": size, "StripByteCounts": len(strip)}) + strip


def with_tags(data: bytes, values: dict[str, int]) -> bytes:
    """A little-endian TIFF with these tags said to be these LONGs."""
    changed = bytearray(data)
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        page = file.pages.first
        assert isinstance(page, tifffile.TiffPage)
        for tag, value in values.items():
            struct.pack_into("<HII", changed, page.tags[tag].offset + 2, 4, 1, value)
    return bytes(changed)


def webp_claiming(side_px: int) -> bytes:
    """A lossless WebP's header of that size with nothing behind it."""
    bits = (side_px - 1) | (side_px - 1) << 14
    body = b"WEBPVP8L" + struct.pack("<IBI", 5, 0x2F, bits)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def tiff_claiming(side_px: int) -> bytes:
    """A small TIFF that says it is of that size."""
    sound = encoded(Image.fromarray(np.zeros((24, 40), np.uint8)), "TIFF")
    return with_tags(sound, {"ImageWidth": side_px, "ImageLength": side_px})


async def decoded(folder: Path, data: bytes) -> DecodedMeta:
    """Through the server's own decoder, in its child."""
    (folder / "in").write_bytes(data)
    return await ChildDecoder(child=CHILD).decode(folder / "in", folder / "out")


@pytest.mark.parametrize(
    "data",
    [png_claiming(100_000, 100_000), tiff_claiming(50_000), webp_claiming(16_384)],
    ids=["PNG", "TIFF", "WebP"],
)
def test_R10_6_a_claim_of_gigapixels_is_refused_by_its_header(tmp_path: Path, data: bytes) -> None:
    """Before anything is decoded; the sentence says what to do."""
    with pytest.raises(PhotographTooManyPixels, match="Make it smaller"):
        asyncio.run(decoded(tmp_path, data))


@pytest.mark.parametrize("kind", ["pixels", "profile", "text", "strip"])
def test_R10_6_what_unpacks_to_more_than_the_memory_limit_costs_only_its_own_upload(tmp_path: Path, kind: str) -> None:
    """A few megabytes that become gigabytes: taken without what is too much, or refused; nothing else is raised."""
    packed = bomb()
    assert len(packed) < 4_000_000
    data = {
        "pixels": lambda: png_with(b"IDAT", packed),
        "profile": lambda: png_with(b"iCCP", b"name\0\0" + packed),
        "text": lambda: png_with(b"zTXt", b"name\0\0" + packed),
        "strip": lambda: deep_tiff(packed),
    }[kind]()
    if kind == "pixels":  # of which no more are unpacked than the picture has
        assert asyncio.run(decoded(tmp_path, data)).width == 40
    else:
        with pytest.raises(DecodingFailed):
            asyncio.run(decoded(tmp_path, data))
        assert not (tmp_path / "out").exists()
