"""`chromavive colorize`: photographs from files to files."""

import asyncio
import hashlib
from pathlib import Path

import httpx
import msgspec
import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from chromavive.cli import app
from chromavive.color.lab import rgb_to_lab
from chromavive.hints.edit import Add, Edit, Import, NewHint
from chromavive.hints.entry import Photograph
from chromavive.hints.hint import Hint
from chromavive.hints.recipe import decode_recipe, encode_recipe, recipe_of
from chromavive.hints.state import State
from chromavive.pictures.samples import samples
from chromavive.room.follower import Follower
from tests.cli.process import Serving, serving
from tests.cli.test_serve import connected, open_room
from tests.web.site import photograph


def run(*arguments: object, engine: str = "stub") -> Result:
    """The command, in this process."""
    return CliRunner().invoke(app, ["colorize", "--engine", engine, *map(str, arguments)])


def photo(path: Path, height: int = 48, width: int = 64) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(photograph(height, width))
    return path


def recipe(path: Path, network: str = "stub", sha256: str = "0" * 64) -> Path:
    """One strong red hint in the middle."""
    state = State(
        Photograph(sha256, 48, 64, False), network, hints={"hint": Hint("hint", 0.5, 0.5, 60.0, 40.0, 5.0, "", 2)}
    )
    made = recipe_of(
        state, network=network, weights_hash="none", precision="fp32", device="cpu", threads=1, versions={}
    )
    path.write_bytes(encode_recipe(made))
    return path


def test_one_photograph_becomes_a_colored_file_beside_it(tmp_path: Path) -> None:
    """At full size, with its lightness; the photograph stays as it was."""
    path = photo(tmp_path / "old.png")
    before = hashlib.sha256(path.read_bytes()).digest()
    result = run(path)
    assert result.exit_code == 0, result.output
    with Image.open(tmp_path / "old-colorized.png") as picture:
        lab = rgb_to_lab(np.asarray(picture) / 255)
    assert lab.shape == (48, 64, 3)
    assert np.abs(lab[..., 1:]).max() > 1
    assert hashlib.sha256(path.read_bytes()).digest() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["old-colorized.png", "old.png"]


def test_folders_patterns_and_names_are_taken_together(tmp_path: Path) -> None:
    """Each photograph once; what was made before is not colored; equal stems do not meet in one file."""
    photo(tmp_path / "album" / "a.png")
    photo(tmp_path / "album" / "a.webp")  # whatever it is called, it is a PNG inside
    photo(tmp_path / "more" / "b.png")
    (tmp_path / "album" / "notes.txt").write_text("not a photograph")
    out = tmp_path / "out"
    for more in ((), ("--force",)):
        result = run(tmp_path / "album", tmp_path / "album" / "a.png", tmp_path / "mor*" / "*.png", "-o", out, *more)
        assert result.exit_code == 0, result.output
        assert sorted(each.name for each in out.iterdir()) == [
            "a-colorized.png",
            "a.webp-colorized.png",
            "b-colorized.png",
        ]
    assert run(tmp_path / "more").exit_code == 0
    assert run(tmp_path / "more", "--force").exit_code == 0
    assert sorted(each.name for each in (tmp_path / "more").iterdir()) == ["b-colorized.png", "b.png"]


def test_what_was_made_before_is_said_to_be_left_out(tmp_path: Path) -> None:
    """In a folder and by a pattern; named by itself it is colored."""
    made = photo(tmp_path / "old-colorized.png")
    for named in (tmp_path, tmp_path / "*.png"):
        result = run(named)
        assert (result.exit_code, "is only what ends in -colorized" in result.output) == (1, True), result.output
    assert run(made).exit_code == 0


@pytest.mark.parametrize("out", ["new/", "new.folder/", "new/deeper.png/"])
def test_what_ends_in_a_slash_is_a_folder(tmp_path: Path, out: str) -> None:
    """Also with a dot in its name, and if it is not there yet."""
    path = photo(tmp_path / "old.png")
    result = run(path, "-o", f"{tmp_path}/{out}")
    assert result.exit_code == 0, result.output
    assert [each.name for each in (tmp_path / out).iterdir()] == ["old-colorized.png"]


