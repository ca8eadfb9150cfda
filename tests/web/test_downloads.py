"""How long a download's ticket lives, on virtual time."""

import asyncio
from pathlib import Path

import pytest

from chromavive.errors import TicketSpent
from chromavive.pictures.export_form import ExportForm
from chromavive.web.downloads import Downloads, Progress
from tests.runtime.hall import hall, play


def test_R13_2_a_ticket_works_for_60_s(tmp_path: Path) -> None:
    """A moment before that it gives the file, a moment after it nothing, and the file is gone."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            downloads = Downloads(stage.hub, tmp_path / "downloads")
            tickets = [await downloads.make(opened.room_id, "a title", ExportForm(), Progress()) for _ in range(2)]
            await asyncio.sleep(59.9)
            assert Path(downloads.redeem(tickets[0]).path).exists()
            await asyncio.sleep(0.2)
            with pytest.raises(TicketSpent):
                downloads.redeem(tickets[1])
            assert len(list((tmp_path / "downloads").iterdir())) == 1  # which leaves when it is sent

    play(scenario)


def test_R13_2_what_nobody_fetches_leaves_the_disk_by_itself(tmp_path: Path) -> None:
    """A quarter of the ticket's time after its end at the latest, though nobody asks for anything."""

    async def scenario() -> None:
        async with hall(tmp_path) as stage:
            opened = await stage.open_room()
            downloads = Downloads(stage.hub, tmp_path / "downloads")
            await downloads.make(opened.room_id, "a title", ExportForm(), Progress())
            await asyncio.sleep(59.9)
            assert list((tmp_path / "downloads").iterdir())
            await asyncio.sleep(15.2)
            assert not list((tmp_path / "downloads").iterdir())

    play(scenario)
