"""Bytes made wrong on purpose: a few changes to a sound seed, and as few as it needs once Hypothesis has shrunk it."""

import random
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

Change = tuple[str, int, int]
"""What to do, and two numbers that say where and with what."""

KINDS = ("flip", "flip", "head flip", "head flip", "number", "head number", "cut", "repeat", "splice", "word", "end")
HEAD_BYTES = 256
"""Formats say most about themselves there; half of the changes are made in it."""

# Around the edges of 8, 16 and 32 bits, and what a size, a count or an offset is likely to be compared with.
_EDGES = (0, 1, 2, 3, 7, 8, 15, 16, 127, 128, 255, 256, 4095, 32767, 32768, 65535, 65536, 2**31 - 1, 2**31, 2**32 - 1)
_LAYOUTS = ("<B", "<H", ">H", "<I", ">I")

_CHANGES_MAX = 8


def changes(number: int, count: int) -> list[Change]:
    """The first so many changes of a sequence. From one number: Hypothesis takes long to draw thirty."""
    chance = random.Random(number)
    return [(chance.choice(KINDS), chance.getrandbits(32), chance.getrandbits(32)) for _ in range(count)]


@dataclass(frozen=True, slots=True)
class Material:
    """What inputs are made of: sound seeds, and words of the format to be put in."""

    seeds: Sequence[bytes]
    words: Sequence[bytes] = (b"",)

    def inputs(self) -> st.SearchStrategy[bytes]:
        """Seeds with changes; now and then a seed as it is."""

        def made(seed: int, number: int, count: int) -> bytes:
            return repaired(mutated(self.seeds[seed], changes(number, count), self))

        chosen = st.integers(0, len(self.seeds) - 1)
        return st.builds(made, chosen, st.integers(0, 2**64 - 1), st.integers(0, _CHANGES_MAX))


def mutated(data: bytes, drawn: Sequence[Change], material: Material) -> bytes:
    """The bytes after these changes, one after the other."""
    for kind, where, what in drawn:
        reach = min(len(data), HEAD_BYTES) if kind.startswith("head") else len(data)
        at = where % max(1, reach)
        data = _changed(data, kind, at, what, material)
    return data


def _changed(data: bytes, kind: str, at: int, what: int, material: Material) -> bytes:
    length = 1 + what % 64
    match kind.removeprefix("head "):
        case "flip" if data:
            return data[:at] + bytes([data[at] ^ (1 << what % 8)]) + data[at + 1 :]
        case "number":
            layout = _LAYOUTS[what % len(_LAYOUTS)]
            value = _EDGES[what // len(_LAYOUTS) % len(_EDGES)] % (1 << 8 * struct.calcsize(layout))
            number = struct.pack(layout, value)
            return data[:at] + number + data[at + len(number) :]
        case "cut":
            return data[:at] + data[at + length :]
        case "repeat":
            return data[:at] + data[at : at + length] * (1 + what // 64 % 8) + data[at:]
        case "splice":
            other = material.seeds[what % len(material.seeds)]
            return data[:at] + other[at : at + what // 64 % 512] + data[at:]
        case "word":
            return data[:at] + material.words[what % len(material.words)] + data[at:]
        case "end":
            return data[:at]
        case _:
            return data


def repaired(data: bytes) -> bytes:
    """The bytes with the checksums of a PNG and the length of a RIFF put right: a decoder would look no further."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _repaired_png(data)
    if data[:4] == b"RIFF":
        return data[:4] + struct.pack("<I", max(0, len(data) - 8)) + data[8:]
    return data


def _repaired_png(data: bytes) -> bytes:
    parts, at = [data[:8]], 8
    while at + 12 <= len(data):
        end = at + 8 + int.from_bytes(data[at : at + 4], "big")
        if end + 4 > len(data):
            break
        parts.append(data[at:end] + struct.pack(">I", zlib.crc32(data[at + 4 : end])))
        at = end + 4
    return b"".join((*parts, data[at:]))
