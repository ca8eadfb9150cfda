"""A real server process on this machine, as a context that leaves nothing behind."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS_MAX = 60.0
LEAVE_SECONDS_MAX = 15.0


@dataclass(frozen=True, slots=True)
class Process:
    """A server that listens."""

    url: str
    number: int

    def resident_bytes(self) -> int:
        """Its memory by Linux's count; 0 elsewhere."""
        status = Path(f"/proc/{self.number}/status")
        lines = status.read_text().splitlines() if status.exists() else []
        return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


@contextmanager
def served(*options: str) -> Iterator[str]:
    """The URL of a `server`."""
    with server(*options) as process:
        yield process.url


@contextmanager
def server(*options: str) -> Iterator[Process]:
    """`chromavive serve` with these options, on a free port, with its data in a folder of its own."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT / "server")}
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-m", "chromavive", "serve", "--port", "0", "--data", data, "--log-level", "warning"]
        with subprocess.Popen([*command, *options], env=environ, stdout=subprocess.PIPE, text=True) as process:
            try:
                yield Process(_announced(process), process.pid)
            finally:
                process.terminate()
                try:
                    process.wait(LEAVE_SECONDS_MAX)
                except subprocess.TimeoutExpired:
                    process.kill()


def _announced(server: "subprocess.Popen[str]") -> str:
    """The first URL that the server prints, from when on it listens; a server that prints none in time is killed."""
    assert server.stdout is not None
    deadline = threading.Timer(START_SECONDS_MAX, server.kill)
    deadline.start()
    try:
        for line in server.stdout:
            if (url := line.strip()).startswith("http://"):
                return url.rstrip("/").replace("//localhost:", "//127.0.0.1:")  # a bare machine may have no name for it
    finally:
        deadline.cancel()
    raise RuntimeError(f"the server ended with {server.wait()} before it listened")


def opened_room(url: str, sample: str) -> tuple[str, str]:
    """(the socket's URL, the owner's capability) of a new room with a sample photograph."""
    request = Request(f"{url}/api/rooms?{urlencode({'sample': sample})}", method="POST")
    with urlopen(request, timeout=60) as response:
        told = json.load(response)
    return f"ws{url.removeprefix('http')}/api/rooms/{told['room']}/socket", told["capability"]
