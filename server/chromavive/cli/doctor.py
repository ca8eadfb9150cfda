"""`chromavive doctor`: whether this machine can serve, in sentences."""

import errno
import json
import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from chromavive.cli import engines
from chromavive.cli.folders import data_folder, weights_folder
from chromavive.cli.telling import counted, told
from chromavive.errors import JournalInUse, OurError
from chromavive.journal.sqlite import SqliteJournal
from chromavive.runtime.clock import SystemClock
from chromavive.settings import Settings
from chromavive.versions import painting_versions
from chromavive.web.server import listener
from chromavive.weights.kept import State, state_of
from chromavive.weights.manifest import bundled_manifest

DISK_BYTES_MIN = 2 * 10**9
"""Below this a few dozen photographs fill the disk, and the journal then stops the server (R1)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. good: nothing keeps the server from its work."""

    what: str
    good: bool
    sentence: str


def doctor(
    data: Annotated[str | None, typer.Option(help="The server's data folder.")] = None,
    port: Annotated[int | None, typer.Option(help="The port that the server shall listen at.")] = None,
    engine: Annotated[str | None, typer.Option(help="auto, torch or stub.")] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu or cuda.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Look at versions, device, precision, weights, disk and port; exit status 1 if something has to be mended."""
    with told():
        settings = Settings.load(None, os.environ, {"data": data, "port": port, "engine": engine, "device": device})
        findings = list(_findings(settings))
    if as_json:
        typer.echo(json.dumps({"good": all(each.good for each in findings), "findings": list(map(asdict, findings))}))
    else:
        for each in findings:
            typer.echo(f"{'ok ' if each.good else 'BAD'}  {each.what:9}  {each.sentence}")
    if not all(each.good for each in findings):
        raise typer.Exit(1)


def _findings(settings: Settings) -> Iterator[Finding]:
    folder = data_folder(settings)
    installed = ", ".join(f"{name} {version}" for name, version in painting_versions().items())
    yield Finding("versions", True, f"{installed}; Python {platform.python_version()}, {platform.platform()}.")
    yield from _weights(weights_folder(folder))
    yield from _engine(settings, weights_folder(folder))
    yield _disk(folder)
    journal, held = _journal(folder)
    yield journal
    yield _port(settings, served=held)


def _weights(folder: Path) -> Iterator[Finding]:
    for entry in bundled_manifest().values():
        state = state_of(entry, folder)
        if state is State.DAMAGED:
            advice = (
                "Install chromaVive again." if entry.bundled else f"`chromavive weights pull {entry.name}` mends it."
            )
            yield Finding("weights", False, f"{entry.name} is damaged. {advice}")
        else:
            absent = f"not here; `chromavive weights pull {entry.name}` fetches it"
            yield Finding("weights", True, f"{entry.name}: {'whole' if state is State.WHOLE else absent}.")


def _engine(settings: Settings, weights: Path) -> Iterator[Finding]:
    try:
        serving = engines.build(settings, SystemClock(), weights)
    except (OurError, ImportError, OSError, RuntimeError) as error:  # torch's own troubles come as RuntimeError
        yield Finding("engine", False, f"It cannot be built: {error}")
        return
    info = serving.engine.info
    yield Finding("device", True, f"{info.device}, {counted(info.threads, 'thread')}.")
    for network in info.networks.values():
        yield Finding("precision", True, f"{network.name} paints in {network.precision}.")
    for note in (serving.sentence, *info.notes, *info.figures):
        yield Finding("engine", True, note)
    serving.engine.close()


def _disk(folder: Path) -> Finding:
    there = next(each for each in (folder, *folder.parents) if each.exists())
    free = shutil.disk_usage(there).free
    if not os.access(there, os.W_OK):
        return Finding("disk", False, f"{there} cannot be written.")
    sentence = f"{free / 1e9:.1f} GB are free at {folder}."
    return Finding("disk", free >= DISK_BYTES_MIN, sentence if free >= DISK_BYTES_MIN else f"Only {sentence}")


def _journal(folder: Path) -> tuple[Finding, bool]:
    """What there is to say of it, and whether a server holds it."""
    if not (folder / "journal.sqlite").exists():
        return Finding("journal", True, "There is none yet; the first start makes it."), False
    try:
        journal = SqliteJournal(folder / "journal.sqlite")
    except JournalInUse:
        return Finding("journal", True, "A server holds it: it is running."), True
    except OurError as error:
        return Finding("journal", False, str(error)), False
    rooms = len(journal.rooms())
    journal.close()
    return Finding("journal", True, f"It can be read and holds {counted(rooms, 'room')}."), False


def _port(settings: Settings, *, served: bool) -> Finding:
    """served: whether a server holds the journal, and so most likely the port."""
    address = "0.0.0.0" if settings.lan else settings.host
    try:
        with listener(address, settings.port) as accepting:
            taken = accepting.getsockname()[1]
    except OSError as error:
        if served and error.errno == errno.EADDRINUSE:
            sentence = f"{address}, port {settings.port} is taken, most likely by the server that holds the journal."
            return Finding("port", True, sentence)
        reason = error.strerror or str(error)
        return Finding("port", False, f"{address}, port {settings.port}: {reason}. Choose another with --port.")
    return Finding("port", True, f"{address}, port {taken} is free.")
