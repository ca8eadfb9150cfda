"""`chromavive serve`: everything in one process."""

import asyncio
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from chromavive import errors, logs
from chromavive.assets import client_folder
from chromavive.cli import engines
from chromavive.cli.announce import announce, lan_address
from chromavive.cli.folders import data_folder, weights_folder
from chromavive.cli.telling import in_words
from chromavive.journal.sqlite import SqliteJournal
from chromavive.pictures.contract import PhotographLimits
from chromavive.pictures.store import PhotographStore
from chromavive.runtime.child import ChildDecoder
from chromavive.runtime.clock import SystemClock
from chromavive.runtime.engine_thread import EngineThread
from chromavive.runtime.hub import Hub
from chromavive.runtime.journal_thread import JournalThread
from chromavive.runtime.parts import Parts
from chromavive.runtime.workers import ThreadWorker
from chromavive.settings import Settings
from chromavive.web.app import create_app
from chromavive.web.origins import Origins, origin_of, url_of
from chromavive.web.server import Server, listener

EXIT_FAULT = 70
"""sysexits.h's EX_SOFTWARE: the journal broke; whoever restarts us has to look at the disk first."""

FILES_THREADS = 2
FAULT_VARIABLE = "CHROMAVIVE_FAULT"


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen at.")] = None,
    port: Annotated[int | None, typer.Option(help="TCP port; 0 takes a free one.")] = None,
    lan: Annotated[bool | None, typer.Option("--lan", help="Let this network in; prints a QR code.")] = None,
    public_url: Annotated[str | None, typer.Option(help="Where people reach this server through a proxy.")] = None,
    root_path: Annotated[str | None, typer.Option(help="Sub-path under which a proxy shows this server.")] = None,
    create_password: Annotated[str | None, typer.Option(help="Needed to open a room.")] = None,
    data: Annotated[str | None, typer.Option(help="Folder of the journal and the photographs.")] = None,
    engine: Annotated[str | None, typer.Option(help="auto, torch or stub.")] = None,
    network: Annotated[str | None, typer.Option(help="Network of new rooms; by default the best that is fast.")] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu or cuda.")] = None,
    precision: Annotated[str | None, typer.Option(help="auto, fp32 or bf16.")] = None,
    threads: Annotated[int | None, typer.Option(help="Processor threads of the engine.")] = None,
    log_level: Annotated[str | None, typer.Option(help="debug, info, warning or error.")] = None,
    workers: Annotated[int, typer.Option(help="Only 1: more would split rooms.")] = 1,
    config: Annotated[Path | None, typer.Option(help="A TOML file of settings.")] = None,
) -> None:
    """Serve the pages, the rooms and the networks from this machine."""
    flags = {
        "host": host,
        "port": port,
        "lan": lan,
        "public_url": public_url,
        "root_path": root_path,
        "create_password": create_password,
        "data": data,
        "engine": engine,
        "network": network,
        "device": device,
        "precision": precision,
        "threads": threads,
        "log_level": log_level,
    }
    try:
        if workers != 1:
            raise errors.SettingInvalid(
                "One process serves all rooms: two would each order a room's edits differently."
            )
        settings = Settings.load(config, os.environ, flags)
        logs.configure(settings.log_level)
        fault = asyncio.run(_serve(settings, os.environ))
    except (errors.OurError, OSError) as error:
        typer.echo(f"chromavive: {in_words(error)}", err=True)
        raise typer.Exit(1) from error
    if fault is not None:
        typer.echo(f"chromavive: {fault}", err=True)
    _end(0 if fault is None else EXIT_FAULT)


def _end(code: int) -> None:
    """The end of the process: the journal is closed, and nobody waits for a pass or an export that was abandoned."""
    if any(not each.daemon for each in threading.enumerate() if each is not threading.main_thread()):
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    raise typer.Exit(code)


