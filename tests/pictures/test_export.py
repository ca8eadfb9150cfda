"""The export: the shader's arithmetic at full size, in files that say what they are."""

import io
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image, ImageCms
from PIL.JpegImagePlugin import JpegImageFile

from chromavive.color.lab import delta_e_2000, gray_to_lightness, lab_to_rgb, lightness_to_gray, rgb_to_lab
from chromavive.color.upsample import cell_means, upsample
from chromavive.errors import PictureTooLarge
from chromavive.pictures.contract import LIGHTNESS_SCALE
from chromavive.pictures.display import gray_copy
from chromavive.pictures.export import colored, colored_thumbnail, write_export
from chromavive.pictures.export_bands import LUMA
from chromavive.pictures.export_files import srgb_profile
from chromavive.pictures.export_form import FORMATS, LAYOUTS, ExportForm, Format, Layout, Provenance, format_of_suffix
from chromavive.pictures.export_note import CREATOR, SOURCE_TYPE

RANDOM = np.random.default_rng(7)
LIGHTNESS = RANDOM.integers(0, 65536, (90, 130)).astype(np.uint16)
AB = RANDOM.uniform(-40, 40, (2, 10, 14)).astype(np.float32)


MADE = Provenance("compact", "0123abcd", 3, 0.4)


def exported(tmp_path: Path, form: ExportForm, lightness: NDArray[np.uint16] = LIGHTNESS) -> Path:
    """The file of an export."""
    path = tmp_path / f"out{form.suffix}"
    write_export(lightness, AB, form, MADE, path)
    return path


def expected_lab(lightness: NDArray[np.uint16]) -> NDArray[np.float64]:
    exact = lightness / LIGHTNESS_SCALE
    return np.concatenate([exact[..., None], np.moveaxis(upsample(AB.astype(np.float64), exact), 0, -1)], axis=-1)


def test_each_pixel_is_lab_of_its_lightness_and_upsampled_chroma(tmp_path: Path) -> None:
    """A PNG holds what color/ computes, to its 8 bits."""
    with Image.open(exported(tmp_path, ExportForm())) as image:
        assert (image.mode, image.size) == ("RGB", (130, 90))
        assert np.abs(np.asarray(image) - lab_to_rgb(expected_lab(LIGHTNESS)) * 255).max() <= 0.51


def test_a_tiff_holds_16_bits_of_it(tmp_path: Path) -> None:
    """Rounded once, from floats: no 8 bits on the way."""
    pixels = tifffile.imread(exported(tmp_path, ExportForm("tiff")))
    assert pixels.dtype == np.uint16
    assert pixels.shape == (90, 130, 3)
    exact = lab_to_rgb(expected_lab(LIGHTNESS)) * 65535
    assert np.abs(pixels - exact).max() <= 0.5 + 65535 * 1e-5  # the second: float32 on the way
    assert np.abs(pixels - exact).mean() < 1


@pytest.mark.parametrize("picture_format, within", [("jpeg", 4), ("webp", 12)])
def test_jpeg_and_webp_hold_it_as_well_as_their_quality_lets_them(
    tmp_path: Path, picture_format: Format, within: float
) -> None:
    """On average over an even picture; a lower quality takes fewer bytes, and JPEG keeps chroma at full size."""
    smooth = np.broadcast_to(np.linspace(20_000, 45_000, 130), (90, 130)).astype(np.uint16)
    best = exported(tmp_path, ExportForm(picture_format, 95), smooth)
    best_bytes = best.stat().st_size
    with Image.open(best) as image:
        assert (image.mode, image.size) == ("RGB", (130, 90))
        assert np.abs(np.asarray(image) - lab_to_rgb(expected_lab(smooth)) * 255).mean() < within
        if picture_format == "jpeg":
            assert isinstance(image, JpegImageFile)
            assert {layer[1:3] for layer in image.layer} == {(1, 1)}
    assert exported(tmp_path, ExportForm(picture_format, 30), smooth).stat().st_size < 0.7 * best_bytes


def test_without_chroma_it_is_the_gray_photograph() -> None:
    """No color is added where there is none, and L is kept."""
    picture = colored(LIGHTNESS, np.zeros((2, 4, 4), np.float32))
    assert np.ptp(picture.astype(int), axis=-1).max() <= 1
    assert np.abs(rgb_to_lab(picture / 255)[..., 0] - LIGHTNESS / LIGHTNESS_SCALE).max() < 0.3


