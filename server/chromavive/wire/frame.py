"""The binary chroma frame: a header, then an image of the a plane over the b plane.

Little-endian, 64 bytes, then the payload:

    0  4s  magic "CVF1"
    4  u8  flags: bit 0 settled, bit 1 preview: for this connection alone, look 0, not to be painted
    5  u8  payload type: 0 image/webp, 1 image/jpeg
    6  u16 height of one plane in pixels
    8  u16 width
   10  u16 pass time in tenths of a millisecond, 65535 at most
   12  8s  epoch
   20  u64 look
   28  u64 revision
   36  f32 a offset    40 f32 a step    44 f32 b offset    48 f32 b step
   52  12s network, ASCII, padded with NUL

A plane's value is offset + step * byte, CIE Lab units.
"""

import struct
from dataclasses import dataclass
from typing import Final

from chromavive import errors

_LAYOUT: Final = struct.Struct("<4sBBHHH8sQQffff12s")
HEADER_BYTES: Final = _LAYOUT.size
MAGIC: Final = b"CVF1"
PAYLOAD_TYPES: Final = ("image/webp", "image/jpeg")
_SETTLED: Final = 1
_PREVIEW: Final = 2
assert HEADER_BYTES == 64


@dataclass(frozen=True, slots=True)
class FrameHeader:
    """What a frame says of itself. height_px and width_px are of one plane."""

    epoch: str
    look: int
    revision: int
    settled: bool
    network: str
    height_px: int
    width_px: int
    a_offset: float
    a_step: float
    b_offset: float
    b_step: float
    pass_seconds: float
    payload_type: str
    preview: bool = False


def pack_frame(header: FrameHeader, payload: bytes) -> bytes:
    """The frame as it travels."""
    packed = _LAYOUT.pack(
        MAGIC,
        header.settled * _SETTLED | header.preview * _PREVIEW,
        PAYLOAD_TYPES.index(header.payload_type),
        header.height_px,
        header.width_px,
        min(65535, round(header.pass_seconds * 10_000)),
        bytes.fromhex(header.epoch),
        header.look,
        header.revision,
        header.a_offset,
        header.a_step,
        header.b_offset,
        header.b_step,
        header.network.encode("ascii"),
    )
    return packed + payload


def unpack_frame(data: bytes) -> tuple[FrameHeader, bytes]:
    """The header and the payload.

    Raises:
        Malformed: not a frame.
    """
    if len(data) < HEADER_BYTES or data[:4] != MAGIC or data[5] >= len(PAYLOAD_TYPES) or not data[52:64].isascii():
        raise errors.Malformed("Not a chroma frame.")
    (_, flags, payload_type, height, width, tenths, epoch, look, revision, *range_, network) = _LAYOUT.unpack_from(data)
    header = FrameHeader(
        epoch=epoch.hex(),
        look=look,
        revision=revision,
        settled=bool(flags & _SETTLED),
        network=network.rstrip(b"\0").decode("ascii"),
        height_px=height,
        width_px=width,
        a_offset=range_[0],
        a_step=range_[1],
        b_offset=range_[2],
        b_step=range_[3],
        pass_seconds=tenths / 10_000,
        payload_type=PAYLOAD_TYPES[payload_type],
        preview=bool(flags & _PREVIEW),
    )
    return header, data[HEADER_BYTES:]
