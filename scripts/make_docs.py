"""Writes the generated parts of docs/ from the code; --check compares and changes nothing.

A generated part stands between `<!-- generated: NAME -->` and `<!-- end -->`; the text around it is written by hand.
"""

import argparse
import ast
import dataclasses
import inspect
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import get_args

import protocol_schema
from protocol_fields import FIELDS
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from chromavive import errors, limits, settings
from chromavive.cli import app
from chromavive.hints import edit, entry
from chromavive.web import bodies
from chromavive.wire import frame, messages

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = protocol_schema.schema()["$defs"]
PART = re.compile(r"(?P<start><!-- generated: (?P<name>[a-z-]+) -->\n).*?(?P<end><!-- end -->)", re.DOTALL)


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [head, ("---",) * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def sentences(text: str | None) -> str:
    """A docstring on one line; nothing where it was made by a library."""
    return "" if text is None else " ".join(text.split())


def structs(union: object) -> str:
    """A table of the tagged structs of a union: tag, fields, what it says."""
    kinds = [SCHEMA[kind.__name__] for kind in get_args(union)]
    rows = ((f"`{kind['properties']['type']['enum'][0]}`", *_told(kind)) for kind in kinds)
    return table(("type", "fields", "meaning"), rows)


def parts(names: Iterable[str]) -> str:
    """A table of structs without a type: name, fields, what it says."""
    return table(("name", "fields", "meaning"), ((name, *_told(SCHEMA[name])) for name in sorted(names)))


def _told(kind: protocol_schema.Json) -> tuple[str, str]:
    """Its fields with their kinds and bounds, and what it says of itself."""
    fields = [
        f"`{name}`{'' if name in kind['required'] else '?'}: {protocol_schema.in_words(field)}"
        for name, field in kind["properties"].items()
        if name != "type"
    ]
    return "<br>".join(fields), kind.get("description", "")


def parts_of_messages() -> str:
    """A table of what stands inside of messages, edits and changes."""
    unions = (messages.FromPage, messages.ToPage, edit.Edit, entry.Change)
    tagged = {kind.__name__ for union in unions for kind in get_args(union)}
    roots = {*tagged, "Entry"}
    names = protocol_schema.reached(SCHEMA, roots) - tagged
    return parts(name for name in names if "properties" in SCHEMA[name])


def fields() -> str:
    """A table of all fields and what they mean; where a message means another, it is named."""
    rows = ((f"`{name}`", field.meaning) for name, field in FIELDS.items())
    return table(("field", "meaning"), rows)


def failures(root: type[errors.ChromaviveError], *columns: str) -> str:
    """A table of the errors below one: code, the columns asked for, sentence."""
    head = ("code", *(column.replace("_", " ") for column in columns), "sentence")
    return table(
        head,
        (
            (f"`{leaf.code}`", *(str(getattr(leaf, column)) for column in columns), leaf.sentence)
            for leaf in errors.leaves(root)
        ),
    )


def close_codes() -> str:
    """A table of the close codes, each with what a page does at it."""
    rows = []
    for leaf in errors.leaves(errors.ConnectionClosed):
        assert issubclass(leaf, errors.ConnectionClosed)
        kind = "stay away" if leaf.close_code < 4500 else "come back"
        rows.append((f"`{leaf.code}`", str(leaf.close_code), kind, leaf.sentence))
    return table(("code", "close code", "kind", "sentence"), rows)


def constants(module: ModuleType) -> str:
    """A table of a module's constants, each with the text that follows it."""
    rows: list[tuple[str, str, str]] = []
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            rows.append((f"`{name}`", f"{getattr(module, name):,}", ""))
        elif rows and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            rows[-1] = (*rows[-1][:2], sentences(str(node.value.value)))
    silent = [name for name, _, text in rows if not text]
    assert not silent, f"{', '.join(silent)}: no text below"
    return table(("limit", "value", "unit and reason"), rows)


def settings_table() -> str:
    """A table of the settings, each with its default and the text that follows it."""
    described = (node for node in ast.parse(inspect.getsource(settings)).body if isinstance(node, ast.ClassDef))
    body = next(node for node in described if node.name == settings.Settings.__name__).body
    rows = []
    for field, text in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
            default = "" if field.value is None else f"`{ast.unparse(field.value)}`"
            name = ast.unparse(field.target)
            rows.append((f"`{name}`", ast.unparse(field.annotation), default, sentences(str(text.value.value))))
    assert len(rows) == len(dataclasses.fields(settings.Settings)), "a setting has no text below it"
    return table(("setting", "type", "default", "meaning and reason"), rows)


def commands() -> str:
    """A section for each command: what it does, and a table of its options."""
    parts = []
    for name, command in _leaves(get_group(app)):
        assert command.help, f"{name} says nothing of itself"
        rows = [(f"`{' '.join(option.opts)}`", str(getattr(option, "help", None) or "")) for option in command.params]
        assert all(row[-1] for row in rows), f"{name} has an option without help"
        parts.append(f"## `chromavive {name}`\n\n{command.help}\n\n{table(('option', 'meaning'), rows)}")
    return "\n".join(parts)


def _leaves(group: TyperGroup, prefix: str = "") -> Iterator[tuple[str, TyperCommand]]:
    """Each command with its full name; a group's are listed one by one."""
    for name, command in sorted(group.commands.items()):
        if isinstance(command, TyperGroup):
            yield from _leaves(command, f"{prefix}{name} ")
        else:
            assert isinstance(command, TyperCommand)
            yield f"{prefix}{name}", command


def contracts() -> str:
    """A table of import-linter's contracts."""
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    rows = []
    for contract in linter["contracts"]:
        if contract["type"] == "layers":
            rows.append((contract["name"], " → ".join(contract["layers"])))
        else:
            sources = ", ".join(source.removeprefix("chromavive.") for source in contract["source_modules"])
            rows.append((contract["name"], f"{sources} must not import {', '.join(contract['forbidden_modules'])}"))
    return table(("contract", "what it says"), rows)


def frame_header() -> str:
    """The layout of a chroma frame, as its module describes it."""
    return f"```\n{inspect.getdoc(frame)}\n```\n"


PARTS: dict[str, Callable[[], str]] = {
    "contracts": contracts,
    "from-page": lambda: structs(messages.FromPage),
    "to-page": lambda: structs(messages.ToPage),
    "frame": frame_header,
    "edits": lambda: structs(edit.Edit),
    "changes": lambda: structs(entry.Change),
    "refusals": lambda: failures(errors.EditRefused, "kind"),
    "parts": parts_of_messages,
    "fields": fields,
    "files": lambda: parts(
        name for name in SCHEMA if name.startswith(("Recipe", "RoomFile", "RoomBackup")) and name != "RecipeHint"
    ),
    "bodies": lambda: parts(
        each.__name__ for each in (*bodies.REQUESTS, *bodies.ANSWERS, bodies.RoomLinks, bodies.SampleNote)
    ),
    "close-codes": close_codes,
    "requests": lambda: failures(errors.RequestRefused, "http_status", "kind"),
    "ours": lambda: failures(errors.OurError),
    "limits": lambda: constants(limits),
    "settings": settings_table,
    "commands": commands,
}


def main() -> int:
    """0 where every page is as it should be, or was made so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only; exit status 1 where a page is stale")
    check = parser.parse_args().check
    stale = []
    for page in sorted((ROOT / "docs").rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        fresh = PART.sub(lambda match: match["start"] + PARTS[match["name"]]() + match["end"], text)
        if fresh != text:
            stale.append(page.relative_to(ROOT).as_posix())
            if not check:
                page.write_text(fresh, encoding="utf-8")
    for name in stale:
        print(f"{'stale, run scripts/docs' if check else 'written'}: {name}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
