"""Where a page asks "what color was this?": the same for everybody, and for those alone who could answer."""

import asyncio
from pathlib import Path

from chromavive.hints.edit import Add, CropTo, NewHint
from tests.web.site import photograph, served


def test_a_room_says_where_a_first_hint_helps_the_most(tmp_path: Path) -> None:
    """One gauging for all who ask, none for a second one; a crop makes it another picture; viewers are not asked."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room(photograph(96, 128))
            ask = f"api/rooms/{opened.room}/ask"
            before = site.hub.passes.gauged, site.hub.passes.exported
            answers = await asyncio.gather(*(site.get(ask, each) for each in (opened.owner, opened.editor) * 2))
            assert {answer.status_code for answer in answers} == {200}
            assert len({answer.text for answer in answers}) == 1
            place = answers[0].json()
            assert 0 < place["x"] < 1
            assert 0 < place["y"] < 1
            assert (site.hub.passes.gauged, site.hub.passes.exported) == (before[0] + 1, before[1])
            assert (await site.get(ask, opened.viewer)).status_code == 403
            async with site.page(opened.room, opened.owner) as page:
                await page.edit(CropTo((0.0, 0.0, 0.5, 1.0)))
                await page.edit(Add((NewHint("hint", 0.5, 0.5, 20.0, 20.0),)))
                await page.until(lambda: not page.follower.pending)
            assert (await site.get(ask, opened.owner)).status_code == 200
            assert site.hub.passes.gauged == before[0] + 2

    asyncio.run(scenario())
