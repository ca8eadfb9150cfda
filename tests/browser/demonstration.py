"""The demonstration: three people color one photograph whose true colors are known, and the server dies in between."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from chromavive.color.lab import delta_e_2000, rgb_to_lab
from tests.browser.serving import READY_SECONDS, Server
from tests.browser.studio import WAIT_MS, Hint, Point, Studio

ASTRONAUT: tuple[Point, ...] = (
    (0.07, 0.862),
    (0.646, 0.43),
    (0.79, 0.79),
    (0.142, 0.43),
    (0.79, 0.358),
    (0.214, 0.718),
    (0.502, 0.07),
    (0.502, 0.43),
    (0.07, 0.07),
)
"""Places of scikit-image's astronaut (NASA, public domain) whose colors tell most of all: suit, sleeve, flag, hair."""


def srgb(content: bytes | Path) -> NDArray[np.uint8]:
    """(H, W, 3) sRGB of an image file."""
    source = content if isinstance(content, Path) else io.BytesIO(content)
    return np.asarray(Image.open(source).convert("RGB"))


_PLACES = 16  # a side


@dataclass(slots=True)
class Shown:
    """What the demonstration showed.

    delta_e: the mean deltaE2000 between picture and truth, before the first hint and after each. acknowledged: the
    hints that the pages held as journaled when the server was killed. lost: those of them that are not there after it.
    photographed: the same mean of what the page shows at the left of the divider.
    """

    delta_e: list[float] = field(default_factory=list)
    acknowledged: int = 0
    lost: int = 0
    photographed: float = 0.0

    @property
    def falls(self) -> int:
        """Of the hints, how many brought the picture nearer to the truth."""
        return sum(after < before for before, after in zip(self.delta_e, self.delta_e[1:], strict=False))


class Demonstration:
    """Tells it with real pages. watch(caption) is called at every moment worth a picture."""

    def __init__(self, server: Server, people: Sequence[Studio], truth: Path) -> None:
        self._server = server
        self._people = people
        self._truth_srgb = srgb(truth)
        self._truth_lab = rgb_to_lab(self._truth_srgb / 255)
        self.watch: Callable[[str], None] = lambda caption: None
        self.shown = Shown()

    def tell(self, places: Sequence[Point]) -> None:
        """All of it."""
        self.color(places)
        self.drag_through_death()
        self.show_truth()

    def color(self, places: Sequence[Point]) -> None:
        """In turn each gives a place its true color."""
        self._compare()
        self.watch("Without hints")
        for turn, place in enumerate(places):
            person = self._people[turn % len(self._people)]
            person.place_colored(place, self._truth_at(place))
            person.deselect()
            for one in self._people:
                one.wait_settled(person.revision)
            self._compare()
            self.watch("One hint" if turn == 0 else f"{turn + 1} hints")

    def drag_through_death(self) -> None:
        """One drags a hint; the server dies in the middle of it and comes back; the drag ends where it is let go."""
        one = self._people[0]
        before, revision = one.hints(), one.revision
        hint, at = next(iter(before.items()))
        away = (min(0.9, at.x + 0.12), max(0.1, at.y - 0.08))
        self.shown.acknowledged = len(before)
        with one.dragging(hint) as drag:
            for part in (0.25, 0.5, 0.75):
                drag.to((at.x + (away[0] - at.x) * part, at.y + (away[1] - at.y) * part))
                self.watch("A drag")
            self._server.kill()
            for each in self._people:
                each.wait_state("waiting", "connecting")
            drag.to(away)
            self.watch("The server was killed")
            self._server.start()
            for each in self._people:
                each.wait_live()
        for each in self._people:
            each.wait_settled(revision + 1)
        self.watch("It is back: nothing was lost")
        one.undo()
        for person in self._people:
            person.wait_settled(revision + 2)
            person.wait_hints(set(before))
            self.shown.lost += sum(not _same(person.hints().get(id), wanted) for id, wanted in before.items())
        self._compare()

    def show_truth(self) -> None:
        """The divider crosses the picture, the photograph's own colors at its left, until nothing else is seen."""
        self._people[0].deselect()
        page = self._people[0].page
        page.keyboard.press("d")
        divider = page.locator(".divider")
        divider.get_by_role("button", name="Gray").click()
        divider.get_by_role("button", name="As photographed").wait_for(timeout=WAIT_MS)
        line = divider.get_by_role("slider")
        line.press("Home")
        for _ in range(10):
            line.press("Shift+ArrowRight")
            self._people[0].wait_drawn()
            self.watch("The divider")
        self.shown.photographed = self._seen_from_truth()
        self.watch("As it was photographed")

    def _seen_from_truth(self) -> float:
        """The mean deltaE2000 between what the first page's canvas shows and the truth, at places all over it."""
        person, (height, width) = self._people[0], self._truth_lab.shape[:2]
        places = [
            ((column + 0.5) / _PLACES, (row + 0.5) / _PLACES) for row in range(_PLACES) for column in range(_PLACES)
        ]
        shown = rgb_to_lab(person.pixels_at(places) / 255)
        truth = np.stack([self._truth_lab[int(y * height), int(x * width)] for x, y in places])
        return round(float(delta_e_2000(shown, truth).mean()), 2)

    def _compare(self) -> None:
        """Remembers the mean deltaE2000 of the room's export to the truth."""
        error = delta_e_2000(rgb_to_lab(srgb(self._export()) / 255), self._truth_lab)
        self.shown.delta_e.append(round(float(error.mean()), 2))

    def _export(self) -> bytes:
        owner = self._people[0]
        with httpx.Client(
            base_url=f"http://127.0.0.1:{self._server.port}/api/",
            headers={"Authorization": f"Bearer {owner.capability}"},
            timeout=READY_SECONDS,
        ) as http:
            told = http.post(f"rooms/{owner.room}/exports", json={"format": "png"}).raise_for_status().json()
            return http.get(f"tickets/{told['ticket']}").raise_for_status().content

    def _truth_at(self, place: Point) -> str:
        height, width = self._truth_srgb.shape[:2]
        red, green, blue = self._truth_srgb[int(place[1] * height), int(place[0] * width)]
        return f"#{red:02x}{green:02x}{blue:02x}"


def _same(hint: Hint | None, wanted: Hint) -> bool:
    return hint is not None and hint.is_near((wanted.x, wanted.y)) and (hint.a, hint.b) == (wanted.a, wanted.b)
