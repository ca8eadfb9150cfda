"""How soon a photograph is seen: from dropping it, and from opening its link, to its gray and to its colors.

`python -m bench.first_paint [--megapixels 12] [--engine ENGINE] [--rounds ROUNDS] [--json]`: a real server and a real
Chromium on this machine, over the loopback. Each round drops a photograph of that size, made up, as JPEG on the start
page, which opens a room, and then opens its link as a guest whose browser has never been here. Pages tell the times by
their own clock: when the picture of the screen after the change was drawn.
"""

import argparse
import json
import os
import signal
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from bench._browser import browser
from bench._server import served
from bench.photographs import write_photograph

WAIT_MS = 120_000

# The start page notes when it got the photograph; the room page when each thing was seen, since then or its own start.
_WATCH = """
addEventListener('change', () => sessionStorage.setItem('began', performance.timeOrigin + performance.now()), true);
const seen = (window.seen = {});
const note = (name) => {
  if (name in seen) return;
  seen[name] = null;
  requestAnimationFrame(() => requestAnimationFrame(() => {
    const now = performance.timeOrigin + performance.now();
    seen[name] = now - Number(sessionStorage.getItem('began') ?? performance.timeOrigin);
  }));
};
let loading = false;
const look = () => {
  const there = document.querySelector('.loading') !== null;
  if (loading && !there) note('gray');
  loading = there;
  if (document.body?.dataset.look !== undefined) note('colors');
};
new MutationObserver(look).observe(document, {subtree: true, childList: true, attributes: true});
"""


def seen(page: Page) -> dict[str, float]:
    """Milliseconds to gray and to colors, once both were seen."""
    page.wait_for_function("() => window.seen.gray > 0 && window.seen.colors > 0", timeout=WAIT_MS)
    return {name: float(page.evaluate(f"window.seen.{name}")) for name in ("gray", "colors")}


def one_round(chromium: Browser, url: str, photograph: Path) -> dict[str, dict[str, float]]:
    """Who drops the photograph, and a guest."""
    found = {}
    with chromium.new_context() as context:
        context.add_init_script(_WATCH)
        page = context.new_page()
        page.goto(url)
        page.locator("input[type=file]").first.set_input_files(photograph)
        page.wait_for_url("**/room/*", timeout=WAIT_MS)
        found["dropped"] = seen(page)
        link = page.url
    with chromium.new_context() as context:
        context.add_init_script(_WATCH)
        page = context.new_page()
        page.goto(link)
        found["opened"] = seen(page)
    return found


def measure(megapixels: float, engine: str, rounds: int) -> dict[str, Any]:
    """Medians and the slowest of so many rounds, in milliseconds."""
    with tempfile.TemporaryDirectory() as folder, served("--engine", engine) as url, browser() as chromium:
        photograph = Path(folder, "photograph.jpg")
        write_photograph(photograph, megapixels)
        found = [one_round(chromium, url, photograph) for _ in range(rounds)]
        figures = {
            f"{way}_to_{what}_{told}_ms": round(of(one[way][what] for one in found))
            for way in ("dropped", "opened")
            for what in ("gray", "colors")
            for told, of in (("median", statistics.median), ("worst", max))
        }
        size = photograph.stat().st_size
        version = chromium.version
    load = os.getloadavg()[0]
    what = {"megapixels": megapixels, "photograph_bytes": size, "engine": engine, "rounds": rounds}
    return {**figures, **what, "chromium": version, "load": load}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--megapixels", type=float, default=12)
    parser.add_argument("--engine", default="torch", help="torch or stub")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    told = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server goes too
    figures = measure(told.megapixels, told.engine, told.rounds)
    print(json.dumps(figures) if told.json else "\n".join(f"{name}: {value}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
