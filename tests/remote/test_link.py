"""Links of rooms, as people copy them."""

import pytest

from chromavive import errors
from chromavive.remote.link import RoomLink, place_of

ROOM, CAPABILITY = "r-oom_" + "0" * 10, "c" * 22


@pytest.mark.parametrize(
    ("url", "place"),
    [
        (f"http://localhost:8000/room/{ROOM}#{CAPABILITY}", "http://localhost:8000/"),
        (f" https://colors.example.org/room/{ROOM}?view=stream#{CAPABILITY}\n", "https://colors.example.org/"),
        (f"https://example.org/a/room/b/room/{ROOM}/#{CAPABILITY}", "https://example.org/a/room/b/"),
    ],
)
def test_a_link_is_taken_apart(url: str, place: str) -> None:
    """Place, room and capability, below a sub-path too; the socket's URL follows from it and holds no secret."""
    link = RoomLink.of(url)
    assert link == RoomLink(place, ROOM, CAPABILITY)
    assert link.url() == f"{place}room/{ROOM}#{CAPABILITY}"
    assert CAPABILITY not in repr(link)
    assert link.socket() == f"ws{place[4:]}api/rooms/{ROOM}/socket"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "photo.jpg",
        "http://localhost:8000/",
        f"http://localhost:8000/room/{ROOM}",
        f"http://localhost:8000/room/{ROOM}#short",
        f"http://localhost:8000/room/short#{CAPABILITY}",
        f"ftp://localhost/room/{ROOM}#{CAPABILITY}",
        f"http:///room/{ROOM}#{CAPABILITY}",
        f"http://[/room/{ROOM}#{CAPABILITY}",
    ],
)
def test_what_is_no_link_is_refused(url: str) -> None:
    """A typed error says what a link looks like."""
    with pytest.raises(errors.LinkInvalid):
        RoomLink.of(url)


@pytest.mark.parametrize("server", ["localhost:8137", "example.org", "ftp://example.org", "http://", "http://[", ""])
def test_an_address_without_its_scheme_is_no_server(server: str) -> None:
    """The sentence says what is missing."""
    with pytest.raises(errors.LinkInvalid, match="is no address of a server"):
        place_of(server)
    with pytest.raises(errors.LinkInvalid, match="http://"):
        place_of("localhost:8137")
    assert place_of(" http://localhost:8137 ") == "http://localhost:8137/"
