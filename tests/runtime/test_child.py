"""The decoding child: its answers, its errors, and that it is gone when it should be."""

import asyncio
import json
import os
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from chromavive.errors import (
    DecodingFailed,
    DecodingTimedOut,
    NotAPhotograph,
    PhotographTooManyPixels,
    PhotographTruncated,
    ServerBusy,
    UploadTooLarge,
)
from chromavive.pictures.contract import ChildLimits, DecodedMeta, PhotographLimits
from chromavive.pictures.door import open_photograph
from chromavive.runtime.child import ChildDecoder
from tests.pictures.made import encoded, png_claiming

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a limit on address space")


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A small color photograph, and where its lightness goes."""
    colors = np.random.default_rng(5).integers(0, 255, (40, 60, 3), np.uint8)
    (tmp_path / "in").write_bytes(encoded(Image.fromarray(colors), "PNG"))
    return tmp_path / "in", tmp_path / "out.npy"


def decode(decoder: ChildDecoder, files: tuple[Path, Path]) -> DecodedMeta:
    """One photograph through a decoder, on a loop of its own."""
    return asyncio.run(decoder.decode(*files))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
def test_a_full_disk_is_not_taken_for_a_bad_photograph(files: tuple[Path, Path]) -> None:
    """The caller hears of the disk, and nothing is left."""
    files[1].symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left on device"):
        decode(ChildDecoder(), files)
    assert not files[1].is_symlink()


def speaking(code: str) -> tuple[str, ...]:
    """A child that runs this Python instead of the door; its arguments are the door's."""
    answer = "import sys\nanswer = lambda text: open(sys.argv[3], 'w').write(text)\n"
    return (sys.executable, "-S", "-c", answer + code)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[asyncio.subprocess.Process]:
    """Every process that the decoder starts."""
    processes: list[asyncio.subprocess.Process] = []
    create = asyncio.create_subprocess_exec

    async def noted(*arguments: Any, **options: Any) -> asyncio.subprocess.Process:
        processes.append(await create(*arguments, **options))
        return processes[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", noted)
    return processes


def assert_all_ended(started: list[asyncio.subprocess.Process]) -> None:
    """At least one process was started; each has ended and was waited for."""
    assert started
    for process in started:
        with pytest.raises(ProcessLookupError):
            os.kill(process.pid, 0)


def test_the_child_gives_what_the_door_gives(
    files: tuple[Path, Path], started: list[asyncio.subprocess.Process]
) -> None:
    """The process border changes neither a pixel nor a word."""
    meta = decode(ChildDecoder(), files)
    here = open_photograph(files[0].read_bytes(), PhotographLimits())
    assert meta == here.meta
    written = np.load(files[1])
    assert written.dtype == np.uint16
    np.testing.assert_array_equal(written, here.lightness)
    assert_all_ended(started)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"I am not a photograph", NotAPhotograph),
        (b"", NotAPhotograph),
        (encoded(Image.new("L", (50, 50)), "JPEG")[:300], PhotographTruncated),
    ],
)
def test_refusals_cross_the_border_with_their_type(
    files: tuple[Path, Path], data: bytes, error: type[Exception]
) -> None:
    """By code, never by their text; nothing is left where the lightness would be."""
    files[0].write_bytes(data)
    with pytest.raises(error):
        decode(ChildDecoder(), files)
    assert not files[1].exists()


@on_linux
def test_a_claim_of_2500_megapixels_takes_no_memory(files: tuple[Path, Path]) -> None:
    """Refused by the header, in a child that could not hold a hundredth of it."""
    files[0].write_bytes(png_claiming(50_000, 50_000))
    with pytest.raises(PhotographTooManyPixels):
        decode(ChildDecoder(child=ChildLimits(memory_bytes_max=500 * 1024**2)), files)


def test_a_file_over_the_limit_starts_no_child(files: tuple[Path, Path]) -> None:
    """Its size alone decides."""
    decoder = ChildDecoder(PhotographLimits(upload_bytes_max=100), command=("/nonexistent",))
    with pytest.raises(UploadTooLarge):
        decode(decoder, files)


@on_linux
def test_a_child_that_needs_more_memory_fails_and_the_same_file_passes_with_more(files: tuple[Path, Path]) -> None:
    """The limit is held by the system, not by good will."""
    files[0].write_bytes(encoded(Image.new("RGB", (6000, 6000)), "PNG", compress_level=1))
    with pytest.raises(DecodingFailed):
        decode(ChildDecoder(child=ChildLimits(memory_bytes_max=300 * 1024**2)), files)
    assert not files[1].exists()
    assert decode(ChildDecoder(), files).width == 6000


