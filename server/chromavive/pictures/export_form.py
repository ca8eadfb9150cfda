"""What an export may be: format, quality, layout; and what it says of how it was made. Nothing here knows Pillow."""

from dataclasses import dataclass
from typing import Literal, get_args

from chromavive.errors import PictureTooLarge

Format = Literal["png", "jpeg", "webp", "tiff"]
Layout = Literal["picture", "side_by_side", "colors"]
"""The colored picture; the gray photograph at its left as well; its colors alone, to be laid over the gray one."""

FORMATS: tuple[Format, ...] = get_args(Format)
LAYOUTS: tuple[Layout, ...] = get_args(Layout)

QUALITY = 92
"""Of JPEG and WebP, 1 to 100: a step higher doubles the bytes for what nobody sees at arm's length."""

_SUFFIXES: dict[str, Format] = {
    ".png": "png",
    ".jpg": "jpeg",
    ".jpeg": "jpeg",
    ".webp": "webp",
    ".tiff": "tiff",
    ".tif": "tiff",
}
_SIDE_PX_MAX: dict[Format, int] = {"jpeg": 65_500, "webp": 16_383}  # libjpeg's JPEG_MAX_DIMENSION; WebP: 14 bits


@dataclass(frozen=True, slots=True)
class ExportForm:
    """What is wanted. quality is of JPEG and WebP, 1 to 100."""

    format: Format = "png"
    quality: int = QUALITY
    layout: Layout = "picture"

    @property
    def suffix(self) -> str:
        """Of a file's name, with its dot."""
        return next(suffix for suffix, each in _SUFFIXES.items() if each == self.format)

    @property
    def media_type(self) -> str:
        """As HTTP names it."""
        return f"image/{self.format}"

    def size(self, height: int, width: int) -> tuple[int, int]:
        """Height and width in pixels of the export of a photograph shown at this size.

        Raises:
            PictureTooLarge: the format holds no picture of that size.
        """
        wide = width * (2 if self.layout == "side_by_side" else 1)
        side_max = _SIDE_PX_MAX.get(self.format)
        if side_max is not None and max(height, wide) > side_max:
            raise PictureTooLarge(
                f"A {self.format.upper()} has at most {side_max:,} pixels a side, and this would have "
                f"{max(height, wide):,}. Take PNG or TIFF."
            )
        return height, wide


def format_of_suffix(suffix: str) -> Format | None:
    """The format of a file's suffix, such as ".jpg" in any case; None where there is none of ours."""
    return _SUFFIXES.get(suffix.lower())


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a picture's colors were made, as its file says it: nobody's name and no room."""

    network: str
    weights_hash: str
    hints: int
    """How many hints acted."""
    vividness: float
