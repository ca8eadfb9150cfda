"""A link as a QR code: the asker's own, and none without a right."""

import asyncio
import io
from pathlib import Path

import pytest
import segno

from tests.web.site import bearer, photograph, served


def drawn(link: str) -> bytes:
    """The code of a link, drawn as the server draws."""
    picture = io.BytesIO()
    segno.make(link, micro=False, error="m").save(
        picture, kind="svg", scale=4, border=3, light="#ffffff", xmldecl=False
    )
    return picture.getvalue()


@pytest.mark.parametrize(
    "public_url, root_path",
    [("", ""), ("https://colors.example.org/together/", "/together/"), ("", "/together/")],
)
def test_R13_4_each_gets_the_code_of_the_own_link(tmp_path: Path, public_url: str, root_path: str) -> None:
    """By the address that it was asked at, or the public one; nothing without a capability, and nobody keeps it."""

    async def scenario() -> None:
        async with served(tmp_path, root_path=root_path, public_url=public_url) as site:
            opened = await site.open_room(photograph())
            code = f"api/rooms/{opened.room}/code"
            base = public_url.rstrip("/") or f"http://127.0.0.1:{site.port}{root_path.rstrip('/')}"
            for capability in (opened.owner, opened.editor, opened.viewer):
                answer = await site.get(code, capability)
                assert answer.content == drawn(f"{base}/room/{opened.room}#{capability}")
                told = [answer.headers[name] for name in ("content-type", "cache-control")]
                assert told == ["image/svg+xml", "no-store"]
            assert (await site.get(code, "guessed")).status_code == 404

    asyncio.run(scenario())


def test_a_host_too_long_for_a_code_is_refused(tmp_path: Path) -> None:
    """What the request says that the host is costs nobody else's time."""

    async def scenario() -> None:
        async with served(tmp_path) as site:
            opened = await site.open_room(photograph())
            headers = bearer(opened.viewer) | {"Host": "a" * 3000}
            answer = await site.http.get(f"api/rooms/{opened.room}/code", headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (400, "request_malformed")

    asyncio.run(scenario())
