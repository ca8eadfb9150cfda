"""Color arithmetic on arrays: Lab, the gamut, working sizes, chroma brought to a photograph's size. numpy only."""

from chromavive.color.lab import (
    clamp_to_gamut,
    delta_e_2000,
    gray_to_lightness,
    in_gamut,
    lab_to_rgb,
    lab_to_rgb_unclipped,
    lightness_to_gray,
    rgb_to_lab,
)
from chromavive.color.sizes import WORKING_SIZES, working_size
from chromavive.color.upsample import ChromaLines, bilinear, cell_means, upsample, upsample_rows

__all__ = [
    "WORKING_SIZES",
    "ChromaLines",
    "bilinear",
    "cell_means",
    "clamp_to_gamut",
    "delta_e_2000",
    "gray_to_lightness",
    "in_gamut",
    "lab_to_rgb",
    "lab_to_rgb_unclipped",
    "lightness_to_gray",
    "rgb_to_lab",
    "upsample",
    "upsample_rows",
    "working_size",
]
