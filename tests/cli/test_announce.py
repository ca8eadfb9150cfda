"""What the start says."""

from pathlib import Path

import pytest

from chromavive.cli.announce import announce


def test_the_start_says_where_photographs_lie(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Addresses first, then the folder, then what else there is to say: one line each."""
    announce(["http://localhost:8000/"], tmp_path, ["compact serves."], None)
    assert capsys.readouterr().out.splitlines() == [
        "  http://localhost:8000/",
        f"  Photographs and rooms lie in {tmp_path}.",
        "  compact serves.",
    ]
