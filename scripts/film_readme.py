"""Makes the README's moving picture: a real server, a real browser, two people who color one photograph.

    python scripts/film_readme.py [--chromium /usr/bin/chromium]

The photograph is scikit-image's astronaut (NASA, public domain).
"""

import argparse
import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser.serving import Server  # noqa: E402  # the tests' own hands are used here too
from tests.browser.studio import Point, Studio  # noqa: E402

TARGET = ROOT / "docs" / "pictures" / "together.webp"
WINDOW: ViewportSize = {"width": 1000, "height": 720}
SIDE_PX = (512, 512)
SHOWN_PX = (750, 540)
STEP_MS, REST_MS = 110, 900
ANNA: tuple[tuple[Point, str], ...] = (((0.5, 0.64), "#d9701e"), ((0.5, 0.24), "#d09c7c"), ((0.13, 0.3), "#2f55b0"))


class Film:
    """Pictures of one page, in order."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._frames: list[Image.Image] = []
        self._durations_ms: list[int] = []

    def shoot(self, duration_ms: int = STEP_MS) -> None:
        """One more picture."""
        shot = Image.open(io.BytesIO(self._studio.page.screenshot()))
        self._frames.append(shot.convert("RGB").resize(SHOWN_PX, Image.Resampling.LANCZOS))
        self._durations_ms.append(duration_ms)

    def save(self, path: Path) -> None:
        """As an animated WebP."""
        path.parent.mkdir(parents=True, exist_ok=True)
        first, *rest = self._frames
        first.save(path, save_all=True, append_images=rest, duration=self._durations_ms, loop=0, quality=62, method=6)


def act(film: Film, anna: Studio, ben: Studio) -> None:
    """Anna places three colors; Ben adds a fourth, drags it, and Anna sees it live."""
    film.shoot(REST_MS)
    for place, color in ANNA:
        anna.recolor(anna.place(place), color)
        anna.wait_settled(anna.revision)
        film.shoot(REST_MS)
        anna.page.keyboard.press("Escape")
        anna.page.keyboard.press("Escape")
    hint = ben.place((0.86, 0.86))
    ben.recolor(hint, "#3d7fc4")
    ben.page.keyboard.press("Escape")
    with ben.dragging(hint) as drag:
        for step in range(14):
            drag.to((0.86 - 0.045 * step, 0.86 - 0.012 * step))
            anna.page.wait_for_timeout(STEP_MS)
            film.shoot()
        drag.to((0.86, 0.2))
        anna.page.wait_for_timeout(STEP_MS)
    anna.wait_settled(anna.revision)
    anna.page.wait_for_timeout(REST_MS)
    film.shoot(2 * REST_MS)


def main() -> None:
    """Start everything, film it, stop everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    chromium = parser.parse_args().chromium
    arguments = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder)) as server,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=arguments) as browser,
    ):
        links = server.new_room("astronaut")
        anna, ben = (
            Studio(name, browser.new_context(viewport=WINDOW, bypass_csp=True).new_page(), None)
            for name in ("anna", "ben")
        )
        for studio, role in ((anna, "owner"), (ben, "editor")):
            studio.photograph_px = SIDE_PX
            studio.open(links[role])
        film = Film(anna)
        act(film, anna, ben)
        film.save(TARGET)


if __name__ == "__main__":
    main()
