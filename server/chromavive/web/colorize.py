"""A photograph in, its colored picture out, in one request and without a room. `docs/http.md` shows it with curl."""

from collections.abc import Awaitable
from typing import Annotated

import msgspec
import numpy as np
from numpy.typing import NDArray
from starlette.requests import Request

from chromavive import errors
from chromavive.colorizer.contract import Painting
from chromavive.hints.recipe import decode_recipe
from chromavive.room.effects import Content
from chromavive.runtime.content import provenance
from chromavive.runtime.hub import Hub
from chromavive.web.answers import check_password
from chromavive.web.bodies import ExportWish
from chromavive.web.downloads import Downloads, Making, PatientFile, Progress
from chromavive.web.forms import PhotographForm
from chromavive.web.origins import Origins
from chromavive.web.progress import while_connected
from chromavive.web.wishes import wish_refused


class _Query(ExportWish, frozen=True, forbid_unknown_fields=True):
    """What the address may say."""

    network: str | None = None
    vividness: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None


class ColorizeRoute:
    """The endpoint: limits and password as for opening a room, and as many at once as there may be downloads."""

    def __init__(self, hub: Hub, origins: Origins, downloads: Downloads) -> None:
        self._hub = hub
        self._origins = origins
        self._downloads = downloads

    async def colorize(self, request: Request) -> PatientFile:
        """The picture of the photograph in the body, at full size; nothing stays here."""
        self._origins.check(request.headers)
        check_password(request, self._hub.settings.create_password)
        try:
            query = msgspec.convert(dict(request.query_params), _Query, strict=False)
        except msgspec.ValidationError as error:
            raise wish_refused(error, _Query) from error
        self._check_network(query.network)
        form = query.form
        sent = PhotographForm(request)
        # In this order: an upload may last as long as its sender likes, and must not keep rooms from their downloads.
        async with (
            self._hub.arrivals.arrived(sent.photograph()) as (arrival_id, decoded),
            self._downloads.making(form, Progress()) as making,
        ):
            recipe = decode_recipe(sent.recipe) if sent.recipe else None
            network = query.network or (self._hub.network if recipe is None else recipe.network)
            self._check_network(network)
            painted = self._hub.arrivals.colorize(arrival_id, decoded, network, recipe, query.vividness)
            await while_connected(request, self._written(making, painted))
        return PatientFile(making.path, media_type=form.media_type, headers={"X-Network": network})

    async def _written(self, making: Making, painted: Awaitable[tuple[NDArray[np.uint16], Content, Painting]]) -> None:
        lightness, content, painting = await painted
        made = provenance(content, self._hub.engine_info)
        await self._hub.parts.pictures.run(making.write, lightness, painting.ab, made)

    def _check_network(self, network: str | None) -> None:
        served = self._hub.engine_info.networks
        if network is not None and network not in served:
            raise errors.RequestMalformed(f"The networks that serve here are {', '.join(sorted(served))}.")
