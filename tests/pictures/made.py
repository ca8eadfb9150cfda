"""Pictures and color profiles made for the tests of the door; nothing here is a photograph of anybody."""

import io
import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image

HEIGHT_PX, WIDTH_PX = 24, 40


def scene() -> NDArray[np.uint8]:
    """A gray picture (24, 40) uint8 that no turn or mirroring leaves as it is: a ramp with one dark corner."""
    rows, columns = np.mgrid[0:HEIGHT_PX, 0:WIDTH_PX]
    gray = np.asarray(60 + rows * 2 + columns * 3, np.uint8)
    gray[:8, :8] = 10
    return gray


def encoded(image: Image.Image, picture_format: str, **options: object) -> bytes:
    """The bytes of an image in a format."""
    buffer = io.BytesIO()
    image.save(buffer, picture_format, **options)
    return buffer.getvalue()


def png_claiming(width_px: int, height_px: int) -> bytes:
    """A valid PNG header of that size, followed by almost no pixels."""
    return _png(width_px, height_px, 8, 3, b"\0" * 1000)


def deep_png(pixels: NDArray[np.uint16]) -> bytes:
    """A PNG of 16 bits a channel, which Pillow cannot write, of (H, W, 3) or (H, W, 4) uint16 RGB(A)."""
    height, width, channels = pixels.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)
    return _png(width, height, 16, channels, rows)


def _png(width_px: int, height_px: int, bits: int, channels: int, rows: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width_px, height_px, bits, {3: 2, 4: 6}[channels], 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def lzw_tiff(pixels: NDArray[np.uint16], byteorder: str, orientation: int) -> bytes:
    """A TIFF of (H, W, 3) uint16 RGB in LZW by hand, without any gain: the table is cleared before it grows."""
    data = pixels.astype(f"{byteorder}u2").tobytes()
    codes = [code for at in range(0, len(data), 250) for code in (256, *data[at : at + 250])] + [257]
    bits = "".join(f"{code:09b}" for code in codes)
    strip = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")
    height, width, _ = pixels.shape
    tags = {256: width, 257: height, 259: 5, 262: 2, 274: orientation, 277: 3, 278: height, 284: 1}
    directory_bytes = 2 + 12 * (len(tags) + 3) + 4
    depths_at = 8 + directory_bytes
    entries = {tag: struct.pack(byteorder + "HHIHH", tag, 3, 1, value, 0) for tag, value in tags.items()}
    entries[258] = struct.pack(byteorder + "HHII", 258, 3, 3, depths_at)
    entries[273] = struct.pack(byteorder + "HHII", 273, 4, 1, depths_at + 6)
    entries[279] = struct.pack(byteorder + "HHII", 279, 4, 1, len(strip))
    directory = struct.pack(byteorder + "H", len(entries)) + b"".join(entries[tag] for tag in sorted(entries))
    header = (b"II" if byteorder == "<" else b"MM") + struct.pack(byteorder + "HI", 42, 8)
    return header + directory + bytes(4) + struct.pack(byteorder + "HHH", 16, 16, 16) + strip


# ICC.1:2010, 7.2.16: the white of the connection space; then, in it, the primaries of ProPhoto (ROMM) RGB.
D50 = (0.9642, 1.0, 0.8249)
PROPHOTO = ((0.7977, 0.2880, 0.0), (0.1352, 0.7119, 0.0), (0.0313, 0.0001, 0.8249))


def profile(gamma: float, primaries: tuple[tuple[float, float, float], ...] | None) -> bytes:
    """An ICC version 2 profile by hand: matrix RGB of these primaries, or gray where there are none."""
    curve = b"curv" + struct.pack(">IIH", 0, 1, round(gamma * 256)) + b"\0\0"
    tags = [(b"wtpt", _xyz(D50)), (b"desc", _described("made for a test")), (b"cprt", b"text\0\0\0\0none\0\0\0\0")]
    if primaries is None:
        tags.append((b"kTRC", curve))
    else:
        for name, values in zip((b"r", b"g", b"b"), primaries, strict=True):
            tags += [(name + b"XYZ", _xyz(values)), (name + b"TRC", curve)]
    return _icc(b"mntr", b"GRAY" if primaries is None else b"RGB ", b"XYZ ", tags)


def cmyk_profile(lightness_of_inks: tuple[int, int, int, int]) -> bytes:
    """An ICC version 2 printer's profile by hand: each full ink alone leaves this L of a white paper's 100.

    Its table has two points an ink (ICC.1:2010, 10.9, lut8Type); inks on each other leave the least of theirs, and all
    are neutral. The darkest has to be 0: perceptual conversion stretches a printer's black to the screen's.
    """
    table = bytearray()
    for corner in range(16):  # the last ink varies fastest
        left = [lightness for ink, lightness in enumerate(lightness_of_inks) if corner >> (3 - ink) & 1]
        table += bytes((round(min(left, default=100) * 2.55), 128, 128))
    ramp = bytes(range(256))
    identity = _fixed(1, 0, 0, 0, 1, 0, 0, 0, 1)
    lut = b"mft1\0\0\0\0" + bytes((4, 3, 2, 0)) + identity + ramp * 4 + bytes(table) + ramp * 3
    tags = [(b"wtpt", _xyz(D50)), (b"desc", _described("inks")), (b"cprt", b"text\0\0\0\0none\0\0\0\0"), (b"A2B0", lut)]
    return _icc(b"prtr", b"CMYK", b"Lab ", tags)


def _icc(kind: bytes, space: bytes, connection: bytes, tags: list[tuple[bytes, bytes]]) -> bytes:
    at = 128 + 4 + 12 * len(tags)
    table, bodies = struct.pack(">I", len(tags)), b""
    for name, body in tags:
        table += struct.pack(">4sII", name, at + len(bodies), len(body))
        bodies += body + b"\0" * (-len(body) % 4)
    header = struct.pack(">I4sI4s4s4s12x4s", at + len(bodies), b"none", 0x02400000, kind, space, connection, b"acsp")
    header += b"\0" * 28 + _fixed(*D50)
    return header.ljust(128, b"\0") + table + bodies


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(*values)


def _fixed(*values: float) -> bytes:
    return b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def _described(text: str) -> bytes:
    raw = text.encode() + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(raw)) + raw + b"\0" * (78 + (-len(raw)) % 4)
