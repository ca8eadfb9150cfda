"""The command line's root: its commands and --version."""

from typing import Annotated

import typer

import chromavive
from chromavive.cli.colorize import colorize
from chromavive.cli.doctor import doctor
from chromavive.cli.evaluate import evaluate
from chromavive.cli.rooms import rooms
from chromavive.cli.serve import serve
from chromavive.cli.weights import weights

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command()(serve)
app.command()(colorize)
app.command()(evaluate)
app.command()(doctor)
app.add_typer(weights)
app.add_typer(rooms)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"chromavive {chromavive.__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version and leave.")
    ] = False,
) -> None:
    """People who share a link color one photograph together, live."""
