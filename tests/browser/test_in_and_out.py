"""What comes in and goes out besides one photograph and its picture: several at once, recipes, backups, sizes."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.browser.photograph import coffee
from tests.browser.serving import Server
from tests.browser.studio import WAIT_MS, Studio

pytestmark = pytest.mark.browser

Serve = Callable[..., Server]
NewPerson = Callable[..., Studio]

DROP = """
(files) => {
  const carried = new DataTransfer();
  for (const [name, base64] of files) {
    carried.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name));
  }
  document.querySelector('main').dispatchEvent(new DragEvent('drop', {dataTransfer: carried, bubbles: true, cancelable: true}));
}
"""


def test_several_photographs_become_several_rooms_with_shared_colors(serve: Serve, person: NewPerson) -> None:
    """One after the other; what cannot be read is said beside its name, and costs the others nothing."""
    server, anna = serve(), person("anna")
    anna.page.goto(server.url)
    anna.page.locator("[data-sample=cat]").wait_for(timeout=WAIT_MS)
    content = base64.b64encode(coffee().read_bytes()).decode()
    letter = base64.b64encode(b"Dear all, this is no picture.").decode()
    anna.page.evaluate(DROP, [["one.png", content], ["letter.png", letter], ["two.png", content]])
    links = anna.page.locator(".several li a")
    anna.page.locator(".several").get_by_text("2 rooms are open").wait_for(timeout=WAIT_MS)
    assert links.count() == 2
    assert "not a photograph" in anna.page.locator(".several .refused").inner_text()
    anna.shot("several")
    first, second = (str(link.get_attribute("href")) for link in links.all())
    assert first.split("#")[0] != second.split("#")[0]
    assert anna.page.locator(".tiles.rooms li").count() == 2

    anna.open(f"{server.url}/{first}")
    assert server.get(f"api/rooms/{anna.room}", anna.capability)["title"] == "one"
    swatch = {"type": "swatch", "id": "sky1", "swatch": {"name": "Sky", "a": -5.0, "b": -30.0}}
    keep_swatch(anna)
    anna.wait_settled(2)
    kept = server.get(f"api/rooms/{anna.room}/states/{anna.revision}", anna.capability)["swatches"]
    assert len(kept) == 1, swatch
    anna.open(f"{server.url}/{second}")
    anna.wait_revision(2)
    assert server.get(f"api/rooms/{anna.room}/states/2", anna.capability)["swatches"] == kept
