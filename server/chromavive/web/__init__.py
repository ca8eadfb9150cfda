"""HTTP and web sockets: translation only. Everything is decided by the hub and its rooms."""

from chromavive.web.app import create_app

__all__ = ["create_app"]
