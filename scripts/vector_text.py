"""How vectors of the follower are written down."""

import json
from collections.abc import Sequence
from typing import Any


def text_of(kind: str, cases: Sequence[dict[str, Any]]) -> str:
    """JSON with one step a line, so that a change shows as the lines of the changed steps. kind: what the cases are."""
    parts = []
    for each in cases:
        steps = ",\n".join(json.dumps(step, separators=(",", ":")) for step in each["steps"])
        parts.append(f'{{"name": "{each["name"]}", "seat": "{each["seat"]}", "steps": [\n{steps}\n]}}')
    return f'{{"{kind}": [\n' + ",\n".join(parts) + "\n]}\n"
