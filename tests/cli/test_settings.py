"""Settings: a file, the environment, flags; later ones win, and a wrong one is refused in a sentence."""

from pathlib import Path
from typing import Any

import pytest

from chromavive import logs
from chromavive.errors import SettingInvalid
from chromavive.settings import Settings


def test_later_sources_win(tmp_path: Path) -> None:
    """A flag over the environment over the file over the default; a flag that was not given says nothing."""
    file = tmp_path / "settings.toml"
    file.write_text('host = "file"\nport = 1\nticket_seconds = 30\nlan = true\n', encoding="utf-8")
    environ = {"CHROMAVIVE_HOST": "environ", "CHROMAVIVE_PORT": "2", "HOST": "other", "CHROMAVIVE_FAULT": "no setting"}
    settings = Settings.load(file, environ, {"host": "flag", "port": None})
    assert (settings.host, settings.port, settings.ticket_seconds, settings.lan) == ("flag", 2, 30.0, True)
    assert settings.engine == Settings().engine


@pytest.mark.parametrize(("text", "value"), [("1", True), ("TRUE", True), ("yes", True), ("0", False), ("", False)])
def test_a_switch_is_a_word(text: str, value: bool) -> None:
    """As people write it in an environment."""
    assert Settings.load(None, {"CHROMAVIVE_LAN": text}, {}).lan is value


@pytest.mark.parametrize(
    ("environ", "flags"),
    [
        ({"CHROMAVIVE_PORT": "eighty"}, {}),
        ({"CHROMAVIVE_LAN": "perhaps"}, {}),
        ({"CHROMAVIVE_ROOM_IDLE_SECONDS": "soon"}, {}),
        ({}, {"port": 1.5}),
        ({}, {"port": True}),
        ({}, {"host": 1}),
    ],
)
def test_a_value_of_another_type_is_refused(environ: dict[str, str], flags: dict[str, Any]) -> None:
    """Named, with what it should be."""
    with pytest.raises(SettingInvalid, match="takes a value of type"):
        Settings.load(None, environ, flags)


def test_an_unknown_name_in_a_file_is_refused(tmp_path: Path) -> None:
    """A misspelled setting must not be silently the default."""
    file = tmp_path / "settings.toml"
    file.write_text('hots = "0.0.0.0"\n', encoding="utf-8")
    with pytest.raises(SettingInvalid, match="hots"):
        Settings.load(file, {}, {})


def test_an_unknown_log_level_is_refused() -> None:
    """In words, with the levels that there are."""
    with pytest.raises(SettingInvalid, match="debug, info, warning or error"):
        logs.configure("loud")
