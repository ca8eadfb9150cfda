"""Fetching over a real loopback connection: what breaks is taken up, what is wrong is not believed."""

import hashlib
import os
import resource
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from chromavive.errors import DiskFull, WeightsError, WeightsUnreachable
from chromavive.weights.fetch import CONNECTIONS_MAX, open_client
from chromavive.weights.kept import State, kept_path, part_path, recorded_sum, state_of, sum_path
from chromavive.weights.manifest import Entry
from chromavive.weights.pull import pull
from tests.weights.mirror import Mirror, serving

BODY = bytes(range(256)) * 6000  # 1.5 MB
HALF = len(BODY) // 2


@dataclass
class Told:
    """A watcher that remembers."""

    begun: list[int] = field(default_factory=list)
    advanced: list[int] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)

    def begins(self, url: str, done_bytes: int) -> None:
        """A connection."""
        self.urls.append(url)
        self.begun.append(done_bytes)

    def advances(self, done_bytes: int) -> None:
        """Bytes."""
        self.advanced.append(done_bytes)

    def stumbles(self, url: str, reason: str) -> None:
        """Trouble."""
        self.urls.append(url)
        self.troubles.append(reason)


def entry(*urls: str, body: bytes = BODY) -> Entry:
    """A manifest's entry of a stand-in file."""
    sha256 = hashlib.sha256(body).hexdigest()
    return Entry("siggraph17", "w.pth", tuple(f"{url}/w.pth" for url in urls), len(body), sha256, "none", "none")


def convert(name: str, published: Path, target: Path) -> None:
    """Stands for the conversion to safetensors; it is given nothing that was not proved."""
    assert published.read_bytes() == BODY
    target.write_bytes(b"safe " + published.read_bytes())


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback is reached directly, whatever this machine's environment says."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    """The client that ships."""
    with open_client() as opened:
        yield opened


@pytest.fixture
def dead() -> str:
    """A URL at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        return f"http://127.0.0.1:{closed.getsockname()[1]}"


def assert_kept(folder: Path, wanted: Entry) -> None:
    """The weights are there with their sum, and nothing else but the lock."""
    kept = kept_path(folder, "siggraph17")
    assert kept.read_bytes() == b"safe " + BODY
    assert state_of(wanted, folder) is State.WHOLE
    assert recorded_sum(kept) == hashlib.sha256(kept.read_bytes()).hexdigest()
    assert {path.name for path in folder.iterdir()} == {kept.name, sum_path(kept).name, "siggraph17.lock"}


def test_a_file_is_fetched_and_kept(tmp_path: Path, client: httpx.Client) -> None:
    """Whole, with progress to the last byte; the folder is made; a second pull asks nobody."""
    mirror, told, folder = Mirror(BODY), Told(), tmp_path / "data" / "weights"
    with serving(mirror) as url:
        assert pull(entry(url), folder, client, convert, told)
        assert not pull(entry(url), folder, client, convert, told)
    assert_kept(folder, entry("http://x"))
    assert (told.begun, told.advanced[-1], told.troubles, mirror.asked) == ([0], len(BODY), [], [""])


def test_a_break_is_taken_up_at_once(tmp_path: Path, client: httpx.Client) -> None:
    """The same mirror is asked for the rest only, as often as each connection brings something."""
    mirror, told = Mirror(BODY, breaks_after=[HALF, 1000]), Told()
    with serving(mirror) as url:
        pull(entry(url), tmp_path, client, convert, told)
    assert_kept(tmp_path, entry("http://x"))
    assert mirror.asked == ["", f"bytes={HALF}-", f"bytes={HALF + 1000}-"]
    assert told.begun == [0, HALF, HALF + 1000]
    assert len(told.troubles) == 2


def test_a_later_pull_takes_up_what_an_earlier_one_left(tmp_path: Path, client: httpx.Client, dead: str) -> None:
    """A break with no mirror left is an error; what came is kept and only the rest is asked for."""
    broken = Mirror(BODY, breaks_after=[HALF, 0])
    with serving(broken) as url, pytest.raises(WeightsError):
        pull(entry(url), tmp_path, client, convert, Told())
    assert part_path(tmp_path, entry("http://x")).stat().st_size == HALF
    assert not kept_path(tmp_path, "siggraph17").exists()
    whole = Mirror(BODY)
    with serving(whole) as url:
        pull(entry(dead, url), tmp_path, client, convert, Told())
    assert_kept(tmp_path, entry("http://x"))
    assert whole.asked == [f"bytes={HALF}-"]


def test_a_mirror_without_ranges_starts_over(tmp_path: Path, client: httpx.Client) -> None:
    """It answers with the whole file, which replaces the part."""
    part_path(tmp_path, entry("http://x")).write_bytes(BODY[:HALF])
    told = Told()
    with serving(Mirror(BODY, ranges=False)) as url:
        pull(entry(url), tmp_path, client, convert, told)
    assert_kept(tmp_path, entry("http://x"))
    assert told.begun == [0]


def test_a_mirror_that_always_breaks_is_left(tmp_path: Path, client: httpx.Client) -> None:
    """After so many connections; the next mirror takes up what it gave."""
    fickle, whole = Mirror(BODY, breaks_after=[10] * 100), Mirror(BODY)
    with serving(fickle) as first, serving(whole) as second:
        pull(entry(first, second), tmp_path, client, convert, Told())
    assert_kept(tmp_path, entry("http://x"))
    assert len(fickle.asked) == CONNECTIONS_MAX
    assert whole.asked == [f"bytes={10 * CONNECTIONS_MAX}-"]


def test_the_first_mirror_is_dead(tmp_path: Path, client: httpx.Client, dead: str) -> None:
    """The second one serves; the watcher is told of the first."""
    told = Told()
    with serving(Mirror(BODY)) as url:
        pull(entry(dead, url), tmp_path, client, convert, told)
    assert_kept(tmp_path, entry("http://x"))
    assert len(told.troubles) == 1


def test_a_mirror_of_ones_own_comes_first(tmp_path: Path, client: httpx.Client) -> None:
    """A folder's URL, with or without its last slash; the published mirrors are not asked."""
    own, published = Mirror(BODY), Mirror(BODY)
    with serving(own) as url, serving(published) as other:
        pull(entry(other), tmp_path, client, convert, Told(), mirrors=[f"{url}/"])
    assert (len(own.asked), len(published.asked)) == (1, 0)


