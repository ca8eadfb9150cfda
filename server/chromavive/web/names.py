"""What downloads are called: the room's title, and what they are."""

from pathlib import PurePosixPath
from urllib.parse import quote

from chromavive.pictures.contract import PHOTOGRAPH_SUFFIXES
from chromavive.pictures.export_form import ExportForm, Layout

_ENDINGS: dict[Layout, str] = {"picture": "colorized", "side_by_side": "side-by-side", "colors": "colors"}


def name_of_export(title: str, form: ExportForm) -> str:
    """Of a room's picture, such as "Grandmother-colorized.png"."""
    return f"{_kept(title)}-{_ENDINGS[form.layout]}{form.suffix}"


def name_of_recipe(title: str) -> str:
    """Of a room's recipe, such as "Grandmother-recipe.json"."""
    return f"{_kept(title)}-recipe.json"


def name_of_backup(title: str) -> str:
    """Of a room's backup, such as "Grandmother-backup.chromavive"; a .zip is unpacked by some browsers unasked."""
    return f"{_kept(title)}-backup.chromavive"


def attachment(name: str) -> str:
    """The value of Content-Disposition for a file to keep (RFC 6266, names beyond ASCII as in RFC 8187)."""
    encoded = quote(name, safe="")
    return f'attachment; filename="{name}"' if encoded == name else f"attachment; filename*=utf-8''{encoded}"


def _kept(title: str) -> str:
    """What of a title a file's name may hold on every system; the suffix of a photograph's file is none of it."""
    suffix = PurePosixPath(title.strip()).suffix
    stem = title.strip().removesuffix(suffix) if suffix.lower() in PHOTOGRAPH_SUFFIXES else title
    return "".join(letter for letter in stem if letter.isalnum() or letter in " -_").strip() or "photograph"
