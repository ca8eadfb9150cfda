"""The client's files: two pages, and everything under static/. Always checked for news, sent only if there is any."""

import hashlib
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""What may be served at all; written down, since a system's own table may say that modules are text/plain."""


class Client:
    """Serves the client's folder. Files are small; each is read anew, so that an edit shows at the next reload."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    async def landing(self, request: Request) -> Response:
        return self._file(request, "index.html")

    async def room(self, request: Request) -> Response:
        return self._file(request, "room.html")

    async def asset(self, request: Request) -> Response:
        return self._file(request, request.path_params["path"])

    def _file(self, request: Request, name: str) -> Response:
        try:
            path = (self._folder / name).resolve()
            is_served = path.suffix in _TYPES and path.is_relative_to(self._folder) and path.is_file()
        except (OSError, ValueError) as error:  # no file can have such a name: it is too long, or has a NUL in it
            raise HTTPException(404) from error
        if not is_served:
            raise HTTPException(404)
        content = path.read_bytes()
        etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers = {"ETag": etag, "Cache-Control": "no-cache"}
        if etag in (known.strip() for known in request.headers.get("if-none-match", "").split(",")):
            return Response(None, 304, headers)
        return Response(content, 200, headers, media_type=_TYPES[path.suffix])
