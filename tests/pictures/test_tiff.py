"""TIFF, 16 bits a channel and inks: files of every mode, as scanners and printers' programs write them."""

import io
import struct
from typing import Any

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image, ImageCms

from chromavive.color.lab import gray_to_lightness, rgb_to_lab
from chromavive.errors import DecodingFailed, PhotographTooManyPixels, PhotographTruncated, RequestRefused
from tests.pictures.made import HEIGHT_PX, PROPHOTO, WIDTH_PX, cmyk_profile, deep_png, encoded, lzw_tiff, profile, scene
from tests.pictures.test_door import CODED_UNDER, GRAY, lightness_of, opened

COMPRESSIONS = ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"]
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def written(pixels: NDArray[Any], **options: Any) -> bytes:
    """A TIFF by tifffile, which writes what Pillow does not."""
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, pixels, **options)
    return buffer.getvalue()


def deep_ramp(channels: int = 3) -> NDArray[np.uint16]:
    """A gray ramp within two of 256 levels, (32, 64, channels) uint16."""
    return np.repeat((30000 + np.arange(32 * 64) % 512).astype(np.uint16).reshape(32, 64, 1), channels, axis=2)


@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("mode", ["L", "RGB", "P", "RGBA", "LA", "I;16"])
def test_a_tiff_of_every_mode_comes_through(mode: str, compression: str) -> None:
    """The same gray scene, however it is stored and packed."""
    deep = Image.fromarray(scene().astype(np.uint16) * 257)
    picture = deep if mode == deep.mode else GRAY.convert(mode)
    decoded = opened(encoded(picture, "TIFF", compression=compression))
    np.testing.assert_allclose(lightness_of(decoded), gray_to_lightness(scene() / 255), atol=0.01)
    assert (decoded.meta.source_format, decoded.meta.had_colors) == ("TIFF", False)


def test_a_tiff_with_colors_says_so() -> None:
    """Lab's lightness is kept, the colors are set aside; JPEG within TIFF too."""
    colors = np.zeros((32, 32, 3), np.uint8)
    colors[:] = (200, 30, 30)
    for options in ({}, {"compression": "jpeg", "quality": 95}):
        decoded = opened(encoded(Image.fromarray(colors), "TIFF", **options))
        assert decoded.meta.had_colors
        assert np.abs(lightness_of(decoded) - rgb_to_lab(colors / 255)[..., 0]).max() < 1.5
        assert any("set aside" in note for note in decoded.meta.notes)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["raw", "tiff_lzw", "deep"])
def test_a_tiff_is_shown_upright_once(orientation: int, kind: str) -> None:
    """Pillow turns a TIFF by itself; what tifffile reads is turned here; neither twice."""
    stored = np.ascontiguousarray(CODED_UNDER[orientation](scene()))
    if kind == "deep":
        deep = np.repeat(stored[..., None].astype(np.uint16) * 257, 3, axis=2)
        data = written(deep, photometric="rgb", extratags=[(274, 3, 1, orientation, True)])
    else:
        data = encoded(Image.fromarray(stored), "TIFF", compression=kind, tiffinfo={274: orientation})
    decoded = opened(data)
    assert (decoded.meta.height, decoded.meta.width) == (HEIGHT_PX, WIDTH_PX)
    np.testing.assert_allclose(lightness_of(decoded), gray_to_lightness(scene() / 255), atol=0.01)
    assert any("upright" in note for note in decoded.meta.notes) == (orientation != 1)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"byteorder": ">"},
        {"compression": "zlib"},
        {"compression": "zlib", "predictor": True},
        {"planarconfig": "separate"},
        {"tile": (16, 16)},
        {"iccprofile": SRGB},
    ],
    ids=lambda options: " ".join(map(str, options)) or "plain",
)
def test_16_bit_colors_keep_what_8_bits_would_lose(options: dict[str, Any]) -> None:
    """A ramp of 512 steps within two of 256 levels stays one of 512 steps, to the rounding of uint16."""
    ramp = deep_ramp()
    pixels = np.moveaxis(ramp, -1, 0) if options.get("planarconfig") else ramp
    decoded = opened(written(pixels, photometric="rgb", **options))
    np.testing.assert_allclose(lightness_of(decoded), gray_to_lightness(ramp[..., 0] / 65535), atol=0.001)
    assert len(np.unique(decoded.lightness)) > 300
    assert not any("16 bits" in note for note in decoded.meta.notes)


