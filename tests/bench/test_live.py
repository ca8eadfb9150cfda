"""The benchmark of a live room measures what it says: with a real server, real sockets and the stub engine."""

import asyncio
from urllib.request import urlopen

import pytest

from bench import live
from bench._loop_lag import percentile
from bench._member import _Sent
from bench._server import served
from chromavive.settings import Settings


def test_the_99th_percentile_lies_between_the_two_largest_of_a_hundred() -> None:
    """Nothing is made up beyond what was measured."""
    assert percentile([float(sample) for sample in range(101)], 99) == 99
    assert percentile([1.0, 2.0], 99) == pytest.approx(1.99)


def test_an_edit_is_seen_with_the_first_frame_that_holds_it_whatever_was_heard_first() -> None:
    """A frame of an older revision is not it, and the acknowledgement may come before the frame or after it."""

    async def seen(*news: tuple[str, float]) -> float:
        sent = _Sent(number=1, seconds=10.0, seen=asyncio.get_running_loop().create_future())
        for kind, value in news:
            if kind == "accepted":
                sent.revision = int(value)
            else:
                sent.frames.append((value, int(kind)))
            sent.settle()
        return sent.seen.result()

    for news in (
        (("6", 10.1), ("accepted", 7), ("7", 10.3), ("8", 10.9)),
        (("6", 10.1), ("7", 10.3), ("8", 10.9), ("accepted", 7)),
    ):
        assert asyncio.run(seen(*news)) == pytest.approx(0.3)


@pytest.mark.slow
def test_a_short_run_gives_every_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both numbers of members edit, and ratios are to the bare pass of the same run."""
    monkeypatch.setattr(live, "MEMBERS", {1: 0.3, 8: 0.3})
    monkeypatch.setattr(live, "LAG_SECONDS", 0.3)
    figures = asyncio.run(live.measure(Settings(engine="stub", network="stub"), rounds=1))
    for members in (1, 8):
        seen = figures["hint_to_frame"][f"members_{members}"]
        assert seen["edits"] >= members * live.EDITS_MIN
        assert 0 < seen["p50_ms"] <= seen["p99_ms"]
        for percent in ("p50", "p99"):
            assert seen[f"{percent}_ratio"] == pytest.approx(seen[f"{percent}_ms"] / seen["bare_pass_ms"])
    lag = figures["loop_lag"]
    assert lag["p50_ratio"] == pytest.approx(lag["engine_p50_ms"] / lag["spinning_p50_ms"])
    assert "members_8" in live.table(figures)


@pytest.mark.slow
def test_no_server_is_left() -> None:
    """It answers inside the context and is gone behind it."""
    with served("--engine", "stub") as url:
        urlopen(f"{url}/api/health").close()
    with pytest.raises(OSError, match="refused"):
        urlopen(f"{url}/api/health")
