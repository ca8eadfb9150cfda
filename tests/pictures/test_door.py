"""The door: what comes through it, how it looks then, and what is refused with which error."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from chromavive.color.lab import gray_to_lightness, rgb_to_lab
from chromavive.errors import (
    DecodingFailed,
    NotAPhotograph,
    PhotographTooManyPixels,
    PhotographTooSmall,
    PhotographTruncated,
    RequestRefused,
    UploadTooLarge,
)
from chromavive.pictures.contract import LIGHTNESS_SCALE, PhotographLimits
from chromavive.pictures.door import Decoded, open_photograph
from tests.pictures.made import HEIGHT_PX, PROPHOTO, WIDTH_PX, encoded, png_claiming, profile, scene

LIMITS = PhotographLimits()
GRAY = Image.fromarray(scene())
CODED_UNDER = {
    1: lambda upright: upright,
    2: lambda upright: upright[:, ::-1],
    3: lambda upright: np.rot90(upright, 2),
    4: lambda upright: upright[::-1],
    5: lambda upright: upright.T,
    6: lambda upright: np.rot90(upright, 1),
    7: lambda upright: np.rot90(upright, 2).T,
    8: lambda upright: np.rot90(upright, -1),
}
"""How a camera stores an upright picture under each EXIF orientation: the inverse of what the viewer has to do."""


def opened(data: bytes) -> Decoded:
    """What the door makes of bytes under the ordinary limits."""
    return open_photograph(data, LIMITS)


def lightness_of(decoded: Decoded) -> NDArray[np.float64]:
    """L, 0 to 100."""
    return decoded.lightness / LIGHTNESS_SCALE


def test_a_gray_png_keeps_each_level_to_16_bits() -> None:
    """Lightness is that of the sRGB gray, to the rounding of uint16."""
    decoded = opened(encoded(GRAY, "PNG"))
    assert decoded.lightness.dtype == np.uint16
    np.testing.assert_allclose(lightness_of(decoded), gray_to_lightness(scene() / 255), atol=0.51 / LIGHTNESS_SCALE)
    assert (decoded.meta.height, decoded.meta.width) == (HEIGHT_PX, WIDTH_PX)
    assert (decoded.meta.source_format, decoded.meta.had_colors, decoded.meta.notes) == ("PNG", False, ())


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("picture_format", ["PNG", "JPEG", "WEBP"])
def test_every_exif_orientation_is_shown_upright(orientation: int, picture_format: str) -> None:
    """However the camera was held, the same picture comes out."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = Image.fromarray(np.ascontiguousarray(CODED_UNDER[orientation](scene())))
    options = {"quality": 100} if picture_format == "JPEG" else {"lossless": True} if picture_format == "WEBP" else {}
    decoded = opened(encoded(stored, picture_format, exif=exif, **options))
    assert (decoded.meta.height, decoded.meta.width) == (HEIGHT_PX, WIDTH_PX)
    np.testing.assert_allclose(lightness_of(decoded), gray_to_lightness(scene() / 255), atol=1.5)


def test_exif_that_cannot_be_read_does_not_spoil_the_picture() -> None:
    """Damaged EXIF counts as none."""
    decoded = opened(encoded(GRAY, "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff"))
    assert decoded.lightness.shape == (HEIGHT_PX, WIDTH_PX)


def test_colors_become_lab_lightness_and_it_is_said() -> None:
    """The L of each color, not a mean of its channels."""
    colors = np.zeros((20, 30, 3), np.uint8)
    colors[:, :10], colors[:, 10:20], colors[:, 20:] = (200, 30, 30), (30, 200, 30), (30, 30, 200)
    decoded = opened(encoded(Image.fromarray(colors), "PNG"))
    np.testing.assert_allclose(lightness_of(decoded), rgb_to_lab(colors / 255)[..., 0], atol=0.001)
    assert decoded.meta.had_colors
    assert any("colors were set aside" in note for note in decoded.meta.notes)


