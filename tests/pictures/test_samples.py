"""The samples: there with scikit-image, and never at the price of importing it."""

import importlib.util
import io
import subprocess
import sys

import pytest
from PIL import Image

from chromavive.pictures.samples import samples, thumbnail

needs_samples = pytest.mark.skipif(importlib.util.find_spec("skimage") is None, reason="scikit-image is not installed")


@needs_samples
def test_six_samples_are_found_without_importing_scikit_image() -> None:
    """By path: the import would cost a second of every start."""
    code = (
        "import sys; from chromavive.pictures.samples import samples;"
        "print(*[s.name for s in samples()], 'skimage' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert told.stdout.split() == ["astronaut", "cat", "coffee", "rocket", "motorcycle", "camera", "False"]


def test_without_scikit_image_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """The landing page then simply offers no samples."""
    monkeypatch.setattr("chromavive.pictures.samples.find_spec", lambda name: None)
    assert samples() == ()


@needs_samples
def test_thumbnails_are_small_and_gray() -> None:
    """What a sample looks like once opened."""
    for sample in samples():
        data = thumbnail(sample)
        with Image.open(io.BytesIO(data)) as image:
            assert (image.mode, max(image.size), image.format) == ("L", 320, "JPEG")
        assert len(data) < 40_000
