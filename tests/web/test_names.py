"""What downloads are called."""

import pytest

from chromavive.pictures.export_form import ExportForm, Layout
from chromavive.web.names import attachment, name_of_export, name_of_recipe


@pytest.mark.parametrize(
    "title, layout, name",
    [
        ("Grandmother", "picture", "Grandmother-colorized.png"),
        ("Grandmother", "side_by_side", "Grandmother-side-by-side.png"),
        ("Grandmother", "colors", "Grandmother-colors.png"),
        ("IMG_0042.JPG", "picture", "IMG_0042-colorized.png"),
        ("scan.tiff ", "picture", "scan-colorized.png"),
        ("St. Petersburg", "picture", "St Petersburg-colorized.png"),
        ("page.html", "picture", "pagehtml-colorized.png"),
        ("../../etc/passwd.png", "picture", "etcpasswd-colorized.png"),
        ("", "picture", "photograph-colorized.png"),
        ("...", "colors", "photograph-colors.png"),
    ],
)
def test_a_download_is_called_by_title_and_kind(title: str, layout: Layout, name: str) -> None:
    """The suffix of the photograph that the title came from is none of it."""
    assert name_of_export(title, ExportForm(layout=layout)) == name


def test_names_beyond_ascii_are_encoded() -> None:
    """As RFC 8187 has it; plain ones stand as they are."""
    assert name_of_recipe("Oma.jpg") == "Oma-recipe.json"
    assert attachment(name_of_recipe("Oma")) == 'attachment; filename="Oma-recipe.json"'
    assert attachment("Großmutter 1.png") == "attachment; filename*=utf-8''Gro%C3%9Fmutter%201.png"
