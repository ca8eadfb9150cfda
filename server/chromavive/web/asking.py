"""Where to ask "what color was this?" in a room that nobody has colored yet."""

from dataclasses import replace

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from chromavive.color.uncertainty import PLACES, most_uncertain
from chromavive.runtime.hub import Hub
from chromavive.web.bodies import Asked
from chromavive.web.kept import Kept
from chromavive.web.visits import visit

ANSWERS_BYTES_MAX = 64_000
"""Answers in memory, some 30 bytes each: everybody who comes into an empty room asks for the same one."""


class AskRoute:
    """The endpoint; an answer is of a photograph as it is turned and cropped, and of the network that paints it."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._answers = Kept(ANSWERS_BYTES_MAX)
        hub.forgetting.append(self._answers.forget)

    async def ask(self, request: Request) -> Response:
        """The place of the bare picture whose color the network knows the least."""
        _, room, _ = await visit(self._hub, request, "ask")
        content = replace(room.confirmed_content(), hints=(), vividness=0.0)

        async def made() -> bytes:
            distributions, lightness = await self._hub.passes.gauge(room.room_id, content, PLACES)
            place = await self._hub.parts.grays.run(most_uncertain, distributions, lightness)
            return msgspec.json.encode(Asked(*(place or (None, None))))

        answer = await self._answers.get((room.room_id, content), made)
        return Response(answer, media_type="application/json")