def test_gray_stored_as_color_has_no_colors() -> None:
    """Three equal channels through JPEG's rounding are still a black-and-white photograph."""
    assert not opened(encoded(GRAY.convert("RGB"), "JPEG", quality=60)).meta.had_colors


def test_heic_comes_through() -> None:
    """What telephones take, gray and with an orientation of its own."""
    pillow_heif = pytest.importorskip("pillow_heif")
    large = GRAY.resize((WIDTH_PX * 4, HEIGHT_PX * 4), Image.Resampling.NEAREST).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = large.transpose(Image.Transpose.ROTATE_90)
    pillow_heif.register_heif_opener()
    decoded = opened(encoded(turned, "HEIF", quality=95, exif=exif.tobytes()))
    assert decoded.meta.source_format == "HEIC"
    assert decoded.lightness.shape == (HEIGHT_PX * 4, WIDTH_PX * 4)
    assert np.abs(lightness_of(decoded) - gray_to_lightness(np.asarray(large)[..., 0] / 255)).mean() < 1


@pytest.mark.parametrize("bits", [10, 12])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_heic_above_8_bits_keeps_them(monkeypatch: pytest.MonkeyPatch, mode: str, bits: int) -> None:
    """A ramp keeps more levels than 8 bits have, each where it belongs; nothing is said of a loss."""
    pillow_heif = pytest.importorskip("pillow_heif")
    monkeypatch.setattr(pillow_heif.options, "SAVE_HDR_TO_12_BIT", bits == 12)
    ramp = np.linspace(0, 65535, 64 * 80).reshape(64, 80).astype(np.uint16)
    pixels = ramp if mode == "L" else np.stack([ramp] * 3, axis=-1)
    raw = "I;16" if mode == "L" else "RGB;16"
    lossless = {} if mode == "L" else {"chroma": 444, "matrix_coefficients": 0}
    buffer = io.BytesIO()
    made = pillow_heif.from_bytes(mode=raw, size=(80, 64), data=pixels.tobytes())
    made.save(buffer, quality=-1, **lossless)
    decoded = opened(buffer.getvalue())
    assert (decoded.meta.source_format, decoded.meta.had_colors) == ("HEIC", False)
    assert not any("bits" in note for note in decoded.meta.notes)
    steps = 2**bits - 1
    off = np.abs(lightness_of(decoded) - gray_to_lightness(ramp / 65535))
    assert off.max() < 1.5 * 100 / steps * 9  # near black a step of gray is nine times as much in L
    assert len(np.unique(decoded.lightness)) > 900


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_an_embedded_profile_decides_what_the_numbers_mean(mode: str) -> None:
    """A gray of 1.8 gamma is lighter than the same number in sRGB; in ProPhoto's primaries too."""
    primaries = PROPHOTO if mode == "RGB" else None
    data = encoded(GRAY.convert(mode), "PNG", icc_profile=profile(1.8, primaries))
    decoded = opened(data)
    linear = (scene() / 255) ** 1.8
    expected = np.where(linear > 0.008856, 116 * np.cbrt(linear) - 16, 903.3 * linear)
    np.testing.assert_allclose(lightness_of(decoded), expected, atol=0.6)
    assert np.abs(expected - gray_to_lightness(scene() / 255)).max() > 5, "the profile must make a difference"


def test_a_wide_gamut_red_is_brought_to_srgb() -> None:
    """Half-saturated ProPhoto colors land where its matrix puts their luminance."""
    red = np.full((20, 20, 3), (160, 120, 110), np.uint8)
    decoded = opened(encoded(Image.fromarray(red), "PNG", icc_profile=profile(1.8, PROPHOTO)))
    luminance = sum(y * (value / 255) ** 1.8 for (_, y, _), value in zip(PROPHOTO, (160, 120, 110), strict=True))
    assert lightness_of(decoded).mean() == pytest.approx(116 * luminance ** (1 / 3) - 16, abs=1)
    assert decoded.meta.had_colors


