"""The door: bytes of a photograph in, its lightness out. Runs in the child process (`python -m chromavive.pictures`).

Everything is read by bands of rows, so that beyond the decoded picture itself only the 16-bit lightness is held.
"""

import io
import struct
import warnings
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms
from PIL.TiffImagePlugin import TiffImageFile

from chromavive.color.lab import gray_to_lightness, rgb_to_lab
from chromavive.errors import (
    DecodingFailed,
    NotAPhotograph,
    PhotographTooSmall,
    PhotographTruncated,
    RequestRefused,
)
from chromavive.pictures import tiff
from chromavive.pictures.aside import Aside
from chromavive.pictures.contract import LIGHTNESS_SCALE, DecodedMeta, PhotographLimits
from chromavive.pictures.deep import heif_low_bytes, low_bytes, srgb_of
from chromavive.pictures.signature import FORMATS, format_of, is_cut_short, webp_canvas_px

# Pillow warns at 89 megapixels and refuses at twice that; our own limit is checked from the header, before decoding.
Image.MAX_IMAGE_PIXELS = None

CHROMA_VISIBLE = 6.0
CHROMA_SHARE_MIN = 0.005
"""A photograph had colors if more than this share of it has more chroma than that. JPEG of gray stays below 2; one
red balloon in a gray street counts, a hardly toned print does not."""

Number = TypeVar("Number", bound=np.generic)
Floats = NDArray[np.floating[Any]]
_Seen = tuple[Floats, Floats | None]
"""L of a band of rows, (rows, W) 0..100, and its a and b, (rows, W, 2), where it may have any."""
_Reader = Callable[[int, int], _Seen]
"""Of the band from one row to before another."""
_BandReader = Callable[[Image.Image], _Seen]

_BAND_PIXELS = 1 << 18
_DEEP = np.float32(65535)
_ORIENTATION_TAG = 0x0112  # EXIF 2.32, table 4
_TURNED = "Turned upright, as the camera noted."
_WHITE_LAID = "Transparent parts are shown over white."
_FIRST_ONLY = "It holds several pictures; the first was taken."
_PROFILE_USED = "Its embedded color profile was applied."
_PROFILE_BAD = "Its embedded color profile does not fit or is damaged, and was left out."
_DEPTH_LOST = "Of its 10 to 16 bits a channel 8 were taken."
_COLORS_ASIDE = "Its colors were set aside; the lightness is kept."
_CMYK_GUESSED = "CMYK without a profile was converted by rule of thumb."

