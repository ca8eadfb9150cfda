"""Pictures of every screen, in three sizes, light and dark; three of them are the README's.

    scripts/screenshots FOLDER [--only PATTERN] [--readme] [--chromium /usr/bin/chromium]

A real server with the bundled network, a real browser, and scikit-image's coffee (public domain) as the photograph.
"""

import argparse
import fnmatch
import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser.screens import EMPTY, ENDS, OPEN, color_some, end  # noqa: E402  # the tests' own hands
from tests.browser.serving import Server  # noqa: E402
from tests.browser.studio import WAIT_MS, Studio  # noqa: E402

SIZES: dict[str, dict[str, Any]] = {
    "1440x900": {"viewport": {"width": 1440, "height": 900}},
    "1024x768": {"viewport": {"width": 1024, "height": 768}},
    "390x844": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}
STILL = "() => document.getAnimations().every(({playState}) => playState !== 'running')"
SCHEMES = ("light", "dark")
README = {
    "panel-1440x900-light": ("room", 960),
    "divider-1440x900-dark": ("divider", 960),
    "hints-390x844-dark": ("phone", 300),
}
"""What the README shows: the picture's name there, and its width in pixels."""


@dataclass(frozen=True, slots=True)
class Album:
    """Where pictures go: all whose names match to a folder, the README's also to docs/pictures if that is asked for."""

    folder: Path
    patterns: tuple[str, ...]
    for_readme: bool

    def _has(self, name: str) -> bool:
        return any(fnmatch.fnmatch(name, pattern) for pattern in self.patterns)

    def wants(self, screen: str, size: str) -> bool:
        """Whether any picture of this screen is kept."""
        return any(self._has(f"{screen}-{size}-{scheme}") for scheme in SCHEMES)

    def take(self, studio: Studio, screen: str, size: str) -> None:
        """Shoot what is shown, in the light and in the dark."""
        for scheme in SCHEMES:
            name = f"{screen}-{size}-{scheme}"
            if not self._has(name):
                continue
            studio.page.emulate_media(color_scheme=scheme)
            studio.wait(STILL)
            studio.wait_drawn()
            shot = studio.page.screenshot(path=self.folder / f"{name}.png")
            if self.for_readme and name in README:
                _save_small(shot, *README[name])


def _save_small(shot: bytes, name: str, width_px: int) -> None:
    """A small WebP for the README."""
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    small = picture.resize((width_px, picture.height * width_px // picture.width), Image.Resampling.LANCZOS)
    small.save(ROOT / "docs" / "pictures" / f"{name}.webp", quality=82, method=6)


@contextmanager
def somebody(browser: Browser, size: str) -> Iterator[Studio]:
    """A person with a window of this size, who wants no motion: a picture has none."""
    context = browser.new_context(**SIZES[size], reduced_motion="reduce")
    yield Studio(size, context.new_page(), None)
    context.close()


def landing(server: Server, studio: Studio, album: Album, size: str) -> None:
    """The way in: as it comes, and with rooms and a photograph that could not be opened."""
    page = studio.page
    page.goto(server.url)
    page.locator("[data-sample=cat] img").wait_for(timeout=WAIT_MS)
    album.take(studio, "landing", size)
    studio.open(server.new_room()["owner"])
    page.goto(server.url)
    page.locator("[data-room] img").wait_for(timeout=WAIT_MS)
    page.locator("input[type=file]").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"none"})
    page.locator(".problem strong").wait_for(timeout=WAIT_MS)
    album.take(studio, "problem", size)


def room(server: Server, browser: Browser, album: Album, size: str) -> None:
    """The room: empty, with hints, with everything open that can be opened, for who watches, and offline."""
    links = server.new_room()
    with somebody(browser, size) as owner, somebody(browser, size) as viewer:
        owner.open(links["owner"])
        album.take(owner, EMPTY.name, size)
        color_some(owner)
        viewer.open(links["viewer"])
        for screen in OPEN:
            if not album.wants(screen.name, size):
                continue
            screen.come(owner)
            album.take(owner, screen.name, size)
            screen.leave(owner)
        album.take(viewer, "viewer", size)
        if album.wants("offline", size):
            server.kill()
            owner.page.locator(".banner").wait_for(timeout=WAIT_MS)
            album.take(owner, "offline", size)
            server.start()


def ends(server: Server, browser: Browser, album: Album, size: str) -> None:
    """The pages that cannot go on."""
    link = server.new_room()["editor"]
    with somebody(browser, size) as studio:
        for code in ENDS:
            if album.wants(f"end-{code}", size):
                end(studio, link, code)
                album.take(studio, f"end-{code}", size)


def main() -> None:
    """Take the pictures that are asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", 1)[0])
    parser.add_argument("folder", type=Path, help="where the pictures go; it is made")
    parser.add_argument("--only", default="*", help="a pattern of names: SCREEN-SIZE-SCHEME, as in 'panel-390x844-*'")
    parser.add_argument("--readme", action="store_true", help="take only the README's, and write them to docs/pictures")
    parser.add_argument("--chromium", default="/usr/bin/chromium", help="the browser")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    album = Album(arguments.folder, tuple(README) if arguments.readme else (arguments.only,), arguments.readme)
    options = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as data, Server(Path(data)) as server:
        browser = playwright.chromium.launch(executable_path=arguments.chromium, args=options)
        for size in SIZES:
            if album.wants("landing", size) or album.wants("problem", size):
                with somebody(browser, size) as studio:
                    landing(server, studio, album, size)
            if any(album.wants(name, size) for name in ("viewer", "offline", EMPTY.name, *(one.name for one in OPEN))):
                room(server, browser, album, size)
            ends(server, browser, album, size)
        browser.close()


if __name__ == "__main__":
    main()
