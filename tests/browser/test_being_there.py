"""That a page stays usable: by keyboard, without a network, without a picture, in any colors."""

from collections.abc import Callable

import pytest

from tests.browser.serving import Server
from tests.browser.studio import Studio

pytestmark = pytest.mark.browser

Serve = Callable[..., Server]
NewPerson = Callable[..., Studio]

FOCUSED_LABEL = "document.activeElement.getAttribute('aria-label')"


def test_the_sheet_of_keys_opens_by_key_and_by_menu_and_gives_the_focus_back(serve: Serve, person: NewPerson) -> None:
    """It lists what works, keys rest meanwhile, and whoever closes it stands where they were."""
    anna = person("anna")
    anna.open(serve().new_room()["owner"])
    keys, sheet = anna.page.keyboard, anna.page.get_by_role("dialog", name="Keyboard")
    anna.page.get_by_role("button", name="Share").focus()
    keys.press("?")
    sheet.wait_for()
    rows = sheet.locator("dt")
    assert rows.count() == sheet.locator("dd").count() > 12
    keys.press("h")
    anna.shot("help")
    keys.press("Escape")
    sheet.wait_for(state="detached")
    assert anna.page.evaluate(FOCUSED_LABEL) == "Share"
    assert anna.page.get_by_role("button", name="Hide the hints").is_visible(), "H rested"
    anna.page.get_by_role("button", name="More").click()
    anna.page.get_by_role("menuitem", name="Keyboard").click()
    sheet.get_by_role("button", name="Done").click()
    sheet.wait_for(state="detached")
    assert anna.revision == 1
