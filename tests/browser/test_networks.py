"""The bundled network in the real page: hints are obeyed though the network thinks otherwise."""

from collections.abc import Callable

import pytest

from tests.browser.photograph import ERROR_MAX, error_at
from tests.browser.serving import Server
from tests.browser.studio import Studio

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]

HINTS = {(0.449, 0.386): "#5a70b8", (0.714, 0.401): "#6a9a60", (0.394, 0.194): "#b0653c", (0.848, 0.121): "#8a5a90"}


def test_the_bundled_network_obeys_hints(serve: Callable[..., Server], person: Callable[..., Studio]) -> None:
    """What serves without any option colors the picture, and at each hint another member sees the hint's color."""
    server = serve("--log-level", "warning")
    links = server.new_room()
    anna, ben = person("anna", 1440, 900), person("ben", 1000, 548)
    ben.open(links["viewer"])
    assert ben.data["network"] != "stub"
    ben.shot("automatic")
    anna.open(links["editor"])
    revision = 1
    for place, color in HINTS.items():
        anna.recolor(anna.place(place), color)
        revision += 2
        anna.wait_revision(revision)
    ben.wait_settled(revision)
    errors = [error_at(ben, hint) for hint in ben.hints().values()]
    ben.shot("bundled")
    assert len(errors) == len(HINTS)
    assert max(errors) <= ERROR_MAX, errors