# What Pillow and its decoders raise on bytes that are not what they claim; anything else ends the child.
_DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    RuntimeError,
    ArithmeticError,
    AssertionError,  # Pillow's own, of a palette that a PNG promises and does not have
    struct.error,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A photograph that came through the door: lightness (H, W) uint16, CIE L 0..100 as 0..65535, upright."""

    lightness: NDArray[np.uint16]
    meta: DecodedMeta


def open_photograph(data: bytes, limits: PhotographLimits, aside: Aside | None = None) -> Decoded:
    """The lightness of the photograph in `data`, upright, at full size. aside: gathers its colors on the way.

    Raises:
        RequestRefused: one leaf for each reason; limits are checked before anything is decoded.
    """
    if len(data) > limits.upload_bytes_max:
        raise limits.too_large()
    picture_format = format_of(data)
    if picture_format is None:
        raise NotAPhotograph
    if picture_format == "WEBP" and (webp_canvas_px(data) or 0) > limits.pixels_max:
        raise limits.too_many_pixels()
    if picture_format == "HEIF":
        _teach_pillow_heic()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data), formats=[picture_format]) as image:
                _check_size(image, limits)
                if isinstance(image, TiffImageFile):
                    return _decoded_tiff(data, image, aside)
                low = low_bytes(data, image) if _is_srgb(image) else None
                image.load()
                is_deep = picture_format == "PNG" and data[24] == 16
                if picture_format == "HEIF":
                    is_deep = image.info.get("bit_depth", 8) > 8
                    low = heif_low_bytes(data, image) if _is_srgb(image) else None
                return _decoded(image, FORMATS[picture_format], is_deep, low=low, aside=aside)
        except _DECODER_ERRORS as error:
            raise _refusal(picture_format, data) from error


def _teach_pillow_heic() -> None:
    """Registers HEIC with Pillow, on first need only: the import costs as much as all of Pillow."""
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)


def _refusal(picture_format: str, data: bytes) -> RequestRefused:
    return PhotographTruncated() if is_cut_short(picture_format, data) else DecodingFailed()


def _check_size(image: Image.Image, limits: PhotographLimits) -> None:
    if image.width * image.height > limits.pixels_max:
        raise limits.too_many_pixels()
    if min(image.size) < limits.side_px_min:
        raise PhotographTooSmall


def _decoded_tiff(data: bytes, image: TiffImageFile, aside: Aside | None) -> Decoded:
    """As `_decoded`. Whatever is asked of a TIFF is asked before it is loaded: then Pillow turns it and forgets."""
    if is_cut_short("TIFF", data):  # libtiff and tifffile may fill up with black
        raise PhotographTruncated
    if tiff.bits(image) not in (1, 2, 4, 8, 16):  # of the others no file says what black and white are
        raise DecodingFailed
    orientation = tiff.orientation(image)
    more = [_FIRST_ONLY] * (image.n_frames > 1) + [_TURNED] * (orientation != 1)
    notes: list[str] = []
    _profile_transform(image, notes)
    pixels = tiff.deep_colors(data, image) if _is_srgb(image) else None
    if pixels is None:
        is_deep, is_negative = tiff.bits(image) == 16, tiff.is_negative(image)
        if is_deep and tiff.is_planar(image):  # Pillow takes such channels for ones of 8 bits
            raise DecodingFailed
        low = low_bytes(data, image) if _is_srgb(image) else None
        image.load()
        decoded = _decoded(image, "TIFF", is_deep, is_negative, low, aside)
        return replace(decoded, meta=replace(decoded.meta, notes=(*decoded.meta.notes, *more)))
    height, width, _ = pixels.shape
    _begin(aside, height, width, orientation)
    lightness, had_colors = _by_bands(height, width, lambda top, bottom: _seen(pixels[top:bottom] / _DEEP), aside)
    lightness = upright(lightness, orientation)
    height, width = lightness.shape
    notes += [_WHITE_LAID] * (image.mode != "RGB") + [_COLORS_ASIDE] * had_colors + more
    return Decoded(lightness, DecodedMeta(height, width, "TIFF", had_colors, tuple(notes)))


def _decoded(
    image: Image.Image,
    source_format: str,
    is_deep: bool,
    is_negative: bool = False,
    low: Image.Image | None = None,
    aside: Aside | None = None,
) -> Decoded:
    """What a loaded picture comes to.

    is_deep: the file has 16 bits a channel; is_negative shows their 0 as white; low is the picture of their low bytes.
    """
    notes: list[str] = []
    if source_format not in ("JPEG", "TIFF") and getattr(image, "n_frames", 1) > 1:
        notes.append(_FIRST_ONLY)
    transform = _profile_transform(image, notes)
    if image.has_transparency_data:
        notes.append(_WHITE_LAID)
    if image.mode == "CMYK" and transform is None:
        notes.append(_CMYK_GUESSED)
    if is_deep and low is None and not image.mode.startswith("I"):
        notes.append(_DEPTH_LOST)
    orientation = _orientation(image)
    _begin(aside, image.height, image.width, orientation)
    read = _reader(image, transform, is_negative) if low is None else _deep_reader(image, low)
    lightness, had_colors = _by_bands(image.height, image.width, read, aside)
    if had_colors:
        notes.append(_COLORS_ASIDE)
    if orientation != 1:
        notes.append(_TURNED)
        lightness = upright(lightness, orientation)
    height, width = lightness.shape
    return Decoded(lightness, DecodedMeta(height, width, source_format, had_colors, tuple(notes)))


def upright(pixels: NDArray[Number], orientation: int) -> NDArray[Number]:
    """Pixels (H, W) turned and mirrored as EXIF orientation 1 to 8 asks; a view."""
    if orientation >= 5:
        pixels = pixels.T
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return pixels


def _begin(aside: Aside | None, height: int, width: int, orientation: int) -> None:
    """Tells who gathers the colors which of the file's rows and columns the upright photograph shows where."""
    if aside is not None:
        rows, columns = np.arange(height, dtype=np.uint32)[:, None], np.arange(width, dtype=np.uint32)
        every = (np.broadcast_to(each, (height, width)) for each in (rows, columns))
        aside.begin(*(upright(each, orientation) for each in every))


def _orientation(image: Image.Image) -> int:
    try:
        value = image.getexif().get(_ORIENTATION_TAG, 1)
    except _DECODER_ERRORS:  # the picture is good, only its EXIF is not
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


@dataclass(frozen=True, slots=True)
class _Transform:
    """An embedded profile brought to sRGB, and the mode of the pixels that it takes."""

    mode: str
    to_srgb: ImageCms.ImageCmsTransform


