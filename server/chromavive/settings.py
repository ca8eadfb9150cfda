"""What an operator can choose: one frozen object from a file, the environment and flags; later ones win."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self, get_type_hints

from chromavive.errors import SettingInvalid

PREFIX = "CHROMAVIVE_"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting; a file names it as here, the environment as CHROMAVIVE_ and the name in capitals."""

    host: str = "127.0.0.1"
    """Address to listen at; only this machine reaches the default."""
    port: int = 8000
    """TCP port; 0 takes a free one."""
    lan: bool = False
    """Listen at all addresses, accept pages of this machine's address in its network, and print it with a QR code."""
    public_url: str = ""
    """Where people reach this server through a proxy; pages of that origin are accepted."""
    root_path: str = ""
    """Sub-path under which a proxy shows this server, such as /colors."""
    create_password: str = ""
    """Who opens a room has to know it; empty: everybody may."""
    data: str = ""
    """Folder of the journal and the photographs; empty: this user's data folder."""
    engine: str = "auto"
    """auto and torch run the networks; stub paints by a formula, for tests and for looking around without torch."""
    network: str = ""
    """Network of new rooms; empty: the best whose pass is fast enough here."""
    device: str = "auto"
    """auto, cpu or cuda."""
    precision: str = "auto"
    """auto, fp32 or bf16; a low one serves only after it proved itself against fp32."""
    threads: int = 0
    """Processor threads of the engine; 0: one fewer than there are cores, since one is left to the loop."""
    batch_max: int = 0
    """Rooms painted in one pass; 0: 16 on a GPU and 1 on a processor, where a shared pass only makes all wait."""
    upload_bytes_max: int = 40_000_000
    """Largest photograph in bytes; what telephones and scanners give fits."""
    pixels_max: int = 100_000_000
    """Largest photograph in pixels; it bounds the memory of decoding."""
    uploads_max: int = 16
    """Photographs on their way in at once; the next is told to come again. Each may fill upload_bytes_max of disk."""
    upload_silence_seconds: float = 30.0
    """An upload that brings nothing for this long is given up: a telephone that lost its network holds no place."""
    upload_seconds_max: float = 900.0
    """An upload takes at most this long: 40 MB over half a megabit a second. One that drips holds no place for ever."""
    room_idle_seconds: float = 300.0
    """A room that nobody has open leaves the memory after this long; it is read again when somebody comes."""
    rooms_loaded_max: int = 2000
    """Rooms in memory at once, about 1 MB each; the next is told to come again."""
    ticket_seconds: float = 60.0
    """A download's ticket is good for this long."""
    exports_max: int = 4
    """Downloads being made at once; JPEG and WebP hold a picture at full size in memory."""
    trusted_proxies: str = ""
    """Addresses and networks of proxies, with commas between; what they say of whom a request is from is believed.

    Empty: nobody is, and all that come through a proxy share its address in the limits below, which then are too low.
    """
    connections_an_address_max: int = 600
    """Sockets that one address has open: a full room of 500 behind one, and a hundred tabs more."""
    messages_an_address_a_second_max: int = 6000
    """What all pages of one address say, answers to us left out; a class of 40 that drags all at once says 4,800.

    Twice that in one moment; the connection that says more is closed and comes back.
    """
    rooms_an_address_an_hour_max: int = 120
    """Rooms opened from one address, also all in one moment: a class of 40 opens three each."""
    pictures_an_address_a_minute_max: int = 240
    """Downloads and colorize requests of one address, also all in one moment: a class of 40 asks for six each."""
    uploads_an_address_max: int = 12
    """Photographs on their way in from one address; a quarter of uploads_max is left for the others."""
    exports_an_address_max: int = 3
    """Downloads being made for one address; a quarter of exports_max is left for the others."""
    disk_free_bytes_min: int = 1_000_000_000
    """Free bytes that photographs and downloads leave on the data folder's disk; the journal needs room for edits."""
    client_as_written: bool = False
    """Send pages their modules and styles with comments and all: for who develops them, and reads an error's line."""
    leave_seconds: float = 5.0
    """From a signal to the end, and one sync of the disk: three fifths for members to close and requests to end."""
    log_level: str = "info"
    """debug, info, warning or error."""

    @classmethod
    def load(cls, file: Path | None, environ: Mapping[str, str], flags: Mapping[str, Any]) -> Self:
        """The settings of a TOML file, the environment, and flags (None: not given).

        Raises:
            SettingInvalid: an unknown name in the file, or a value of another type.
        """
        names = {field.name for field in fields(cls)}
        given: dict[str, Any] = {}
        if file is not None:
            given |= _from_file(file, names)
        given |= {name: environ[key] for name in names if (key := PREFIX + name.upper()) in environ}
        given |= {name: value for name, value in flags.items() if value is not None}
        types = get_type_hints(cls)
        return cls(**{name: _typed(name, value, types[name]) for name, value in given.items()})


def _from_file(file: Path, names: set[str]) -> dict[str, Any]:
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingInvalid(f"The settings file {file} cannot be read: {error}") from error
    if unknown := sorted(told.keys() - names):
        raise SettingInvalid(f"The settings file {file} has unknown names: {', '.join(unknown)}.")
    return told


def _typed(name: str, value: Any, kind: type) -> Any:
    if isinstance(value, str) and kind is bool:
        words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}
        if value.lower() in words:
            return words[value.lower()]
    elif isinstance(value, str) and kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            pass
    elif isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
        return value
    elif kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    raise SettingInvalid(f"The setting {name} takes a value of type {kind.__name__}, not {value!r}.")