@pytest.mark.parametrize("bad", [b"no profile at all", profile(1.8, None)])
def test_a_profile_that_does_not_fit_is_left_out_and_it_is_said(bad: bytes) -> None:
    """Garbage, and a gray profile on a color picture, leave the picture as sRGB."""
    decoded = opened(encoded(GRAY.convert("RGB"), "PNG", icc_profile=bad))
    np.testing.assert_allclose(lightness_of(decoded), gray_to_lightness(scene() / 255), atol=0.01)
    assert any("profile" in note for note in decoded.meta.notes)


def test_16_bit_gray_keeps_what_8_bits_would_lose() -> None:
    """A ramp within one 8-bit level stays a ramp."""
    ramp = (30000 + np.arange(32 * 256).reshape(32, 256) % 256).astype(np.uint16)
    decoded = opened(encoded(Image.fromarray(ramp), "PNG"))
    np.testing.assert_allclose(lightness_of(decoded), gray_to_lightness(ramp / 65535), atol=0.002)
    assert len(np.unique(decoded.lightness)) > 100


def test_16_bit_gray_goes_through_its_profile() -> None:
    """The deep path applies the same curve as the 8-bit one."""
    deep = scene().astype(np.uint16) * 257
    data = encoded(Image.fromarray(deep), "PNG", icc_profile=profile(1.8, None))
    shallow = opened(encoded(GRAY, "PNG", icc_profile=profile(1.8, None)))
    np.testing.assert_allclose(lightness_of(opened(data)), lightness_of(shallow), atol=0.01)


def test_transparency_is_laid_over_white() -> None:
    """Half-transparent black is middle gray, wholly transparent is white."""
    rgba = np.zeros((20, 30, 4), np.uint8)
    rgba[:, 10:20, 3], rgba[:, 20:, 3] = 128, 255
    decoded = opened(encoded(Image.fromarray(rgba), "PNG"))
    expected = gray_to_lightness(np.repeat([1.0, 127 / 255, 0.0], 10))
    np.testing.assert_allclose(lightness_of(decoded)[7], expected, atol=0.01)


def test_a_palette_with_a_transparent_color_is_laid_over_white() -> None:
    """The palette's colors count, not its indices."""
    picture = Image.new("P", (30, 20), 0)
    picture.putpalette([0, 0, 0, 90, 90, 90, 200, 200, 200])
    picture.paste(1, (10, 0, 20, 20))
    picture.paste(2, (20, 0, 30, 20))
    decoded = opened(encoded(picture, "PNG", transparency=0))
    expected = gray_to_lightness(np.repeat([1.0, 90 / 255, 200 / 255], 10))
    np.testing.assert_allclose(lightness_of(decoded)[7], expected, atol=0.01)


def test_cmyk_is_shown_the_right_way_round() -> None:
    """Ink darkens: no ink is white, all black ink is black."""
    picture = Image.new("CMYK", (32, 32), (0, 0, 0, 0))
    picture.paste((0, 0, 0, 255), (0, 0, 16, 32))
    decoded = opened(encoded(picture, "JPEG", quality=95))
    assert lightness_of(decoded)[:, :12].max() < 5
    assert lightness_of(decoded)[:, 20:].min() > 95


def test_black_and_white_pixels_of_one_bit_come_through() -> None:
    """A scan of one bit has two levels."""
    decoded = opened(encoded(Image.fromarray(scene() > 100), "PNG"))
    assert set(np.unique(decoded.lightness)) == {0, 65535}


def test_bands_leave_no_seam() -> None:
    """A picture of several bands is the same as its rows one by one."""
    tall = np.tile(np.arange(256, dtype=np.uint8)[:, None], (6, 400))
    decoded = opened(encoded(Image.fromarray(tall), "PNG"))
    np.testing.assert_allclose(lightness_of(decoded), gray_to_lightness(tall / 255), atol=0.001)


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xd8", b"hello, I am a photograph", b"GIF89a" + b"\0" * 100, b"%PDF-1.7\n" + b"x" * 500, bytes(5000)],
    ids=["empty", "two bytes", "text", "gif", "pdf", "zeros"],
)
def test_what_is_not_a_photograph_is_refused(data: bytes) -> None:
    """Formats outside the list are refused by their bytes."""
    with pytest.raises(NotAPhotograph):
        opened(data)


