"""A room for scripts: `chromavive.Room`. `docs/python.md` shows how."""

from chromavive.remote.room import Color, Room

__all__ = ["Color", "Room"]
