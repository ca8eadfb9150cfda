"""A room for scripts: `chromavive.Room`. `docs/python.md` shows how."""

from chromavive.remote.colors import Color
from chromavive.remote.room import Room

__all__ = ["Color", "Room"]
