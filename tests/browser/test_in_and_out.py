"""What comes in and goes out besides one photograph and its picture: several at once, recipes, backups, sizes."""

import base64
import re
from collections.abc import Callable
from pathlib import Path

import pytest

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
  const event = new DragEvent('drop', {dataTransfer: carried, bubbles: true, cancelable: true});
  document.querySelector('main').dispatchEvent(event);
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
    anna.place((0.5, 0.5))
    anna.page.get_by_role("button", name="Keep this color").click()
    anna.page.locator("dialog input").fill("Sky")
    anna.page.locator("dialog input").press("Enter")
    anna.wait_revision(3)
    kept = server.get(f"api/rooms/{anna.room}/states/3", anna.capability)["swatches"]
    assert [each["name"] for each in kept.values()] == ["Sky"]
    anna.open(f"{server.url}/{second}")
    anna.wait_revision(2)
    assert server.get(f"api/rooms/{anna.room}/states/2", anna.capability)["swatches"] == kept


def test_sizes_are_said_before_and_a_backup_makes_an_equal_room(
    serve: Serve, person: NewPerson, tmp_path: Path
) -> None:
    """The dialog estimates what the server then makes; a backup that is dropped opens with hints, title and history."""
    server, anna = serve(), person("anna")
    anna.open(server.new_room()["owner"])
    hint = anna.place((0.3, 0.4))
    anna.recolor(hint, "#c03020")
    anna.deselect()
    anna.wait_settled(3)
    was, room = anna.hints()[hint], anna.room
    anna.page.get_by_role("button", name="Download the picture").click()
    dialog = anna.page.locator("dialog")
    said = dialog.locator(".size").inner_text()
    assert "600 × 400" in said
    amount, unit = re.findall(r"about ([0-9.]+) (kB|MB)", said)[0]
    anna.shot("sizes")
    with anna.page.expect_download() as saving:
        dialog.get_by_role("button", name="Backup").click()
    assert saving.value.suggested_filename == "Coffee-backup.chromavive"
    backup, picture = tmp_path / "room.chromavive", tmp_path / "picture.png"
    saving.value.save_as(backup)
    with anna.page.expect_download() as saving:
        dialog.get_by_role("button", name="Recipe").click()
    assert saving.value.suggested_filename == "Coffee-recipe.json"
    with anna.page.expect_download() as saving:
        dialog.get_by_role("button", name="Download", exact=True).click()
    saving.value.save_as(picture)
    estimated = float(amount) * {"kB": 1e3, "MB": 1e6}[unit]
    assert 0.5 < picture.stat().st_size / estimated < 2

    bob = person("bob")
    bob.page.goto(server.url)
    bob.page.locator("[data-sample=cat]").wait_for(timeout=WAIT_MS)
    bob.page.evaluate(DROP, [["cut.chromavive", base64.b64encode(backup.read_bytes()[:-40]).decode()]])
    bob.page.locator(".problem").get_by_text("not a whole backup").wait_for(timeout=WAIT_MS)
    bob.page.locator("input[type=file]").set_input_files(backup)
    bob.page.wait_for_url("**/room/**", timeout=WAIT_MS)
    bob.wait_live()
    bob.wait_settled(4)  # the new links are an entry too
    bob.wait_hint(hint, was)
    assert (bob.room != room, bob.data["role"]) == (True, "owner")
    assert server.get(f"api/rooms/{bob.room}", bob.capability)["title"] == "Coffee"
    bob.page.keyboard.press("t")
    bob.page.get_by_role("slider", name="Earlier moments").press("Home")
    bob.wait_hints(set())
