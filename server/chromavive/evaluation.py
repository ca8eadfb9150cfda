"""How much hints help: PSNR against the number of hints, in the manner of the SIGGRAPH17 paper (Zhang et al. 2017).

Each photograph is squashed to 256 x 256. Its hints are 6 x 6 patches with the patch's mean color, whose places are
drawn from a normal around the middle, a quarter of the side wide, clipped to the picture; nested: the first k of one
drawing, whose seed is the photograph's number. Pictures are compared in truncated 8-bit RGB; figures are means over
photographs.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from chromavive.color.lab import lab_to_rgb, rgb_to_lab
from chromavive.colorizer.contract import PaintHint, Request, Scene
from chromavive.hints.hint import Hint, merged
from chromavive.pictures.contract import LIGHTNESS_SCALE
from chromavive.pictures.export import colored
from chromavive.pictures.frames import decode_chroma, encode_chroma

SIDE_PX = 256
PATCH_PX = 6
HINTS = (0, 1, 2, 5, 10, 20, 50, 100)
_SEED = 1000  # of the first photograph; the next ones follow
_ERROR_MIN = 0.05  # mean squared, in 8-bit steps: a gray photograph's PSNR would be infinite

Floats = NDArray[np.floating[Any]]
Pixels = NDArray[np.uint8]
Paint = Callable[[Scene, Floats, Sequence[PaintHint]], Pixels]
"""(H, W, 3) sRGB of a scene, its lightness (H, W), L 0..100, and hints, oldest first."""


class Predicting(Protocol):
    """An engine that also says what its networks predict before anything is corrected (`colorizer.engine`)."""

    def prepare(self, key: str, lightness: NDArray[np.float32], network: str) -> Scene:
        """The scene of a photograph."""

    def predict(self, request: Request) -> NDArray[np.float32]:
        """(2, h, w) float32, ab in CIE Lab units, at working size."""

    def render(self, requests: Sequence[Request]) -> list[Any]:
        """The paintings that a room shows."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What an evaluation found; the lists go with `hints`. psnr_db and colorfulness are means over the photographs."""

    photos: int
    hints: list[int]
    psnr_db: list[float]
    gray_db: float
    gain_over_gray_db: list[float]
    standard_error_db: list[float]
    colorfulness: list[float]


@dataclass(frozen=True, slots=True)
class Row:
    """One photograph: PSNR and colorfulness for each number of hints, and PSNR without any color."""

    psnr_db: list[float]
    colorfulness: list[float]
    gray_db: float


def evaluated(
    engine: Predicting, network: str, photographs: Iterable[Pixels], hints: Sequence[int], *, picture: bool = False
) -> Iterable[Row]:
    """A row for each photograph, (256, 256, 3) sRGB, as soon as it is done.

    picture: what a room shows (merged hints, fidelity, chroma frame, the export's arithmetic) in place of the bare
    network with a plain enlargement.
    """
    paint, shown = (_as_a_room(engine), _rounded) if picture else (_bare(engine), _truncated)
    for index, photograph in enumerate(photographs):
        lab = np.asarray(rgb_to_lab(photograph.astype(np.float32) / np.float32(255)))
        lightness = np.ascontiguousarray(lab[..., 0])
        truth = shown(lab)
        scene = engine.prepare(f"evaluation/{index}", lightness, network)
        drawn = drawn_hints(index, max(hints), lab)
        pictures = [paint(scene, lightness, drawn[:count]) for count in hints]
        gray = shown(np.stack([lightness, np.zeros_like(lightness), np.zeros_like(lightness)], axis=-1))
        yield Row([psnr_db(each, truth) for each in pictures], list(map(colorfulness, pictures)), psnr_db(gray, truth))


def figures(rows: Sequence[Row], hints: Sequence[int]) -> Figures:
    """The means of all rows; there has to be one."""
    scores = np.array([row.psnr_db for row in rows])
    gray = float(np.mean([row.gray_db for row in rows]))
    return Figures(
        photos=len(rows),
        hints=list(hints),
        psnr_db=_told(scores.mean(0)),
        gray_db=round(gray, 3),
        gain_over_gray_db=_told(scores.mean(0) - gray),
        standard_error_db=_told(scores.std(0) / len(rows) ** 0.5),
        colorfulness=_told(np.mean([row.colorfulness for row in rows], axis=0), 2),
    )


def drawn_hints(index: int, count: int, lab: Floats) -> list[PaintHint]:
    """The first `count` hints of the photograph with this number; more of them begin with the same ones."""
    chance = np.random.default_rng(_SEED + index)
    places = lab.shape[0] - PATCH_PX + 1
    corners = np.clip(chance.normal(places / 2, places / 4, (count, 2)), 0, places - 1).astype(int)
    hints = []
    for left, top in corners:
        _, a, b = lab[top : top + PATCH_PX, left : left + PATCH_PX].mean((0, 1)).tolist()
        x, y = ((np.array([left, top]) + PATCH_PX / 2) / lab.shape[0]).tolist()
        hints.append(PaintHint(x, y, a, b, float(PATCH_PX)))
    return hints


def psnr_db(picture: Pixels, truth: Pixels) -> float:
    """Peak signal to noise of two 8-bit pictures."""
    error = float(np.mean((picture.astype(np.float64) - truth.astype(np.float64)) ** 2))
    return float(10 * np.log10(255**2 / max(error, _ERROR_MIN)))


def colorfulness(rgb: Pixels) -> float:
    """How colorful people find (H, W, 3) uint8 RGB: Hasler and Suesstrunk, "Measuring colourfulness", 2003."""
    red, green, blue = np.moveaxis(rgb.astype(np.float64), -1, 0)
    red_green, yellow_blue = red - green, (red + green) / 2 - blue
    spread, middle = (red_green.std(), yellow_blue.std()), (red_green.mean(), yellow_blue.mean())
    return float(np.hypot(*spread) + 0.3 * np.hypot(*middle))


def _bare(engine: Predicting) -> Paint:
    def paint(scene: Scene, lightness: Floats, hints: Sequence[PaintHint]) -> Pixels:
        ab = engine.predict(Request(scene, tuple(hints)))
        return _truncated(np.concatenate([lightness[..., None], np.moveaxis(ab, 0, -1)], axis=-1))

    return paint


def _as_a_room(engine: Predicting) -> Paint:
    def paint(scene: Scene, lightness: Floats, hints: Sequence[PaintHint]) -> Pixels:
        acting = merged(
            [Hint(f"{age:04}", each.x, each.y, each.a, each.b, each.size, "", age) for age, each in enumerate(hints)],
            *lightness.shape,
        )
        request = Request(scene, tuple(PaintHint(each.x, each.y, each.a, each.b, each.size) for each in acting))
        [painting] = engine.render([request])
        frame = decode_chroma(encode_chroma(painting.ab, settled=True))
        return colored(np.rint(lightness * np.float32(LIGHTNESS_SCALE)).astype(np.uint16), frame)

    return paint


def _truncated(lab: Floats) -> Pixels:
    """As the published script does."""
    return np.asarray(lab_to_rgb(lab) * 255).astype(np.uint8)


def _rounded(lab: Floats) -> Pixels:
    """As the export does."""
    return np.rint(lab_to_rgb(lab) * 255).astype(np.uint8)


def _told(values: Floats, digits: int = 3) -> list[float]:
    return [round(float(value), digits) for value in values]
