"""A recipe out of a room, into another, and onto the command line."""

import asyncio
from pathlib import Path

import httpx
import msgspec
import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from chromavive.cli import app
from chromavive.hints.edit import (
    Add,
    Clear,
    Import,
    Move,
    NewHint,
    Placed,
    SetVividness,
    Turn,
    Undo,
)
from chromavive.hints.hint import Hint
from chromavive.hints.recipe import Recipe, decode_recipe
from tests.web.site import Opened, Site, SocketPage, bearer, photograph, served

HINTS = (
    NewHint("sky1", 0.3, 0.2, -5.0, -30.0),
    NewHint("sky2", 0.31, 0.2, 40.0, 30.0),
    NewHint("wood", 0.7, 0.8, 20, 30),
)


async def exported(site: Site, opened: Opened) -> bytes:
    answer = await site.http.post(f"api/rooms/{opened.room}/exports", headers=bearer(opened.owner))
    return (await site.http.get(f"api/tickets/{answer.json()['ticket']}")).content


async def recipe_of(site: Site, opened: Opened, capability: str) -> httpx.Response:
    return await site.get(f"api/rooms/{opened.room}/recipe", capability)


def hints_of(page: SocketPage) -> dict[str, Hint]:
    shown = page.follower.shown()
    assert shown is not None
    return shown.hints


def edit(recipe: Recipe) -> Import:
    return Import(recipe.hints, recipe.photograph.sha256, recipe.turn, recipe.crop)


def test_a_recipe_makes_the_same_picture_in_a_new_room(tmp_path: Path) -> None:
    """The hints with their authors and their order; one undo takes all back (R12)."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            first, second = await site.open_room(), await site.open_room()
            async with site.page(first.room, first.editor) as page:
                await page.edit(Add(HINTS))
                await page.edit(Move((Placed("sky1", 0.302, 0.2),)))  # now it is the newer of two at one place
                await page.until(lambda: not page.follower.pending)
                author = hints_of(page)["sky1"].author
            recipe = decode_recipe((await recipe_of(site, first, first.editor)).content)
            assert {hint.author for hint in recipe.hints} == {author}
            async with site.page(second.room, second.editor, "bob") as page:
                plain = await exported(site, second)
                await page.edit(edit(recipe))
                await page.until(lambda: not page.follower.pending)
                assert await exported(site, second) == await exported(site, first) != plain
                assert {hint.author for hint in hints_of(page).values()} == {author}
                await page.edit(Undo())
                await page.until(lambda: not page.follower.pending)
                assert await exported(site, second) == plain

    asyncio.run(scenario())


def test_an_owner_takes_up_network_and_vividness_in_the_same_step(tmp_path: Path) -> None:
    """The picture is the first room's, and one undo takes all back; an editor may not, and nothing changes."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            first, second = await site.open_room(), await site.open_room()
            async with site.page(first.room, first.owner) as page:
                for each in (Add(HINTS), SetVividness(0.5)):
                    await page.edit(each)
                await page.until(lambda: not page.follower.pending)
            recipe = decode_recipe((await recipe_of(site, first, first.owner)).content)
            whole = msgspec.structs.replace(edit(recipe), network=recipe.network, vividness=recipe.vividness)
            plain = await exported(site, second)
            async with site.page(second.room, second.editor, "bob") as page:
                for beside in ({"network": None}, {"vividness": None}):
                    await page.edit(msgspec.structs.replace(whole, **beside))
                    await page.until(lambda: not page.follower.pending)
                    assert page.follower.refused.popitem()[1] == "not_allowed"
            async with site.page(second.room, second.owner) as page:
                await page.edit(msgspec.structs.replace(whole, network="absent"))
                await page.until(lambda: not page.follower.pending)
                assert page.follower.refused.popitem()[1] == "network_not_served"
                assert await exported(site, second) == plain
                await page.edit(whole)
                await page.until(lambda: not page.follower.pending)
                assert await exported(site, second) == await exported(site, first) != plain
                await page.edit(Undo())
                await page.until(lambda: not page.follower.pending)
                assert await exported(site, second) == plain

    asyncio.run(scenario())


def test_the_command_line_gives_the_rooms_export(tmp_path: Path) -> None:
    """`chromavive colorize --recipe`: the same bytes, of a room that is turned."""

    async def scenario() -> None:
        async with served(tmp_path / "served") as site:
            opened = await site.open_room()
            async with site.page(opened.room, opened.owner) as page:
                await page.edit(Turn(1))
                await page.edit(Add(HINTS))
                await page.until(lambda: not page.follower.pending)
            (tmp_path / "recipe.json").write_bytes((await recipe_of(site, opened, opened.owner)).content)
            wanted = await exported(site, opened)
        (tmp_path / "photo.png").write_bytes(photograph())
        out = tmp_path / "made" / "out.png"
        arguments = ["colorize", str(tmp_path / "photo.png"), "--recipe", str(tmp_path / "recipe.json"), "-o", str(out)]
        result = await asyncio.to_thread(CliRunner().invoke, app, [*arguments, "--engine", "stub"])
        assert result.exit_code == 0, result.output
        assert "not equal" not in result.output
        with Image.open(out) as picture:
            assert np.asarray(picture).shape == (64, 48, 3)
        assert out.read_bytes() == wanted

    asyncio.run(scenario())


@pytest.mark.parametrize("role, status", [("owner", 200), ("editor", 200), ("viewer", 403)])
def test_R9_1_a_recipe_is_for_owner_and_editor(tmp_path: Path, role: str, status: int) -> None:
    """A viewer is refused; who has no link hears of no room."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            answer = await recipe_of(site, opened, getattr(opened, role))
            assert answer.status_code == status, answer.text
            assert (await recipe_of(site, opened, "x" * 22)).status_code == 404

    asyncio.run(scenario())


def test_an_empty_room_has_a_recipe_too(tmp_path: Path) -> None:
    """Its network and photograph; to import it takes hints."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            async with site.page(opened.room, opened.owner) as page:
                await page.edit(Add(HINTS))
                await page.edit(Clear())
                await page.until(lambda: not page.follower.pending)
            recipe = decode_recipe((await recipe_of(site, opened, opened.owner)).content)
            assert recipe.hints == ()
            assert recipe.network == "stub"
            assert recipe.versions["chromavive"]

    asyncio.run(scenario())
