"""Color photographs as the papers' measurements take them: their colors are the truth to compare with."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from chromavive.errors import NotAPhotograph

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
GRAY_SPREAD_MAX = 1.0  # between a pixel's channels, in steps of 8 bits, on average


def photographs_in(folder: Path, limit: int | None = None) -> list[Path]:
    """The folder's photographs by name; of more than `limit`, so many at even distances."""
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    return paths if not limit else paths[:: max(1, len(paths) // limit)][:limit]


def has_colors(pixels: NDArray[np.uint8]) -> bool:
    """Whether (H, W, 3) sRGB has colors to compare with: more than a scan of gray or a JPEG of it leaves behind."""
    spread = pixels.max(axis=-1).astype(int) - pixels.min(axis=-1)
    return bool(spread.mean() > GRAY_SPREAD_MAX)


def squashed(path: Path, side_px: int) -> NDArray[np.uint8]:
    """The photograph as (side_px, side_px, 3) sRGB, its aspect ratio not kept; as it lies in the file.

    Raises:
        NotAPhotograph: it cannot be read.
    """
    try:
        with Image.open(path, formats=["JPEG", "PNG", "WEBP"]) as image:
            return np.asarray(image.convert("RGB").resize((side_px, side_px), Image.Resampling.BILINEAR))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise NotAPhotograph(f"{path} cannot be read: {error}") from error
