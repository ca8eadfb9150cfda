"""The memory of an export, measured as bench/exports.py does."""

from pathlib import Path

import pytest

from bench.exports import in_a_child
from chromavive.pictures.export_form import Format

MEGAPIXELS = 4.0
MAPPED_MB = 2 * MEGAPIXELS
BAND_MB = 60
"""One band's arrays, tables and buffers, whatever the size: 47 were seen, with tifffile's import."""


@pytest.mark.slow
@pytest.mark.parametrize("picture_format, held_mb", [("png", 0), ("tiff", 0), ("jpeg", 4 * MEGAPIXELS)])
def test_an_export_holds_a_band_and_not_the_picture(tmp_path: Path, picture_format: Format, held_mb: float) -> None:
    """Above an idle process: the mapped lightness, a band, and of JPEG the picture in 8 bits; in float it has 48 MB."""
    in_a_child("make", tmp_path, size=MEGAPIXELS)
    assert in_a_child("export", tmp_path, picture_format)["peak_mb"] < MAPPED_MB + BAND_MB + held_mb
