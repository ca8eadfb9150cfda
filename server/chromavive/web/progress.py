"""Work that lasts: it is cancelled when whoever asked for it is gone, and can say on its way how far it is."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from chromavive import errors
from chromavive.web.answers import NDJSON
from chromavive.web.bodies import ExportProgress, Refusal, Ticket
from chromavive.web.downloads import Progress

T = TypeVar("T")

PROGRESS_SECONDS = 0.1
"""Lines of progress come no faster: more than a bar can show."""


async def while_connected(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """What the work gives, or raises; it is cancelled when the peer is gone. The request's body has been read.

    Raises:
        RequestMalformed: the peer is gone, so that nobody hears this.
    """
    async with asyncio.TaskGroup() as group:
        working = group.create_task(_settled(work))
        watching = group.create_task(_cancelled_when_gone(request.receive, working))
        await asyncio.wait([working])
        watching.cancel()
    if working.cancelled():
        raise errors.RequestMalformed("The request was broken off.")
    outcome = working.result()
    if isinstance(outcome, errors.ChromaviveError):
        raise outcome
    return outcome


async def _settled(work: Coroutine[Any, Any, T]) -> T | errors.ChromaviveError:
    """What the work gives, or the failure that it names: a task group would wrap it up."""
    try:
        return await work
    except errors.ChromaviveError as error:
        return error


async def _cancelled_when_gone(receive: Receive, working: asyncio.Task[Any]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    working.cancel()


class ProgressAnswer:
    """An answer of lines of JSON: how far the work is, then what it gave, or the refusal."""

    def __init__(self, progress: Progress, work: Coroutine[Any, Any, Ticket]) -> None:
        self._progress = progress
        self._work = work

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def say(line: msgspec.Struct, last: bool = False) -> None:
            body = msgspec.json.encode(line) + b"\n"
            await send({"type": "http.response.body", "body": body, "more_body": not last})

        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", NDJSON.encode())]})
        async with asyncio.TaskGroup() as group:
            working = group.create_task(_settled(self._work))
            watching = group.create_task(_cancelled_when_gone(receive, working))
            told = -1.0
            while not working.done():
                if (share := round(self._progress.share, 3)) != told:
                    await say(ExportProgress(share))
                    told = share
                await asyncio.wait([working], timeout=PROGRESS_SECONDS)
            watching.cancel()
        if not working.cancelled():
            outcome = working.result()
            if isinstance(outcome, errors.ChromaviveError):
                await say(Refusal(outcome.code, str(outcome)), last=True)
            else:
                await say(outcome, last=True)
