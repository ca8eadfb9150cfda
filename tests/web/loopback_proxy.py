"""A reverse proxy as people put in front of a server: it shows it below a sub-path, and says so in headers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

_HEAD_BYTES_MAX = 65_536


@asynccontextmanager
async def proxied(port: int, sub_path: str, *, strips: bool) -> AsyncIterator[int]:
    """The proxy's port, below whose sub-path the server at the other port is shown. strips: the path it passes on."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            request, *headers = head.removesuffix("\r\n\r\n").split("\r\n")
            method, path, version = request.split(" ")
            if not path.startswith(f"{sub_path}/"):
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            else:
                path = path.removeprefix(sub_path) if strips else path
                told = ["X-Forwarded-Proto: https", "X-Forwarded-Host: colors.example", "X-Forwarded-For: 192.0.2.1"]
                if not any(line.lower().startswith("upgrade:") for line in headers):
                    # One request a connection, since only the first one's path is put right here.
                    headers = [line for line in headers if not line.lower().startswith("connection:")]
                    told.append("Connection: close")
                up_reader, up_writer = await asyncio.open_connection("127.0.0.1", port)
                up_writer.write("\r\n".join([f"{method} {path} {version}", *headers, *told, "", ""]).encode("latin-1"))
                async with asyncio.TaskGroup() as group:
                    group.create_task(_pumped(reader, up_writer))
                    group.create_task(_pumped(up_reader, writer))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=_HEAD_BYTES_MAX)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def _pumped(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(_HEAD_BYTES_MAX):
            writer.write(data)
            await writer.drain()
    writer.close()