def _profile_transform(image: Image.Image, notes: list[str]) -> _Transform | None:
    profile_bytes = image.info.get("icc_profile")
    if not profile_bytes:
        return None
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(profile_bytes))
        mode = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK"}.get(profile.profile.xcolor_space, "")
        if not mode or (mode == "CMYK") != (image.mode == "CMYK"):
            raise ValueError(f"a profile for {profile.profile.xcolor_space!r} on {image.mode}")
        if mode == "L" and not _is_gray(image.mode):
            raise ValueError("a gray profile on colors")
        transform = ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), mode, "RGB")
    except (ImageCms.PyCMSError, *_DECODER_ERRORS):
        notes.append(_PROFILE_BAD)
        return None
    notes.append(_PROFILE_USED)
    return _Transform(mode, transform)


def _is_gray(mode: str) -> bool:
    return mode in ("1", "L", "LA", "La") or mode.startswith("I")


def _is_srgb(image: Image.Image) -> bool:
    """Whether the numbers are sRGB's: without a sound profile, or with one that says so."""
    profile_bytes = image.info.get("icc_profile")
    if not profile_bytes:
        return True
    try:
        return ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile_bytes))).startswith("sRGB")
    except (ImageCms.PyCMSError, *_DECODER_ERRORS):
        return True  # it will be left out


def _deep_reader(high: Image.Image, low: Image.Image) -> _Reader:
    """As `_reader`, of both bytes of each channel."""

    def read(top: int, bottom: int) -> _Seen:
        box = (0, top, high.width, bottom)
        return _seen(srgb_of(high.crop(box), low.crop(box)))

    return read


def _reader(image: Image.Image, transform: _Transform | None, is_negative: bool = False) -> _Reader:
    """What reads the picture from row to row, as it lies in the file."""
    if image.mode in ("I", "F"):  # signed or floating, of which no file says what black and white are
        raise DecodingFailed
    if _is_gray(image.mode) and not image.has_transparency_data:
        band_of = _gray_reader(image.mode, transform, is_negative)
    else:
        band_of = _color_reader(transform)
    return lambda top, bottom: band_of(image.crop((0, top, image.width, bottom)))


def _by_bands(height: int, width: int, read: _Reader, aside: Aside | None) -> tuple[NDArray[np.uint16], bool]:
    """Lightness (H, W) uint16 read from row to row, and whether there were colors."""
    lightness = np.empty((height, width), np.uint16)
    rows = max(1, _BAND_PIXELS // width)
    colored_px = 0
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        band, ab = read(top, bottom)
        lightness[top:bottom] = np.rint(np.clip(band, 0, 100) * np.float32(LIGHTNESS_SCALE)).astype(np.uint16)
        if ab is None:
            continue
        colored_px += int(np.count_nonzero(np.hypot(ab[..., 0], ab[..., 1]) > CHROMA_VISIBLE))
        if aside is not None:
            aside.take(top, ab)
    return lightness, colored_px > CHROMA_SHARE_MIN * lightness.size


def _gray_reader(mode: str, transform: _Transform | None, is_negative: bool) -> _BandReader:
    ramp = Image.fromarray(np.arange(256, dtype=np.uint8)[None])
    table = rgb_to_lab(_srgb_over_white(ramp, transform))[0, :, 0]

    def read(band: Image.Image) -> _Seen:
        return table[np.asarray(band.convert("L"))], None

    def read_deep(band: Image.Image) -> _Seen:
        gray = np.asarray(band).astype(np.float32) / _DEEP
        gray = 1 - gray if is_negative else gray
        # A profile takes 8 bits here: between its 256 answers the finer levels are interpolated.
        return np.interp(gray * 255, np.arange(256), table) if transform else gray_to_lightness(gray), None

    return read_deep if mode.startswith("I") else read


def _color_reader(transform: _Transform | None) -> _BandReader:
    return lambda band: _seen(_srgb_over_white(band, transform))


def _seen(srgb: Floats) -> _Seen:
    lab = rgb_to_lab(srgb)
    return lab[..., 0], lab[..., 1:]


def _srgb_over_white(band: Image.Image, transform: _Transform | None) -> Floats:
    """A band in any mode as (rows, W, 3) float32 sRGB 0..1; alpha is blended in sRGB, as browsers do."""
    opacity: Floats | None = None
    if band.has_transparency_data:
        band = band.convert("RGBA")
        opacity = np.asarray(band.getchannel("A"), np.float32)[..., None] / np.float32(255)
    band = band.convert(transform.mode if transform else "RGB")
    if transform:
        band = transform.to_srgb.apply(band)
    rgb = np.asarray(band, np.float32) / np.float32(255)
    return rgb if opacity is None else rgb * opacity + (1 - opacity)
