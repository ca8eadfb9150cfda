"""Whatever strangers send is answered in kind: seconds here, a minute in CI, ten minutes by scripts/long."""

import asyncio
from pathlib import Path

import pytest

from tests.fuzz import door, photographs, requests
from tests.fuzz.running import Run
from tests.fuzz.talk import judge_talk, steps
from tests.fuzz.texts import TARGETS
from tests.web.site import served

SECONDS_MAX = 1800.0
"""Of ten minutes' share on a machine that has much else to do."""
pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(SECONDS_MAX)]

AS_SERVED_ONCE_IN = 200
"""Starting Python for a photograph takes a hundred times as long as to fork for it."""


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="forks for every photograph")
def test_the_door_answers_whatever_comes_within_its_limits(tmp_path: Path) -> None:
    """Changed photographs of every format: taken or refused with a code, in bounded time and memory."""
    judged = 0
    with door.opened(tmp_path) as opened:

        def judge(data: bytes) -> str:
            nonlocal judged
            judged += 1
            if judged % AS_SERVED_ONCE_IN == 0:
                opened.judge_as_served(data)
            return opened.judge(data)

        run = Run("door", 0.35, judge, lambda: opened.seconds)
        run.play(photographs.material().inputs())
        assert any(outcome.startswith("taken") for outcome in run.outcomes)
        assert run.outcomes["decoding_failed"]


@pytest.mark.parametrize("name", TARGETS)
def test_every_parser_takes_or_refuses(name: str) -> None:
    """Nothing but its own typed refusal comes out, and what it takes is what was sent."""
    share, material, judge = TARGETS[name]
    run = Run(name, share, judge)
    run.play(material().inputs())
    assert len(run.outcomes) > 1, "the inputs are all sound, or all broken"


def test_the_server_answers_whatever_request_comes(tmp_path: Path) -> None:
    """No answer says that the server failed, and it goes on: the last request of all is a sound one."""

    async def scenario() -> None:
        async with served(
            tmp_path,
            seconds_max=SECONDS_MAX,
            rooms_an_address_an_hour_max=10**9,  # else soon nothing but 429 would answer
            pictures_an_address_a_minute_max=10**9,
        ) as site:
            opened = await site.open_room()
            run: Run[bytes] = Run("request", 0.1, lambda data: requests.judge(data, site.port))
            await asyncio.to_thread(run.play, requests.material(opened).inputs())
            assert run.outcomes["answered_2xx"]
            assert run.outcomes["answered_4xx"]
            async with site.page(opened.room, opened.owner) as page:
                assert page.follower.revision == 1

    asyncio.run(scenario())


def test_R10_2_a_room_answers_whatever_its_members_say() -> None:
    """Refusals change nothing, nothing but typed errors is raised, and all agree at the end."""
    run = Run("room", 0.15, judge_talk)
    run.play(steps)
    assert run.outcomes["edited"]
