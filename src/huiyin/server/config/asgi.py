"""The ASGI application: two thread pools over one WSGI application, so that intake never waits behind a page.

An app states in its AppConfig: `intake_paths` (beginnings of paths served by the intake pool) and `body_limits`
(beginning of path → bytes). `foundation.live` may bring `asgi.py` with `application`, which gets `/live/` directly; `/mcp` goes to the agents.
"""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from a2wsgi import WSGIMiddleware

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.server.config.settings")

from huiyin.server.api.agents import PATH as AGENTS
from huiyin.server.api.agents import Agents
from huiyin.server.config.asgi_types import Application, Receive, Scope, Send
from huiyin.server.config.body import BodyGate
from huiyin.server.config.lifespan import Lifespan
from huiyin.server.config.wsgi import application as wsgi

INTAKE_THREADS = 4
PAGE_THREADS = 4
LIVE = "huiyin.server.foundation.live.asgi"


class Router:
    """Sends a request where it belongs, by path."""

    def __init__(self, intake_paths: tuple[str, ...], live: Application | None) -> None:
        self.intake_paths, self.live = intake_paths, live
        self.intake: Any = WSGIMiddleware(wsgi, workers=INTAKE_THREADS)
        self.pages: Any = WSGIMiddleware(wsgi, workers=PAGE_THREADS)
        self.agents: Any = Agents(wsgi)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One HTTP request."""
        path = scope["path"]
        if self.live and path.startswith("/live/"):
            await self.live(scope, receive, send)
        elif path.rstrip("/") == AGENTS:
            await self.agents(scope, receive, send)
        elif self.intake_paths and path.startswith(self.intake_paths):
            await self.intake(scope, receive, send)
        else:
            await self.pages(scope, receive, send)


def build() -> Application:
    """The whole server as one ASGI application."""
    from django.apps import apps
    from django.conf import settings

    configs = list(apps.get_app_configs())
    intake = tuple(path for config in configs for path in getattr(config, "intake_paths", ()))
    limits = {path: size for config in configs for path, size in getattr(config, "body_limits", {}).items()}
    live = import_module(LIVE).application if _is_there(LIVE) else None
    lifespan, gate = Lifespan(), BodyGate(Router(intake, live), settings.BODY_LIMIT, limits)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await lifespan(scope, receive, send)
        elif scope["type"] == "http":
            await gate(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})

    return application


def _is_there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


application = build()
