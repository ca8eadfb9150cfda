"""Writes tests/vectors/qr.json: QR codes by segno, which the client's own have to equal; --check only compares.

Texts fill their versions: behind shorter ones segno puts a byte of zeros more than the standard asks for.
"""

import argparse
import json
import sys
from pathlib import Path

import segno

VECTORS = Path(__file__).resolve().parents[1] / "tests" / "vectors" / "qr.json"
LENGTHS = (17, 32, 53, 78, 106)
"""Bytes that versions 1 to 5 hold at error correction L."""
LINK = "https://chroma.example/room/AbCdEfGhIjKlMnOp#0123456789_bcdefghij-l/"


def vectors() -> str:
    """One code a line."""
    lines = []
    for length in LENGTHS:
        text = (LINK * 2)[:length]
        code = segno.make(text, error="l", mask=0, boost_error=False, micro=False, mode="byte")
        rows = ["".join("#" if dark else "." for dark in row) for row in code.matrix]
        lines.append(json.dumps({"text": text, "rows": rows}))
    return "[\n" + ",\n".join(lines) + "\n]\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    made = vectors()
    if parser.parse_args().check:
        current = VECTORS.is_file() and VECTORS.read_text() == made
        print(f"{VECTORS.name}: {'up to date' if current else 'stale, run scripts/docs'}")
        return not current
    VECTORS.write_text(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
