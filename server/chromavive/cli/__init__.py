"""The command `chromavive`: one module a command."""

from chromavive.cli.root import app

__all__ = ["app"]
