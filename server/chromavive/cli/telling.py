"""How a command says that it could not."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from chromavive.errors import ChromaviveError


def printable(text: str) -> str:
    """Text for a terminal: what strangers wrote, such as a title, must not move its cursor or set its colors."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "\N{REPLACEMENT CHARACTER}" for letter in text)


def counted(number: int, what: str) -> str:
    """A number of things in words, such as "1 room" and "2 rooms"."""
    return f"{number} {what}{'' if number == 1 else 's'}"


@contextmanager
def told() -> Iterator[None]:
    """Failures in a sentence on the error stream, and exit status 1."""
    try:
        yield
    except (ChromaviveError, OSError) as error:
        typer.echo(f"chromavive: {printable(str(error))}", err=True)
        raise typer.Exit(1) from error
