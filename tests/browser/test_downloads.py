"""The dialog from which the picture is saved."""

import io
from collections.abc import Callable

import pytest
from PIL import Image

from tests.browser.serving import Server
from tests.browser.studio import COFFEE_PX, WAIT_MS, Studio

pytestmark = pytest.mark.browser

Serve = Callable[..., Server]
NewPerson = Callable[..., Studio]

HEIGHT, WIDTH = COFFEE_PX


def opened(serve: Serve, person: NewPerson) -> Studio:
    """A member whose download dialog is open, and waits for Enter."""
    studio = person("anna")
    studio.open(serve().new_room()["editor"])
    studio.page.get_by_role("button", name="Download the picture").click()
    studio.wait("() => document.activeElement.matches('dialog .primary')")
    return studio


def choose(studio: Studio, name: str) -> None:
    """Press one of the dialog's choices."""
    studio.page.get_by_role("radio", name=name, exact=True).check()


def saved(studio: Studio) -> tuple[str, bytes]:
    """Press Download in the dialog: the name and the bytes of the file."""
    with studio.page.expect_download(timeout=WAIT_MS) as download:
        studio.page.locator("dialog").get_by_role("button", name="Download").click()
    studio.page.locator("dialog").wait_for(state="detached")
    return download.value.suggested_filename, download.value.path().read_bytes()


@pytest.mark.parametrize(
    ("shown", "starts", "suffix"),
    [
        ("PNG", b"\x89PNG\r\n\x1a\n", ".png"),
        ("JPEG", b"\xff\xd8\xff", ".jpg"),
        ("WebP", b"RIFF", ".webp"),
        ("TIFF", b"II*\x00", ".tiff"),
    ],
)
def test_each_format_is_what_it_says(serve: Serve, person: NewPerson, shown: str, starts: bytes, suffix: str) -> None:
    """The bytes and the name of the file are of the chosen format; the size is the photograph's."""
    studio = opened(serve, person)
    choose(studio, shown)
    studio.shot(f"download-{shown.lower()}")
    name, content = saved(studio)
    assert content.startswith(starts)
    assert name.endswith(suffix)
    if shown != "TIFF":  # of 16 bits a channel, which Pillow does not read
        with Image.open(io.BytesIO(content)) as picture:
            assert picture.size == (WIDTH, HEIGHT)


def test_the_size_that_is_shown_is_the_size_that_comes(serve: Serve, person: NewPerson) -> None:
    """Side by side is twice as wide; what was chosen is chosen still when the dialog opens again."""
    studio = opened(serve, person)
    choose(studio, "Side by side")
    assert studio.page.get_by_text(f"{2 * WIDTH} × {HEIGHT} pixels").is_visible()
    for _ in range(2):
        with Image.open(io.BytesIO(saved(studio)[1])) as picture:
            assert picture.size == (2 * WIDTH, HEIGHT)
        studio.page.get_by_role("button", name="Download the picture").click()


def test_a_smaller_quality_gives_a_smaller_file(serve: Serve, person: NewPerson) -> None:
    """The slider is there where it means something, and only there."""
    studio = opened(serve, person)
    quality = studio.page.get_by_label("Quality")
    assert not quality.is_visible()
    choose(studio, "JPEG")
    usual = len(saved(studio)[1])
    studio.page.get_by_role("button", name="Download the picture").click()
    quality.focus()
    quality.press("Home")
    assert len(saved(studio)[1]) < usual * 0.7


def test_a_download_that_cannot_be_made_says_why_and_can_be_tried_again(serve: Serve, person: NewPerson) -> None:
    """The dialog stays with the server's own words."""
    studio = opened(serve, person)
    refusal = '{"code": "server_busy", "kind": "retry", "sentence": "The server is busy."}'
    studio.page.route(
        "**/exports", lambda route: route.fulfill(status=503, body=refusal, content_type="application/json")
    )
    studio.page.keyboard.press("Enter")
    studio.page.locator("dialog .said").get_by_text("The server is busy.").wait_for(timeout=WAIT_MS)
    studio.page.unroute("**/exports")
    assert saved(studio)[1].startswith(b"\x89PNG")


def test_a_download_can_be_canceled_while_it_is_made(serve: Serve, person: NewPerson) -> None:
    """Cancel ends the request first, and only then the dialog."""
    studio = opened(serve, person)
    studio.page.route("**/exports", lambda _: None)  # never answered
    studio.page.keyboard.press("Enter")
    studio.page.locator("dialog progress").wait_for(timeout=WAIT_MS)
    with studio.page.expect_event("requestfailed", timeout=WAIT_MS):
        studio.page.locator("dialog").get_by_role("button", name="Cancel").click()
    studio.page.locator("dialog progress").wait_for(state="hidden")
    studio.page.unroute("**/exports")
    assert saved(studio)[1].startswith(b"\x89PNG")
