"""`chromavive.Room` against `chromavive serve` as a process of its own, the example of docs/python.md included."""

import asyncio
import io
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from PIL import Image

import chromavive
from chromavive import errors
from chromavive.color.lab import rgb_to_lab
from chromavive.hints.recipe import decode_recipe
from chromavive.remote.colors import ab_of
from tests.cli.process import environment, serving
from tests.source.tree import ROOT
from tests.web.site import photograph

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("error"),
]
PAGES = "".join((ROOT / page).read_text(encoding="utf-8") for page in ("README.md", "docs/python.md"))
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGES, re.DOTALL)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server of a test is on this machine, whatever proxy the machine has."""
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
    monkeypatch.setenv("no_proxy", "localhost,127.0.0.1")


def with_server(tmp_path: Path, script: Callable[[str], None], *flags: str) -> None:
    """Runs the script, given the server's URL, beside a server that is killed at the end."""

    async def scenario() -> None:
        async with serving(tmp_path / "data", *flags) as server:
            await asyncio.to_thread(script, server.url)

    asyncio.run(scenario())


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photograph file of 192 x 256 pixels, middle gray in its middle."""
    path = tmp_path / "photo.png"
    path.write_bytes(photograph(192, 256))
    return path


def exported(room: chromavive.Room, path: Path) -> np.ndarray:
    """The room's picture as Lab, (H, W, 3)."""
    with Image.open(io.BytesIO(room.export(path).read_bytes())) as image:
        return rgb_to_lab(np.asarray(image) / 255)


def test_a_script_colors_a_photograph(tmp_path: Path, photo: Path) -> None:
    """Add, move, recolor, remove and undo do what they say, for everybody; the settled frame and the export show it."""

    def script(url: str) -> None:
        with chromavive.Room.create(url, photo, title="Grandmother") as room:
            assert (room.title, room.role, room.network, room.revision) == ("Grandmother", "owner", "stub", 1)
            plain = exported(room, tmp_path / "plain.png")
            hint = room.add(0.2, 0.5, "#f00", size=9)
            room.move(hint, 0.5, 0.5)
            room.recolor(hint, (30.0, 20.0))
            other = room.add(0.1, 0.1, (-20.0, 20.0))
            frame = room.wait_settled()
            assert frame.settled
            assert frame.revision == room.revision == 5
            picture = exported(room, tmp_path / "colored.png")
            recipe = decode_recipe(room.recipe(tmp_path / "recipe.json").read_bytes())
            assert {each.id for each in recipe.hints} == {hint, other}
            with Image.open(room.export(tmp_path / "both.jpg", layout="side_by_side", quality=60)) as image:
                assert (image.format, image.width) == ("JPEG", 2 * picture.shape[1])
            assert np.abs(picture[96, 128, 1:] - (30, 20)).max() < 3
            assert np.abs(plain[96, 128, 1:] - (30, 20)).max() > 10
            with chromavive.Room.open(room.links["editor"], name="a friend") as friend:
                assert friend.hints == room.hints
                assert friend.links == {}
                friend.remove(other)
                friend.undo()
                friend.redo()
                assert list(friend.hints) == [hint]
                friend.wait_settled()
                friend.resize(hint, 3)
                friend.retitle("Grandmother, 1931")
                friend.wait_settled()
                assert friend.revision == 10
            room.undo()  # the owner's newest step, the second hint, is gone already: it is used up
            room.undo()
            assert room.title == "Grandmother, 1931"
            assert room.hints[hint].size == 3
            assert room.hints[hint].a == pytest.approx(ab_of("#f00")[0])
            room.clear()
            assert room.hints == {}
            room.delete()
            with pytest.raises((errors.RoomRemoved, errors.NotFound)):
                room.add(0.5, 0.5, "#fff")

    with_server(tmp_path, script)