def test_bands_leave_no_seam() -> None:
    """A picture of several bands equals one whose bands lie elsewhere."""
    tall = np.broadcast_to(LIGHTNESS[:1, :64], (9000, 64))
    whole = colored(tall, AB)
    assert np.abs(whole - lab_to_rgb(expected_lab(tall)) * 255).max() <= 0.51


def test_the_page_follows_the_same_lightness() -> None:
    """The means that the reduced 8-bit copy gives a page lie within 0.25 L of those of the full photograph."""
    grain = RANDOM.normal(0, 3, (700, 1100)) + 50 + 40 * np.sin(np.arange(1100) / 9)
    full = np.rint(np.clip(grain, 0, 100) * LIGHTNESS_SCALE).astype(np.uint16)
    with Image.open(io.BytesIO(gray_copy(full, 880))) as copy:
        page = gray_to_lightness(np.asarray(copy.convert("L")) / 255)
    assert page.shape == (560, 880)
    assert np.abs(cell_means(page, 70, 110) - cell_means(full, 70, 110) / LIGHTNESS_SCALE).max() < 0.25


@pytest.mark.parametrize("picture_format", FORMATS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_file_says_srgb_and_that_it_is_colorized(tmp_path: Path, picture_format: Format, layout: Layout) -> None:
    """Viewers need the color space; people need to know that the colors are not the camera's, and whose."""
    with Image.open(exported(tmp_path, ExportForm(picture_format, layout=layout))) as image:
        image.load()
        note = bytes(image.info["xmp"])
        if picture_format == "png":
            assert (image.info["srgb"], image.info["Software"]) == (0, CREATOR)
        else:
            assert "sRGB" in ImageCms.getProfileDescription(
                ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
            )
    told = ElementTree.fromstring(note.decode("utf-8").lstrip("\ufeff")).find(".//{*}Description")
    assert told is not None
    said = {name.rpartition("}")[2]: value for name, value in told.attrib.items()}
    del said["about"]
    assert said == {
        "CreatorTool": CREATOR,
        "DigitalSourceType": SOURCE_TYPE,
        "Network": "compact",
        "WeightsHash": "0123abcd",
        "Hints": "3",
        "Vividness": "0.4",
        "Layout": layout,
    }
    [sentence] = [each.text for each in told.iter() if each.tag.endswith("}li")]
    assert sentence is not None
    assert "coloriz" in sentence.lower()
    assert "Network compact, 3 hints, vividness 0.4." in sentence


def test_equal_pictures_are_equal_files(tmp_path: Path) -> None:
    """Nothing in a file says when it was made: a recipe gives the room's export, byte for byte."""
    assert srgb_profile()[24:36] == bytes((7, 208, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0))
    for picture_format in FORMATS:
        form = ExportForm(picture_format)
        assert exported(tmp_path, form).read_bytes() == exported(tmp_path, form).read_bytes()


def test_side_by_side_the_gray_photograph_stands_at_the_left(tmp_path: Path) -> None:
    """Its lightness, without a color; the right half is the picture."""
    with Image.open(exported(tmp_path, ExportForm(layout="side_by_side"))) as image:
        pixels = np.asarray(image)
    assert pixels.shape == (90, 260, 3)
    assert np.ptp(pixels[:, :130], axis=-1).max() == 0
    assert np.abs(pixels[:, :130, 0] - lightness_to_gray(LIGHTNESS / LIGHTNESS_SCALE) * 255).max() <= 0.51
    np.testing.assert_array_equal(pixels[:, 130:], colored(LIGHTNESS, AB))


def blended_as_color(
    backdrop: NDArray[np.floating[Any]], layer: NDArray[np.floating[Any]]
) -> NDArray[np.floating[Any]]:
    """Blend mode Color of opaque (H, W, 3) over gray (H, W): W3C Compositing and Blending 1, section 10.3, by hand."""
    moved = layer + (backdrop - layer @ LUMA)[..., None]
    luma = (moved @ LUMA)[..., None]
    lowest, highest = moved.min(axis=-1, keepdims=True), moved.max(axis=-1, keepdims=True)
    raised = luma + (moved - luma) * luma / np.where(lowest < 0, luma - lowest, 1)
    moved = np.where(lowest < 0, raised, moved)
    lowered = luma + (moved - luma) * (1 - luma) / np.where(highest > 1, highest - luma, 1)
    return np.where(highest > 1, lowered, moved)


def test_the_colors_laid_over_the_gray_photograph_give_the_picture(tmp_path: Path) -> None:
    """In 8 bits, with blend mode Color and chroma up to 28: deltaE2000 1 on average, 99 of 100 pixels within 4.

    The rest is the mode's: it keeps the photograph's luma, the picture keeps its L. So the three channels of a pixel
    are off by the same amount, to 2 steps of rounding, unless that would leave sRGB.
    """
    lightness = RANDOM.integers(round(25 * LIGHTNESS_SCALE), round(85 * LIGHTNESS_SCALE), (90, 130)).astype(np.uint16)
    ab = RANDOM.uniform(-20, 20, AB.shape).astype(np.float32)
    write_export(lightness, ab, ExportForm(layout="colors"), MADE, tmp_path / "colors.png")
    with Image.open(tmp_path / "colors.png") as image:
        layer = np.asarray(image) / 255
    assert np.abs(layer @ LUMA - 0.5).max() < 0.01  # none of the photograph shows in it
    gray = np.rint(lightness_to_gray(lightness / LIGHTNESS_SCALE) * 255) / 255
    blended, picture = np.rint(blended_as_color(gray, layer) * 255), colored(lightness, ab)
    off = delta_e_2000(rgb_to_lab(blended / 255), rgb_to_lab(picture / 255))
    assert off.mean() < 1
    assert np.percentile(off, 99) < 4
    assert np.percentile(np.ptp(blended - picture, axis=-1), 99) <= 2


def test_what_a_format_cannot_hold_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    """WebP's sides end at 16,383 pixels, JPEG's at 65,500; beside the gray picture half of that."""
    long = np.zeros((16, 9000), np.uint16)
    for form in (ExportForm("webp", layout="side_by_side"), ExportForm("jpeg", layout="side_by_side")):
        lightness = long if form.format == "webp" else np.zeros((16, 33_000), np.uint16)
        with pytest.raises(PictureTooLarge, match="pixels a side"):
            write_export(lightness, AB, form, MADE, tmp_path / "out")
    assert not list(tmp_path.iterdir())
    write_export(long, AB, ExportForm("webp"), MADE, tmp_path / "out")


@pytest.mark.parametrize("picture_format", FORMATS)
def test_progress_grows_to_the_end_and_can_stop_the_work(tmp_path: Path, picture_format: Format) -> None:
    """Told band by band; what the listener raises comes out, and the bands after it are not made."""
    tall = np.broadcast_to(LIGHTNESS[:1], (10_000, 130))
    told: list[float] = []
    write_export(tall, AB, ExportForm("png"), MADE, tmp_path / "out.png", told.append)
    assert told == sorted(told)
    assert (told[0], told[-1], len(told)) == (0, 1, 2 + 5)

    def stop(share: float) -> None:
        told.append(share)
        if share > 0:
            raise InterruptedError

    told.clear()
    with pytest.raises(InterruptedError):
        write_export(tall, AB, ExportForm(picture_format), MADE, tmp_path / "out", stop)
    assert len(told) == 2


@pytest.mark.parametrize(
    "suffix, expected",
    [(".png", "png"), (".JPG", "jpeg"), (".jpeg", "jpeg"), (".tif", "tiff"), (".gif", None), ("", None)],
)
def test_a_suffix_names_a_format(suffix: str, expected: Format | None) -> None:
    """In any case; what is chosen comes back from its own suffix."""
    assert format_of_suffix(suffix) == expected
    assert expected is None or format_of_suffix(ExportForm(expected).suffix) == expected


def test_a_turned_view_is_exported_as_shown() -> None:
    """Strides of a view do not matter."""
    turned = np.rot90(LIGHTNESS, -1)
    np.testing.assert_array_equal(colored(turned, AB), colored(np.ascontiguousarray(turned), AB))


def test_a_thumbnail_keeps_the_aspect_and_the_colors() -> None:
    """Small, colored, never squeezed into a network's size, never enlarged."""
    wide = np.full((100, 900), round(60 * LIGHTNESS_SCALE), np.uint16)
    red = np.stack([np.full((8, 8), 50), np.full((8, 8), 30)]).astype(np.float32)
    with Image.open(io.BytesIO(colored_thumbnail(wide, red))) as image:
        assert (image.format, image.size) == ("WEBP", (320, 36))
        lab = rgb_to_lab(np.asarray(image.convert("RGB")) / 255).mean(axis=(0, 1))
    np.testing.assert_allclose(lab, (60, 50, 30), atol=3)
    with Image.open(io.BytesIO(colored_thumbnail(wide[:, :50], red))) as image:
        assert image.size == (50, 100)
