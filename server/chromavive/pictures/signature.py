"""Which format bytes are in and whether their end is missing, read from the bytes and never from a name or a claim."""

from typing import Literal

FORMATS = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "WebP", "HEIF": "HEIC", "TIFF": "TIFF"}
"""The allow-list: Pillow's name of each format and ours."""

# Brands of ISO/IEC 23008-12 for still pictures coded in HEVC, and the two general ones that cameras write.
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}

_TIFF_ORDERS: dict[bytes, Literal["little", "big"]] = {b"II*\0": "little", b"MM\0*": "big"}
_TIFF_PLACES_AND_SIZES = ((273, 279), (324, 325))  # of strips, of tiles: TIFF 6.0, sections 8 and 15
_TIFF_NUMBER_BYTES = {3: 2, 4: 4}  # SHORT and LONG


def format_of(data: bytes) -> str | None:
    """Pillow's name of the format that the bytes begin as, or None where it is none of `FORMATS`."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] in _TIFF_ORDERS:
        return "TIFF"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        end = min(int.from_bytes(data[:4], "big"), 256)
        brands = {data[8:12], *(data[at : at + 4] for at in range(16, end, 4))}
        return "HEIF" if brands & _HEIF_BRANDS else None
    return None


def is_cut_short(picture_format: str, data: bytes) -> bool:
    """Whether the end that the format promises is missing; asked only of bytes that could not be decoded."""
    match picture_format:
        case "JPEG":
            return not data.rstrip(b"\0").endswith(b"\xff\xd9")
        case "PNG":
            return b"IEND" not in data
        case "WEBP":
            return int.from_bytes(data[4:8], "little") + 8 > len(data)
        case "TIFF":
            return _directory_reaches_beyond(data)
        case _:
            return _boxes_reach_beyond(data)


def _boxes_reach_beyond(data: bytes) -> bool:
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:  # the size follows in 64 bits
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size == 0:  # the last box reaches to the end by definition
            return False
        if size < 8:
            return False
        at += size
    return at > len(data)


def _directory_reaches_beyond(data: bytes) -> bool:
    """Whether the first directory of a TIFF, or a strip or tile that it names, lies behind the end."""
    order = _TIFF_ORDERS[data[:4]]

    def numbers(at: int, count: int, size: int) -> list[int]:
        return [int.from_bytes(data[here : here + size], order) for here in range(at, at + count * size, size)]

    [at] = numbers(4, 1, 4)
    [count] = numbers(at, 1, 2)
    if len(data) < 8 or at + 2 + 12 * count > len(data):
        return True
    wanted = {tag for pair in _TIFF_PLACES_AND_SIZES for tag in pair}
    told: dict[int, list[int]] = {}
    for entry in range(at + 2, at + 2 + 12 * count, 12):
        [tag, kind], [values] = numbers(entry, 2, 2), numbers(entry + 4, 1, 4)
        size = _TIFF_NUMBER_BYTES.get(kind, 0)
        [place] = [entry + 8] if values * size <= 4 else numbers(entry + 8, 1, 4)
        if place + values * size > len(data):
            return True
        if tag in wanted:  # entries may share their values: to read all of them would take the file's size squared
            told[tag] = numbers(place, values, size) if size else []
    return any(
        place + size > len(data)
        for places, sizes in _TIFF_PLACES_AND_SIZES
        for place, size in zip(told.get(places, []), told.get(sizes, []), strict=False)
    )


def webp_canvas_px(data: bytes) -> int | None:
    """How many pixels a WebP's header claims; its decoder allocates them as soon as the file is opened."""
    kind = data[12:16]
    if kind == b"VP8X" and len(data) >= 30:
        width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
    elif kind == b"VP8 " and len(data) >= 30:
        width, height = (int.from_bytes(data[at : at + 2], "little") & 0x3FFF for at in (26, 28))
    elif kind == b"VP8L" and len(data) >= 25:
        bits = int.from_bytes(data[21:25], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        return None
    return width * height