def test_a_redirection_is_followed(tmp_path: Path, client: httpx.Client) -> None:
    """With the range that was asked for."""
    part_path(tmp_path, entry("http://x")).write_bytes(BODY[:HALF])
    whole = Mirror(BODY)
    with serving(whole) as url, serving(Mirror(b"", redirect=f"{url}/elsewhere")) as first:
        pull(entry(first), tmp_path, client, convert, Told())
    assert_kept(tmp_path, entry("http://x"))
    assert whole.asked == [f"bytes={HALF}-"]


def test_a_corrupted_file_is_thrown_away(tmp_path: Path, client: httpx.Client) -> None:
    """Never converted; the next mirror starts from nothing; with none left it is an error and nothing is kept."""
    wrong = BODY[:-1] + b"?"
    with serving(Mirror(wrong)) as bad:
        with pytest.raises(WeightsError, match="SHA-256 is not the published one"):
            pull(entry(bad), tmp_path, client, convert, Told())
        assert {path.name for path in tmp_path.iterdir()} == {"siggraph17.lock"}
        good = Mirror(BODY)
        with serving(good) as url:
            pull(entry(bad, url), tmp_path, client, convert, Told())
    assert_kept(tmp_path, entry("http://x"))
    assert good.asked == [""]


@pytest.mark.parametrize("length", [HALF, len(BODY)])
def test_a_damaged_part_is_not_the_mirror_s_fault(tmp_path: Path, client: httpx.Client, length: int) -> None:
    """Taken up, found wrong, thrown away; the same mirror is heard once more from the start."""
    part_path(tmp_path, entry("http://x")).write_bytes(b"?" * length)
    mirror, told = Mirror(BODY), Told()
    with serving(mirror) as url:
        pull(entry(url), tmp_path, client, convert, told)
    assert_kept(tmp_path, entry("http://x"))
    assert mirror.asked[-1] == ""
    assert "earlier fetch is damaged" in told.troubles[0]


