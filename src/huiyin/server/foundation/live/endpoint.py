"""`/live/?topic=…`: server-sent events, as an ASGI application of its own.

The loop touches no database: who is asking is found out in a thread, once. A stream ends when the browser goes, when the server goes
down, and every half hour, so that a right that was taken away does not listen on; the browser then comes again by itself.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.contrib.auth import get_user
from django.db import connection
from django.http import HttpRequest, parse_cookie
from django.utils.module_loading import import_string

from huiyin.server.foundation.live import hub, signals
from huiyin.server.foundation.live.topics import admitted

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
HEARTBEAT = 15.0
LONGEST = 1800.0


async def live(scope: Message, receive: Receive, send: Send) -> None:
    """The ASGI application."""
    asked = parse_qs(scope.get("query_string", b"").decode("ascii", "replace")).get("topic", [])
    cookie = next((value.decode("latin-1") for name, value in scope.get("headers", []) if name == b"cookie"), "")
    status, topics = await asyncio.to_thread(_who, cookie, asked)
    if status != 200:
        await _answer(send, status)
        return
    signals.watch()
    ear = hub.listen(topics)
    if ear is None:
        await _answer(send, 503)
        return
    headers = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]
    gone = asyncio.ensure_future(_until_gone(receive))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"retry: 3000\n\n", "more_body": True})
        await _stream(ear, gone, send)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    except OSError:
        pass  # The browser is gone.
    finally:
        gone.cancel()
        hub.leave(ear)


async def _stream(ear: hub.Ear, gone: asyncio.Future[None], send: Send) -> None:
    loop = asyncio.get_running_loop()
    end = loop.time() + LONGEST
    while loop.time() < end:
        coming: asyncio.Future[Any] = asyncio.ensure_future(ear.queue.get())
        done, _ = await asyncio.wait({coming, gone}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
        if coming not in done:
            coming.cancel()
        if gone in done:
            return
        if coming in done:
            item = coming.result()
            if item is None:
                return
            topic, data = item
            body = f"event: {topic}\ndata: {json.dumps(data, ensure_ascii=False, default=str)}\n\n"
        else:
            body = ": still here\n\n"
        await send({"type": "http.response.body", "body": body.encode(), "more_body": True})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


def _who(cookie: str, asked: list[str]) -> tuple[int, list[str]]:
    """Status, and the topics the person behind the cookie may hear."""
    try:
        request = HttpRequest()
        request.COOKIES = parse_cookie(cookie)
        store = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
        request.session = store(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
        user = get_user(request)
        if not user.is_authenticated or not user.is_active:
            return 401, []
        topics = admitted(user, asked)
        return (200, topics) if topics else (403, [])
    finally:
        connection.close()