def test_no_file_is_replaced_unasked(tmp_path: Path) -> None:
    """What is there already is named and kept, the other photographs are colored; --force replaces it."""
    photo(tmp_path / "a.png")
    photo(tmp_path / "b.png")
    made = tmp_path / "a-colorized.png"
    made.write_bytes(b"mine")
    result = run(tmp_path)
    assert result.exit_code == 1
    assert f"{made} is there already" in result.output
    assert made.read_bytes() == b"mine"
    assert (tmp_path / "b-colorized.png").exists()
    assert run(tmp_path, "--force").exit_code == 0
    assert made.read_bytes() != b"mine"


def test_vividness_is_the_recipes_or_the_flags(tmp_path: Path) -> None:
    """The flag wins, and the file says which it was."""
    path = photo(tmp_path / "old.png")
    made = decode_recipe(recipe(tmp_path / "recipe.json").read_bytes())
    (tmp_path / "vivid.json").write_bytes(encode_recipe(msgspec.structs.replace(made, vividness=0.25)))
    for flags, expected in (
        ([], "0"),
        (["--vividness", "1"], "1"),
        (["--recipe", tmp_path / "vivid.json"], "0.25"),
        (["--recipe", tmp_path / "vivid.json", "--vividness", "0"], "0"),
    ):
        result = run(path, "-o", tmp_path / "out.png", "--force", *flags)
        assert result.exit_code == 0, result.output
        assert f'chromavive:Vividness="{expected}"'.encode() in (tmp_path / "out.png").read_bytes()


@pytest.mark.parametrize(
    "flags, name, pillow, shape",
    [
        (["-o", "out.jpg"], "out.jpg", "JPEG", (48, 64, 3)),
        (["-o", "out.TIFF"], "out.TIFF", "TIFF", (48, 64, 3)),
        (["--format", "webp", "--quality", "50"], "old-colorized.webp", "WEBP", (48, 64, 3)),
        (["--layout", "side_by_side"], "old-colorized.png", "PNG", (48, 128, 3)),
        (["--layout", "colors", "-o", "made"], "made/old-colorized.png", "PNG", (48, 64, 3)),
    ],
)
def test_format_and_layout_are_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: list[str], name: str, pillow: str, shape: tuple[int, ...]
) -> None:
    """By the suffix of -o or by --format; nothing else is left beside it."""
    photo(tmp_path / "old.png")
    monkeypatch.chdir(tmp_path)
    result = run("old.png", *flags)
    assert result.exit_code == 0, result.output
    with Image.open(tmp_path / name) as picture:
        assert picture.format == pillow
        assert np.asarray(picture).shape == shape
    assert {each.name for each in tmp_path.rglob("*") if each.is_file()} == {"old.png", Path(name).name}


def test_a_bad_photograph_does_not_stop_the_others(tmp_path: Path) -> None:
    """It is named with its reason, the rest is colored, the exit status is 1."""
    (tmp_path / "a.png").write_bytes(b"not a picture")
    photo(tmp_path / "b.png")
    result = run(tmp_path)
    assert result.exit_code == 1
    assert f"{tmp_path / 'a.png'}: This file is not a photograph" in result.output
    assert (tmp_path / "b-colorized.png").exists()
    assert not list(tmp_path.glob("*.part"))


def test_a_recipe_brings_its_hints_also_to_another_photograph(tmp_path: Path) -> None:
    """The middle gets the hint's color; that it is another photograph's recipe changes nothing."""
    path = photo(tmp_path / "old.png")
    plain, hinted = tmp_path / "plain.png", tmp_path / "hinted.png"
    assert run(path, "-o", plain).exit_code == 0
    result = run(path, "-o", hinted, "--recipe", recipe(tmp_path / "recipe.json"))
    assert result.exit_code == 0, result.output
    assert "not the recipe's photograph" in result.stderr

    def middle(file: Path) -> float:
        with Image.open(file) as picture:
            return float(rgb_to_lab(np.asarray(picture) / 255)[24, 32, 1])

    assert middle(hinted) > middle(plain) + 30


