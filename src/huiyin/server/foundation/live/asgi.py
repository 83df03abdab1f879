"""`/live/` for the server's ASGI router."""

from huiyin.server.foundation.live.endpoint import live as application

__all__ = ["application"]
