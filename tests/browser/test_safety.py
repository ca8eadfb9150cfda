"""What a browser itself holds to: the policy of our pages, and what a page from elsewhere can do to them."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser
from websockets.sync.client import connect

from chromavive.hints.edit import Retitle
from chromavive.limits import NAME_CHARACTERS_MAX
from chromavive.room.follower import Follower
from chromavive.wire import messages
from tests.browser.serving import Server
from tests.browser.studio import Studio

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MARKUP = "<img src=x onerror='window.owned = 1'><script>window.owned = 1</script>"


def test_R13_8_a_page_keeps_to_its_policy_and_tells_no_address_a_secret(
    serve: Callable[..., Server], person: Callable[..., Studio]
) -> None:
    """Nothing it needs is refused, no code comes from text, no cookie; requests go home alone, without a secret."""
    server = serve()
    links = server.new_room()
    anna = person("anna")
    asked: list[str] = []
    complaints: list[str] = []
    anna.page.on("request", lambda request: asked.append(f"{request.url} {request.headers.get('referer', '')}"))
    anna.page.on("websocket", lambda socket: asked.append(socket.url))
    anna.page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    anna.open(links["owner"])
    anna.recolor(anna.place((0.449, 0.386)), "#5a70b8")
    anna.wait_settled(3)
    assert complaints == []
    assert anna.page.evaluate("document.cookie") == ""
    capability = links["owner"].partition("#")[2]
    secrets = [
        capability,
        *anna.page.evaluate("[...Object.values(localStorage)].flatMap((kept) => kept.match(/[\\w-]{22}/g) ?? [])"),
    ]
    assert len(secrets) > 1
    places = (server.url, server.url.replace("http", "ws"), "blob:", "data:")
    assert asked
    assert [each for each in asked if not each.startswith(places)] == []
    assert [each for each in asked for secret in secrets if secret in each] == []
    anna.page.evaluate(
        "text => { const script = document.createElement('script'); script.textContent = 'window.owned = 1';"
        " document.body.append(script); }",
        MARKUP,
    )
    assert anna.page.evaluate("window.owned") is None
    assert any("Content Security Policy" in each for each in complaints)


def test_names_and_titles_are_text(serve: Callable[..., Server], person: Callable[..., Studio]) -> None:
    """Markup in a member's name and in the room's title is shown as it was written."""
    server = serve()
    links = server.new_room()
    address, _, capability = links["owner"].partition("#")
    anna = Follower(capability, "anna".ljust(22, "-"), "seat".ljust(22, "-"), MARKUP[:NAME_CHARACTERS_MAX])
    socket = f"{address.replace('http', 'ws').replace('/room/', '/api/rooms/')}/socket"
    with connect(socket, proxy=None) as connection:
        connection.send(messages.encode(anna.hello()).decode())
        while anna.welcome is None:
            data = connection.recv()
            anna.take(messages.decode_to_page(data) if isinstance(data, str) else messages.Ping())
        connection.send(messages.encode(anna.edit(Retitle(MARKUP))).decode())
        bea = person("bea")
        bea.open(links["editor"])
        bea.wait("(text) => document.title.includes(text) && document.body.outerHTML.includes('&lt;img src')", MARKUP)
        assert bea.page.locator("img[src=x], body script").count() == 0
        assert bea.page.evaluate("window.owned") is None


def test_a_page_from_elsewhere_neither_reads_nor_writes_nor_frames(
    serve: Callable[..., Server], browser: Browser, origin: str
) -> None:
    """Of another port of this machine: its reads are kept from it, its writes refused, its frame stays empty."""
    server = serve()
    links = server.new_room()
    room = links["owner"].partition("/room/")[2].partition("#")[0]
    before = server.get("api/health", "")["rooms_loaded"]
    page = browser.new_page()
    page.goto(f"{origin}/tests/browser_pages/picture_probe.html")
    told: dict[str, Any] = page.evaluate(
        """async ([server, room]) => {
            const tried = (promise) => promise.then((answer) => answer.text()).catch((error) => error.name);
            const socket = new WebSocket(`${server.replace('http', 'ws')}/api/rooms/${room}/socket`);
            const opened = await new Promise((done) => {
                socket.onopen = () => done('open');
                socket.onerror = () => done('refused');
            });
            const frame = document.createElement('iframe');
            frame.src = `${server}/room/${room}`;
            document.body.append(frame);
            await new Promise((done) => { frame.onload = done; });
            return {
                read: await tried(fetch(`${server}/api/about`)),
                write: await tried(fetch(`${server}/api/rooms?sample=coffee`, { method: 'POST' })),
                blind: await tried(fetch(`${server}/api/rooms?sample=coffee`, { method: 'POST', mode: 'no-cors' })),
                picture: await new Promise((done) => {
                    const image = new Image();
                    image.onload = () => done('shown');
                    image.onerror = () => done('refused');
                    image.src = `${server}/api/samples/coffee`;
                }),
                opened,
            };
        }""",
        [server.url, room],
    )
    assert (told["read"], told["write"]) == ("TypeError", "TypeError")
    assert (told["opened"], told["picture"]) == ("refused", "refused")
    assert told["blind"] in ("", "TypeError")
    assert [frame.url for frame in page.frames[1:]] in (
        [f"{server.url}/room/{room}"],
        ["chrome-error://chromewebdata/"],
    )
    assert page.frames[1].evaluate("document.querySelectorAll('canvas, main').length") == 0
    assert server.get("api/health", "")["rooms_loaded"] == before
    page.close()
