"""What all requests have in common: the secret they carry, their body, refusals, and the headers of every answer."""

from collections.abc import AsyncIterator
from math import ceil
from urllib.parse import unquote

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chromavive import errors, ids, logs
from chromavive.web.bodies import Refusal

HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        b"frame-ancestors 'self'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_OPENER_POLICY = (b"cross-origin-opener-policy", b"same-origin")
_LOOPBACK = frozenset({b"localhost", b"127.0.0.1", b"[::1]"})

NDJSON = "application/x-ndjson"
"""The media type of lines of JSON."""


def told(value: msgspec.Struct, status: int = 200) -> Response:
    """The body as JSON."""
    return Response(msgspec.json.encode(value), status, media_type="application/json")


def bearer(request: Request) -> str | None:
    """The capability, or the password, that the request carries; never from a URL or a cookie."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def check_password(request: Request, password: str) -> None:
    """Nothing, if the request may bring a photograph here.

    Raises:
        PasswordRefused: the operator chose a password, and the request does not carry it, percent-encoded.
    """
    if password and not ids.same_secret(unquote(bearer(request) or ""), password):
        raise errors.PasswordRefused()


async def body_of(request: Request) -> AsyncIterator[bytes]:
    """The request's body as it comes in.

    Raises:
        RequestMalformed: it was broken off.
    """
    try:
        async for chunk in request.stream():
            yield chunk
    except ClientDisconnect as error:
        raise errors.RequestMalformed("The upload was broken off.") from error


async def on_refusal(_: Request, error: Exception) -> Response:
    """Starlette's handler of our refusals."""
    assert isinstance(error, errors.PeerError)
    return refusal(error)


def refusal(error: errors.PeerError) -> Response:
    """A refusal as JSON, with its own status."""
    answer = told(Refusal(error.code, str(error)), error.http_status)
    if isinstance(error, errors.RequestRefused) and error.kind == "retry":
        answer.headers["Retry-After"] = str(ceil(error.retry_after_seconds))
    return answer


async def on_fault(_: Request, error: Exception) -> Response:
    """A failure of ours: the log has it all, the page a sentence."""
    logs.fault("request_failed")
    known = isinstance(error, errors.OurError)
    sentence = str(error) if known else "The server failed at this request. Its log says more."
    return told(Refusal(error.code if isinstance(error, errors.OurError) else "fault", sentence), 500)


class EveryAnswer:
    """Adds the headers of safety, and keeps answers about rooms out of caches.

    over_tls: whether pages come here by https, though a proxy may ask by http.
    """

    def __init__(self, app: ASGIApp, over_tls: bool = False) -> None:
        self._app = app
        self._over_tls = over_tls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                headers = [*message.get("headers", []), *HEADERS]
                if self._over_tls or _trustworthy(scope):
                    headers.append(_OPENER_POLICY)
                if not any(name == b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", b"no-store"))
                message = {**message, "headers": headers}
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _trustworthy(scope: Scope) -> bool:
    """Whether browsers heed an opener policy from there; elsewhere they complain of it in their console."""
    host = dict(scope["headers"]).get(b"host", b"").lower()
    name, colon, port = host.rpartition(b":")
    return scope["scheme"] in ("https", "wss") or (name if colon and port.isdigit() else host) in _LOOPBACK


class UnderRootPath:
    """Lets a proxy pass the sub-path on or strip it, as it likes: all links are relative."""

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self._app = app
        self._root_path = "/" + root_path.strip("/") if root_path.strip("/") else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if self._root_path and (path + "/").startswith(self._root_path + "/"):
            scope = {**scope, "path": path[len(self._root_path) :] or "/"}
        await self._app(scope, receive, send)
