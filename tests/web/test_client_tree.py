"""The client as it is sent: the same code, every module named by its page, kept for ever, compressed, and small."""

import asyncio
import gzip
import os
import re
import shutil
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import brotli
import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from bench.client import sizes
from chromavive.assets import client_folder
from chromavive.runtime.workers import InlineWorker
from chromavive.web.client_tree import Tree, modules_of, read_tree
from chromavive.web.static import Client
from tests.web.site import bearer, served

ROOT = Path(__file__).resolve().parents[2]
CODE_BYTES_MAX = 100_000

SMALL = {
    "index.html": '<link href="static/style.css">\n<script type="module" src="static/main.js"></script>\n',
    "room.html": '<link href="../static/style.css">\n<script type="module" src="../static/room.js"></script>\n',
    "main.js": "// @ts-check\nimport { one } from './ui/one.js';\n/** @type {import('./types.js').T} */\none();\n",
    "room.js": "const text = `from './nowhere.js'`;\nimport './ui/one.js'\nimport * as two from './ui/two.js'\n",
    "types.js": "export {};\n",
    "ui/one.js": "import {\n  a,\n  b,\n} from './two.js';\nexport const one = () => a + b;\n",
    "ui/two.js": "export { c } from '../deep/three.js'; // import './no.js'\nimport { one } from './one.js';\n",
    "deep/three.js": "export const c = 1;\n",
    "style.css": "/* why */\nbody  {  color : red ; }\n",
    "picture.png": "no picture",
    "notes.txt": "not served",
}


def written(folder: Path, files: dict[str, str]) -> Path:
    """The folder with these files in it."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def asking(folder: Path, scenario: Callable[[httpx.AsyncClient], Awaitable[None]], as_written: bool = False) -> None:
    """Run a scenario against the client's routes alone."""

    async def run() -> None:
        pages = Client(folder, InlineWorker(), as_written)
        app = Starlette(
            routes=[
                Route("/", pages.landing),
                Route("/room/{room}", pages.room),
                Route("/static/{path:path}", pages.asset),
            ]
        )
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http:
            await scenario(http)

    asyncio.run(run())


@pytest.mark.skipif(
    shutil.which("node") is None or not (ROOT / "node_modules/typescript").is_dir(), reason="needs node and npm ci"
)
def test_what_is_sent_is_the_same_code(tmp_path: Path) -> None:
    """Every module has the syntax tree that it was written with, but for the names of what is private in it."""
    modules = {name: content for name, content in read_tree(client_folder()).files.items() if name.endswith(".js")}
    for name, content in modules.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    command = ["node", str(ROOT / "tests/client/same_code.js"), str(client_folder()), str(tmp_path), *modules]
    compared = subprocess.run(command, capture_output=True, text=True, check=False)
    assert compared.returncode == 0, compared.stderr
    assert len(modules) > 50


def test_all_code_and_styles_are_small() -> None:
    """At most 100 KB as browsers get them, each file compressed by itself."""
    measured = sizes()
    assert measured["bytes_brotli"] <= CODE_BYTES_MAX, measured


def test_a_page_names_every_module_that_its_entry_needs(tmp_path: Path) -> None:
    """Once each, the nearest first; a type's module, a comment's and a string's are none."""
    tree = read_tree(written(tmp_path, SMALL))

    def preloads(page: str) -> list[tuple[str, str]]:
        return re.findall(rf'<link rel="modulepreload" href="((?:\.\./)*)static/{tree.name}/(.*?)">', page)

    assert preloads(tree.pages["index.html"].decode()) == [
        ("", "ui/one.js"),
        ("", "ui/two.js"),
        ("", "deep/three.js"),
    ]
    assert preloads(tree.pages["room.html"].decode()) == [
        ("../", "ui/one.js"),
        ("../", "ui/two.js"),
        ("../", "deep/three.js"),
    ]
    for page in tree.pages.values():
        assert all(name.startswith(f"{tree.name}/") for name in re.findall(r"static/(.*?)\"", page.decode()))


