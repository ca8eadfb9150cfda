"""Who may ask what about a room: the one way in for every request that names one (R13)."""

from starlette.requests import Request

from chromavive import errors
from chromavive.room import rights
from chromavive.room.room import Room
from chromavive.runtime.hub import Hub
from chromavive.runtime.room_task import RoomTask
from chromavive.web.answers import bearer
from chromavive.wire.messages import Role


async def visit(hub: Hub, request: Request, what: str) -> tuple[RoomTask, Room, Role]:
    """The room, if the request's capability opens it and its role may do this.

    Raises:
        NoSuchRoom: no such room, or the capability does not open it; nobody can tell which.
        NotAllowed, ExportNotAllowed: the room opens, but not for this.
    """
    capability = bearer(request)
    if not capability:
        raise errors.NoSuchRoom()
    task, room = await hub.room(request.path_params["room"])
    role = room.role_of(capability)
    if role is None:
        raise errors.NoSuchRoom()
    try:
        rights.check(role, what, room.state)
    except errors.NotAllowed as error:
        if what == "export":
            raise errors.ExportNotAllowed() from error
        raise
    return task, room, role
