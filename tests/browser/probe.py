"""The picture alone in a browser, without a server: the page of picture_probe.js, and what it is shown."""

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from chromavive.pictures.frames import ChromaPayload

Bytes = NDArray[np.uint8]


class QuietFiles(SimpleHTTPRequestHandler):
    """The checkout's files over HTTP."""

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: the test says what went wrong."""


@dataclass(frozen=True, slots=True)
class Probe:
    """The page of tests/browser_pages/picture_probe.js."""

    page: Any

    def call(self, name: str, *arguments: Any) -> Any:
        return self.page.evaluate("([name, rest]) => probe[name](...rest)", [name, list(arguments)])

    def view(self, name: str, *arguments: Any) -> Any:
        return self.page.evaluate("([name, rest]) => probe.view()[name](...rest)", [name, list(arguments)])

    def set_gray(self, gray: Bytes) -> None:
        self.call("setGray", webp(gray))

    def set_frame(self, frame: "Frame", look: int = 1, settled: bool = True) -> bool:
        return bool(self.call("setFrame", frame.header(look, settled), webp(frame.planes.reshape(-1, frame.width_px))))

    def set_preview(self, frame: "Frame") -> None:
        self.call("setPreview", frame.header(1, True), webp(frame.planes.reshape(-1, frame.width_px)))

    def set_before(self, frame: "Frame") -> None:
        self.call("setBefore", frame.header(1, True), webp(frame.planes.reshape(-1, frame.width_px)))

    def snapshot(self) -> Bytes:
        """(height, width, 4) bytes of the canvas."""
        self.call("settle")
        shot = self.call("snapshot")
        rgba = np.frombuffer(base64.b64decode(shot["rgba"]), dtype=np.uint8)
        return rgba.reshape(shot["height"], shot["width"], 4)


@dataclass(frozen=True, slots=True)
class Frame:
    """Random chroma planes as they travel: (2, h, w) bytes with an offset and a step each."""

    planes: Bytes
    offset: tuple[float, float]
    step: tuple[float, float]

    @property
    def width_px(self) -> int:
        return int(self.planes.shape[2])

    @classmethod
    def packed(cls, payload: ChromaPayload) -> Self:
        """Of what the hub would send, all but its bytes."""
        empty = np.empty((2, payload.height_px, payload.width_px), np.uint8)
        return cls(empty, (payload.a_offset, payload.b_offset), (payload.a_step, payload.b_step))

    def ab(self) -> NDArray[np.float64]:
        return np.array(self.offset)[:, None, None] + np.array(self.step)[:, None, None] * self.planes

    def header(self, look: int, settled: bool) -> dict[str, Any]:
        return {
            "epoch": "e",
            "look": look,
            "revision": 1,
            "settled": settled,
            "network": "stub",
            "widthPx": self.width_px,
            "heightPx": self.planes.shape[1],
            "aOffset": self.offset[0],
            "aStep": self.step[0],
            "bOffset": self.offset[1],
            "bStep": self.step[1],
            "passMs": 1,
            "payloadType": "image/webp",
        }


def webp(gray: Bytes) -> str:
    file = io.BytesIO()
    Image.fromarray(gray).convert("RGB").save(file, "WEBP", lossless=True, exact=True)
    return base64.b64encode(file.getvalue()).decode()


OpenProbe = Callable[..., Probe]


def some_gray(rng: np.random.Generator, height: int, width: int) -> Bytes:
    return rng.integers(0, 256, (height, width), dtype=np.uint8)


def some_frame(rng: np.random.Generator, height: int, width: int) -> Frame:
    """a within about +-60 and b within about +-80, different at the seam of the planes."""
    return Frame(rng.integers(0, 256, (2, height, width), dtype=np.uint8), (-61.3, -79.9), (0.481, 0.627))


def area_means(picture: Bytes, factor: int) -> NDArray[np.float64]:
    """Of each square of so many pixels' sides, (H, W, 3) to (H / factor, W / factor, 3), 0 to 255."""
    height, width, channels = picture.shape
    squares = picture.reshape(height // factor, factor, width // factor, factor, channels)
    return np.asarray(squares.mean(axis=(1, 3)), np.float64)


def assert_within_2(shown: Bytes, wanted: NDArray[Any]) -> None:
    """Of 99.9 % of the samples; what was seen is printed."""
    error = np.abs(shown.astype(int) - wanted)
    within = float((error <= 2).mean())
    told = f"{within:.4%} within 2, worst {error.max()}"
    print(told)  # noqa: T201  # the record, with -s
    assert within >= 0.999, told
    assert np.ptp(wanted, axis=-1).max() > 50, "there is color to compare"
