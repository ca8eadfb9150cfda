"""Log lines: an event's name, then key=value. Never names, capabilities or pictures."""

import logging
import sys

from chromavive.errors import SettingInvalid

_LOGGER = logging.getLogger("chromavive")


def event(name: str, **values: object) -> None:
    """Write one line at INFO."""
    _LOGGER.info("%s", _line(name, values))


def fault(name: str, **values: object) -> None:
    """Write one line at ERROR, with the traceback of the exception being handled, if there is one."""
    _LOGGER.error("%s", _line(name, values), exc_info=sys.exc_info()[0] is not None)


def configure(level: str) -> None:
    """Send all lines to standard error, the web server's own included.

    Raises:
        SettingInvalid: no such level.
    """
    if level not in ("debug", "info", "warning", "error"):
        raise SettingInvalid(f"The log level is debug, info, warning or error, not {level!r}.")
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("uvicorn.access").disabled = True  # paths hold room ids, and every asset would be a line
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)  # its notes on each socket say what ours do


def _line(name: str, values: dict[str, object]) -> str:
    return " ".join([name, *(f"{key}={_value(value)}" for key, value in values.items())])


def _value(value: object) -> str:
    text = f"{value:.4g}" if isinstance(value, float) else str(value)
    # One event stays one line, whatever the value holds.
    return repr(text) if not text or any(character.isspace() or character in '="' for character in text) else text
