"""Requests of a script: what is refused is raised as the same typed error as on the server."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from chromavive import errors, ids
from chromavive.remote.link import RoomLink, place_of

REQUEST_SECONDS_MAX = 120.0
"""Of silence: decoding 100 megapixels takes up to a minute, painting and encoding them as long again."""

_REFUSALS = {leaf.code: leaf for leaf in errors.leaves(errors.PeerError)}


def create(server: str, photograph: Path, title: str, password: str) -> RoomLink:
    """A new room with this photograph; the link is its owner's."""
    place = place_of(server)
    with _client(quote(password)) as http:
        params = {"title": title} if title else {}
        answer = _told(http.post(f"{place}api/rooms", params=params, content=photograph.read_bytes()))
    return RoomLink(place, answer["room"], answer["capability"])


def export(link: RoomLink, path: Path, wanted: dict[str, str | int]) -> None:
    """Writes the room's picture at full size to `path`, whole or not at all."""
    _check_folder(path)
    with _client(link.capability) as http:
        ticket = _told(http.post(link.api("/exports"), json=wanted))["ticket"]
        part = path.with_name(f".{path.name}.{ids.new_secret()}")
        try:
            with http.stream("GET", f"{link.place}api/tickets/{ticket}") as answer:
                if answer.is_error:
                    answer.read()
                    raise refusal(answer.status_code, answer.content)
                with part.open("wb") as file:
                    for chunk in answer.iter_bytes():
                        file.write(chunk)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


def recipe(link: RoomLink, path: Path) -> None:
    """Writes the room's recipe to `path`."""
    _check_folder(path)
    with _client(link.capability) as http:
        answer = http.get(link.api("/recipe"))
        if answer.is_error:
            raise refusal(answer.status_code, answer.content)
    path.write_bytes(answer.content)


def _check_folder(path: Path) -> None:
    """Nothing, if the file has a folder to lie in: said of it, and not of a file for the way there."""
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "There is no such folder", str(path.parent))


def delete(link: RoomLink) -> None:
    """Deletes the room with everything in it."""
    with _client(link.capability) as http:
        answer = http.delete(link.api())
        if answer.is_error:
            raise refusal(answer.status_code, answer.content)


def refusal(status: int, body: bytes) -> errors.ChromaviveError:
    """The error that an answer tells of."""
    try:
        told = httpx.Response(status, content=body).json()
        code, sentence = str(told["code"]), str(told["sentence"])
    except (ValueError, LookupError, TypeError):
        return errors.ServerUnreachable(f"The server answered {status}, which chromaVive does not.")
    return _REFUSALS.get(code, errors.RequestRefused)(sentence)


@contextmanager
def _client(secret: str) -> Iterator[httpx.Client]:
    """A client that carries this capability or password; what the network fails at is typed."""
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    try:
        with httpx.Client(headers=headers, timeout=REQUEST_SECONDS_MAX) as http:
            yield http
    except httpx.HTTPError as error:
        raise errors.ServerUnreachable(f"The server cannot be reached: {error}") from error


def _told(answer: httpx.Response) -> Any:
    if answer.is_error:
        raise refusal(answer.status_code, answer.content)
    try:
        return answer.json()
    except ValueError as error:
        raise errors.ServerUnreachable("What answered is no chromaVive.") from error
