"""Serves with the installed command, opens a room and downloads its picture. Needs the standard library only."""

import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS_MAX = 180.0
STOP_SECONDS_MAX = 30.0
PHOTOGRAPH_PX = (96, 128)  # height, width


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def png_of_a_gradient(height: int, width: int) -> bytes:
    """A gray PNG, dark on the left and light on the right."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = b"\0" + bytes(255 * x // (width - 1) for x in range(width))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(row * height)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def ask(url: str, *, method: str = "GET", body: bytes | None = None, capability: str = "") -> bytes:
    """The answer's body. Anything but success raises."""
    headers = {"Authorization": f"Bearer {capability}"} if capability else {}
    request = urllib.request.Request(url, data=body, method=method, headers=headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return bytes(answer.read())


@contextmanager
def serving(port: int, data: Path) -> Iterator[float]:
    """The installed command serves; gives the seconds until it answered, and demands that it ends well."""
    command = shutil.which("chromavive")
    assert command is not None, "the environment has no command chromavive"
    started = time.monotonic()
    environ = os.environ | {"CHROMAVIVE_CLIENT_AS_WRITTEN": "1"}  # what is sent can be compared with the checkout's
    server = subprocess.Popen([command, "serve", "--port", str(port), "--data", str(data)], env=environ)
    try:
        while True:
            try:
                ask(f"http://127.0.0.1:{port}/api/about")
                break
            except OSError:
                assert server.poll() is None, f"the server ended with {server.returncode}"
                assert time.monotonic() - started < START_SECONDS_MAX, "the server does not answer"
                time.sleep(0.2)
        yield time.monotonic() - started
        server.send_signal(signal.SIGTERM)
        assert server.wait(STOP_SECONDS_MAX) in {0, -signal.SIGTERM}, f"the server ended with {server.returncode}"
    finally:
        server.kill()
        server.wait()


def try_everything(base: str, client: Path) -> None:
    """Every page and module is there; the bundled network colors a photograph; the picture comes at its full size."""
    page = ask(f"{base}/").decode()
    assert "chromaVive" in page
    tree = page.partition('src="static/')[2].partition("/")[0]
    files = [path for path in client.rglob("*") if path.suffix in {".js", ".css", ".svg"}]
    assert files
    for path in files:
        assert ask(f"{base}/static/{tree}/{path.relative_to(client).as_posix()}") == path.read_bytes(), path
    about = json.loads(ask(f"{base}/api/about"))
    assert about["network"] == "compact", about
    opened = json.loads(ask(f"{base}/api/rooms", method="POST", body=png_of_a_gradient(*PHOTOGRAPH_PX)))
    room, owner = opened["room"], opened["capability"]
    assert b"chromaVive" in ask(f"{base}/room/{room}")
    order = json.dumps({"format": "png"}).encode()
    ticket = json.loads(ask(f"{base}/api/rooms/{room}/exports", method="POST", body=order, capability=owner))["ticket"]
    picture = ask(f"{base}/api/tickets/{ticket}")
    assert struct.unpack(">II", picture[16:24]) == PHOTOGRAPH_PX[::-1]
    print(f"room, picture and {len(files)} files are there; {about['network']} serves on {about['device']}")


def main() -> None:
    """Argument: the checkout's client folder, to compare what is served with."""
    import chromavive

    assert Path(chromavive.__file__).is_relative_to(sys.prefix), "this is not the installed package"
    port = free_port()
    with tempfile.TemporaryDirectory() as data, serving(port, Path(data)) as seconds:
        print(f"answered {seconds:.1f} s after the start, from {Path.cwd()}")
        try_everything(f"http://127.0.0.1:{port}", Path(sys.argv[1]))
    print("the installed wheel serves by itself")


if __name__ == "__main__":
    main()
