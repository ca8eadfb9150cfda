"""A room's link, taken apart: PLACE/room/ID#CAPABILITY, as people copy it from the page."""

from dataclasses import dataclass, field
from typing import Self
from urllib.parse import unquote, urlsplit

from chromavive import errors, ids


@dataclass(frozen=True, slots=True)
class RoomLink:
    """place: the application's URL with a slash at its end, below a sub-path too."""

    place: str
    room_id: str
    capability: str = field(repr=False)  # never into a traceback or a notebook

    @classmethod
    def of(cls, url: str) -> Self:
        """The parts of a link.

        Raises:
            LinkInvalid: it is none.
        """
        try:
            parts = urlsplit(url.strip())
        except ValueError as error:
            raise errors.LinkInvalid() from error
        path, _, room_id = parts.path.rstrip("/").rpartition("/room/")
        capability = unquote(parts.fragment)
        known = parts.scheme in ("http", "https") and parts.netloc and ids.ROOM_PATTERN.fullmatch(room_id)
        if not known or not ids.SECRET_PATTERN.fullmatch(capability):
            raise errors.LinkInvalid()
        return cls(place_of(f"{parts.scheme}://{parts.netloc}{path}"), room_id, capability)

    def url(self, capability: str | None = None) -> str:
        """The link that opens the room in a browser, with this capability or the own one."""
        return f"{self.place}room/{self.room_id}#{capability or self.capability}"

    def api(self, path: str = "") -> str:
        """A request about the room."""
        return f"{self.place}api/rooms/{self.room_id}{path}"

    def socket(self) -> str:
        """Where its socket is."""
        return "ws" + self.api("/socket").removeprefix("http")


def place_of(server: str) -> str:
    """The application's URL with exactly one slash at its end.

    Raises:
        LinkInvalid: it is no http:// or https:// URL.
    """
    try:
        parts = urlsplit(server.strip())
    except ValueError as error:
        raise errors.LinkInvalid(f"{server!r} is no address of a server.") from error
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise errors.LinkInvalid(f"{server!r} is no address of a server: it begins with http:// or https://.")
    return server.strip().rstrip("/") + "/"
