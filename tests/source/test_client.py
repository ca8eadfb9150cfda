"""The client's modules keep to their places, and to what a plain HTTP page on a LAN may use."""

import re
from pathlib import Path

import pytest

from tests.source.tree import CLIENT, code_of_javascript, javascript_files, name_of, uncommented_javascript

MODULES = javascript_files(CLIENT)
PAGES = sorted(CLIENT.glob("*.html"))

# Where the page itself may be touched.
DOM_HOMES = ("main.js", "room.js", "ui/")
# What each pure folder may import besides itself and types.js.
PURE = {"wire": set[str](), "color": set[str](), "room": {"wire"}}
# Markup from text, code from text, and what a page without HTTPS lacks.
FORBIDDEN = re.compile(
    r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|randomUUID|crypto\.subtle|document\.write|eval\s*\(|Function\s*\()"
)
IMPORT = re.compile(r"""(?:\bfrom\s*|(?<!["'])\bimport\s*\(?\s*)["']([^"']+)["']""")
FOREIGN = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)[a-z0-9-]+\.[a-z]", re.IGNORECASE)


def place(path: Path) -> str:
    """The path below client/."""
    return path.relative_to(CLIENT).as_posix()


def imports(path: Path) -> set[str]:
    """What a module imports, as paths below client/; foreign names stay as they are written."""
    found = set()
    for target in IMPORT.findall(path.read_text(encoding="utf-8")):
        inside = (path.parent / target).resolve()
        found.add(inside.relative_to(CLIENT).as_posix() if inside.is_relative_to(CLIENT) else target)
    return found


def test_there_is_a_client() -> None:
    """An empty list would make the other tests pass."""
    assert {"main.js", "room.js"} <= {place(path) for path in MODULES}
    assert {page.name for page in PAGES} == {"index.html", "room.html"}


@pytest.mark.parametrize("path", javascript_files(), ids=name_of)
def test_types_are_checked(path: Path) -> None:
    """Every module asks for the type check in its first line."""
    assert path.read_text(encoding="utf-8").startswith("// @ts-check\n")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_the_joiners_and_ui_touch_the_page(path: Path) -> None:
    """`document` is a word of main.js, room.js and ui/."""
    if not place(path).startswith(DOM_HOMES):
        assert not re.search(r"\bdocument\b", code_of_javascript(path))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_markup_or_code_from_text(path: Path) -> None:
    """Names and titles are text; and nothing needs a secure context."""
    assert not FORBIDDEN.findall(code_of_javascript(path))


@pytest.mark.parametrize("path", [path for path in MODULES if place(path).split("/")[0] in PURE], ids=name_of)
def test_pure_modules_import_downwards(path: Path) -> None:
    """wire/, color/ and room/ know no page, no socket and no picture."""
    folder = place(path).split("/")[0]
    allowed = {folder, "types.js", *PURE[folder]}
    assert not {target for target in imports(path) if target.split("/")[0] not in allowed}


@pytest.mark.parametrize("path", [*MODULES, *PAGES, *CLIENT.glob("*.css")], ids=name_of)
def test_nothing_comes_from_elsewhere(path: Path) -> None:
    """No third-party request ever: imports stay inside client/, and no address of another host is written."""
    text = path.read_text(encoding="utf-8")
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(("//", "*", "/*")))
    assert not FOREIGN.findall(code)
    assert all((CLIENT / target).is_file() for target in (imports(path) if path.suffix == ".js" else ()))


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_pages_keep_the_content_security_policy(path: Path) -> None:
    """No inline script, style or handler."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=|<script(?![^>]*\ssrc=)", text, re.IGNORECASE)
    assert not re.search(r"(?:src|href)\s*=\s*[\"']/", text), "paths are relative, so that a sub-path works"


# Sentences: a capital, a small letter, a space; and what is read out or shown as it stands, whatever it looks like.
SENTENCE = re.compile(r"""(['"`])([A-Z][a-z]*[ ,][^'"`]*)\1""")
NAMED = re.compile(
    r"""(?:['"]aria-(?:label|description)['"]|\b(?:title|placeholder|alt|label|text)):\s*(['"`])([^'"`]+)\1"""
)
# Words for the console and for the server, not for people.
NOT_SHOWN = re.compile(r"\bError\(|console\.|`Bearer ")
WORD_HOMES = ("ui/words.js", "ui/words/")


@pytest.mark.parametrize("path", [path for path in MODULES if not place(path).startswith(WORD_HOMES)], ids=name_of)
def test_what_people_read_stands_in_words(path: Path) -> None:
    """No sentence, name or label elsewhere: another language is another words.js."""
    lines = [line for line in uncommented_javascript(path).splitlines() if not NOT_SHOWN.search(line)]
    found = [match[2] for line in lines for pattern in (SENTENCE, NAMED) for match in pattern.finditer(line)]
    assert not [text for text in found if re.search("[a-z]", re.sub(r"\$\{[^}]*\}", "", text))]


def test_a_sentence_outside_words_is_noticed() -> None:
    """The patterns find what they are for."""
    assert SENTENCE.search("element('p', {}, 'Let go to open it')")
    assert NAMED.search("element('button', { 'aria-label': 'close' })")
    assert not SENTENCE.search("event.key === 'Enter'")


# What a scan for templates has to step over or to count: comments and plain strings whole, then single signs.
TOKEN = re.compile(r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[`{}]""", re.DOTALL)
IN_TEMPLATE = re.compile(r"\\.|\$\{|`", re.DOTALL)


def nested_templates(text: str) -> int:
    """How many templates begin inside another one's braces."""
    found, at = 0, 0
    inside: list[str] = []
    while match := (IN_TEMPLATE if inside[-1:] == ["`"] else TOKEN).search(text, at):
        at, sign = match.end(), match.group()
        if sign == "`" and inside[-1:] != ["`"]:
            found += "`" in inside
            inside.append(sign)
        elif sign in ("{", "${"):
            inside.append("{")
        elif sign in ("}", "`") and inside:
            inside.pop()
    return found


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_template_stands_in_another(path: Path) -> None:
    """What leaves comments and spaces out takes the inner one's beginning for the outer one's end."""
    assert nested_templates(path.read_text(encoding="utf-8")) == 0


def test_a_template_in_another_is_noticed() -> None:
    """And one after another is none."""
    assert nested_templates("`a ${one ? `${two} b` : ''}`") == 1
    assert nested_templates("`a ${{b: 1}.b}` + `${c}` // `${`") == 0
