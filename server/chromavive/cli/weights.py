"""`chromavive weights`: what is here, and how the published networks come here."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.table import Table

from chromavive.cli.folders import data_folder, weights_folder
from chromavive.cli.telling import in_words
from chromavive.errors import OurError
from chromavive.settings import Settings
from chromavive.weights.kept import State, kept_path, part_path, state_of
from chromavive.weights.manifest import Entry, bundled_manifest, entry_named

EXIT_INTERRUPTED = 130
"""What shells give for Ctrl-C."""

Data = Annotated[str | None, typer.Option("--data", help="The server's data folder; weights lie in its weights/.")]

weights = typer.Typer(name="weights", no_args_is_help=True, help="See, fetch and prove the networks' weights.")


@weights.command("list")
def list_(data: Data = None) -> None:
    """Say which networks there are, which of them are here, and under which license."""
    with _told():
        folder = _folder(data)
        table = Table("network", "state", "size", "license", "paper", box=None, pad_edge=False)
        for entry in bundled_manifest().values():
            size = f"{entry.size_bytes / 1e6:.0f} MB"
            table.add_row(entry.name, _state_in_words(entry, folder), size, entry.license, entry.paper)
        Console().print(table)
        typer.echo(f"\nFetched weights lie in {folder}.")


@weights.command()
def pull(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Networks to fetch: siggraph17, eccv16.")],
    mirror: Annotated[list[str] | None, typer.Option(help="URL of a folder that has the files; tried first.")] = None,
    data: Data = None,
) -> None:
    """Fetch a network's published weights, or the rest of them, and keep them as safetensors."""
    with _told():
        folder, manifest = _folder(data), bundled_manifest()
        for entry in [entry_named(manifest, name) for name in names]:
            _pull(entry, folder, mirror or [])


@weights.command()
def verify(data: Data = None) -> None:
    """Read all weights that are here and compare their hashes; exit status 1 if any are damaged."""
    with _told():
        folder = _folder(data)
        damaged = []
        for entry in bundled_manifest().values():
            state = state_of(entry, folder)
            typer.echo(f"{entry.name}: {state.value}")
            if state is State.DAMAGED:
                damaged.append(entry.name)
        if damaged:
            typer.echo(f"Fetch again what is damaged: chromavive weights pull {' '.join(damaged)}", err=True)
            raise typer.Exit(1)


@weights.command()
def add(
    file: Annotated[Path, typer.Argument(help="A published .pth file, brought here by other means.")],
    data: Data = None,
) -> None:
    """Keep a published weights file from this disk: for machines without the network."""
    # Here and not above: torch takes seconds to import, and httpx a tenth of one.
    from chromavive.colorizer.published import convert
    from chromavive.weights import pull as pulling

    with _told():
        folder = _folder(data)
        entry = pulling.add(bundled_manifest(), file, folder, convert)
        _say_kept(entry, folder)


def _pull(entry: Entry, folder: Path, mirrors: list[str]) -> None:
    from chromavive.weights import pull as pulling
    from chromavive.weights.fetch import open_client

    if entry.bundled:
        typer.echo(f"{entry.name} comes with chromaVive; there is nothing to fetch.")
        return
    with open_client() as client, _Bar(entry) as bar:
        fetched = pulling.pull(entry, folder, client, _convert, bar, mirrors=mirrors)
    if fetched:
        _say_kept(entry, folder)
    else:
        typer.echo(f"{entry.name} is here already, whole: {kept_path(folder, entry.name)}")


def _convert(name: str, published: Path, target: Path) -> None:
    from chromavive.colorizer.published import convert

    convert(name, published, target)


class _Bar:
    """The progress of one fetch, and its troubles above the bar; only the troubles where nobody watches."""

    def __init__(self, entry: Entry) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
        self._progress = Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal)
        self._console = console
        self._task = self._progress.add_task(entry.name, start=False, total=entry.size_bytes)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def begins(self, url: str, done_bytes: int) -> None:
        """Show the bar, and start measuring afresh: what is here already did not come at this rate."""
        self._progress.start()
        self._progress.reset(self._task, completed=done_bytes)
        going_on = f", going on from {done_bytes / 1e6:.1f} MB" if done_bytes else ""
        self._console.print(f"From {url}{going_on}", highlight=False, markup=False, soft_wrap=True)

    def advances(self, done_bytes: int) -> None:
        """Move the bar."""
        self._progress.update(self._task, completed=done_bytes)

    def stumbles(self, url: str, reason: str) -> None:
        """Say what went wrong there."""
        self._console.print(f"{urlsplit(url).netloc}: {reason}", highlight=False, markup=False, soft_wrap=True)


def _say_kept(entry: Entry, folder: Path) -> None:
    typer.echo(f"{entry.name} is here, proved by its SHA-256: {kept_path(folder, entry.name)}")
    typer.echo("A server that runs already takes it at its next start.")


def _state_in_words(entry: Entry, folder: Path) -> str:
    state = state_of(entry, folder)
    part = part_path(folder, entry)
    if entry.bundled and state is State.WHOLE:
        return "bundled"
    if state is State.ABSENT and part.exists():
        return f"{part.stat().st_size / 1e6:.0f} MB fetched"
    return "here" if state is State.WHOLE else state.value


def _folder(data: str | None) -> Path:
    return weights_folder(data_folder(Settings.load(None, os.environ, {"data": data})))


@contextmanager
def _told() -> Iterator[None]:
    """Failures in a sentence and exit status 1; Ctrl-C says that nothing is lost."""
    try:
        yield
    except (OurError, OSError) as error:
        typer.echo(f"chromavive: {in_words(error)}", err=True)
        raise typer.Exit(1) from error
    except KeyboardInterrupt as stop:
        typer.echo("Stopped. What was fetched is kept; the next pull goes on from there.", err=True)
        raise typer.Exit(EXIT_INTERRUPTED) from stop
