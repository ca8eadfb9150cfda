"""How a command says that it could not."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from chromavive.errors import ChromaviveError


def printable(text: str) -> str:
    """Text for a terminal: what strangers wrote, such as a title, must not move its cursor or set its colors."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "\N{REPLACEMENT CHARACTER}" for letter in text)


def in_words(error: Exception) -> str:
    """What an error says; of the system's own, whose text begins with a number, what it is about and why."""
    if not isinstance(error, OSError) or error.strerror is None:
        return str(error)
    return f"{error.filename}: {error.strerror}." if error.filename is not None else f"{error.strerror}."


def counted(number: int, what: str) -> str:
    """A number of things in words, such as "1 room" and "2 rooms"."""
    return f"{number} {what}{'' if number == 1 else 's'}"


@contextmanager
def told() -> Iterator[None]:
    """Failures in a sentence on the error stream, and exit status 1."""
    try:
        yield
    except (ChromaviveError, OSError) as error:
        typer.echo(f"chromavive: {printable(in_words(error))}", err=True)
        raise typer.Exit(1) from error
