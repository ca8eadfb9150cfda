"""A real server in a process of its own, which tests may kill and start again at the same address."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import httpx

READY_SECONDS = 60.0
"""A liveness bound: the stub is there within two seconds, torch on a busy machine takes twenty."""
_LOOK_SECONDS = 0.05


class Server:
    """`chromavive serve` at a fixed port with its data below `folder`; use it in a `with`, which reaps it.

    host: the name that pages use; one that is not this machine's is told to the server as its public URL, unless
    `foreign` asks for it to be refused.
    """

    def __init__(self, folder: Path, *options: str, host: str = "127.0.0.1", foreign: bool = False) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port: int = probe.getsockname()[1]
        self.data = folder / "data"
        self.url = f"http://{host}:{self.port}"
        self._loopback = f"http://127.0.0.1:{self.port}"
        self._told = folder / "server.txt"
        public = [] if host == "127.0.0.1" or foreign else ["--public-url", self.url]
        self._command = [sys.executable, "-m", "chromavive", "serve", "--port", str(self.port), *public]
        self._command += ["--data", str(self.data), *options]
        self._process: subprocess.Popen[bytes] | None = None
        self._output: IO[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.kill()

    def start(self, fault: str = "") -> None:
        """Start, and wait until it answers. fault: what CHROMAVIVE_FAULT asks for."""
        assert self._process is None, "it runs already"
        environ = os.environ | {"CHROMAVIVE_FAULT": fault, "OMP_NUM_THREADS": "2"}
        self._output = self._told.open("ab")
        self._process = subprocess.Popen(self._command, env=environ, stdout=self._output, stderr=subprocess.STDOUT)
        looks = round(READY_SECONDS / _LOOK_SECONDS)
        if not any(self._answers() for _ in range(looks)):
            self.kill()
            raise AssertionError(f"no answer in {READY_SECONDS} s: {self._told.read_text()}")

    def _answers(self) -> bool:
        """Whether it answers by now; a process that ended instead fails the test with its words."""
        assert self._process is not None
        try:
            return httpx.get(f"{self._loopback}/api/health", timeout=READY_SECONDS).is_success
        except httpx.TransportError:
            pass
        try:
            self._process.wait(_LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            return False
        self._reap()
        raise AssertionError(f"the server ended at its start: {self._told.read_text()}")

    def kill(self) -> None:
        """End it as a crash would, with SIGKILL, and wait until it is gone."""
        if self._process is not None:
            self._process.kill()
            self._reap()

    def stop(self) -> int:
        """End it as an operator would, with SIGTERM; gives the exit status."""
        assert self._process is not None
        self._process.terminate()
        return self._reap()

    def died(self) -> bool:
        """Wait until it has ended by itself; whether SIGKILL ended it."""
        return self._reap() == -signal.SIGKILL

    def _reap(self) -> int:
        assert self._process is not None
        assert self._output is not None
        status = self._process.wait(READY_SECONDS)
        self._output.close()
        self._process = self._output = None
        return status

    def get(self, path: str, capability: str = "") -> Any:
        """The JSON of a request."""
        headers = {"Authorization": f"Bearer {capability}"} if capability else {}
        return httpx.get(f"{self._loopback}/{path}", headers=headers, timeout=READY_SECONDS).raise_for_status().json()

    def new_room(self, sample: str = "coffee") -> dict[str, str]:
        """Open a room with a sample photograph; gives the addresses of its page for owner, editor and viewer."""
        url = f"{self._loopback}/api/rooms"
        opened = httpx.post(url, params={"sample": sample}, timeout=READY_SECONDS).raise_for_status().json()
        return {role: f"{self.url}/room/{opened['room']}#{secret}" for role, secret in opened["links"].items()}

    @property
    def passes(self) -> int:
        """How many passes were started since the server was."""
        return int(self.get("api/health")["passes_started"])
