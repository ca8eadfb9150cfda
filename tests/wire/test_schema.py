"""docs/protocol.schema.json says of every message what really travels."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from chromavive.runtime import connection, hub, previews, room_task
from chromavive.wire import messages
from tests.simulation import hands
from tests.simulation.test_convergence import run_seed

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "protocol.schema.json").read_text(encoding="utf-8"))
KINDS: dict[str, Any] = {
    "string": str,
    "boolean": bool,
    "null": type(None),
    "array": list,
    "object": dict,
    "integer": int,
    "number": int | float,
}


def wrong(value: Any, kind: dict[str, Any], place: str = "") -> list[str]:
    """Where a value is not of this kind, in the part of JSON Schema that ours uses."""
    if "$ref" in kind:
        return wrong(value, SCHEMA["$defs"][kind["$ref"].removeprefix("#/$defs/")], place)
    if "anyOf" in kind:
        found = [wrong(value, each, place) for each in kind["anyOf"]]
        return [] if [] in found else max(found, key=lambda each: max((len(text) for text in each), default=0))
    if "enum" in kind:
        return [] if value in kind["enum"] else [f"{place}: {value!r}"]
    named: str = kind["type"]
    if not isinstance(value, KINDS[named]) or (isinstance(value, bool) and named != "boolean"):
        return [f"{place}: {value!r} is no {named}"]
    if named == "array":
        return wrong_elements(value, kind, place)
    if named == "object":
        return wrong_fields(value, kind, place)
    return [] if within(value, kind) else [f"{place}: {value!r} is no {kind}"]


def wrong_elements(values: list[Any], kind: dict[str, Any], place: str) -> list[str]:
    kinds = kind.get("prefixItems") or [kind["items"]] * len(values)
    bounded = kind.get("minItems", 0) <= len(values) <= kind.get("maxItems", len(values))
    astray = [] if bounded else [f"{place}: {len(values)} of them"]
    for value, each in zip(values, kinds, strict=False):
        astray += wrong(value, each, f"{place}[]")
    return astray


def wrong_fields(value: dict[str, Any], kind: dict[str, Any], place: str) -> list[str]:
    fields = kind.get("properties") or dict.fromkeys(value, kind["additionalProperties"])
    astray = [f"{place}.{name} is missing" for name in kind.get("required", ()) if name not in value]
    astray += [f"{place}.{name} is not known" for name in value if name not in fields]
    for name in value.keys() & fields.keys():
        astray += wrong(value[name], fields[name], f"{place}.{name}")
    return astray


def within(value: Any, kind: dict[str, Any]) -> bool:
    """Whether a text or number keeps to its bounds; others have none."""
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, str):
        return len(value) <= kind.get("maxLength", len(value)) and bool(re.search(kind.get("pattern", ""), value))
    low, high = kind.get("minimum", value), kind.get("maximum", value)
    return bool(low <= value <= high and value < kind.get("exclusiveMaximum", value + 1))


def test_what_travels_is_what_the_schema_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stories of the simulation, each of whose messages, in both directions, fits its direction's schema."""
    seen: dict[str, set[str]] = {"FromPage": set(), "ToPage": set()}
    astray: list[str] = []
    encode = messages.encode

    def checked(message: Any) -> bytes:
        text = encode(message)
        told = json.loads(text)
        direction = "FromPage" if isinstance(message, messages.FromPage) else "ToPage"
        astray.extend(wrong(told, SCHEMA["$defs"][direction], told["type"]))
        seen[direction].add(told["type"])
        return text

    for module in (messages, hub, connection, previews, room_task):
        monkeypatch.setattr(module, "encode", checked)
    monkeypatch.setattr(hands, "WRONG_CHANCE", 0)
    for seed in range(1, 5):
        run_seed(seed, tmp_path)
    assert astray == []
    assert {"hello", "edit", "gesture", "palette_for", "preview_of"} <= seen["FromPage"]
    assert {"welcome", "entry", "accepted", "refused", "gestures", "presence", "palette"} <= seen["ToPage"]


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "edit", "seat": "ssssssss", "number": 0, "edit": {"type": "undo"}}',
        '{"type": "edit", "seat": "s", "number": 1, "edit": {"type": "undo"}}',
        '{"type": "edit", "seat": "ssssssss", "number": 1, "edit": {"type": "paint"}}',
        '{"type": "pointer", "x": "0"}',
        '{"type": "pointer", "z": 0}',
        '{"type": "rename"}',
        '{"type": "gesture", "gesture": 1, "edit": {"type": "add", "hints": [{"id": "abcd", "x": 2}]}}',
    ],
)
def test_what_the_schema_does_not_allow_is_found(text: str) -> None:
    """The reader of the schema above is none that allows everything."""
    assert wrong(json.loads(text), SCHEMA["$defs"]["FromPage"])
