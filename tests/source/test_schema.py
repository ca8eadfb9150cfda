"""The protocol's schema is made from the code, says something of every field, and the client's types are the same."""

import json
import re
import shutil
import subprocess
import sys
from typing import Any

import pytest

from tests.source.tree import ROOT

SCHEMA = json.loads((ROOT / "docs" / "protocol.schema.json").read_text(encoding="utf-8"))
TYPES = ROOT / "tests" / "client" / "wire" / "protocol_types.ts"
TYPESCRIPT = ROOT / "node_modules" / "typescript" / "bin" / "tsc"
FLAGS = ["--noEmit", "--strict", "--allowJs", "--checkJs", "--skipLibCheck"]
OPTIONS = [*FLAGS, "--target", "ES2022", "--module", "ES2022", "--moduleResolution", "bundler"]
DIFFERENCES = {
    "look: number }": "look: number; more: string }",
    "revision: number": "revision: string",
    "size?: number": "size: number",
    "state: State | null": "state: State",
    "'drop' | 'retry'": "'drop'",
}


def test_the_schema_is_current() -> None:
    """docs/protocol.schema.json and the types made of it are what the code's types give now."""
    command = [sys.executable, "scripts/make_schema.py", "--check"]
    environment = {"PYTHONPATH": str(ROOT / "server"), "PATH": ""}
    checked = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


def test_every_field_says_what_it_means() -> None:
    """And both directions, entries, recipes, room files and the bodies of requests are there."""
    assert {"FromPage", "ToPage", "Entry", "Recipe", "RoomFile", "RoomFileEntry", "ExportWish"} <= SCHEMA[
        "$defs"
    ].keys()
    structs = {name: each["properties"] for name, each in SCHEMA["$defs"].items() if "properties" in each}
    assert len(structs) > 60
    assert not [f"{name}.{field}" for name, fields in structs.items() for field in fields if not told(fields[field])]


def told(field: dict[str, Any]) -> bool:
    return bool(field["description"]) and len(field) > 1


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What tsc has to say of the comparison, and of copies of it with a difference each; in one run, for it is slow."""
    if not TYPESCRIPT.is_file() or shutil.which("node") is None:
        pytest.skip("TypeScript is not here")
    folder = tmp_path_factory.mktemp("types")
    text = TYPES.read_text(encoding="utf-8").replace("../../../client", (ROOT / "client").as_posix())
    for number, (right, wrong) in enumerate(DIFFERENCES.items()):
        assert right in text
        (folder / f"types{number}.ts").write_text(text.replace(right, wrong, 1), encoding="utf-8")
    command = ["node", str(TYPESCRIPT), *OPTIONS, str(TYPES), *map(str, sorted(folder.iterdir()))]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout


@pytest.mark.slow
def test_the_clients_types_are_the_servers(said: str) -> None:
    """tsc holds each type of the client's messages to the server's: names, kinds, what may be absent or null."""
    assert [line for line in said.splitlines() if not re.match(r"\S*types\d\.ts\(|\s", line)] == []


@pytest.mark.slow
def test_a_difference_in_one_field_is_found(said: str) -> None:
    """The comparison above fails where a field is another, or may be absent, or null."""
    assert [number for number in range(len(DIFFERENCES)) if f"types{number}.ts(" not in said] == []
