"""A photograph in, its colored picture out, in one request and without a room. `docs/http.md` shows it with curl."""

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse

from chromavive import errors
from chromavive.pictures.export import export_png
from chromavive.runtime.hub import Hub
from chromavive.web.answers import body_of, check_password
from chromavive.web.downloads import Downloads
from chromavive.web.origins import Origins


class ColorizeRoute:
    """The endpoint: limits and password as for opening a room, and as many at once as there may be downloads."""

    def __init__(self, hub: Hub, origins: Origins, downloads: Downloads) -> None:
        self._hub = hub
        self._origins = origins
        self._downloads = downloads

    async def colorize(self, request: Request) -> FileResponse:
        """The picture of the photograph in the body, as PNG at full size; nothing stays here."""
        self._origins.check(request.headers)
        check_password(request, self._hub.settings.create_password)
        served = self._hub.engine_info.networks
        network = request.query_params.get("network", self._hub.network)
        if network not in served:
            raise errors.RequestMalformed(f"The networks that serve here are {', '.join(sorted(served))}.")
        # In this order: an upload may last as long as its sender likes, and must not keep rooms from their downloads.
        async with self._hub.arrived(body_of(request)) as (arrival_id, _), self._downloads.making() as path:
            lightness, painting = await self._hub.colorize(arrival_id, network)
            await self._hub.parts.pictures.run(export_png, lightness, painting.ab, path)
        removed = BackgroundTask(path.unlink, missing_ok=True)
        return FileResponse(path, media_type="image/png", headers={"X-Network": network}, background=removed)
