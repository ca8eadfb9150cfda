"""From a published file to kept weights: under a lock, proved before it is read, replaced in one step."""

import errno
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from chromavive.errors import DiskFull, WeightsError
from chromavive.weights.fetch import Watcher, fetch
from chromavive.weights.kept import State, kept_path, part_path, replace, sha256_of, state_of
from chromavive.weights.lock import locked
from chromavive.weights.manifest import Entry

# (published file, where to write it as safetensors): proves names and shapes; reads nothing by executing it.
Convert = Callable[[str, Path, Path], None]


def free_bytes(folder: Path) -> int:
    """What the folder's disk still takes."""
    return shutil.disk_usage(folder).free


def pull(
    entry: Entry,
    folder: Path,
    client: httpx.Client,
    convert: Convert,
    watcher: Watcher,
    *,
    mirrors: Sequence[str] = (),
    free: Callable[[Path], int] = free_bytes,
) -> bool:
    """Fetches weights and keeps them; False if they were there already. `mirrors` are folders, tried first.

    Raises:
        WeightsInUse, WeightsUnreachable, WeightsError, DiskFull: nothing changed, save that a part of the published
        file may have grown, which the next pull takes up.
    """
    with locked(folder, entry.name), _disk_in_words(folder):
        if _is_here(entry, folder):
            return False
        part = part_path(folder, entry)
        # The published file and the one that is made of it lie side by side for a moment.
        missing = 2 * entry.size_bytes - (part.stat().st_size if part.exists() else 0)
        if (left := free(folder)) < missing:
            raise DiskFull(
                f"{entry.name} needs {_megabytes(missing)} more in {folder}, where {_megabytes(left)} are free."
            )
        urls = [f"{mirror.rstrip('/')}/{entry.file}" for mirror in mirrors]
        fetch(entry, [*urls, *entry.urls], part, client, watcher)
        _keep(entry, part, folder, convert)
        part.unlink()
        return True


def add(manifest: dict[str, Entry], file: Path, folder: Path, convert: Convert) -> Entry:
    """Keeps a published file that was brought here otherwise; its hash says which one it is.

    Raises:
        WeightsError: it is none of the manifest's.
    """
    if not file.is_file():
        raise WeightsError(f"There is no file {file}.")
    found = sha256_of(file)
    known = [entry for entry in manifest.values() if not entry.bundled]
    entry = next((each for each in known if each.sha256 == found), None)
    if entry is None:
        wanted = "\n".join(f"  {each.file}  {each.sha256}" for each in known)
        raise WeightsError(f"{file.name} is not a published weights file: its SHA-256 is {found}. Known are\n{wanted}")
    with locked(folder, entry.name), _disk_in_words(folder):
        if not _is_here(entry, folder):
            _keep(entry, file, folder, convert)
    return entry


def _is_here(entry: Entry, folder: Path) -> bool:
    state = state_of(entry, folder)
    if state is State.UNPROVED:
        raise WeightsError(
            f"{kept_path(folder, entry.name)} was not fetched by this command. Move it away, so that it is not lost."
        )
    return state is State.WHOLE


def _keep(entry: Entry, published: Path, folder: Path, convert: Convert) -> None:
    kept = kept_path(folder, entry.name)
    fresh = kept.with_name(f"{kept.name}.new")
    try:
        convert(entry.name, published, fresh)
        replace(fresh, kept)
    finally:
        fresh.unlink(missing_ok=True)


@contextmanager
def _disk_in_words(folder: Path) -> Iterator[None]:
    """A disk that is full is said as such; other failures of a disk as they come."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise DiskFull(
            f"The disk of {folder} is full ({error.strerror}). What was fetched is kept: make room and pull again."
        ) from error


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.0f} MB"
