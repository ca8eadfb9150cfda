"""Files that are not Python are found in a wheel and in a checkout."""

from pathlib import Path

import pytest

from chromavive import assets


def test_the_pages_are_found() -> None:
    """Both pages lie in the client folder."""
    assert {page.name for page in assets.client_folder().glob("*.html")} == {"index.html", "room.html"}


def test_the_bundled_weights_are_found() -> None:
    """The first start needs no download."""
    assert (assets.bundled_weights_folder() / "compact.safetensors").is_file()


def test_an_installed_copy_comes_before_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wheel never serves the pages of a checkout that happens to lie above it."""
    package = tmp_path / "server" / "chromavive"
    (tmp_path / "client").mkdir()
    package.mkdir(parents=True)
    monkeypatch.setattr(assets, "_PACKAGE", package)
    monkeypatch.setattr(assets, "_CHECKOUT", tmp_path)
    assert assets.client_folder() == tmp_path / "client"
    (package / "client").mkdir()
    assert assets.client_folder() == package / "client"