def test_a_child_that_never_ends_is_killed_at_its_deadline(
    files: tuple[Path, Path], started: list[asyncio.subprocess.Process]
) -> None:
    """However busy it is, and even if it ignores every polite signal."""
    code = "import signal\nfor s in (15, 2, 24): signal.signal(s, signal.SIG_IGN)\nwhile True: pass"
    decoder = ChildDecoder(child=ChildLimits(seconds_max=0.2), command=speaking(code))
    with pytest.raises(DecodingTimedOut):
        decode(decoder, files)
    assert_all_ended(started)


def test_a_decoder_that_uses_up_its_processor_time_timed_out(files: tuple[Path, Path]) -> None:
    """The system's own signal for it means the same as our deadline."""
    code = "import os, signal; os.kill(os.getpid(), signal.SIGXCPU)"
    with pytest.raises(DecodingTimedOut):
        decode(ChildDecoder(command=speaking(code)), files)


@pytest.mark.parametrize(
    "code",
    [
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
        "import sys; sys.exit(3)",
        "pass",
        "answer('not json')",
        "answer('[]')",
        "answer('{}')",
        "answer('{\"meta\": {}}')",
        'answer(\'{"error": "no such code"}\')',
        "answer(' ' * 100_000 + '{\"error\": \"not_a_photograph\"}')",
        "print('x' * 1_000_000)",
    ],
)
def test_a_child_that_crashes_or_babbles_means_decoding_failed(
    files: tuple[Path, Path], code: str, started: list[asyncio.subprocess.Process]
) -> None:
    """Whatever a subverted decoder does, the room gets one typed error and no file."""
    with pytest.raises(DecodingFailed):
        decode(ChildDecoder(command=speaking(f"open(sys.argv[2], 'w')\n{code}")), files)
    assert not files[1].exists()
    assert_all_ended(started)


def test_who_goes_away_takes_the_child_along(
    files: tuple[Path, Path], started: list[asyncio.subprocess.Process]
) -> None:
    """An upload that is cancelled leaves no process behind."""

    async def cancelled() -> None:
        decoder = ChildDecoder(command=speaking("open(sys.argv[2], 'w')\nwhile True: pass"))
        async with asyncio.TaskGroup() as group:
            decoding = group.create_task(decoder.decode(*files))
            async with asyncio.timeout(20):
                while not files[1].exists():
                    await asyncio.sleep(0.005)
            decoding.cancel()

    asyncio.run(cancelled())
    assert_all_ended(started)


ANSWER = """
answer('{"meta": {"height": 1, "width": 1, "source_format": "PNG", "had_colors": false, "notes": []}}')
"""
MOMENTS = """
import json, sys, time
began = time.monotonic()
while time.monotonic() < began + 0.1: pass
open(sys.argv[2], "w").write(json.dumps([began, time.monotonic()]))
"""


def test_no_more_children_run_at_once_than_allowed(tmp_path: Path) -> None:
    """With one place, three uploads are decoded one after the other; a fourth finds the queue full."""
    upload = tmp_path / "in"
    upload.write_bytes(b"x")
    outs = [tmp_path / f"{turn}.json" for turn in range(4)]

    async def all_at_once() -> list[DecodedMeta | BaseException]:
        decoder = ChildDecoder(children_max=1, waiting_max=2, command=speaking(MOMENTS + ANSWER))
        return await asyncio.gather(*(decoder.decode(upload, out) for out in outs), return_exceptions=True)

    answers = asyncio.run(all_at_once())
    assert [type(answer) for answer in answers] == [DecodedMeta] * 3 + [ServerBusy]
    spans = sorted(json.loads(out.read_text()) for out in outs[:3])
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_the_operators_secrets_stay_with_the_server(files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """A decoder that was taken over reads no password from its environment."""
    monkeypatch.setenv("CHROMAVIVE_CREATE_PASSWORD", "open sesame")
    tells = "import json, os, sys; open(sys.argv[2], 'w').write(json.dumps(dict(os.environ)))\n" + ANSWER
    decode(ChildDecoder(command=speaking(tells)), files)
    environment = json.loads(files[1].read_text())
    assert "OPENBLAS_NUM_THREADS" in environment
    assert "open sesame" not in environment.values()
