"""`chromavive rooms`: the rooms of a data folder that no server holds open."""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from chromavive import ids
from chromavive.cli.backup import back_up
from chromavive.cli.folders import data_folder
from chromavive.cli.telling import counted, printable, told
from chromavive.errors import JournalBroken, NoSuchRoom, SettingInvalid
from chromavive.hints.entry import Entry, decode_entry
from chromavive.journal.contract import Append, Appended, Record
from chromavive.journal.sqlite import SqliteJournal
from chromavive.pictures.contract import PhotographLimits
from chromavive.pictures.store import PhotographStore
from chromavive.room_file import Renewal, ledger_of, read_room, rotation_record, write_room
from chromavive.runtime.clock import SystemClock
from chromavive.settings import Settings

Data = Annotated[str | None, typer.Option("--data", help="The server's data folder; no server may be using it.")]
_TO_THE_MINUTE = re.compile(r":\d\d UTC$")
RoomId = Annotated[str, typer.Argument(metavar="ROOM", help="A room's id; after -- if a dash leads it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

rooms = typer.Typer(
    name="rooms",
    no_args_is_help=True,
    help="See, carry, back up and delete rooms; all but the backup while no server runs.",
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies in a data folder, held so that no server changes it."""

    journal: SqliteJournal
    photographs: PhotographStore

    def records(self, room: str) -> list[Record]:
        """All records of a room.

        Raises:
            NoSuchRoom: there are none.
        """
        records = self.journal.read(room)
        if not records:
            raise NoSuchRoom(f"There is no room {room} in this data folder.")
        return records


@rooms.command("list")
def list_(data: Data = None, as_json: AsJson = False) -> None:
    """List the rooms, the one that was edited last on top."""
    with _kept(data) as kept:
        facts = [_facts(room, kept.records(room)) for room in kept.journal.rooms()]
    facts.sort(key=lambda each: str(each["edited"]), reverse=True)
    if as_json:
        typer.echo(json.dumps(facts))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("room", "title", "hints", "edited (UTC)", "opened (UTC)"):
        table.add_column(heading, no_wrap=heading != "title", overflow="fold")
    for each in facts:
        moments = (_TO_THE_MINUTE.sub("", str(each[name])) for name in ("edited", "opened"))
        table.add_row(str(each["room"]), printable(str(each["title"])), str(each["hints"]), *moments)
    Console(soft_wrap=True).print(table, markup=False)


@rooms.command()
def show(room: RoomId, data: Data = None, as_json: AsJson = False) -> None:
    """Say what is known of a room."""
    with _kept(data) as kept:
        facts = _facts(room, kept.records(room))
    if as_json:
        typer.echo(json.dumps(facts))
    else:
        for name, value in _in_words(facts).items():
            typer.echo(f"{name:12} {printable(str(value))}")


@rooms.command()
def export(
    room: RoomId,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="The file; by default ROOM.chromavive.")] = None,
    data: Data = None,
) -> None:
    """Write a whole room, its photograph, entries and links, into one file; for another server or for keeping."""
    with _kept(data) as kept:
        target = out or Path(f"{room}.chromavive")
        if target.exists():
            raise SettingInvalid(f"{target} exists already. Choose another file with -o.")
        if not target.parent.is_dir():
            raise SettingInvalid(f"There is no folder {target.parent}.")
        write_room(target, room, kept.records(room), kept.photographs)
    typer.echo(f"{target} holds the room {room}. Its links open it wherever it is imported.")


@rooms.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A file that `chromavive rooms export` wrote.")],
    as_new: Annotated[
        bool, typer.Option("--as-new", help="As another room with new links, also if it is here or was deleted here.")
    ] = False,
    data: Data = None,
) -> None:
    """Take in a whole room from such a file; it keeps its id and its links."""
    renewal = Renewal(ids.new_room_id(), ids.new_secret(), SystemClock().unix_seconds()) if as_new else None
    with _kept(data, fresh=True) as kept:
        settings = Settings.load(None, os.environ, {})
        limits = PhotographLimits(settings.upload_bytes_max, settings.pixels_max)
        room = read_room(file, kept.journal, kept.photographs, limits, renewal)
    typer.echo(f"The room {room} is here.")
    if renewal is not None:
        typer.echo("Its old links do not open it. The owner's link, which gives all rights:")
        _print_owner_link(renewal.room, renewal.owner)


@rooms.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="The folder to make; `chromavive serve --data` can serve it.")],
    data: Annotated[str | None, typer.Option("--data", help="The data folder; a server may be using it.")] = None,
) -> None:
    """Copy all rooms with their photographs into a new folder, also while a server runs."""
    with told():
        source = data_folder(Settings.load(None, os.environ, {"data": data}))
        if not (source / "journal.sqlite").exists():
            raise SettingInvalid(f"{source} holds no rooms. Name the server's data folder with --data.")
        copied, missing = back_up(source, folder)
    typer.echo(
        f"{folder} holds {counted(copied, 'room')}, all of one moment. To serve it: chromavive serve --data {folder}"
    )
    for room in missing:
        typer.echo(f"The photograph of {room} is not there: it was deleted meanwhile, or lost.", err=True)


@rooms.command()
def delete(
    room: RoomId, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False, data: Data = None
) -> None:
    """Delete a room for good: its entries and its photograph. Its id is never taken again.

    What `chromavive rooms export` wrote before can come in again as another room: `rooms import --as-new`.
    """
    with _kept(data) as kept:
        records = kept.records(room)
        if not yes:
            state = ledger_of(records).state
            typer.echo("What was exported before can come back into this folder only as another room, with new links.")
            named = printable(state.title) or room
            typer.confirm(f"Delete {named} with {counted(len(state.hints), 'hint')} for good?", abort=True)
        kept.journal.forget(room)
        kept.photographs.forget(room)
    typer.echo(f"The room {room} is deleted.")


@rooms.command("new-owner-link")
def new_owner_link(room: RoomId, data: Data = None) -> None:
    """Replace all three links of a room, for an owner who lost theirs; prints the new owner's link."""
    with _kept(data) as kept:
        records = kept.records(room)
        fresh = ids.new_secret()
        rotation = rotation_record(records, fresh, SystemClock().unix_seconds())
        outcome = kept.journal.append([Append(room, len(records), (rotation,))])
        if not isinstance(outcome[0], Appended):
            raise JournalBroken(f"The journal did not take the new links of {room}; the old ones still hold.")
    typer.echo("The old links open nothing any more. The owner's new link, which gives all rights:")
    _print_owner_link(room, fresh)


@contextmanager
def _kept(data: str | None, *, fresh: bool = False) -> Iterator[Kept]:
    """The folder's journal and photographs, held; failures in a sentence and exit status 1.

    fresh: whether a folder without rooms will do, or is made.
    """
    with told():
        folder = data_folder(Settings.load(None, os.environ, {"data": data}))
        if not fresh and not (folder / "journal.sqlite").exists():
            raise SettingInvalid(f"{folder} holds no rooms. Name the server's data folder with --data.")
        journal = SqliteJournal(folder / "journal.sqlite")  # first: while a server holds it, nothing may be touched
        try:
            yield Kept(journal, PhotographStore(folder / "photographs"))
        finally:
            journal.close()


def _facts(room: str, records: list[Record]) -> dict[str, str | float | bool]:
    """What a room's entries say, for people."""
    ledger = ledger_of(records)
    state = ledger.state
    opened, edited = decode_entry(records[0].payload), decode_entry(records[-1].payload)
    height, width = state.shown_size()
    return {
        "room": room,
        "title": state.title,
        "network": state.network,
        "vividness": state.vividness,
        "hints": len(state.hints),
        "height_px": height,
        "width_px": width,
        "sha256": state.photograph.sha256,
        "locked": state.locked,
        "revision": ledger.revision,
        "opened": _time(opened),
        "edited": _time(edited),
    }


def _in_words(facts: dict[str, str | float | bool]) -> dict[str, str | float | bool]:
    """The facts under names for people."""
    size = f"{facts['width_px']} x {facts['height_px']} pixels"
    plain = ("room", "title", "network", "vividness", "hints")
    return {name: facts[name] for name in plain} | {
        "size": size,
        "SHA-256": facts["sha256"],
        "locked": "yes" if facts["locked"] else "no",
        "revision": facts["revision"],
        "opened": facts["opened"],
        "edited": facts["edited"],
    }


def _print_owner_link(room: str, owner: str) -> None:
    """The link on the last line, and before it what is guessed of it."""
    settings = Settings.load(None, os.environ, {})
    if not settings.public_url:
        typer.echo("(With this machine's own address and the port of the settings; put the server's in their place.)")
    place = (settings.public_url or f"http://localhost:{settings.port}/").rstrip("/")
    typer.echo(f"{place}/room/{room}#{owner}")


def _time(entry: Entry) -> str:
    try:
        return datetime.fromtimestamp(entry.unix_seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):  # of a year that no calendar has: a file that was imported may say so
        return "unknown"
