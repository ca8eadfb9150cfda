"""Fetches a published file: mirrors in order, breaks resumed, size and hash proved before anybody reads it."""

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

import httpx

from chromavive.errors import SettingInvalid, WeightsError, WeightsUnreachable
from chromavive.weights.kept import sha256_of
from chromavive.weights.manifest import Entry

CONNECTIONS_MAX = 20  # to one mirror that goes on breaking off
CONNECT_SECONDS_MAX = 15.0
SILENCE_SECONDS_MAX = 30.0  # without a byte; then the connection counts as broken

_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")  # RFC 9110, section 14.4


class Watcher(Protocol):
    """Who is told how far it is."""

    def begins(self, url: str, done_bytes: int) -> None:
        """A connection to a mirror begins; so many bytes are here already."""

    def advances(self, done_bytes: int) -> None:
        """So many bytes are here."""

    def stumbles(self, url: str, reason: str) -> None:
        """Something went wrong; it goes on."""


class _MirrorFailed(Exception):
    """This mirror cannot help; the next one is tried."""

    def __init__(self, reason: str, *, unreachable: bool = False) -> None:
        super().__init__(reason)
        self.unreachable = unreachable


def open_client() -> httpx.Client:
    """A client for `fetch`, with the proxies of the environment; to be closed after use."""
    timeout = httpx.Timeout(SILENCE_SECONDS_MAX, connect=CONNECT_SECONDS_MAX)
    try:
        # Identity: a compressed answer would have another size and could not be resumed.
        return httpx.Client(timeout=timeout, follow_redirects=True, headers={"Accept-Encoding": "identity"})
    except (ImportError, ValueError) as error:
        raise SettingInvalid(f"The proxy that the environment names cannot be used: {error}") from error


def shown(url: str) -> str:
    """A mirror's URL as it may be printed: without the name and password, or the key, that one's own may hold."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "a mirror whose URL cannot be read"
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def fetch(entry: Entry, urls: Sequence[str], part: Path, client: httpx.Client, watcher: Watcher) -> None:
    """Brings the published file to `part`, taking up what lies there; afterwards its size and hash are the manifest's.

    Raises:
        WeightsUnreachable: no mirror could be reached, so this machine is probably offline.
        WeightsError: mirrors were reached, and none gave the file.
        OSError: the disk refused; what was written stays and is taken up by the next fetch.
    """
    failures: list[tuple[str, _MirrorFailed]] = []
    for url in urls:
        try:
            _Mirror(entry, url, part, client, watcher).bring()
            return
        except _MirrorFailed as failure:
            failures.append((shown(url), failure))
            if len(failures) < len(urls):
                watcher.stumbles(shown(url), str(failure))
    reasons = "\n".join(f"  {url}\n    {failure}" for url, failure in failures)
    told = f"{entry.file} could not be fetched.\n{reasons}"
    if all(failure.unreachable for _, failure in failures):
        raise WeightsUnreachable(
            f"{told}\nNo mirror can be reached: is this machine offline? Fetch the file elsewhere and bring it here; "
            "then `chromavive weights add FILE`."
        )
    raise WeightsError(told)


class _Mirror:
    """One mirror's turn."""

    def __init__(self, entry: Entry, url: str, part: Path, client: httpx.Client, watcher: Watcher) -> None:
        self._entry, self._url, self._part, self._client, self._watcher = entry, url, part, client, watcher

    def bring(self) -> None:
        """Returns when the whole file is there; raises _MirrorFailed."""
        found = self._size()
        self._complete()
        if sha256_of(self._part) == self._entry.sha256:
            return
        self._part.unlink()
        if not found:
            raise _MirrorFailed("gives another file: its SHA-256 is not the published one")
        # What lay here from before may be what was wrong, so this mirror has not been heard yet.
        self._watcher.stumbles(shown(self._url), "what was kept of an earlier fetch is damaged; starting over")
        self.bring()

    def _complete(self) -> None:
        """Connects, and again after each break that brought something on, until the size is the right one."""
        wanted = self._entry.size_bytes
        if self._size() > wanted:
            self._part.unlink()
        for _ in range(CONNECTIONS_MAX):
            before = self._size()
            if before == wanted:
                return
            reason, unreachable = "ended early", False
            try:
                self._receive(before)
            except (httpx.RequestError, httpx.InvalidURL) as error:
                reason = str(error) or type(error).__name__
                unreachable = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
            after = self._size()
            if after == before:
                raise _MirrorFailed(reason, unreachable=unreachable)
            if after != wanted:
                self._watcher.stumbles(shown(self._url), f"broke off at {after / 1e6:.1f} MB; going on")
        if self._size() != wanted:
            raise _MirrorFailed("breaks off again and again")

    def _receive(self, have: int) -> None:
        """One request for what is missing, written as it comes."""
        headers = {"Range": f"bytes={have}-"} if have else {}
        with self._client.stream("GET", self._url, headers=headers) as response:
            start, total = self._extent(response)
            if start not in (0, have):
                raise _MirrorFailed(f"was asked for the bytes from {have} and gives those from {start}")
            if total not in (None, self._entry.size_bytes):
                raise _MirrorFailed(f"gives another file: {total:,} bytes instead of {self._entry.size_bytes:,}")
            self._watcher.begins(shown(self._url), start)
            self._write(response, start)

    @staticmethod
    def _extent(response: httpx.Response) -> tuple[int, int | None]:
        """The first byte that the answer's body holds, and the size of the whole file if it is told."""
        if response.status_code == httpx.codes.OK:
            told = response.headers.get("Content-Length", "")
            return 0, int(told) if told.isdecimal() else None
        ranged = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if response.status_code == httpx.codes.PARTIAL_CONTENT and ranged:
            return int(ranged[1]), int(ranged[2])
        raise _MirrorFailed(f"answers {response.status_code} {response.reason_phrase}")

    def _write(self, response: httpx.Response, start: int) -> None:
        # Unbuffered: after a break the file holds all that came, and a full disk shows here and not on closing.
        with self._part.open("ab" if start else "wb", buffering=0) as file:
            done = start
            # As the pieces come, without a size of our own: what waited to fill one would be lost in a break.
            for chunk in response.iter_raw():
                done += len(chunk)
                if done > self._entry.size_bytes:
                    self._part.unlink()
                    raise _MirrorFailed(f"gives another file: more than {self._entry.size_bytes:,} bytes")
                file.write(chunk)
                self._watcher.advances(done)

    def _size(self) -> int:
        with suppress(FileNotFoundError):
            return self._part.stat().st_size
        return 0
