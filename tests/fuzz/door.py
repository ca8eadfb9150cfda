"""How one input of the photograph door is judged: by the real child's code and limits, in a process of its own."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from chromavive.errors import RequestRefused, leaves
from chromavive.pictures.contract import ChildLimits, DecodedMeta, PhotographLimits
from chromavive.runtime.child import ChildDecoder
from tests.cli.process import environment

PHOTOGRAPH = PhotographLimits(upload_bytes_max=200_000, pixels_max=2_000_000)
CHILD = ChildLimits(seconds_max=10.0, memory_bytes_max=1024**3)
"""Far below the server's, so that an input that reaches for a limit costs a second and not a minute."""

_CODES = {leaf.code for leaf in leaves(RequestRefused)}
_SIGNALS_FORESEEN = {-24: "decoding_timed_out"}  # SIGXCPU; whatever else ends the child is `decoding_failed`


@dataclass(frozen=True, slots=True)
class Told:
    """How one child ended. status: its exit code, less than 0 for a signal; None: it had to be killed."""

    status: int | None
    seconds: float
    rss_bytes: int


class Door:
    """Judges inputs one after the other."""

    def __init__(self, folder: Path, process: subprocess.Popen[str]) -> None:
        self.seconds_max = 0.0
        self.rss_bytes_max = 0
        self.seconds = 0.0
        self._process = process
        self._in, self._out, self._answer = (folder / name for name in ("in", "out.npy", "answer"))
        self._raised = folder / "answer.raised"

    def judge(self, data: bytes) -> str:
        """What the server would answer. Raises AssertionError where that is no typed answer within the limits."""
        for path in (self._out, self._answer, self._raised):
            path.unlink(missing_ok=True)
        self._in.write_bytes(data)
        told = self._told()
        self.seconds += told.seconds
        self.seconds_max = max(self.seconds_max, told.seconds)
        self.rss_bytes_max = max(self.rss_bytes_max, told.rss_bytes)
        assert told.status is not None, "the child went on behind its limits"
        assert told.rss_bytes <= CHILD.memory_bytes_max, "the child took more memory than it may have"
        assert told.seconds <= CHILD.seconds_max + 1, "the child took more time than it may have"
        if told.status < 0:
            return _SIGNALS_FORESEEN.get(told.status, f"died_by_signal_{-told.status}")
        assert told.status == 0, f"the door raised what it does not type: {self._raised.read_text()}"
        return self._answered()

    def _told(self) -> Told:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([str(self._in), str(self._out), str(self._answer)]) + "\n")
        self._process.stdin.flush()
        return Told(**json.loads(self._process.stdout.readline()))

    def _answered(self) -> str:
        answer = json.loads(self._answer.read_text(encoding="utf-8"))
        if "error" in answer:
            assert answer["error"] in _CODES
            return str(answer["error"])
        meta = DecodedMeta(**(answer["meta"] | {"notes": tuple(answer["meta"]["notes"])}))
        lightness = np.load(self._out)
        assert lightness.dtype == np.uint16
        assert lightness.shape == (meta.height, meta.width)
        assert lightness.size <= PHOTOGRAPH.pixels_max
        assert min(lightness.shape) >= PHOTOGRAPH.side_px_min
        return f"taken_{meta.source_format}"

    def judge_as_served(self, data: bytes) -> str:
        """As `judge`, through the server's own side of it: nothing but a refusal comes out of that."""
        self._in.write_bytes(data)
        self._out.unlink(missing_ok=True)
        decoder = ChildDecoder(PHOTOGRAPH, CHILD)
        try:
            meta = asyncio.run(decoder.decode(self._in, self._out))
        except RequestRefused as refused:
            assert not self._out.exists()
            return refused.code
        return f"taken_{meta.source_format}"


@contextmanager
def opened(folder: Path) -> Iterator[Door]:
    """A door, and the process behind it."""
    limits = json.dumps(asdict(PHOTOGRAPH) | asdict(CHILD))
    with subprocess.Popen(
        [sys.executable, "-m", "tests.fuzz.door_child", limits],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=Path(__file__).parents[2],
        env=environment(OPENBLAS_NUM_THREADS="1"),
    ) as process:
        try:
            yield Door(folder, process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
