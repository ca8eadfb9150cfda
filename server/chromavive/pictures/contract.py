"""What the door accepts and what it answers, in plain values; nothing here knows Pillow."""

from dataclasses import dataclass

from chromavive.errors import PhotographTooManyPixels, UploadTooLarge

LIGHTNESS_SCALE = 65535 / 100
"""Stored lightness is CIE L, 0 to 100, times this, rounded: uint16."""

PHOTOGRAPH_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".tif", ".tiff"})
"""Of the names of photographs' files."""

DISK_FULL_STATUS = 74
"""Exit status of a decoding child that had no room to write in; sysexits.h calls 74 an error of input or output."""


@dataclass(frozen=True, slots=True)
class PhotographLimits:
    """What a photograph may be; the numbers are promised in DESIGN.md section 4."""

    upload_bytes_max: int = 40_000_000
    pixels_max: int = 100_000_000
    side_px_min: int = 16
    """Below this a picture has fewer pixels than the networks have steps, and no place for a hint."""

    def too_large(self) -> UploadTooLarge:
        """The refusal of more bytes, which names how many may be."""
        return UploadTooLarge(f"{UploadTooLarge.sentence[:-1]}: at most {self.upload_bytes_max / 1e6:g} MB.")

    def too_many_pixels(self) -> PhotographTooManyPixels:
        """The refusal of more pixels, which names how many may be."""
        return PhotographTooManyPixels(
            f"The photograph has more than {self.pixels_max / 1e6:g} megapixels, the most that this server takes. "
            "Make it smaller first."
        )


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What the process that decodes one photograph may use."""

    seconds_max: float = 60.0
    """Nine times what 100 megapixels take on one core of a server."""
    memory_bytes_max: int = 2 * 1024**3
    """Of address space: 100 megapixels as a progressive JPEG or a WebP need about 1.6 GB. Held on Linux only."""


@dataclass(frozen=True, slots=True)
class AsideWish:
    """Which of a photograph's own colors are wanted: as turned and cropped, means over (height, width) cells."""

    height: int
    width: int
    turn: int
    crop: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class DecodedMeta:
    """What is known of a decoded photograph besides its lightness; height and width are as shown (EXIF applied)."""

    height: int
    width: int
    source_format: str
    """JPEG, PNG, WebP, HEIC or TIFF."""
    had_colors: bool
    """Whether it showed colors, which were set aside."""
    notes: tuple[str, ...]
    """Plain sentences: what was done to it on the way in."""
