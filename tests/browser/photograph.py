"""The photograph that the tests color, and what colors its pixels must have, worked out without the server."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from chromavive.color import clamp_to_gamut, lab_to_rgb, rgb_to_lab
from tests.browser.studio import Hint, Studio

ERROR_MAX = 3.0
"""Of 255: how far, in the mean over pixels and channels, the picture at a hint may lie from the hint's color."""
_AROUND_PX = 1


def coffee() -> Path:
    """Coffee, 600 by 400, found by path: importing scikit-image costs a second."""
    package = find_spec("skimage")
    if package is None or not package.submodule_search_locations:
        pytest.skip("needs scikit-image's photographs")
    return Path(package.submodule_search_locations[0]) / "data" / "coffee.png"


@cache
def _lightness() -> NDArray[np.floating[Any]]:
    with Image.open(coffee()) as picture:
        return rgb_to_lab(np.asarray(picture.convert("RGB")) / 255)[..., 0]


def error_at(studio: Studio, hint: Hint) -> float:
    """Mean error, of 255, of the picture at a hint against its color at each pixel's lightness, as far as sRGB allows.

    The page has to show the photograph pixel by pixel.
    """
    lightness = _lightness()
    height, width = lightness.shape
    row, column = int(hint.y * height), int(hint.x * width)
    around = slice(row - _AROUND_PX, row + _AROUND_PX + 1), slice(column - _AROUND_PX, column + _AROUND_PX + 1)
    ab = np.broadcast_to([hint.a, hint.b], (*lightness[around].shape, 2))
    wanted = lab_to_rgb(clamp_to_gamut(np.concatenate([lightness[around][..., None], ab], axis=-1))) * 255
    return float(np.abs(studio.pixels((hint.x, hint.y), _AROUND_PX) - wanted).mean())