def test_what_differs_from_the_room_is_said(tmp_path: Path) -> None:
    """Another network than the recipe's gives another picture."""
    path = photo(tmp_path / "old.png")
    result = run(path, "--recipe", recipe(tmp_path / "recipe.json", network="compact"), "--network", "stub")
    assert "network stub, not compact" in result.output


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (["nowhere.png", "-o", "made/"], "There is no photograph at"),
        (["a.png", "b.png", "-o", "one.png"], "-o takes a file for one photograph"),
        (["a.png", "-o", "one.gif"], "-o takes a .png, .jpg, .webp or .tiff"),
        (["a.png", "-o", "one.jpg", "--format", "png"], "do not agree"),
        (["a.png", "--format", "gif"], "The format is png, jpeg, webp, tiff"),
        (["a.png", "--quality", "0"], "the quality 1 to 100"),
        (["a.png", "--vividness", "1.5"], "The vividness is 0 to 1"),
        (["a.png", "--layout", "upside_down"], "the layout picture, side_by_side, colors"),
        (["a.png", "-o", "b.png"], "b.png is there already. --force replaces it."),
        (["a.png", "-o", "a.png"], "A photograph would be overwritten"),
        (["a.png", "--recipe", "b.png"], "This is not a recipe"),
        (["a.png", "--engine", "other"], "The engine is auto, torch or stub"),
    ],
)
def test_what_cannot_be_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    """In a sentence, before anything is written."""
    photo(tmp_path / "a.png")
    photo(tmp_path / "b.png")
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 1
    assert sentence in result.output
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.png", "b.png"]


@pytest.mark.slow
def test_a_recipe_round_trip_with_compact(tmp_path: Path) -> None:
    """From a served room into a new room and onto the command line: the same bytes, with the real network."""
    sample = samples()[0]
    hints = tuple(NewHint(f"hint{n}", 0.1 + 0.08 * n, 0.9 - 0.07 * n, 60.0 - 12 * n, 10.0 * n - 40) for n in range(10))

    async def exported(http: httpx.AsyncClient, room: str, capability: str) -> bytes:
        bearer = {"Authorization": f"Bearer {capability}"}
        ticket = (await http.post(f"api/rooms/{room}/exports", headers=bearer)).json()["ticket"]
        return (await http.get(f"api/tickets/{ticket}")).content

    async def edited(server: Serving, room: str, capability: str, edit: Edit) -> None:
        page = await connected(server, room, Follower(capability, "m" * 22, "s" * 22))
        await page.edit(edit)
        await page.until(lambda: not page.follower.pending)
        await page.connection.close()

    async def scenario() -> tuple[bytes, bytes]:
        flags = ("--engine", "torch", "--network", "compact")
        async with (
            serving(tmp_path / "data", *flags) as server,
            httpx.AsyncClient(base_url=server.url, trust_env=False, timeout=60) as http,
        ):
            content = sample.path.read_bytes()
            (first, one), (second, other) = [await open_room(server, content) for _ in range(2)]
            await edited(server, first, one, Add(hints))
            told = await http.get(f"api/rooms/{first}/recipe", headers={"Authorization": f"Bearer {one}"})
            (tmp_path / "recipe.json").write_bytes(told.content)
            made = decode_recipe(told.content)
            await edited(server, second, other, Import(made.hints, made.photograph.sha256, made.turn, made.crop))
            return await exported(http, first, one), await exported(http, second, other)

    first, second = asyncio.run(scenario())
    assert first == second
    out = tmp_path / "out.png"
    result = run(sample.path, "--recipe", tmp_path / "recipe.json", "-o", out, engine="torch")
    assert result.exit_code == 0, result.output
    assert "not equal" not in result.output
    assert out.read_bytes() == first


def test_photographs_of_one_name_go_to_files_of_their_own(tmp_path: Path) -> None:
    """Also the third and the fourth that would take the same one."""
    paths = [photo(tmp_path / folder / "old.png") for folder in "abcd"]
    result = run(*paths, "-o", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert len(list((tmp_path / "out").iterdir())) == len(paths)