async def _serve(settings: Settings, environ: Mapping[str, str]) -> errors.OurError | None:
    """Serve until a signal; gives what broke, if anything did."""
    folder = data_folder(settings)
    with _listener(settings) as accepting:
        port = accepting.getsockname()[1]
        async with _hub(settings, folder, _fault_point(environ)) as (hub, sentence):
            lan = lan_address() if settings.lan else None
            hosts = tuple(host for host in (settings.host, lan, *_names(settings)) if host)
            origins = Origins.of(hosts, port, settings.public_url)
            notes = (sentence,)
            app = create_app(hub, origins, client_folder(), folder, notes, settings.root_path)
            urls, qr_url = _urls(settings, port, lan)
            told = (*notes, *hub.engine_info.notes, *_proxy_note(settings))
            server = Server(app, hub, lambda: announce(urls, folder, told, qr_url))
            async with hub.serving(server.leave):
                await server.serve([accepting])
            return hub.fault


@asynccontextmanager
async def _hub(settings: Settings, folder: Path, after_append: Callable[[], None]) -> AsyncIterator[tuple[Hub, str]]:
    """The hub over the real parts, which are closed in the order in which they may still be needed."""
    clock = SystemClock()
    # The journal comes first: it creates the data folder, and syncs its name.
    journal = JournalThread(SqliteJournal(folder / "journal.sqlite"), after_append=after_append)
    files, pictures = ThreadWorker("files", FILES_THREADS), ThreadWorker("pictures", 2)
    grays, frames = ThreadWorker("grays", 2), ThreadWorker("frames")
    try:
        chosen: list[engines.Serving] = []

        def build() -> Any:
            chosen.append(engines.build(settings, clock, weights_folder(folder)))
            return chosen[0].engine

        engine = await EngineThread.started(build)
        try:
            limits = PhotographLimits(settings.upload_bytes_max, settings.pixels_max)
            store = PhotographStore(folder / "photographs")
            parts = Parts(journal, engine, store, ChildDecoder(limits), files, pictures, grays, frames, clock)
            yield Hub(parts, chosen[0].network, settings), chosen[0].sentence
        finally:
            await engine.close()
    finally:
        for worker in (files, pictures, grays, frames):
            worker.close()
        await journal.close()


def _listener(settings: Settings) -> socket.socket:
    """The socket that the server accepts at."""
    address = "0.0.0.0" if settings.lan else settings.host
    try:
        return listener(address, settings.port)
    except OSError as error:
        raise errors.SettingInvalid(
            f"Nothing can listen at {address}, port {settings.port}: {error.strerror}. Choose another with --port."
        ) from error


def _proxy_note(settings: Settings) -> tuple[str, ...]:
    """What the operator of a proxy has to know."""
    if not settings.public_url or settings.trusted_proxies:
        return ()
    return ("All who come through a proxy share its limits, until trusted_proxies names it: see docs/settings.md.",)


def _names(settings: Settings) -> tuple[str, ...]:
    """This machine's names in its network, which people may type instead of its address."""
    name = socket.gethostname().lower()
    return (name, f"{name}.local") if settings.lan else ()


def _urls(settings: Settings, port: int, lan: str | None) -> tuple[list[str], str | None]:
    """The landing pages to print, and the one to print as a QR code."""
    path = f"/{settings.root_path.strip('/')}/".replace("//", "/")
    host = "localhost" if settings.lan or settings.host in ("127.0.0.1", "0.0.0.0", "::") else settings.host
    urls = [origin_of(url_of(host, port)) + path]
    if settings.public_url:
        urls.append(settings.public_url)
    return urls, origin_of(url_of(lan, port)) + path if lan else None


def _fault_point(environ: Mapping[str, str]) -> Callable[[], None]:
    """A test's hook: die-after-append:N ends the process between the Nth append's sync and its answer."""
    asked = environ.get(FAULT_VARIABLE, "")
    if not asked:
        return lambda: None
    kind, _, number = asked.partition(":")
    if kind != "die-after-append" or not number.isdecimal():
        raise errors.SettingInvalid(f"{FAULT_VARIABLE} knows die-after-append:N, not {asked!r}.")
    left = int(number)

    def after_append() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return after_append
