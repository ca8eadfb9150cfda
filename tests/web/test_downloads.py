"""How long a download's ticket lives, on virtual time."""

import asyncio
from pathlib import Path

import pytest

from chromavive.errors import TicketSpent
from chromavive.web.downloads import Downloads
from tests.runtime.hall import hall, play


def test_R13_2_a_ticket_works_for_60_s(tmp_path: Path) -> None:
    """A moment before that it gives the file, a moment after it nothing, and the file is gone."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            downloads = Downloads(stage.hub, tmp_path / "downloads")
            tickets = [await downloads.make(opened.room_id, "a title") for _ in range(2)]
            await asyncio.sleep(59.9)
            assert Path(downloads.redeem(tickets[0]).path).exists()
            await asyncio.sleep(0.2)
            with pytest.raises(TicketSpent):
                downloads.redeem(tickets[1])
            assert len(list((tmp_path / "downloads").iterdir())) == 1  # which leaves when it is sent

    play(scenario)