def test_16_bit_colors_are_seen_as_colors() -> None:
    """The deep path knows a colored photograph from a gray one."""
    red = np.full((32, 32, 3), (50000, 8000, 8000), np.uint16)
    decoded = opened(written(red, photometric="rgb"))
    assert decoded.meta.had_colors
    np.testing.assert_allclose(lightness_of(decoded), rgb_to_lab(red / 65535)[..., 0], atol=0.001)


def test_where_16_bits_cannot_be_kept_it_is_said() -> None:
    """A profile of other primaries takes 8 bits, in TIFF and in PNG; both are right to those."""
    ramp = deep_ramp()
    linear = (ramp[..., 0] / 65535) ** 1.8
    profiled = opened(written(ramp, photometric="rgb", iccprofile=profile(1.8, PROPHOTO)))
    np.testing.assert_allclose(lightness_of(profiled), 116 * np.cbrt(linear) - 16, atol=0.6)
    assert any("16 bits" in note for note in profiled.meta.notes)
    planar = written(
        np.moveaxis(ramp, -1, 0), photometric="rgb", planarconfig="separate", iccprofile=profile(1.8, PROPHOTO)
    )
    with pytest.raises(DecodingFailed):  # of these Pillow would make a wrong picture
        opened(planar)


def test_a_png_of_16_bit_colors_keeps_them() -> None:
    """Pillow unpacks one byte of each channel; the file is read for the other one too."""
    ramp = deep_ramp()
    decoded = opened(deep_png(ramp))
    np.testing.assert_allclose(lightness_of(decoded), gray_to_lightness(ramp[..., 0] / 65535), atol=0.001)
    red = opened(deep_png(np.full((32, 32, 3), (50000, 8000, 8000), np.uint16)))
    assert red.meta.had_colors
    np.testing.assert_allclose(lightness_of(red), rgb_to_lab(np.array((50000, 8000, 8000)) / 65535)[0], atol=0.001)
    assert not any("16 bits" in note for note in decoded.meta.notes)
    clear = np.zeros((32, 32, 4), np.uint16)
    clear[:, 16:] = (20000, 20000, 20000, 30001)
    expected = gray_to_lightness(np.array([1, (20000 * 30001 / 65535 + 35534) / 65535]))
    np.testing.assert_allclose(lightness_of(opened(deep_png(clear)))[7, [5, 20]], expected, atol=0.001)


