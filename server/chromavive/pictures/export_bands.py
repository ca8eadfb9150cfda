"""The pixels of an export from top to bottom, a band of rows at a time, in float up to the file's own rounding."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chromavive.color.lab import lab_to_rgb, lightness_to_gray
from chromavive.color.upsample import ChromaLines, cell_means, upsample_rows
from chromavive.pictures.contract import LIGHTNESS_SCALE
from chromavive.pictures.export_form import Layout

BAND_PIXELS = 1 << 18
"""Pixels of the photograph in a band: its arrays stay within a processor's cache, and its memory is nothing."""

LUMA = np.array([0.3, 0.59, 0.11], np.float32)
"""Weights of encoded R, G and B in the lightness of blend mode Color: W3C Compositing and Blending 1, section 10.3."""

Floats = NDArray[np.floating[Any]]
Pixels = Callable[[Floats, Floats], Floats]


def bands(lightness: NDArray[np.uint16], ab: NDArray[np.float32], layout: Layout = "picture") -> Iterator[Floats]:
    """Bands (rows, W, 3) float32 of encoded sRGB, 0 to 1, of lightness (H, W) uint16 and chroma (2, h, w), CIE Lab.

    They are the same whatever their height: bit for bit those of the whole.
    """
    height, width = lightness.shape
    lines = ChromaLines.fitted(ab, cell_means(lightness, *ab.shape[1:]) / LIGHTNESS_SCALE, height, width)
    rows = max(1, BAND_PIXELS // width)
    laid_out = _LAYOUTS[layout]
    for top in range(0, height, rows):
        exact = lightness[top : top + rows] / np.float32(LIGHTNESS_SCALE)
        lab = np.empty((*exact.shape, 3), np.float32)
        lab[..., 0] = exact
        lab[..., 1:] = np.moveaxis(upsample_rows(lines, exact, top, height), 0, -1)
        yield laid_out(lab_to_rgb(lab), exact)


def _side_by_side(picture: Floats, lightness: Floats) -> Floats:
    gray = np.broadcast_to(lightness_to_gray(lightness)[..., None], picture.shape)
    return np.concatenate([gray, picture], axis=1)


def _colors(picture: Floats, lightness: Floats) -> Floats:
    """What blend mode Color takes of a layer, its differences from its own luma, around a middle gray.

    Where they do not fit around the middle the gray moves so far that they do: the picture's own gray would always.
    """
    differences = picture - np.expand_dims(picture @ LUMA, -1)
    lowest, highest = differences.min(axis=-1), differences.max(axis=-1)
    middle: Floats = np.clip(np.full_like(lowest, 0.5), -lowest, 1 - highest)
    return np.asarray(np.clip(differences + middle[..., None], 0, 1))


_LAYOUTS: dict[Layout, Pixels] = {
    "picture": lambda picture, lightness: picture,
    "side_by_side": _side_by_side,
    "colors": _colors,
}