@pytest.mark.parametrize("picture_format", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize("kept", [0.3, 0.7, 0.97])
def test_a_file_that_ends_too_early_is_refused(picture_format: str, kept: float) -> None:
    """Half a photograph is never opened as a whole one with a gray foot."""
    if picture_format == "HEIF":
        pytest.importorskip("pillow_heif").register_heif_opener()
    noise = np.random.default_rng(3).integers(0, 255, (64, 64, 3), np.uint8)
    data = encoded(Image.fromarray(noise), picture_format)
    assert opened(data).meta.width == 64
    with pytest.raises(PhotographTruncated):
        opened(data[: int(len(data) * kept)])


@pytest.mark.parametrize("picture_format", ["JPEG", "PNG", "WEBP"])
def test_a_header_with_nothing_sound_behind_it_is_refused(picture_format: str) -> None:
    """Garbage between a good beginning and a good end is neither a crash nor a picture."""
    data = bytearray(encoded(GRAY.convert("RGB"), picture_format))
    data[20:-2] = bytes(len(data) - 22)
    with pytest.raises((DecodingFailed, PhotographTruncated, PhotographTooSmall)):
        opened(bytes(data))


def test_damaged_bytes_never_raise_anything_but_a_refusal() -> None:
    """300 files with random bytes changed: a photograph or a typed error, nothing else."""
    random = np.random.default_rng(11)
    originals = [encoded(GRAY.convert("RGB"), kind) for kind in ("JPEG", "PNG", "WEBP")]
    refused = 0
    for turn in range(300):
        data = bytearray(originals[turn % 3])
        for at in random.integers(0, len(data), 4):
            data[at] = random.integers(0, 256)
        try:
            opened(bytes(data))
        except RequestRefused:
            refused += 1
    assert 100 < refused < 300


def test_a_claim_of_2500_megapixels_is_refused_by_its_header() -> None:
    """50,000 x 50,000 in a file of a hundred bytes: nothing is decoded."""
    with pytest.raises(PhotographTooManyPixels):
        opened(png_claiming(50_000, 50_000))


@pytest.mark.parametrize("lossless", [True, False])
def test_a_webp_is_measured_before_its_decoder_sees_it(lossless: bool) -> None:
    """libwebp allocates the whole canvas when a file is opened, so our limit reads the header itself."""
    data = encoded(GRAY.convert("RGB"), "WEBP", lossless=lossless)
    limit = PhotographLimits(pixels_max=HEIGHT_PX * WIDTH_PX)
    assert open_photograph(data, limit).meta.height == HEIGHT_PX
    with pytest.raises(PhotographTooManyPixels):
        open_photograph(data[:40], PhotographLimits(pixels_max=HEIGHT_PX * WIDTH_PX - 1))


@pytest.mark.parametrize("size", [(1, 1), (15, 400), (400, 15)])
def test_a_picture_with_no_place_for_a_hint_is_refused(size: tuple[int, int]) -> None:
    """At least 16 pixels a side."""
    with pytest.raises(PhotographTooSmall):
        opened(encoded(Image.new("L", size), "PNG"))


def test_16_pixels_a_side_are_enough() -> None:
    """The limit itself is allowed."""
    assert opened(encoded(Image.new("L", (16, 16)), "PNG")).meta.width == 16


def test_limits_are_the_callers() -> None:
    """Bytes and pixels are refused one beyond what was given, and not before."""
    data = encoded(GRAY, "PNG")
    pixels = HEIGHT_PX * WIDTH_PX
    decoded = open_photograph(data, PhotographLimits(upload_bytes_max=len(data), pixels_max=pixels))
    assert decoded.lightness.size == pixels
    with pytest.raises(UploadTooLarge):
        open_photograph(data, PhotographLimits(upload_bytes_max=len(data) - 1))
    with pytest.raises(PhotographTooManyPixels):
        open_photograph(data, PhotographLimits(pixels_max=pixels - 1))