@pytest.mark.parametrize("tells_size", [True, False])
@pytest.mark.parametrize("body", [BODY[:-1], BODY + b"?", BODY * 3])
def test_a_file_of_the_wrong_size_is_refused(
    tmp_path: Path, client: httpx.Client, body: bytes, tells_size: bool
) -> None:
    """Before it is fetched where the mirror tells, as soon as it shows where not."""
    told = Told()
    with (
        serving(Mirror(body, tells_size=tells_size)) as url,
        pytest.raises(WeightsError, match=r"another file|answers"),
    ):
        pull(entry(url), tmp_path, client, convert, told)
    assert not kept_path(tmp_path, "siggraph17").exists()
    assert not tells_size or not told.advanced
    assert max(told.advanced, default=0) <= len(BODY)  # however much it gives, the disk does not fill


def test_bytes_from_elsewhere_are_refused(tmp_path: Path, client: httpx.Client) -> None:
    """A mirror that answers another range than the one asked for; the part stays for the next."""
    part_path(tmp_path, entry("http://x")).write_bytes(BODY[:HALF])
    with serving(Mirror(BODY, shifted=5)) as url, pytest.raises(WeightsError, match=f"gives those from {HALF + 5}"):
        pull(entry(url), tmp_path, client, convert, Told())
    assert part_path(tmp_path, entry("http://x")).read_bytes() == BODY[:HALF]


def test_an_error_page_is_no_file(tmp_path: Path, client: httpx.Client) -> None:
    """The status is told, and the mirror was reached: this is not being offline."""
    with serving(Mirror(b"", status=404)) as url, pytest.raises(WeightsError, match="answers 404"):
        pull(entry(url), tmp_path, client, convert, Told())


def test_offline_is_said_as_such(tmp_path: Path, client: httpx.Client, dead: str) -> None:
    """When no mirror can be reached at all."""
    with pytest.raises(WeightsUnreachable, match="offline"):
        pull(entry(dead, "http://nowhere.invalid"), tmp_path, client, convert, Told())


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process's files are POSIX")
def test_a_disk_that_fills_keeps_what_came(tmp_path: Path, client: httpx.Client) -> None:
    """Writing fails midway; after room was made only the rest is asked for."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    mirror = Mirror(BODY)
    with serving(mirror) as url:
        resource.setrlimit(resource.RLIMIT_FSIZE, (HALF, before[1]))
        try:
            with pytest.raises(DiskFull, match="is full"):
                pull(entry(url), tmp_path, client, convert, Told())
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert part_path(tmp_path, entry(url)).stat().st_size == HALF
        pull(entry(url), tmp_path, client, convert, Told())
    assert_kept(tmp_path, entry("http://x"))
    assert mirror.asked == ["", f"bytes={HALF}-"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is Linux's")
def test_no_space_left_is_said_as_such(tmp_path: Path, client: httpx.Client) -> None:
    """The system's own ENOSPC, from a device that is always full."""
    part_path(tmp_path, entry("http://x")).symlink_to("/dev/full")
    with serving(Mirror(BODY)) as url, pytest.raises(DiskFull, match="No space left on device"):
        pull(entry(url), tmp_path, client, convert, Told())


def test_too_little_room_is_said_before_anything_is_fetched(tmp_path: Path, client: httpx.Client) -> None:
    """Published and kept file have to fit side by side; what is here already counts."""
    part_path(tmp_path, entry("http://x")).write_bytes(BODY[:HALF])
    needed = 2 * len(BODY) - HALF
    mirror = Mirror(BODY)
    with serving(mirror) as url:
        with pytest.raises(DiskFull, match="are free"):
            pull(entry(url), tmp_path, client, convert, Told(), free=lambda _: needed - 1)
        assert mirror.asked == []
        assert pull(entry(url), tmp_path, client, convert, Told(), free=lambda _: needed)


def test_what_a_mirror_s_url_keeps_secret_is_never_told(tmp_path: Path, client: httpx.Client, dead: str) -> None:
    """A name, a password or a key of one's own mirror: not while it works, not where it fails."""
    told = Told()
    with serving(Mirror(BODY[:-1] + b"!")) as url:
        own = [each.replace("http://", "http://anna:hunter2@") for each in (url, dead)]
        with pytest.raises(WeightsError) as raised:
            pull(entry(f"{dead}/file?key=hunter2"), tmp_path, client, convert, told, mirrors=own)
    said = f"{raised.value} {told.troubles} {told.urls}"
    assert told.urls
    assert ("hunter2" in said, "anna" in said) == (False, False)
