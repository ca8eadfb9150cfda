"""The measurement of networks: its protocol, and its figures for Compact."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from typer.testing import CliRunner

from chromavive.cli import app
from chromavive.color.lab import rgb_to_lab
from chromavive.colorizer.contract import Painting, Request, Scene
from chromavive.colorizer.stub import StubScene
from chromavive.evaluation import HINTS, PATCH_PX, SIDE_PX, Row, colorfulness, drawn_hints, evaluated, figures, psnr_db
from chromavive.pictures.truth import photographs_in, squashed

PHOTOS = Path(__file__).parents[1] / "../shared/photos/eval_dev"

# What the research prototype's evaluate.py printed on 2026-11-23 for compact.safetensors and `--limit 4`, one thread.
PROTOTYPE = {
    "psnr_db": [23.51, 24.935, 25.879, 26.464, 27.797, 28.749, 30.07, 31.312],
    "gray_db": [22.895],
}


class Gray:
    """An engine that predicts no color at all, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Request] = []

    def prepare(self, key: str, lightness: NDArray[np.float32], network: str) -> Scene:
        return StubScene(lightness, None, network)  # type: ignore[arg-type]

    def predict(self, request: Request) -> NDArray[np.float32]:
        self.asked.append(request)
        return np.zeros((2, *request.scene.lightness.shape), np.float32)

    def render(self, requests: Sequence[Request]) -> list[Painting]:
        return [Painting(self.predict(request), 0.0) for request in requests]


def picture(seed: int = 0) -> NDArray[np.uint8]:
    """Soft colored blobs, (256, 256, 3)."""
    small = np.random.default_rng(seed).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(small).resize((SIDE_PX, SIDE_PX), Image.Resampling.BICUBIC))


def test_hints_are_nested_and_the_same_in_every_run() -> None:
    """More hints begin with the fewer ones; another photograph has others."""
    lab = rgb_to_lab(picture() / 255)
    many = drawn_hints(3, 100, lab)
    assert drawn_hints(3, 10, lab)[:1] == many[:1]
    assert many == drawn_hints(3, 100, lab)
    assert [hint.x for hint in drawn_hints(4, 100, lab)] != [hint.x for hint in many]


def test_a_hint_is_the_mean_color_of_its_patch() -> None:
    """Its place is the middle of 6 x 6 whole pixels inside the picture."""
    lab = rgb_to_lab(picture() / 255)
    for hint in drawn_hints(0, 100, lab):
        left, top = round(hint.x * SIDE_PX - PATCH_PX / 2), round(hint.y * SIDE_PX - PATCH_PX / 2)
        assert 0 <= left <= SIDE_PX - PATCH_PX
        assert 0 <= top <= SIDE_PX - PATCH_PX
        patch = lab[top : top + PATCH_PX, left : left + PATCH_PX, 1:]
        assert patch.mean((0, 1)) == pytest.approx([hint.a, hint.b], abs=1e-9)


@pytest.mark.parametrize("as_a_room", [False, True])
def test_no_color_scores_as_gray(as_a_room: bool) -> None:
    """Whatever the number of hints; the network got so many of them, merged where a room is shown."""
    engine = Gray()
    [row] = evaluated(engine, "gray", [picture()], (0, 5, 100), picture=as_a_room)
    assert row.psnr_db == pytest.approx([row.gray_db] * 3, abs=0.02)
    counts = [len(request.hints) for request in engine.asked]
    assert counts[:2] == [0, 5]
    assert counts[2] < 100 if as_a_room else counts[2] == 100


def test_psnr_and_colorfulness_are_what_their_formulas_say() -> None:
    """10 steps everywhere are 28.13 dB; equal pictures count as an error of 0.05; gray has no color."""
    dark = np.full((4, 4, 3), 100, np.uint8)
    assert psnr_db(dark, dark + 10) == pytest.approx(28.1308, abs=1e-3)
    assert psnr_db(dark, dark) == pytest.approx(61.141, abs=1e-3)
    assert colorfulness(dark) == 0
    assert colorfulness(np.tile(np.array([200, 100, 50], np.uint8), (4, 4, 1))) == pytest.approx(
        0.3 * np.hypot(100, 100)
    )


