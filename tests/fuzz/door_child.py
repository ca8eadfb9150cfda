"""The decoding child without its start: forks for every photograph, and each fork is what the server's child is.

``python -m tests.fuzz.door_child LIMITS`` reads lines of three paths (in, out, answer) and answers each with a line of
JSON: `status` as of `wait`, `seconds`, `rss_bytes`, and `raised` where Python raised what the child does not type.
"""

import json
import os
import sys
import time

import tifffile  # noqa: F401 - what the door imports on need is here before the first fork
from pillow_heif import register_heif_opener

from chromavive.pictures import __main__ as child
from chromavive.pictures import door  # noqa: F401

WALL_SECONDS_SPARE = 5.0
_LOOK_AGAIN_SECONDS = 0.0005


def forked(paths: list[str], limits_json: str) -> int:
    """The id of a process that decodes and ends."""
    pid = os.fork()
    if pid:
        return pid
    try:
        child.main(*paths, limits_json)  # type: ignore[call-arg]
        os._exit(0)
    except BaseException as error:  # noqa: BLE001 - it is told, as what a server would answer without knowing why
        with open(paths[2] + ".raised", "w", encoding="utf-8") as file:
            file.write(repr(error))
        os._exit(1)


def awaited(pid: int, seconds_max: float) -> dict[str, object]:
    """How it ended; whatever goes on behind its limits is killed, and its status is None."""
    started = time.monotonic()
    while time.monotonic() - started < seconds_max:
        ended, status, usage = os.wait4(pid, os.WNOHANG)
        if ended:
            seconds = usage.ru_utime + usage.ru_stime
            return {
                "status": os.waitstatus_to_exitcode(status),
                "seconds": seconds,
                "rss_bytes": usage.ru_maxrss * 1024,
            }
        time.sleep(_LOOK_AGAIN_SECONDS)
    os.kill(pid, 9)
    os.wait4(pid, 0)
    return {"status": None, "seconds": seconds_max, "rss_bytes": 0}


def main(limits_json: str) -> None:
    register_heif_opener(thumbnails=False)
    seconds_max = json.loads(limits_json)["seconds_max"] + WALL_SECONDS_SPARE
    for line in sys.stdin:
        paths = json.loads(line)
        told = awaited(forked(paths, limits_json), seconds_max)
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
