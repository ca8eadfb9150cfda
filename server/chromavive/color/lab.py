"""sRGB <-> CIE Lab (D65, 2 degree observer), the sRGB gamut in Lab, and the CIEDE2000 difference.

Arrays have shape (..., 3). float32 stays float32; anything else is computed in float64.
The constants are scikit-image's (`skimage.color.colorconv`), so figures published with it can be compared with ours.
The client's `color/lab.js` and the shader do the same arithmetic; `tests/vectors` holds the cases that all share.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.floating[Any]]

# Linear sRGB to XYZ and the D65 white of the 2 degree observer, as in skimage.color.colorconv.
XYZ_FROM_RGB: Floats = np.array(
    [
        [0.412453, 0.357580, 0.180423],
        [0.212671, 0.715160, 0.072169],
        [0.019334, 0.119193, 0.950227],
    ]
)
RGB_FROM_XYZ: Floats = np.linalg.inv(XYZ_FROM_RGB)
WHITE: Floats = np.array([0.95047, 1.0, 1.08883])

# The rows of XYZ_FROM_RGB do not add up to WHITE exactly, so a neutral of L = 100 leaves [0, 1] by 2e-5.
# A hundredth of an 8 bit step hides that, and nothing that could be seen.
GAMUT_TOLERANCE = 1e-4
GAMUT_BISECTIONS = 24


def _floats(values: ArrayLike) -> Floats:
    array = np.asarray(values)
    return array if array.dtype == np.float32 else array.astype(np.float64)


def _linear_from_srgb(srgb: Floats) -> Floats:
    return np.where(srgb > 0.04045, ((np.maximum(srgb, 0) + 0.055) / 1.055) ** 2.4, srgb / 12.92)


def _srgb_from_linear(linear: Floats) -> Floats:
    return np.where(
        linear > 0.0031308,
        1.055 * np.maximum(linear, 0) ** (1 / 2.4) - 0.055,
        linear * 12.92,
    )


def _f_from_xyz(xyz: Floats) -> Floats:
    return np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)


def _xyz_from_f(f: Floats) -> Floats:
    return np.where(f > 0.2068966, f**3, (f - 16 / 116) / 7.787)


def rgb_to_lab(rgb: ArrayLike) -> Floats:
    """Lab of sRGB colors: (..., 3) in [0, 1] -> (..., 3), L in [0, 100], a and b within about +-110."""
    srgb = _floats(rgb)
    xyz = _linear_from_srgb(srgb) @ XYZ_FROM_RGB.T.astype(srgb.dtype) / WHITE.astype(srgb.dtype)
    x, y, z = np.moveaxis(_f_from_xyz(xyz), -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def lab_to_rgb_unclipped(lab: ArrayLike) -> Floats:
    """sRGB of Lab colors, (..., 3) -> (..., 3), beyond [0, 1] where a color lies outside the gamut."""
    values = _floats(lab)
    y = (values[..., 0] + 16) / 116
    # scikit-image holds the third at 0 or above; that is far outside the gamut on either way.
    f = np.stack([y + values[..., 1] / 500, y, np.maximum(y - values[..., 2] / 200, 0)], axis=-1)
    xyz = _xyz_from_f(f) * WHITE.astype(values.dtype)
    return _srgb_from_linear(xyz @ RGB_FROM_XYZ.T.astype(values.dtype))


def lab_to_rgb(lab: ArrayLike) -> Floats:
    """sRGB of Lab colors, (..., 3) -> (..., 3), each channel clipped to [0, 1]."""
    return np.clip(lab_to_rgb_unclipped(lab), 0, 1)


def gray_to_lightness(gray: ArrayLike) -> Floats:
    """L, 0 to 100, of sRGB grays (any shape, 0 to 1)."""
    return 116 * _f_from_xyz(_linear_from_srgb(_floats(gray))) - 16


def lightness_to_gray(lightness: ArrayLike) -> Floats:
    """The sRGB gray, 0 to 1, of L (any shape, 0 to 100)."""
    return np.clip(_srgb_from_linear(_xyz_from_f((_floats(lightness) + 16) / 116)), 0, 1)


def in_gamut(lab: ArrayLike) -> NDArray[np.bool_]:
    """Which Lab colors an sRGB screen can show: (..., 3) -> (...) bool, to GAMUT_TOLERANCE."""
    rgb = lab_to_rgb_unclipped(lab)
    return np.asarray(((rgb >= -GAMUT_TOLERANCE) & (rgb <= 1 + GAMUT_TOLERANCE)).all(axis=-1))


def clamp_to_gamut(lab: ArrayLike) -> Floats:
    """The nearest possible colors: same L and hue, the largest chroma inside the gamut; (..., 3) -> (..., 3).

    Colors already inside come back unchanged. L is held to [0, 100] first, since nothing else has any color there.
    The ray from the neutral color leaves the gamut once, but for four of 35,640 hues and lightnesses tried (yellows of
    L 95 to 97, where it grazes the surface); there the bisection finds one of the places where it leaves.
    """
    values = _floats(lab)
    values = np.concatenate([np.clip(values[..., :1], 0, 100), values[..., 1:]], axis=-1)
    outside = ~in_gamut(values)
    if not outside.any():
        return values
    wanted = values[outside]
    inner = np.zeros(wanted.shape[:-1], wanted.dtype)
    outer = np.ones(wanted.shape[:-1], wanted.dtype)
    for _ in range(GAMUT_BISECTIONS):
        middle = (inner + outer) / 2
        inside = in_gamut(_with_chroma_scaled(wanted, middle))
        inner, outer = np.where(inside, middle, inner), np.where(inside, outer, middle)
    values[outside] = _with_chroma_scaled(wanted, inner)
    return values


def _with_chroma_scaled(lab: Floats, factor: Floats) -> Floats:
    return np.concatenate([lab[..., :1], lab[..., 1:] * factor[..., None]], axis=-1)


def delta_e_2000(lab1: ArrayLike, lab2: ArrayLike) -> Floats:
    """The CIEDE2000 difference (kL = kC = kH = 1) of two arrays of Lab colors: (..., 3), (..., 3) -> (...).

    Formulas and test data: Sharma, Wu, Dalal, "The CIEDE2000 Color-Difference Formula", 2005.
    """
    first, second = np.broadcast_arrays(_floats(lab1), _floats(lab2))
    chroma_mean_7 = ((np.hypot(first[..., 1], first[..., 2]) + np.hypot(second[..., 1], second[..., 2])) / 2) ** 7
    stretch = 1.5 - 0.5 * np.sqrt(chroma_mean_7 / (chroma_mean_7 + 25.0**7))
    chroma1, hue1 = _chroma_and_hue(first, stretch)
    chroma2, hue2 = _chroma_and_hue(second, stretch)
    neutral = chroma1 * chroma2 == 0

    turn = (hue2 - hue1 + 180) % 360 - 180
    # The formula keeps +180 where the modulus gives -180; only the sign of a product tells them apart.
    turn = np.where((turn == -180) & (hue2 > hue1), 180.0, turn)
    d_hue = np.where(neutral, 0, 2 * np.sqrt(chroma1 * chroma2) * np.sin(np.radians(turn) / 2))
    d_lightness, d_chroma = second[..., 0] - first[..., 0], chroma2 - chroma1

    lightness = (first[..., 0] + second[..., 0]) / 2
    chroma = (chroma1 + chroma2) / 2
    hue_sum = hue1 + hue2
    halfway = (
        np.where(
            np.abs(hue1 - hue2) > 180,
            hue_sum + np.where(hue_sum < 360, 360, -360),
            hue_sum,
        )
        / 2
    )
    hue = np.where(neutral, hue_sum, halfway)
    weight = _hue_weight(hue)
    scale_lightness = 1 + 0.015 * (lightness - 50) ** 2 / np.sqrt(20 + (lightness - 50) ** 2)
    scale_chroma, scale_hue = 1 + 0.045 * chroma, 1 + 0.015 * chroma * weight
    rotation = (
        -2 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7)) * np.sin(np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2))))
    )
    l_part, c_part, h_part = (
        d_lightness / scale_lightness,
        d_chroma / scale_chroma,
        d_hue / scale_hue,
    )
    squared: Floats = l_part**2 + c_part**2 + h_part**2 + rotation * c_part * h_part
    return np.asarray(np.sqrt(np.maximum(squared, 0)))


def _chroma_and_hue(lab: Floats, stretch: Floats) -> tuple[Floats, Floats]:
    a, b = lab[..., 1] * stretch, lab[..., 2]
    return np.asarray(np.hypot(a, b)), np.degrees(np.arctan2(b, a)) % 360


def _hue_weight(hue: Floats) -> Floats:
    cosines = (
        -0.17 * np.cos(np.radians(hue - 30))
        + 0.24 * np.cos(np.radians(2 * hue))
        + 0.32 * np.cos(np.radians(3 * hue + 6))
        - 0.20 * np.cos(np.radians(4 * hue - 63))
    )
    return np.asarray(1 + cosines)
