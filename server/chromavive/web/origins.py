"""Which pages may use this server: asked before a socket is accepted and before every POST and DELETE (R13)."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import idna
from starlette.datastructures import Headers

from chromavive.errors import OriginRefused, SettingInvalid

_DEFAULT_PORTS = {"http": 80, "https": 443}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def url_of(host: str, port: int) -> str:
    """The URL of a server at this host, which may be an IPv6 address, and port."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def origin_of(url: str) -> str:
    """The origin of a URL as browsers write it: without the scheme's own port, in lower case, names in Punycode."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not host.isascii():
        host = idna.encode(host, uts46=True).decode()
    host = f"[{host}]" if ":" in host else host
    port = "" if parts.port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}".lower()


@dataclass(frozen=True, slots=True)
class Origins:
    """The origins that may use this server."""

    allowed: frozenset[str]

    @classmethod
    def of(cls, hosts: tuple[str, ...], port: int, public_url: str = "") -> "Origins":
        """Pages of this machine itself, of these hosts at this port, and of the public URL."""
        here = {origin_of(url_of(host, port)) for host in (*_LOOPBACK, *hosts)}
        return cls(frozenset(here | ({_public_origin(public_url)} if public_url else set())))

    def check(self, headers: Headers) -> None:
        """Nothing, if the request may come from where it says it does; scripts say nothing and pass.

        Raises:
            OriginRefused: a page of another origin, with what the operator can do.
        """
        origin = headers.get("origin")
        if origin is not None and origin.lower() not in self.allowed:
            raise refused(origin)

    def reaches(self, origin: str | None, headers: Headers) -> bool:
        """Whether a page can open a socket; a page that does not tell its origin came from where it asks."""
        told = origin or headers.get("origin")
        if told is not None:
            return told.lower() in self.allowed
        host = headers.get("host", "")
        try:
            return any(origin_of(f"{scheme}://{host}") in self.allowed for scheme in _DEFAULT_PORTS)
        except ValueError:  # whatever a stranger says is its host
            return False


def _public_origin(url: str) -> str:
    try:
        parts, origin = urlsplit(url), origin_of(url)
    except ValueError as error:
        raise SettingInvalid(f"The public URL {url!r} cannot be understood: {error}.") from error
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise SettingInvalid(f"The public URL is written as https://colors.example.org, not {url!r}.")
    return origin


def refused(origin: str) -> OriginRefused:
    """The refusal, in words for the operator."""
    return OriginRefused(f"Pages of {origin} may not use this server. Start it with --public-url {origin} to allow it.")