@pytest.mark.parametrize("byteorder", ["<", ">"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_16_bit_colors_in_lzw_are_kept(byteorder: str, orientation: int) -> None:
    """What tifffile cannot unpack without a codec of its own, Pillow reads twice; upright once."""
    ramp = deep_ramp()
    stored = np.ascontiguousarray(np.rot90(ramp)) if orientation == 6 else ramp
    decoded = opened(lzw_tiff(stored, byteorder, orientation))
    np.testing.assert_allclose(lightness_of(decoded), gray_to_lightness(ramp[..., 0] / 65535), atol=0.001)


@pytest.mark.parametrize(
    ("alpha", "expected"),
    [("unassalpha", (127 / 255, 0.5 * 100 / 255 + 127.5 / 255)), ("assocalpha", (127 / 255, 100 / 255 + 127.5 / 255))],
)
def test_16_bit_transparency_is_laid_over_white(alpha: str, expected: tuple[float, float]) -> None:
    """Alpha of both kinds; colors that carry it already are not darkened twice."""
    rgba = np.zeros((20, 40, 4), np.uint16)
    rgba[:, :20, 3] = 128 * 257
    rgba[:, 20:] = (100 * 257, 100 * 257, 100 * 257, 32768)
    decoded = opened(written(rgba, photometric="rgb", extrasamples=[alpha]))
    np.testing.assert_allclose(lightness_of(decoded)[7, [5, 30]], gray_to_lightness(np.array(expected)), atol=0.01)
    assert any("white" in note for note in decoded.meta.notes)


def test_a_fourth_channel_that_is_no_alpha_is_left_out() -> None:
    """Scanners store infrared there."""
    pixels = deep_ramp(4)
    pixels[..., 3] = 7
    decoded = opened(written(pixels, photometric="rgb", extrasamples=["unspecified"]))
    np.testing.assert_allclose(lightness_of(decoded), gray_to_lightness(pixels[..., 0] / 65535), atol=0.001)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_a_negative_scale_is_shown_as_it_is_meant(kind: type[np.unsignedinteger[Any]]) -> None:
    """Where zero is white, as in a TIFF from a fax or a film scanner."""
    top = np.iinfo(kind).max
    inverted = (top - scene().astype(kind) * (top // 255)).astype(kind)
    decoded = opened(written(inverted, photometric="miniswhite"))
    np.testing.assert_allclose(lightness_of(decoded), gray_to_lightness(scene() / 255), atol=0.01)


@pytest.mark.parametrize("picture_format", ["TIFF", "JPEG", "PNG"])
def test_a_gray_profile_is_applied_in_every_format(picture_format: str) -> None:
    """Gamma 1.8 makes the same numbers lighter than sRGB's curve does."""
    options = {"quality": 100} if picture_format == "JPEG" else {}
    decoded = opened(encoded(GRAY, picture_format, icc_profile=profile(1.8, None), **options))
    linear = (scene() / 255) ** 1.8
    expected = np.where(linear > 0.008856, 116 * np.cbrt(linear) - 16, 903.3 * linear)
    np.testing.assert_allclose(lightness_of(decoded), expected, atol=0.6 if picture_format != "JPEG" else 2)


@pytest.mark.parametrize("picture_format", ["TIFF", "JPEG"])
def test_inks_are_what_their_profile_says(picture_format: str) -> None:
    """Each ink of an invented printer leaves the lightness that its profile gives it."""
    inks = (70, 30, 80, 0)
    picture = Image.new("CMYK", (160, 32), (0, 0, 0, 0))
    for number in range(4):
        full = tuple(255 if each == number else 0 for each in range(4))
        picture.paste(full, (32 * (number + 1), 0, 32 * (number + 2), 32))
    options = {"quality": 100, "subsampling": 0} if picture_format == "JPEG" else {}
    decoded = opened(encoded(picture, picture_format, icc_profile=cmyk_profile(inks), **options))
    np.testing.assert_allclose(lightness_of(decoded)[16, 16::32], (100, *inks), atol=1)
    assert any("profile was applied" in note for note in decoded.meta.notes)
    assert not decoded.meta.had_colors


def test_inks_without_a_profile_are_converted_by_rule_of_thumb() -> None:
    """No ink is white, all black ink is black, and it is said."""
    picture = Image.new("CMYK", (32, 32), (0, 0, 0, 0))
    picture.paste((0, 0, 0, 255), (0, 0, 16, 32))
    decoded = opened(encoded(picture, "TIFF"))
    assert set(np.unique(decoded.lightness)) == {0, 65535}
    assert any("rule of thumb" in note for note in decoded.meta.notes)


def test_the_first_of_several_pictures_is_taken() -> None:
    """Scanners put a thumbnail, or the next page, behind it; of 8 and of 16 bits."""
    black = Image.new("L", GRAY.size)
    shallow = encoded(GRAY, "TIFF", save_all=True, append_images=[black])
    buffer = io.BytesIO()
    with tifffile.TiffWriter(buffer) as writer:
        for pixels in (deep_ramp(), deep_ramp() * 0):
            writer.write(pixels, photometric="rgb")
    for data, first in ((shallow, scene() / 255), (buffer.getvalue(), deep_ramp()[..., 0] / 65535)):
        decoded = opened(data)
        np.testing.assert_allclose(lightness_of(decoded), gray_to_lightness(first), atol=0.01)
        assert any("several pictures" in note for note in decoded.meta.notes)


@pytest.mark.parametrize("kind", [np.float32, np.int32, np.int16])
def test_numbers_without_a_white_are_refused(kind: type[Any]) -> None:
    """Measurements in a TIFF are no photograph: nothing says which number is white."""
    with pytest.raises(DecodingFailed):
        opened(written(scene().astype(kind), photometric="minisblack"))


@pytest.mark.parametrize("kept", [0.3, 0.7, 0.97])
@pytest.mark.parametrize("compression", [*COMPRESSIONS, "deep", "tiles"])
def test_a_tiff_that_ends_too_early_is_refused(compression: str, kept: float) -> None:
    """Decoders of TIFF fill up with black what is missing; here it is an error."""
    noise = np.random.default_rng(3).integers(0, 255, (64, 64, 3), np.uint8)
    if compression in ("deep", "tiles"):
        tile = (16, 16) if compression == "tiles" else None
        data = written(noise.astype(np.uint16) * 257, photometric="rgb", tile=tile)
    else:
        data = encoded(Image.fromarray(noise), "TIFF", compression=compression)
    assert opened(data).meta.width == 64
    with pytest.raises(PhotographTruncated):
        opened(data[: int(len(data) * kept)])


def test_a_tiff_that_names_too_few_strips_is_refused() -> None:
    """What no strip holds is not taken for black."""
    data = bytearray(written(deep_ramp(), photometric="rgb", compression="zlib", rowsperstrip=8))
    [directory] = struct.unpack_from("<I", data, 4)
    [entries] = struct.unpack_from("<H", data, directory)
    named = 0
    for entry in range(directory + 2, directory + 2 + 12 * entries, 12):
        tag, kind, count, place = struct.unpack_from("<HHII", data, entry)
        if tag in (273, 279) and count > 1:  # the places and sizes of strips: the first of each is left
            [first] = struct.unpack_from("<H" if kind == 3 else "<I", data, place)
            struct.pack_into("<HHII", data, entry, tag, 4, 1, first)
            named += 1
    assert named == 2
    with pytest.raises(RequestRefused):
        opened(bytes(data))


def test_a_tiff_of_2500_megapixels_is_refused_by_its_header() -> None:
    """Nothing is decoded."""
    data = bytearray(encoded(Image.new("L", (64, 64)), "TIFF"))
    for tag in (b"\0\x01", b"\x01\x01"):  # width and height, LONG
        data = bytearray(
            bytes(data).replace(tag + b"\x04\0\x01\0\0\0\x40\0\0\0", tag + b"\x04\0\x01\0\0\0\x50\xc3\0\0")
        )
    with pytest.raises(PhotographTooManyPixels):
        opened(bytes(data))


def test_a_damaged_tiff_never_raises_anything_but_a_refusal() -> None:
    """400 files with random bytes changed: a photograph or a typed error, nothing else."""
    random = np.random.default_rng(12)
    originals = [encoded(GRAY.convert("RGB"), "TIFF", compression=compression) for compression in COMPRESSIONS]
    originals += [written(deep_ramp(), photometric="rgb"), written(deep_ramp(), photometric="rgb", compression="zlib")]
    refused = 0
    for turn in range(400):
        data = bytearray(originals[turn % len(originals)])
        for at in random.integers(0, min(len(data), 400), 4):
            data[at] = random.integers(0, 256)
        try:
            opened(bytes(data))
        except RequestRefused:
            refused += 1
    assert 50 < refused < 400
