"""The client: two pages that are asked for anew each time, and under static/ the files of one tree, kept for ever."""

import hashlib
from pathlib import Path, PurePosixPath

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from chromavive.runtime.workers import Worker
from chromavive.web.client_tree import MEDIA_TYPES, compressed, is_compressed, read_tree, stamp_of

_FOR_EVER = "public, max-age=31536000, immutable"


class Client:
    """Serves the client's folder from memory; each page looks whether anything was edited since.

    worker: compresses each file when it is first asked for, half a second for all of them. as_written: send the files
    with comments and all.
    """

    def __init__(self, folder: Path, worker: Worker, as_written: bool = False) -> None:
        self._worker = worker
        self._folder = folder.resolve()
        self._as_written = as_written
        self._stamp = stamp_of(self._folder)
        self._tree = read_tree(self._folder, as_written)

    async def landing(self, request: Request) -> Response:
        return await self._page(request, "index.html")

    async def room(self, request: Request) -> Response:
        return await self._page(request, "room.html")

    async def asset(self, request: Request) -> Response:
        """A file of the newest tree. A page of an older one has its modules already, and would not fit newer ones."""
        tree, _, name = request.path_params["path"].partition("/")
        if tree != self._tree.name or name not in self._tree.files:
            raise HTTPException(404)
        return await self._answer(request, name, self._tree.files[name], {"Cache-Control": _FOR_EVER})

    async def _page(self, request: Request, name: str) -> Response:
        if (stamp := stamp_of(self._folder)) != self._stamp:
            self._tree = read_tree(self._folder, self._as_written)
            self._stamp = stamp
        content = self._tree.pages[name]
        # Weak: the same page in another coding has the same one.
        etag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers = {"ETag": etag, "Cache-Control": "no-cache"}
        if etag in (known.strip() for known in request.headers.get("if-none-match", "").split(",")):
            return Response(None, 304, headers | {"Vary": "Accept-Encoding"})
        return await self._answer(request, name, content, headers)

    async def _answer(self, request: Request, name: str, content: bytes, headers: dict[str, str]) -> Response:
        """The content in the smallest coding that the browser takes."""
        if is_compressed(name):
            headers = headers | {"Vary": "Accept-Encoding"}
            if coding := _coding_of(request.headers):
                content = await self._worker.run(compressed, content, coding)
                headers["Content-Encoding"] = coding
        return Response(content, 200, headers, media_type=MEDIA_TYPES[PurePosixPath(name).suffix])


def _coding_of(headers: Headers) -> str | None:
    """br or gzip, as the browser says that it takes them (RFC 9110, 12.5.3); None: neither."""
    told = (each.replace(" ", "").lower().partition(";q=") for each in headers.get("accept-encoding", "").split(","))
    taken = {coding for coding, _, weight in told if weight.strip("0.") or not weight}
    return next((coding for coding in ("br", "gzip") if coding in taken), None)
