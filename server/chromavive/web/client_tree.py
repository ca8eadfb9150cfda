"""The client's files as browsers get them: small, and under a name that is their content's.

The client has no build step. What a browser need not read (comments, needless whitespace, long private names) is left
out when the files are read, each page names every module that it will need, and all addresses hold the hash of the
whole tree, so that what came under one can be kept for ever.
"""

import gzip
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from posixpath import normpath
from string import ascii_letters

import brotli
import rcssmin
import rjsmin

MEDIA_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""What may be served at all; written down, since a system's own table may say that modules are text/plain."""

_TEXT = frozenset({".css", ".html", ".js", ".svg", ".webmanifest"})
_HASH_CHARACTERS = 20  # 80 bits
_IMPORT = re.compile(r"""(?:^|[;}\n])(?:import|export)\b(?:[^'"();]*?\bfrom)?\s*["'](\.[^"']+)["']""")
"""A static import in JavaScript without comments; group 1: which module, relative to the one that asks for it."""
_PRIVATE = re.compile(r"""(?:[{};\n*]|\b(?:static|async|get|set)\s)\s*#([A-Za-z_]\w*)(?=[=;(\n}])""")
"""Where a private field or method is declared, in JavaScript without comments; group 1: its name."""
_ENTRY = re.compile(r"""^([ \t]*)<script type="module" src="((?:\.\./)*static/)([^"]+)">""", re.MULTILINE)
_STYLE_IMPORT = re.compile(r"""^@import "([^"]+)";\n""", re.MULTILINE)
"""A style sheet that stands in this one's place; group 1: which, relative to the one that asks for it."""
_STATIC = re.compile(r"""\b((?:href|src)="(?:\.\./)*static/)""")


@dataclass(frozen=True, slots=True)
class Tree:
    """What is served, as it was at one moment."""

    name: str
    """A hash of all that follows; the folder that the files lie in."""
    files: Mapping[str, bytes]
    """By path below the client's folder; pages are not among them."""
    pages: Mapping[str, bytes]
    """By file name, with the addresses of this tree."""


Stamp = tuple[tuple[str, int, int], ...]
"""Of each file its path, when it was written, and its size."""


def stamp_of(folder: Path) -> Stamp:
    """What differs as soon as anything was edited; without reading a file."""
    looked = ((path.relative_to(folder).as_posix(), path.stat()) for path in _served(folder))
    return tuple((name, status.st_mtime_ns, status.st_size) for name, status in looked)


def read_tree(folder: Path, as_written: bool = False) -> Tree:
    """The tree of a folder. as_written: comments and all, so that an error's line is the file's own."""
    return _read(folder.resolve(), as_written, stamp_of(folder))


@lru_cache(maxsize=4)
def _read(folder: Path, as_written: bool, _: Stamp) -> Tree:
    sources = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in _served(folder)
        if path.resolve().is_relative_to(folder)
    }
    small = {name: _without_comments(name, content) for name, content in _with_styles_joined(sources).items()}
    sent = sources if as_written else small
    digest = hashlib.sha256()
    for name, content in sent.items():
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    tree = digest.hexdigest()[:_HASH_CHARACTERS]
    pages = {name for name in sent if name.endswith(".html")}
    return Tree(
        tree,
        {name: content for name, content in sent.items() if name not in pages},
        {name: _page(sent[name].decode(), tree, small).encode() for name in pages},
    )


def modules_of(entry: str, files: Mapping[str, bytes]) -> tuple[str, ...]:
    """All modules that one imports, directly or not, the nearest first; the entry itself left out.

    files: their JavaScript without comments, by path.
    """
    found = {entry: None}
    waiting = [entry]
    for module in waiting:  # grows under way
        for target in _IMPORT.findall(files[module].decode()):
            path = normpath(PurePosixPath(module).parent / target)
            if path in files and path not in found:
                found[path] = None
                waiting.append(path)
    return tuple(found)[1:]


def is_compressed(name: str) -> bool:
    """Whether a file gets smaller by compression: pictures and fonts are compressed already."""
    return PurePosixPath(name).suffix in _TEXT


@lru_cache(maxsize=1024)
def compressed(content: bytes, coding: str) -> bytes:
    """The content in a coding of HTTP, br or gzip; made once, at the highest level."""
    if coding == "br":
        return bytes(brotli.compress(content, mode=brotli.MODE_TEXT, quality=11))
    return gzip.compress(content, 9, mtime=0)


def _served(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.suffix in MEDIA_TYPES and path.is_file())


def _with_styles_joined(sources: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files with each imported style sheet in its importer's place: asked for at once, and compressed together."""
    imported: set[str] = set()

    def joined(name: str) -> str:
        def content(found: re.Match[str]) -> str:
            path = normpath(PurePosixPath(name).parent / found[1])
            imported.add(path)
            return joined(path)

        return _STYLE_IMPORT.sub(content, sources[name].decode())

    whole = {name: joined(name).encode() if name.endswith(".css") else content for name, content in sources.items()}
    return {name: content for name, content in whole.items() if name not in imported}


def _without_comments(name: str, content: bytes) -> bytes:
    match PurePosixPath(name).suffix:
        case ".js":
            return _shortened(str(rjsmin.jsmin(content.decode()))).encode()
        case ".css":
            return str(rcssmin.cssmin(content.decode())).encode()
        case _:
            return content


def _shortened(code: str) -> str:
    """The code with short names of what is private to its classes, which nothing outside of the file can name.

    In the order in which they come up: equal files stay equal. A string that holds such a name would be changed as
    well; the test that compares the syntax trees of all modules with what was written finds it.
    """
    names = dict.fromkeys(_PRIVATE.findall(code))
    letters = (first + second for second in ("", *ascii_letters) for first in ascii_letters)
    short = dict(zip(names, letters, strict=False))
    return re.sub(r"#(\w+)", lambda found: "#" + short.get(str(found[1]), str(found[1])), code)


def _page(html: str, tree: str, modules: Mapping[str, bytes]) -> str:
    """The page with a link to every module of its entry before it, and the tree's addresses."""

    def with_preloads(entry: re.Match[str]) -> str:
        indent, static, name = entry.groups()
        links = (f'{indent}<link rel="modulepreload" href="{static}{each}">\n' for each in modules_of(name, modules))
        return "".join(links) + entry.group()

    return _STATIC.sub(rf"\g<1>{tree}/", _ENTRY.sub(with_preloads, html))