def test_figures_are_means_over_photographs() -> None:
    """Gain is over the gray picture, the error that of the mean."""
    found = figures([Row([20.0, 22.0], [1.0, 2.0], 19.0), Row([24.0, 26.0], [3.0, 4.0], 21.0)], (0, 1))
    assert (found.photos, found.hints, found.gray_db) == (2, [0, 1], 20.0)
    assert (found.psnr_db, found.gain_over_gray_db) == ([22.0, 24.0], [2.0, 4.0])
    assert (found.standard_error_db, found.colorfulness) == ([1.414, 1.414], [2.0, 3.0])


def test_photographs_are_taken_by_name_at_even_distances(tmp_path: Path) -> None:
    """As the prototype does, so that subsets compare; they are squashed, not cut."""
    for name in ("d.png", "b.jpg", "c.webp", "a.jpeg", "e.txt"):
        Image.fromarray(picture()[:200]).save(tmp_path / name, "PNG")
    assert [path.name for path in photographs_in(tmp_path)] == ["a.jpeg", "b.jpg", "c.webp", "d.png"]
    assert [path.name for path in photographs_in(tmp_path, 2)] == ["a.jpeg", "c.webp"]
    assert squashed(tmp_path / "d.png", SIDE_PX).shape == (SIDE_PX, SIDE_PX, 3)


def test_the_command_prints_one_object(tmp_path: Path) -> None:
    """With the keys that are promised; Compact gains by hints, and what a room shows gains more of many."""
    for seed in range(2):
        Image.fromarray(picture(seed)).save(tmp_path / f"{seed}.png")
    told = []
    for more in ([], ["--picture"]):
        result = CliRunner().invoke(
            app, ["evaluate", str(tmp_path), "--hints", "0,20", "--threads", "1", "--json", *more]
        )
        assert result.exit_code == 0, result.output
        told.append(json.loads(result.stdout))
    assert set(told[0]) == {
        "path",
        "network",
        "photos",
        "hints",
        "psnr_db",
        "gray_db",
        "gain_over_gray_db",
        "standard_error_db",
        "colorfulness",
        "seconds",
    }
    assert [each["path"] for each in told] == ["network", "picture"]
    assert told[0]["network"] == "compact"
    assert told[0]["psnr_db"][1] > told[0]["psnr_db"][0] + 1
    assert told[1]["psnr_db"][1] > told[0]["psnr_db"][1]


@pytest.mark.parametrize(
    "arguments, sentence",
    [(["--hints", "1,x"], "--hints takes numbers"), ([], "holds no photograph"), (["--network", "no"], "no network")],
)
def test_what_cannot_be_measured_is_said(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    """In a sentence, with exit status 1."""
    if "--network" in arguments:
        Image.fromarray(picture()).save(tmp_path / "a.png")
    result = CliRunner().invoke(app, ["evaluate", str(tmp_path), *arguments])
    assert (result.exit_code, sentence in result.output) == (1, True), result.output


def test_photographs_without_colors_are_named_and_left_out(tmp_path: Path) -> None:
    """There is nothing to compare with; the figures are the others'. A folder that is not there is said to be none."""
    Image.fromarray(picture()).save(tmp_path / "a.png")
    Image.fromarray(picture()).convert("L").save(tmp_path / "gray.jpg")
    arguments = ["evaluate", str(tmp_path), "--hints", "0", "--threads", "1", "--json"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["photos"] == 1
    assert "gray.jpg has no colors" in result.stderr
    (tmp_path / "a.png").unlink()
    assert "nothing to compare with" in CliRunner().invoke(app, arguments).stderr
    nowhere = CliRunner().invoke(app, ["evaluate", str(tmp_path / "nowhere")])
    assert nowhere.stderr == f"chromavive: There is no folder {tmp_path / 'nowhere'}.\n"


@pytest.mark.slow
@pytest.mark.skipif(not PHOTOS.is_dir(), reason="the evaluation's photographs are not beside the checkout")
def test_compact_scores_as_its_prototype_did() -> None:
    """Within 0.05 dB at every number of hints."""
    arguments = ["evaluate", str(PHOTOS), "--limit", "4", "--threads", "1", "--json"]
    told = json.loads(CliRunner().invoke(app, arguments).stdout)
    assert told["hints"] == list(HINTS)
    assert told["psnr_db"] == pytest.approx(PROTOTYPE["psnr_db"], abs=0.05)
    assert told["gray_db"] == pytest.approx(PROTOTYPE["gray_db"][0], abs=0.05)
