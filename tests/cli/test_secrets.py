"""What is secret leaves no trace: not in what the server prints, however much, and not in what it keeps."""

import asyncio
from pathlib import Path

import httpx
import websockets

from chromavive.hints.edit import Add, NewHint, Rotate
from chromavive.ids import new_secret
from chromavive.room.follower import Follower
from chromavive.wire import messages
from tests.cli.process import serving
from tests.web.site import SocketPage, bearer, photograph

PASSWORD = "correct-horse-battery"


async def story(url: str) -> dict[str, str]:
    """A room's life, with much that is refused in it; gives every secret that was said, by what it is."""
    seat, member, fresh = new_secret(), new_secret(), new_secret()
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=30) as http:
        opened = (await http.post("api/rooms", content=photograph(), headers=bearer(PASSWORD))).json()
        room, links = opened["room"], opened["links"]
        path = f"api/rooms/{room}"
        await http.post("api/rooms", content=photograph(), headers=bearer("wrong-password"))
        await http.get(path, headers=bearer(links["viewer"]))
        await http.delete(path, headers=bearer(links["editor"]))
        await http.delete(path, headers=bearer(links["owner"]) | {"Origin": "https://evil.example"})
        ticket = (await http.post(f"{path}/exports", json={}, headers=bearer(links["owner"]))).json()["ticket"]
        await http.get(f"api/tickets/{ticket}")
        await http.get(f"api/tickets/{ticket}")
        socket = f"{url.replace('http', 'ws')}{path}/socket"
        async with websockets.connect(socket, proxy=None) as connection:
            page = SocketPage(connection, Follower(links["owner"], member, seat))
            await page.say(page.follower.hello())
            await page.until(lambda: page.follower.welcome is not None)
            await page.edit(Add((NewHint("hint", 0.5, 0.5, 0.0, 0.0),)))
            await page.edit(Rotate("owner", fresh))
            await page.until(lambda: page.follower.accepted == {1: 2, 2: 3})
            await connection.wait_closed()
        for capability, more in ((links["editor"], ""), (fresh, '{"type": "rename"')):
            async with websockets.connect(socket, proxy=None) as connection:
                await connection.send(messages.encode(Follower(capability, member, seat).hello()).decode())
                await connection.send(more)
                await connection.wait_closed()
    secrets = {"password": PASSWORD, "ticket": ticket, "member": member, "seat": seat, "fresh owner": fresh}
    return secrets | {f"{role}'s link": capability for role, capability in links.items()}


def test_R13_8_no_secret_is_printed_or_kept(tmp_path: Path) -> None:
    """At the chattiest log level: capabilities, members' and seats' secrets, tickets, the password.

    Of the data folder too, which is what a thief of a backup has: it holds hashes alone.
    """
    data, printed = tmp_path / "data", tmp_path / "printed"

    async def scenario() -> dict[str, str]:
        with printed.open("wb") as told:
            flags = ("--log-level", "debug", "--create-password", PASSWORD)
            async with serving(data, *flags, told=told.fileno()) as server:
                secrets = await story(server.url)
                assert await server.terminated() == 0
                told.write("\n".join(server.lines).encode())
        return secrets

    secrets = asyncio.run(scenario())
    files = [path for path in data.rglob("*") if path.is_file()]
    assert {"journal.sqlite", "original"} <= {path.name for path in files}
    assert b"room_opened" in printed.read_bytes()
    found = [
        (what, path.name)
        for path in (printed, *files)
        for what, secret in secrets.items()
        if secret.encode() in path.read_bytes()
    ]
    assert found == []
