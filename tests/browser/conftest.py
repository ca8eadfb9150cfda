"""Servers and people for the browser tests: real processes, real Chromium, a browser context a person."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.probe import OpenProbe, Probe, QuietFiles
from tests.browser.serving import Server
from tests.browser.studio import Studio

# Two names of this machine that are not `localhost`: pages there have no secure context, as on a network at home.
RESOLVER_RULES = "MAP chroma.lan 127.0.0.1, MAP foreign.lan 127.0.0.1"

ROOT = Path(__file__).parents[2]

Serve = Callable[..., Server]
NewPerson = Callable[..., Studio]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts servers, by default with the stub engine; all are gone after the test."""
    with ExitStack() as running:

        def started(*options: str, **more: Any) -> Server:
            return running.enter_context(Server(tmp_path, *(options or ("--engine", "stub")), **more))

        yield started


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One Chromium for the tests of a module; it draws in software, so that every machine gives the same pixels."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path,
            args=[
                "--no-sandbox",
                "--use-angle=swiftshader",
                "--enable-unsafe-swiftshader",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--force-color-profile=srgb",
                f"--host-resolver-rules={RESOLVER_RULES}",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def person(browser: Browser) -> Iterator[NewPerson]:
    """Gives people, each with a browser context, storage included; a page's error fails the test."""
    folder = os.environ.get("CHROMAVIVE_SHOTS")
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def arrives(name: str, width_px: int = 1280, height_px: int = 800, **more: Any) -> Studio:
        context = browser.new_context(viewport={"width": width_px, "height": height_px}, **more)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{name}: {error}"))
        return Studio(name, page, Path(folder) if folder else None)

    yield arrives
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(77)


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """The checkout's files over HTTP on the loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietFiles, directory=str(ROOT)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def open_probe(browser: Browser, origin: str) -> Iterator[OpenProbe]:
    """Opens the probe page with a canvas of so many device pixels."""
    contexts = []
    complaints: list[str] = []

    def opened(width_px: int, height_px: int, ratio: int = 1) -> Probe:
        context = browser.new_context(viewport={"width": 400, "height": 300}, device_scale_factor=ratio)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(f"{origin}/tests/browser_pages/picture_probe.html")
        page.wait_for_function("globalThis.probe !== undefined")
        probe = Probe(page)
        probe.call("open", width_px / ratio, height_px / ratio)
        return probe

    yield opened
    for context in contexts:
        context.close()
    assert [line for line in complaints if "favicon" not in line and "404" not in line] == []
