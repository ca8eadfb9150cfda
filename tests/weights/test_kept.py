"""What lies on the disk: states, sums, the lock, and what is brought by hand."""

import hashlib
from pathlib import Path
from threading import Event, Thread

import pytest

from chromavive.colorizer import checkpoint
from chromavive.errors import NetworkUnknown, WeightsError, WeightsInUse
from chromavive.weights.fetch import open_client
from chromavive.weights.kept import State, kept_path, replace, state_of, sum_path
from chromavive.weights.lock import locked
from chromavive.weights.manifest import bundled_manifest, entry_named
from chromavive.weights.pull import add, pull
from tests.weights.mirror import Mirror, serving
from tests.weights.test_fetch import BODY, Told, assert_kept, convert, entry

WANTED = entry("http://x")


def kept(folder: Path) -> Path:
    """Weights as a fetch leaves them."""
    fresh = folder / "fresh"
    fresh.write_bytes(b"tensors")
    replace(fresh, kept_path(folder, "siggraph17"))
    return kept_path(folder, "siggraph17")


def test_the_manifest_is_whole() -> None:
    """Networks that the engine knows, https mirrors, whole hashes that the published file names begin with."""
    manifest = bundled_manifest()
    assert list(manifest) == ["siggraph17", "compact", "eccv16"]
    for each in manifest.values():
        assert len(bytes.fromhex(each.sha256)) == 32
        assert all(url.startswith("https://") for url in each.urls)
        assert each.bundled or each.file.endswith(f"-{each.sha256[:8]}.pth")
        assert each.license
        assert each.paper


def test_the_manifest_knows_the_bundled_file() -> None:
    """Size and hash of Compact are those of the file in every copy, and of the engine's own check."""
    compact, path = bundled_manifest()["compact"], checkpoint.bundled_path()
    assert compact.bundled
    assert (compact.file, compact.size_bytes) == (path.name, path.stat().st_size)
    assert compact.sha256 == checkpoint.COMPACT_SHA256


def test_a_network_without_weights_is_unknown() -> None:
    """With the names that there are."""
    with pytest.raises(NetworkUnknown, match="siggraph17, compact, eccv16"):
        entry_named(bundled_manifest(), "picasso")


def test_the_disk_is_told_in_states(tmp_path: Path) -> None:
    """Nothing, whole, one bit off, and weights that somebody put there."""
    assert state_of(WANTED, tmp_path) is State.ABSENT
    path = kept(tmp_path)
    assert state_of(WANTED, tmp_path) is State.WHOLE
    path.write_bytes(b"tensorz")
    assert state_of(WANTED, tmp_path) is State.DAMAGED
    sum_path(path).unlink()
    assert state_of(WANTED, tmp_path) is State.UNPROVED


def test_a_sum_is_one_that_sha256sum_reads(tmp_path: Path) -> None:
    """Hash, two spaces, name."""
    path = kept(tmp_path)
    expected = f"{hashlib.sha256(b'tensors').hexdigest()}  siggraph17.safetensors\n"
    assert sum_path(path).read_text() == expected


def test_damaged_weights_are_fetched_again(tmp_path: Path) -> None:
    """The old file is there until the new one replaces it."""
    kept(tmp_path).write_bytes(b"damaged")
    seen = []

    def watching(name: str, published: Path, target: Path) -> None:
        seen.append(kept_path(tmp_path, name).read_bytes())
        convert(name, published, target)

    with serving(Mirror(BODY)) as url, open_client() as client:
        assert pull(entry(url), tmp_path, client, watching, Told())
    assert seen == [b"damaged"]
    assert_kept(tmp_path, WANTED)


def test_a_conversion_that_fails_leaves_all_as_it_was(tmp_path: Path) -> None:
    """The old weights serve on, no half file lies about, and the fetched file is taken up by the next pull."""
    old = kept(tmp_path)
    old.write_bytes(b"damaged")

    def failing(name: str, published: Path, target: Path) -> None:
        target.write_bytes(b"half")
        raise WeightsError("no")

    mirror = Mirror(BODY)
    with serving(mirror) as url, open_client() as client:
        with pytest.raises(WeightsError, match="no"):
            pull(entry(url), tmp_path, client, failing, Told())
        assert old.read_bytes() == b"damaged"
        assert not list(tmp_path.glob("*.new"))
        assert pull(entry(url), tmp_path, client, convert, Told())
    assert len(mirror.asked) == 1


def test_own_weights_are_never_overwritten(tmp_path: Path) -> None:
    """A file without a sum was put there by a person."""
    kept_path(tmp_path, "siggraph17").write_bytes(b"mine")
    with serving(Mirror(BODY)) as url, open_client() as client, pytest.raises(WeightsError, match="Move it away"):
        pull(entry(url), tmp_path, client, convert, Told())
    assert kept_path(tmp_path, "siggraph17").read_bytes() == b"mine"


def test_of_two_fetches_at_once_the_second_is_refused(tmp_path: Path) -> None:
    """While the first is in the midst of it; other networks are free, and afterwards so is this one."""
    mirror = Mirror(BODY, held=Event())
    assert mirror.held is not None
    with serving(mirror) as url, open_client() as client:

        def first() -> None:
            with open_client() as own:
                pull(entry(url), tmp_path, own, convert, Told())

        thread = Thread(target=first)
        thread.start()
        try:
            assert mirror.begun.wait(30)
            with pytest.raises(WeightsInUse, match="Another process is fetching siggraph17"):
                pull(entry(url), tmp_path, client, convert, Told())
            with locked(tmp_path, "eccv16"):
                pass
        finally:
            mirror.held.set()
            thread.join()
        assert not pull(entry(url), tmp_path, client, convert, Told())
    assert len(mirror.asked) == 1


def test_a_published_file_is_added(tmp_path: Path) -> None:
    """Known by its hash, whatever its name; it stays where it was."""
    file, folder = tmp_path / "downloaded (1).pth", tmp_path / "weights"
    file.write_bytes(BODY)
    assert add({"siggraph17": WANTED}, file, folder, convert) is WANTED
    assert_kept(folder, WANTED)
    assert file.read_bytes() == BODY


@pytest.mark.parametrize("body", [None, b"", BODY[:-1]])
def test_any_other_file_is_not_even_read(tmp_path: Path, body: bytes | None) -> None:
    """Absent, empty or of another hash: a sentence, with the hashes that are known."""
    file = tmp_path / "w.pth"
    if body is not None:
        file.write_bytes(body)
    with pytest.raises(WeightsError, match=WANTED.sha256 if body is not None else "no file"):
        add({"siggraph17": WANTED}, file, tmp_path / "weights", convert)
    assert not (tmp_path / "weights").exists()


def test_a_sum_that_is_no_text_is_a_damaged_one(tmp_path: Path) -> None:
    """`verify` says so, and a pull mends it."""
    sum_path(kept(tmp_path)).write_bytes(b"\xff\xfe" * 32)
    assert state_of(WANTED, tmp_path) is State.DAMAGED
