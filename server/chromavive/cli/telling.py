"""How a command says that it could not."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from chromavive.errors import ChromaviveError


@contextmanager
def told() -> Iterator[None]:
    """Failures in a sentence on the error stream, and exit status 1."""
    try:
        yield
    except (ChromaviveError, OSError) as error:
        typer.echo(f"chromavive: {error}", err=True)
        raise typer.Exit(1) from error
