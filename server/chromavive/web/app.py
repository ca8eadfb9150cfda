"""The application: which URL is answered by what. All links are relative, so that a sub-path works."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route, WebSocketRoute

from chromavive import errors
from chromavive.runtime.hub import Hub
from chromavive.web.addresses import ByAddress
from chromavive.web.answers import EveryAnswer, UnderRootPath, on_fault, on_refusal
from chromavive.web.asking import AskRoute
from chromavive.web.backups import BackupRoutes
from chromavive.web.colorize import ColorizeRoute
from chromavive.web.downloads import Downloads
from chromavive.web.gray import GrayRoutes
from chromavive.web.health import SiteRoutes
from chromavive.web.history import HistoryRoutes
from chromavive.web.leaving import EndWithTheServer
from chromavive.web.link_code import LinkCodeRoute
from chromavive.web.nowhere import on_nothing_there
from chromavive.web.origins import Origins
from chromavive.web.room_routes import RoomRoutes
from chromavive.web.room_socket import RoomSocket
from chromavive.web.static import Client


def create_app(
    hub: Hub, origins: Origins, client: Path, data: Path, notes: tuple[str, ...] = (), root_path: str = ""
) -> Starlette:
    """The application over a hub that is serving.

    client: the folder of the pages. data: where photographs lie, for saying so. notes: sentences for the landing page.
    """
    return Starlette(
        routes=_routes(hub, origins, client, data, notes, root_path),
        middleware=[
            Middleware(EveryAnswer, over_tls=hub.settings.public_url.lower().startswith("https:")),
            Middleware(EndWithTheServer, requests=hub.requests),
            Middleware(UnderRootPath, root_path=root_path),
            Middleware(ByAddress, addresses=hub.addresses),
        ],
        exception_handlers={
            errors.PeerError: on_refusal,
            errors.OurError: on_fault,
            HTTPException: on_nothing_there,
            Exception: on_fault,
        },
    )


def _routes(
    hub: Hub, origins: Origins, client: Path, data: Path, notes: tuple[str, ...], root_path: str
) -> list[Route | WebSocketRoute]:
    downloads = Downloads(hub, data / "downloads")
    grays = GrayRoutes(hub)
    rooms = RoomRoutes(hub, origins, downloads)
    history = HistoryRoutes(hub)
    site = SiteRoutes(hub, origins, data, notes)
    backups = BackupRoutes(hub, origins, downloads)
    pages = Client(client, hub.parts.grays, hub.settings.client_as_written)
    room = "/api/rooms/{room}"
    return [
        Route("/", pages.landing),
        Route("/room/{room}", pages.room),
        Route("/static/{path:path}", pages.asset),
        Route("/api/about", site.about),
        Route("/api/health", site.health),
        Route("/api/reach", site.reach),
        Route("/api/samples", site.samples),
        Route("/api/samples/{name}", site.sample),
        Route("/api/colorize", ColorizeRoute(hub, origins, downloads).colorize, methods=["POST"]),
        Route("/api/backups", backups.open, methods=["POST"]),
        Route("/api/rooms", rooms.create, methods=["POST"]),
        Route(room, rooms.show),
        Route(room, rooms.remove, methods=["DELETE"]),
        Route(f"{room}/gray", grays.gray),
        Route(f"{room}/set_aside", grays.set_aside),
        Route(f"{room}/tiles/{{x}}/{{y}}", grays.tile),
        Route(f"{room}/thumb", rooms.thumb),
        Route(f"{room}/ask", AskRoute(hub).ask),
        Route(f"{room}/code", LinkCodeRoute(hub, root_path).code),
        Route(f"{room}/recipe", rooms.recipe),
        Route(f"{room}/history", history.entries),
        Route(f"{room}/states/{{revision}}", history.state),
        Route(f"{room}/backups", backups.make, methods=["POST"]),
        Route(f"{room}/exports", rooms.export, methods=["POST"]),
        Route("/api/tickets/{ticket}", rooms.ticket),
        WebSocketRoute(f"{room}/socket", RoomSocket(hub, origins).serve),
    ]