def test_a_script_keeps_colors_for_the_room(tmp_path: Path, photo: Path) -> None:
    """Everybody sees the swatch by its name, and its author takes it back; a name that is too long is refused."""

    def script(url: str) -> None:
        with (
            chromavive.Room.create(url, photo) as room,
            chromavive.Room.open(room.links["editor"]) as friend,
        ):
            swatch = friend.add_swatch("Coat", "#7a5230")
            room.add_swatch("Sky", (-5.0, -30.0))
            kept = room.swatches[swatch]
            assert (kept.name, kept.a, kept.b) == ("Coat", *ab_of("#7a5230"))
            with pytest.raises(errors.TextTooLong):
                friend.add_swatch("n" * 41, "#fff")
            friend.undo()
            assert [each.name for each in friend.swatches.values()] == ["Sky"]

    with_server(tmp_path, script)


def test_a_script_asks_for_palettes_previews_and_another_vividness(tmp_path: Path, photo: Path) -> None:
    """A palette answers to the hints, a preview is what the room shows at a vividness, a pin keeps what it shows."""

    def script(url: str) -> None:
        with chromavive.Room.create(url, photo) as room:
            assert room.network in room.networks
            before = room.palette(0.5, 0.5)
            room.add(0.5, 0.5, (60.0, 40.0))
            after = room.palette(0.5, 0.5)
            assert 1 <= len(after) <= 9
            assert {(each.a, each.b) for each in before} != {(each.a, each.b) for each in after}
            assert (room.palette(0.1, 0.1), room.palette(0.5, 0.5)) == (room.palette(0.1, 0.1), after)
            plain, vivid = room.preview(room.network), room.preview(vividness=1.0)
            assert plain.shape == vivid.shape
            assert np.abs(plain - vivid).max() > 1
            assert room.vividness == 0
            room.set_vividness(1.0)
            room.choose_network(room.network)
            assert room.vividness == 1
            assert np.array_equal(room.preview(room.network), vivid)
            with chromavive.Room.open(room.links["viewer"]) as viewer:
                assert viewer.palette(0.5, 0.5)
                assert np.array_equal(viewer.preview(vividness=1.0), vivid)
                with pytest.raises(errors.NotAllowed):
                    viewer.set_vividness(0.5)
            with pytest.raises(errors.NetworkNotServed):
                room.preview("rembrandt")
            with pytest.raises(errors.NetworkNotServed):
                room.choose_network("rembrandt")
            with pytest.raises(errors.VividnessOutside):
                room.preview(vividness=1.5)
            with pytest.raises(errors.HintOutside):
                room.palette(1.5, 0.5)
            placed = room.pin(0.25, 0.25)
            room.wait_settled()
            pin = room.hints[placed]
            assert pin.pinned
            _, height, width = vivid.shape
            assert np.allclose(vivid[:, height // 4, width // 4], (pin.a, pin.b), atol=1e-4)
            with pytest.raises(errors.HintOutside):
                room.pin(0.5, 1.5)

    with_server(tmp_path, script)


def test_R3_2_an_edit_under_way_survives_a_kill_of_the_server_and_is_applied_once(tmp_path: Path, photo: Path) -> None:
    """The server dies between append and answer; the call returns once it is back, and the hint is there once."""

    async def scenario() -> None:
        data = tmp_path / "data"
        async with serving(data, CHROMAVIVE_FAULT="die-after-append:3") as server:
            room = await asyncio.to_thread(chromavive.Room.create, server.url, photo)
            first = await asyncio.to_thread(room.add, 0.5, 0.5, "#c33")
            answers: list[str] = []
            adding = threading.Thread(target=lambda: answers.append(room.add(0.2, 0.2, "#33c")))
            adding.start()
            assert await server.ended() < 0
            assert not answers
        async with serving(data, "--port", str(urlsplit(server.url).port)):
            await asyncio.to_thread(adding.join, 30)
            assert list(room.hints) == [first, *answers]
            assert room.revision == 3
            assert (await asyncio.to_thread(room.wait_settled)).revision == 3
            await asyncio.to_thread(room.close)

    asyncio.run(scenario())


def test_what_a_script_cannot_have_is_a_typed_error(tmp_path: Path, photo: Path) -> None:
    """Each refusal raises its own leaf, nothing changes, and the room goes on."""

    def script(url: str) -> None:
        with pytest.raises(errors.PasswordRefused):
            chromavive.Room.create(url, photo)
        with pytest.raises(errors.NotAPhotograph):
            chromavive.Room.create(url, Path(__file__), password="rosebud & käse")
        with chromavive.Room.create(url, photo, password="rosebud & käse") as room:
            refusals: dict[type[errors.PeerError], Callable[[], object]] = {
                errors.HintOutside: lambda: room.add(1.5, 0.5, "#fff"),
                errors.ColorOutside: lambda: room.add(0.5, 0.5, "red"),
                errors.SizeOutside: lambda: room.add(0.5, 0.5, "#fff", size=10),
                errors.HintUnknown: lambda: room.move("nowhere", 0.5, 0.5),
                errors.NothingToUndo: room.undo,
                errors.RequestMalformed: lambda: room.export(tmp_path / "picture.bmp"),
            }
            for refused, edit in refusals.items():
                with pytest.raises(refused):
                    edit()
            assert not list(tmp_path.glob("*picture.bmp*"))
            for made in (room.export, room.recipe):
                with pytest.raises(FileNotFoundError, match=f"no such folder: '{tmp_path / 'nowhere'}'"):
                    made(tmp_path / "nowhere" / "picture.png")
            room.add(0.5, 0.5, "#ffffff")
            with chromavive.Room.open(room.links["viewer"]) as viewer:
                assert viewer.role == "viewer"
                viewer.wait_settled()
                with pytest.raises(errors.NotAllowed):
                    viewer.add(0.5, 0.5, "#fff")
                with pytest.raises(errors.NotAllowed):
                    viewer.recipe(tmp_path / "recipe.json")
            wrong = room.url.partition("#")[0] + "#" + "x" * 22
            with pytest.raises(errors.NotFound):
                chromavive.Room.open(wrong)
        with pytest.raises(errors.ServerUnreachable, match="left"):
            room.add(0.5, 0.5, "#fff")

    with_server(tmp_path, script, "--create-password", "rosebud & käse")


def test_no_server_is_a_typed_error(photo: Path) -> None:
    """A port at which nothing listens is said to be unreachable, by both ways in."""
    nowhere = "http://127.0.0.1:1"
    with pytest.raises(errors.ServerUnreachable):
        chromavive.Room.create(nowhere, photo)
    with pytest.raises(errors.LinkInvalid, match="begins with http://"):
        chromavive.Room.create("localhost:8000", photo)
    with pytest.raises(errors.ServerUnreachable):
        chromavive.Room.open(f"{nowhere}/room/{'r' * 16}#{'c' * 22}", timeout_seconds=0.2)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_the_example_of_the_documentation_runs(tmp_path: Path, number: int) -> None:
    """What README.md and docs/python.md show runs as it stands, but for the server's address."""
    assert len(EXAMPLES) == 3
    (tmp_path / "photo.jpg").write_bytes(photograph(192, 256))

    def script(url: str) -> None:
        with chromavive.Room.create(url, tmp_path / "photo.jpg") as room:
            room.add(0.5, 0.5, "#c33")
            text = EXAMPLES[number].replace("http://localhost:8000", url)
            (tmp_path / "example.py").write_text(text, encoding="utf-8")
            ran = subprocess.run(
                [sys.executable, "-W", "error", "example.py", room.url],
                cwd=tmp_path,
                env=environment(),
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
        assert (ran.returncode, ran.stderr) == (0, "")
        assert ran.stdout
        with Image.open(tmp_path / "colored.png") as image:
            assert image.size == (256, 192)

    with_server(tmp_path, script)


def test_import_chromavive_stays_light() -> None:
    """The server and the decoding child import the package; only whoever names Room pays for the client."""
    code = "import chromavive, sys; assert not {'httpx', 'websockets', 'numpy'} & sys.modules.keys(); chromavive.Room"
    subprocess.run([sys.executable, "-c", code], env=environment(), check=True, timeout=60)
    with pytest.raises(AttributeError):
        _ = chromavive.Rooms  # type: ignore[attr-defined]
