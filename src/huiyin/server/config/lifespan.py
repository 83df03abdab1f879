"""Start and stop of everything that lives as long as the server.

An app takes part by bringing `lifespan.py` with `start()` and `stop()`, plain functions run in a thread, and if it matters
`ORDER` (lower starts earlier and stops later; 50 if unsaid). Nothing starts threads or opens facts elsewhere.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from huiyin.server.config.asgi_types import Receive, Scope, Send
from huiyin.server.config.found import modules_named

log = logging.getLogger(__name__)


class Lifespan:
    """The hooks of all apps, started in order and stopped in the reverse."""

    def __init__(self) -> None:
        self.started: list[Any] = []

    def start(self) -> None:
        """Starts every app's part. When one fails, those already started are stopped and the error goes on."""
        for module in sorted(modules_named("lifespan"), key=lambda one: int(getattr(one, "ORDER", 50))):
            try:
                module.start()
            except BaseException:
                self.stop()
                raise
            self.started.append(module)

    def stop(self) -> None:
        """Stops what was started; one failure does not keep the others running."""
        while self.started:
            module = self.started.pop()
            try:
                module.stop()
            except Exception:
                log.exception("%s did not stop cleanly", module.__name__)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI lifespan protocol."""
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    await asyncio.to_thread(self.start)
                except Exception as error:
                    log.exception("the server could not start")
                    await send({"type": "lifespan.startup.failed", "message": str(error)})
                    return
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await asyncio.to_thread(self.stop)
                await send({"type": "lifespan.shutdown.complete"})
                return
