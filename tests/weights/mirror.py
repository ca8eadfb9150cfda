"""A loopback server that has one file and gives it as faithfully, or as badly, as a test asks."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread


@dataclass
class Mirror:
    """What the server does, and what it was asked."""

    body: bytes
    breaks_after: list[int] = field(default_factory=list)
    """Of each coming answer in turn: the bytes after which its connection is cut; then none are cut."""
    ranges: bool = True
    """Whether it knows Range."""
    shifted: int = 0
    """By how many bytes it misses the range that it was asked for."""
    tells_size: bool = True
    status: int = 200
    redirect: str = ""
    held: Event | None = None
    """Set: goes on giving; until then it stops after the first half of the body."""
    asked: list[str] = field(default_factory=list)
    """The Range header of each request, "" where there was none."""
    begun: Event = field(default_factory=Event)
    url: str = ""


@contextmanager
def serving(mirror: Mirror) -> Iterator[str]:
    """The mirror at a free port of this machine; gives the folder's URL, without a slash at its end."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            _answer(self, mirror)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        mirror.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield mirror.url
        finally:
            if mirror.held is not None:
                mirror.held.set()
            server.shutdown()
            thread.join()


def _answer(request: BaseHTTPRequestHandler, mirror: Mirror) -> None:
    asked = request.headers.get("Range", "")
    mirror.asked.append(asked)
    if mirror.redirect:
        request.send_response(302)
        request.send_header("Location", mirror.redirect)
        request.end_headers()
        return
    if mirror.status != 200:
        request.send_error(mirror.status)
        return
    start = int(found[1]) if mirror.ranges and (found := re.fullmatch(r"bytes=(\d+)-", asked)) else 0
    if start and start >= len(mirror.body):
        request.send_error(416)
        return
    start += mirror.shifted if start else 0
    rest = mirror.body[start:]
    request.send_response(206 if start else 200)
    if start:
        request.send_header("Content-Range", f"bytes {start}-{len(mirror.body) - 1}/{len(mirror.body)}")
    if mirror.tells_size:
        request.send_header("Content-Length", str(len(rest)))
    request.end_headers()
    cut = mirror.breaks_after.pop(0) if mirror.breaks_after else len(rest)
    half = len(rest) // 2 if mirror.held else cut
    request.wfile.write(rest[: min(cut, half)])
    request.wfile.flush()
    mirror.begun.set()
    if mirror.held is not None:
        mirror.held.wait(30)
        request.wfile.write(rest[half:cut])
