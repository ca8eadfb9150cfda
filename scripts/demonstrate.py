"""The demonstration: three people color one photograph whose true colors are known, and the server dies in between.

    python scripts/demonstrate.py [--film docs/pictures/together.webp] [--chromium /usr/bin/chromium]

A real server on a plain-HTTP name, as in a network at home; a desktop and two phones. In turn each gives a place its
true color, and the mean deltaE2000 to the truth falls. The server is killed with SIGKILL while one of them drags, and
started again: nothing is lost. At last the divider shows the photograph as it was. Prints one object; ends with 1 where
a hint did not bring the picture nearer to the truth, or one was lost. --film also writes it as an animated WebP.
"""

import argparse
import io
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from chromavive.pictures.samples import samples  # noqa: E402
from tests.browser.demonstration import ASTRONAUT, Demonstration, Shown  # noqa: E402  # the tests' own hands
from tests.browser.serving import Server  # noqa: E402
from tests.browser.studio import Studio  # noqa: E402

HOST = "chroma.lan"
CHROMIUM = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--force-color-profile=srgb"]
DESKTOP = {"viewport": {"width": 1000, "height": 780}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
SHOWN_HEIGHT_PX, STRIP_PX, GAP_PX = 440, 54, 8
PAPER, INK, FAINT = "#f4f3f1", "#2b2926", "#b9b4ac"
MOVING_MS, REST_MS = 180, 900
MOVING = {"A drag", "The divider"}
HELD = {"A drag", "The server was killed"}
REST_PLACE = (20, 700)


class Film:
    """All three pages beside each other, and below them how far the picture is from the truth."""

    def __init__(self, people: Sequence[Studio], shown: Shown) -> None:
        self._people = people
        self._shown = shown
        self._frames: list[Image.Image] = []
        self._durations_ms: list[int] = []

    def shoot(self, caption: str) -> None:
        """One more picture. Rings fade where nobody moves, and are to be seen."""
        if caption not in HELD:
            self._people[0].page.mouse.move(*REST_PLACE)
            self._people[0].page.mouse.move(REST_PLACE[0] + 1, REST_PLACE[1])
        shots = [Image.open(io.BytesIO(one.page.screenshot())).convert("RGB") for one in self._people]
        shots = [
            shot.resize((round(shot.width * SHOWN_HEIGHT_PX / shot.height), SHOWN_HEIGHT_PX), Image.Resampling.LANCZOS)
            for shot in shots
        ]
        width = sum(shot.width + GAP_PX for shot in shots) + GAP_PX
        frame = Image.new("RGB", (width, SHOWN_HEIGHT_PX + STRIP_PX + GAP_PX), PAPER)
        x = GAP_PX
        for shot in shots:
            frame.paste(shot, (x, GAP_PX))
            x += shot.width + GAP_PX
        self._write(ImageDraw.Draw(frame), width, caption)
        self._frames.append(frame)
        self._durations_ms.append(MOVING_MS if caption in MOVING else REST_MS)

    def _write(self, draw: ImageDraw.ImageDraw, width: int, caption: str) -> None:
        """The caption, and a bar for each mean deltaE2000 so far."""
        top = GAP_PX + SHOWN_HEIGHT_PX
        draw.text((2 * GAP_PX, top + 16), caption, INK, ImageFont.load_default(20))
        values = self._shown.delta_e
        if not values:
            return
        bar, tall = 14, STRIP_PX - 16
        left = width - 2 * GAP_PX - bar * (len(ASTRONAUT) + 1)
        text = f"mean deltaE2000 to the true colors {values[-1]:.1f}"
        draw.text((left - 12, top + 16), text, INK, ImageFont.load_default(20), anchor="ra")
        for index, value in enumerate(values[: len(ASTRONAUT) + 1]):
            x, height = left + index * bar, tall * value / max(values)
            color = INK if index == len(values) - 1 else FAINT
            draw.rectangle((x, top + 8 + tall - height, x + bar - 4, top + 8 + tall), color)

    def save(self, path: Path) -> None:
        """As an animated WebP."""
        path.parent.mkdir(parents=True, exist_ok=True)
        first, *rest = self._frames
        first.save(path, save_all=True, append_images=rest, duration=self._durations_ms, loop=0, quality=55, method=6)


def arrive(browser: Browser, links: dict[str, str]) -> list[Studio]:
    """An owner at a desktop, two editors with phones; one likes the dark."""
    people = []
    for name, role, screen in (
        ("anna", "owner", DESKTOP),
        ("ben", "editor", PHONE),
        ("cleo", "editor", {**PHONE, "color_scheme": "dark"}),
    ):
        studio = Studio(name, browser.new_context(**screen, bypass_csp=True).new_page(), None)
        studio.photograph_px = (512, 512)
        studio.open(links[role])
        people.append(studio)
    return people


def main() -> None:
    """Start everything, tell it, stop everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--film", type=Path)
    options = parser.parse_args()
    truth = next(sample.path for sample in samples() if sample.name == "astronaut")
    arguments = [*CHROMIUM, f"--host-resolver-rules=MAP {HOST} 127.0.0.1"]
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder), host=HOST) as server,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=options.chromium, args=arguments) as browser,
    ):
        people = arrive(browser, server.new_room("astronaut"))
        demonstration = Demonstration(server, people, truth)
        film = Film(people, demonstration.shown)
        if options.film:
            demonstration.watch = film.shoot
        begun = time.monotonic()
        demonstration.tell(ASTRONAUT)
        seconds = round(time.monotonic() - begun, 1)
    if options.film:
        film.save(options.film)
    shown = demonstration.shown
    print(json.dumps({**asdict(shown), "hints": len(ASTRONAUT), "falls": shown.falls, "seconds": seconds}))
    sys.exit(shown.lost > 0 or shown.falls < len(ASTRONAUT))


if __name__ == "__main__":
    main()
