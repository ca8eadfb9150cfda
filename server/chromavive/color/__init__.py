"""Color arithmetic on arrays: Lab, the gamut, chroma brought to a photograph's size. numpy only."""

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

__all__ = [
    "clamp_to_gamut",
    "delta_e_2000",
    "gray_to_lightness",
    "in_gamut",
    "lab_to_rgb",
    "lab_to_rgb_unclipped",
    "lightness_to_gray",
    "rgb_to_lab",
]