def test_every_import_of_the_client_is_found() -> None:
    """What the pages reach, and what only types name, is the whole client."""
    files = read_tree(client_folder()).files
    reached = {"main.js", "room.js", *modules_of("main.js", files), *modules_of("room.js", files)}
    assert {name for name in files if name.endswith(".js")} - reached == {"types.js"}


def test_an_edit_shows_at_the_next_reload(tmp_path: Path) -> None:
    """Under another address; the older tree's files are gone, and an untouched folder keeps its name."""
    folder = written(tmp_path, SMALL)

    async def scenario(http: httpx.AsyncClient) -> None:
        before = (await http.get("/")).text
        assert (await http.get("/")).text == before
        [style] = re.findall(r'<link href="(.*?)">', before)
        assert (await http.get(style)).text == "body{color:red}"
        (folder / "style.css").write_text("body { color: blue }")
        os.utime(folder / "style.css", ns=(1, 1))
        [newer] = re.findall(r'<link href="(.*?)">', (await http.get("/")).text)
        assert (await http.get(newer)).text == "body{color:blue}"
        assert (await http.get(style)).status_code == 404

    asking(folder, scenario)


@pytest.mark.parametrize(
    "accepted, coding",
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip", "br"),
        ("gzip;q=1.0, br; q=0", "gzip"),
        ("GZIP", "gzip"),
        ("br;q=0.000", None),
        ("identity", None),
        ("", None),
    ],
)
def test_a_browser_gets_the_smallest_coding_that_it_takes(tmp_path: Path, accepted: str, coding: str | None) -> None:
    """Of pages, modules and styles; caches are told; pictures are as small as they get."""
    folder = written(tmp_path, SMALL)
    tree = read_tree(folder)
    undo: dict[str | None, Callable[[bytes], bytes]] = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}

    async def scenario(http: httpx.AsyncClient) -> None:
        for path, content in {
            "": tree.pages["index.html"],
            f"static/{tree.name}/main.js": tree.files["main.js"],
        }.items():
            async with http.stream("GET", path, headers={"Accept-Encoding": accepted}) as answer:
                raw = b"".join([part async for part in answer.aiter_raw()])
            assert answer.headers.get("content-encoding") == coding
            assert answer.headers["vary"] == "Accept-Encoding"
            assert undo[coding](raw) == content
        picture = await http.get(f"static/{tree.name}/picture.png", headers={"Accept-Encoding": accepted})
        assert (picture.content, picture.headers.get("content-encoding")) == (b"no picture", None)

    asking(folder, scenario)


def test_who_develops_the_client_may_get_it_as_it_is_written(tmp_path: Path) -> None:
    """Line by line; under another address than without comments, with the same preloads."""
    folder = written(tmp_path, SMALL)
    tree: Tree = read_tree(folder, as_written=True)
    assert {name: content.decode() for name, content in tree.files.items()} == {
        name: text for name, text in SMALL.items() if not name.endswith((".html", ".txt"))
    }
    small = read_tree(folder)
    assert tree.name != small.name
    assert tree.pages["room.html"] == small.pages["room.html"].replace(small.name.encode(), tree.name.encode())

    async def scenario(http: httpx.AsyncClient) -> None:
        assert (await http.get(f"static/{tree.name}/ui/one.js")).text == SMALL["ui/one.js"]

    asking(folder, scenario, as_written=True)


def test_what_a_request_says_is_never_compressed(tmp_path: Path) -> None:
    """Its answer may hold a secret beside what a stranger chose, and its length would tell how much they share."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room()
            browser = {"Accept-Encoding": "gzip, br"}
            asked = {path: await site.http.get(path, headers=browser) for path in ("", f"room/{opened.room}")}
            assert {path: answer.headers["content-encoding"] for path, answer in asked.items()} == dict.fromkeys(
                asked, "br"
            )
            owner = bearer(opened.owner) | browser
            for path in (f"api/rooms/{opened.room}", "api/about", f"api/reach?room={opened.room}", "nowhere"):
                assert "content-encoding" not in (await site.http.get(path, headers=owner)).headers

    asyncio.run(scenario())
