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


# What the suites may take in CI on two cores at rest, by the beginning of their files' names; the first one counts.
BUDGET_MINUTES = {
    "tests/simulation": 6,
    "tests/faults/test_power_loss": 3,
    "tests/faults/test_server_kill": 2,
    "tests/browser": 8,
    "tests/fuzz": 1,
    "tests": 3,
}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says what each suite took of its minutes. Nothing is asserted: how fast a machine is proves nothing."""
    spent = dict.fromkeys(BUDGET_MINUTES, 0.0)
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                spent[next(suite for suite in spent if report.nodeid.startswith(suite))] += report.duration
    terminalreporter.section("what the suites took of their minutes")
    for suite, minutes in BUDGET_MINUTES.items():
        over = "  over" if spent[suite] > 60 * minutes else ""
        terminalreporter.line(f"{suite:34} {spent[suite]:6.0f} s of {60 * minutes} s{over}")
