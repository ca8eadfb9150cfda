"""The demonstration that the README shows, shorter: three people, true colors, a server that dies."""

from collections.abc import Callable

from chromavive.pictures.samples import samples
from tests.browser.demonstration import ASTRONAUT, Demonstration
from tests.browser.serving import Server
from tests.browser.studio import Studio

HINTS = 3


def test_R1_1_three_people_come_nearer_to_the_truth_and_a_dying_server_takes_nothing(
    serve: Callable[..., Server], person: Callable[..., Studio]
) -> None:
    """On a plain-HTTP name, with the bundled network: every hint lowers the mean deltaE2000, and none is lost."""
    server = serve("--network", "compact", host="chroma.lan")
    truth = next(sample.path for sample in samples() if sample.name == "astronaut")
    links = server.new_room("astronaut")
    people = [person("anna"), person("ben", 390, 844, has_touch=True), person("cleo", 390, 844, has_touch=True)]
    for studio, role in zip(people, ("owner", "editor", "editor"), strict=True):
        studio.photograph_px = (512, 512)
        studio.open(links[role])
    demonstration = Demonstration(server, people, truth)
    demonstration.tell(ASTRONAUT[:HINTS])
    assert demonstration.shown.falls == HINTS, demonstration.shown
    assert (demonstration.shown.acknowledged, demonstration.shown.lost) == (HINTS, 0)
    assert demonstration.shown.photographed < 4, "beside the divider are the true colors"
