"""The room page as a person uses it: pointer, keys and buttons in; hints, pixels and what the page says out."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import TimeoutError

Point = tuple[float, float]
"""(x, y) in fractions of the picture, y down."""

WAIT_MS = 20_000
"""A liveness bound; what is waited for comes within a tenth of it."""

# Asking with every picture of the screen, as Playwright does by itself, keeps a browser that draws in software busy.
_POLLING_MS = 40

# What the pictures may not show when pixels are read: everything but the canvas.
_COVERS = "main > :not(.stage), .stage > :not(canvas), .toasts, dialog"


# What floats over the fitted picture's edges, in CSS pixels: top, right, bottom, left, as client/ui/studio.js has it.
_PADDING_WIDE = (72, 20, 76, 20)
_PADDING_NARROW = (64, 8, 96, 8)
_NARROW_PX = 640

# Of a hint's element: none of those before, and within two hundredths of the picture's sides where the click was.
_IS_NEW_THERE = (
    "!before.includes(dataset.hintId)"
    " && Math.max(Math.abs(dataset.x - place[0]), Math.abs(dataset.y - place[1])) < 0.02"
)

COFFEE_PX = (400, 600)
"""(height, width) of the photograph that these tests color."""


@dataclass(frozen=True, slots=True)
class Hint:
    """A hint as a page shows it: place in fractions of the picture, color in CIE Lab."""

    x: float
    y: float
    a: float
    b: float

    def is_near(self, place: Point, within: float = 0.004) -> bool:
        """Whether it lies there, by default to about a pixel of the screen."""
        return abs(self.x - place[0]) < within and abs(self.y - place[1]) < within


class Studio:
    """One person's page. Every wait has a deadline, and ends when what is waited for is there."""

    def __init__(self, name: str, page: Any, shots: Path | None) -> None:
        self.name = name
        self.page = page
        self.photograph_px = COFFEE_PX
        self._shots = shots

    # -- coming and going ---------------------------------------------------------------------------------------------

    def open(self, url: str) -> None:
        """Go to a room and wait until it is live and painted."""
        self.page.goto(url)
        self.wait_live()
        self.wait_settled()

    def wait(self, condition: str, argument: Any = None) -> None:
        """Wait until the page's JavaScript condition holds."""
        try:
            self.page.wait_for_function(condition, arg=argument, timeout=WAIT_MS, polling=_POLLING_MS)
        except TimeoutError as error:
            self.shot("waited")
            raise AssertionError(f"{self.name}: not {condition} {argument}; {self.data}, {self.hints()}") from error

    def wait_live(self) -> None:
        """Wait until the hub has welcomed this page."""
        self.wait("() => document.body?.dataset.state === 'live'")

    def wait_state(self, *states: str) -> None:
        """Wait until the connection is in one of these states."""
        self.wait("(states) => states.includes(document.body.dataset.state)", list(states))

    @property
    def data(self) -> dict[str, str]:
        """What the page tells of itself: state, role, revision, look, settled, network."""
        return dict(self.page.evaluate("({...document.body.dataset})"))

    @property
    def revision(self) -> int:
        """The newest revision that the page holds."""
        return int(self.data["revision"])

    @property
    def look(self) -> int:
        """The look of the frame that is drawn; -1 before the first one."""
        return int(self.data.get("look", "-1"))

    @property
    def capability(self) -> str:
        """The secret of this page's link."""
        return str(self.page.evaluate("location.hash.slice(1)"))

    @property
    def room(self) -> str:
        """The room's id."""
        return str(self.page.evaluate("location.pathname.split('/').at(-1)"))

    def wait_revision(self, revision: int) -> None:
        """Wait until the page holds this revision."""
        self.wait("(revision) => Number(document.body.dataset.revision) >= revision", revision)

    def wait_settled(self, revision: int = 1) -> None:
        """Wait until a settled frame is drawn that shows this revision."""
        self.wait_revision(revision)
        shows = "Number(document.body.dataset.frameRevision) >= revision"
        self.wait(f"(revision) => document.body.dataset.settled === 'true' && {shows}", revision)
        self.wait_drawn()

    def wait_drawn(self) -> None:
        """Wait until what the page knows is on the screen: it draws with the next picture."""
        self.page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")

    def wait_preview(self, after_look: int) -> None:
        """Wait until a frame of a gesture in progress is drawn whose look is larger."""
        newer = "Number(document.body.dataset.look) > look"
        self.wait(f"(look) => document.body.dataset.settled === 'false' && {newer}", after_look)

    # -- what it shows ------------------------------------------------------------------------------------------------

    def hints(self) -> dict[str, Hint]:
        """The hints on the picture by id, gestures and unsent edits included."""
        read = "[...document.querySelectorAll('[data-hint-id]')].map(({dataset}) => ({...dataset}))"
        fields = ("x", "y", "a", "b")
        return {mark["hintId"]: Hint(*(float(mark[key]) for key in fields)) for mark in self.page.evaluate(read)}

    def wait_hints(self, ids: set[str]) -> None:
        """Wait until exactly these hints are shown."""
        shown = "[...document.querySelectorAll('[data-hint-id]')].map(({dataset}) => dataset.hintId).sort().join()"
        self.wait(f"(wanted) => {shown} === wanted", ",".join(sorted(ids)))

    def wait_hint(self, hint: str, wanted: Hint) -> None:
        """Wait until the hint is shown as it is wanted, to what the page rounds."""
        close = "Math.abs(Number(mark.dataset[key]) - wanted[key]) < (key < 'x' ? 0.5 : 0.004)"
        self.wait(
            "([id, wanted]) => {"
            " const mark = document.querySelector(`[data-hint-id='${id}']`);"
            f" return mark !== null && Object.keys(wanted).every((key) => {close}); }}",
            [hint, {"x": wanted.x, "y": wanted.y, "a": wanted.a, "b": wanted.b}],
        )

    def screen(self, place: Point) -> Point:
        """Where on the page a place of the picture lies, in CSS pixels."""
        size = self.page.viewport_size
        top, right, bottom, left = _PADDING_NARROW if size["width"] <= _NARROW_PX else _PADDING_WIDE
        height, width = self.photograph_px
        free_width, free_height = size["width"] - left - right, size["height"] - top - bottom
        scale = min(free_width / width, free_height / height)
        x = left + (free_width - width * scale) / 2 + place[0] * width * scale
        return x, top + (free_height - height * scale) / 2 + place[1] * height * scale

    def pixels(self, place: Point, around: int = 1) -> NDArray[np.uint8]:
        """(2 * around + 1, 2 * around + 1, 3) bytes of sRGB: what the canvas shows about a place of the picture."""
        pixels = self._canvas_pixels()
        column, row = (int(at) for at in self.screen(place))
        return pixels[row - around : row + around + 1, column - around : column + around + 1]

    def pixels_at(self, places: Sequence[Point]) -> NDArray[np.uint8]:
        """(len(places), 3) bytes of sRGB: what the canvas shows at places of the picture."""
        pixels = self._canvas_pixels()
        screen = [self.screen(place) for place in places]
        return np.stack([pixels[int(row), int(column)] for column, row in screen])

    def _canvas_pixels(self) -> NDArray[np.uint8]:
        with self._uncovered():
            shot = self.page.screenshot(animations="disabled")
        return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"))

    @contextmanager
    def _uncovered(self) -> Iterator[None]:
        set_visibility = (
            "([covers, value]) => document.querySelectorAll(covers).forEach((one) => (one.style.visibility = value))"
        )
        self.page.evaluate(set_visibility, [_COVERS, "hidden"])
        yield
        self.page.evaluate(set_visibility, [_COVERS, ""])

    def shot(self, name: str) -> None:
        """A picture of the page for people to look at, where CHROMAVIVE_SHOTS names a folder."""
        if self._shots is not None:
            self._shots.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=self._shots / f"{name}-{self.name}.png")

    # -- what a person does -------------------------------------------------------------------------------------------

    def place(self, place: Point) -> str:
        """Click an empty place of the picture; gives the new hint's id, whatever else others place meanwhile."""
        before = sorted(self.hints())
        self.page.mouse.click(*self.screen(place))
        new = f"[...document.querySelectorAll('[data-hint-id]')].find(({{dataset}}) => {_IS_NEW_THERE})"
        self.wait(f"([before, place]) => {new} !== undefined", [before, place])
        return str(self.page.evaluate(f"([before, place]) => {new}.dataset.hintId", [before, place]))

    def select(self, hint: str) -> None:
        """Click a hint, whose panel opens."""
        at = self.hints()[hint]
        self.page.mouse.click(*self.screen((at.x, at.y)))
        self.page.locator(".panel").wait_for(timeout=WAIT_MS)

    @contextmanager
    def dragging(self, hint: str) -> Iterator["Drag"]:
        """Hold a hint; it is let go at the end."""
        at = self.hints()[hint]
        self.page.mouse.move(*self.screen((at.x, at.y)))
        self.page.mouse.down()
        yield Drag(self)
        self.page.mouse.up()

    def recolor(self, hint: str, hex_color: str) -> None:
        """Type a color for a hint."""
        self.select(hint)
        self._type_color(hex_color)

    def place_colored(self, place: Point, hex_color: str) -> str:
        """Click an empty place and type a color in the panel that opens; gives the new hint's id."""
        hint = self.place(place)
        self.page.locator(".panel").wait_for(timeout=WAIT_MS)
        self._type_color(hex_color)
        return hint

    def _type_color(self, hex_color: str) -> None:
        field = self.page.locator(".panel-head input")
        field.fill(hex_color)
        field.press("Enter")

    def remove(self, hint: str) -> None:
        """Remove a hint with the panel's button."""
        self.select(hint)
        self.page.locator(".panel button.danger").click()

    def deselect(self) -> None:
        """Close the panel."""
        self.page.locator(".panel").get_by_role("button", name="Done").click()
        self.wait_drawn()  # a phone's picture goes back to where it was under the panel

    def undo(self) -> None:
        """Press Undo in the toolbar."""
        self.page.get_by_role("toolbar").get_by_role("button", name="Undo").click()

    def links(self) -> dict[str, str]:
        """The room's links by the words of the share dialog."""
        self.page.get_by_role("button", name="Share").click()
        rows = self.page.locator("dialog .link")
        links = {row.locator("h3").inner_text(): row.locator("input").input_value() for row in rows.all()}
        self.shot("share")
        self.page.locator("dialog").get_by_role("button", name="Done").click()
        return links


class Drag:
    """A hint in hand."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def to(self, place: Point) -> None:
        """Move on, in several steps as a hand does."""
        self._studio.page.mouse.move(*self._studio.screen(place), steps=6)
