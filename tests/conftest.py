"""What the markers mean on this machine."""

import os
import shutil
from collections.abc import Callable

import pytest

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """The system's Chromium; none is downloaded."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def _no_chromium() -> str | None:
    return None if chromium() else "Chromium is not here"


def _no_cuda() -> str | None:
    import torch  # Takes a second, and most runs have no test that needs it.

    return None if torch.cuda.is_available() else "there is no NVIDIA GPU"


def _not_long() -> str | None:
    return None if os.environ.get("CHROMAVIVE_LONG") == "1" else "CHROMAVIVE_LONG=1 was not asked for"


REASONS_TO_SKIP: dict[str, Callable[[], str | None]] = {"browser": _no_chromium, "cuda": _no_cuda, "long": _not_long}


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skips a marked test with its reason. Where the browser is required, its absence is a failure."""
    for mark, reason_to_skip in REASONS_TO_SKIP.items():
        if item.get_closest_marker(mark) and (reason := reason_to_skip()):
            if mark == "browser" and os.environ.get("CHROMAVIVE_REQUIRE_BROWSER") == "1":
                pytest.fail(f"{reason}, and CHROMAVIVE_REQUIRE_BROWSER=1 asks for it", pytrace=False)
            pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where the system's Chromium is, for tests marked `browser`."""
    path = chromium()
    assert path is not None
    return path
