"""A request that outlasts the server gets a clear end instead of a broken connection (R11)."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chromavive import errors
from chromavive.runtime.leaving import RequestsUnderWay
from chromavive.web.answers import refusal


class EndWithTheServer:
    """Lets a server that leaves end what it cannot wait for, with a refusal where no answer has begun."""

    def __init__(self, app: ASGIApp, requests: RequestsUnderWay) -> None:
        self._app = app
        self._requests = requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            async with self._requests.one():
                await self._app(scope, receive, send_and_note)
        except errors.ServerBusy as error:
            if not begun:  # else its length tells that it is not whole
                await refusal(error)(scope, receive, send)
