"""Takes the whole request body before a thread is taken, and refuses one that is too large.

Without it a few slow senders hold every thread of a pool, and a body cut off half way is handed on as a whole one.
"""

from __future__ import annotations

import asyncio
from tempfile import SpooledTemporaryFile

from huiyin.server.config.asgi_types import Application, Message, Receive, Scope, Send
from huiyin.server.web.too_large import too_large

IN_MEMORY = 512 * 1024
CHUNK = 64 * 1024
PATIENCE = 300.0


class BodyGate:
    """Wraps an application; `limits` names paths (by beginning) that may send more than the rest, in bytes."""

    def __init__(self, application: Application, limit: int, limits: dict[str, int] | None = None) -> None:
        self.application, self.limit, self.limits = application, limit, limits or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Buffers, then calls on; answers 413 or 408 itself; calls nobody when the client went away."""
        # A header with an underscore would reach Django under the name of a real one, such as X-Forwarded-For.
        headers = [(name, value) for name, value in scope["headers"] if b"_" not in name]
        limit = max([self.limit, *(size for path, size in self.limits.items() if scope["path"].startswith(path))])
        announced = dict(headers).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > limit:
            await _answer(send, 413, too_large(scope["path"], headers, limit))
            return
        with SpooledTemporaryFile(max_size=IN_MEMORY) as body:
            try:
                async with asyncio.timeout(PATIENCE):
                    size = await _take(receive, body, limit)
            except TimeoutError:
                await _answer(send, 408, (b"text/plain; charset=utf-8", b"408\n"))
                return
            if size is None:
                return
            if size > limit:
                await _answer(send, 413, too_large(scope["path"], headers, limit))
                return
            body.seek(0)
            left = [(name, value) for name, value in headers if name not in (b"content-length", b"transfer-encoding")]
            if size or b"content-length" in dict(headers):
                left.append((b"content-length", str(size).encode()))
            replayed = {**scope, "headers": left}
            done = 0

            async def replay() -> Message:
                nonlocal done
                if done > size:
                    return await receive()
                chunk = body.read(CHUNK)
                done += len(chunk)
                more = done < size
                if not more:
                    done = size + 1
                return {"type": "http.request", "body": chunk, "more_body": more}

            await self.application(replayed, replay, send)


async def _take(receive: Receive, body: SpooledTemporaryFile[bytes], limit: int) -> int | None:
    """The size of the body, the first size beyond the limit, or None when the client vanished."""
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            return size
        body.write(chunk)
        if not message.get("more_body", False):
            return size


async def _answer(send: Send, status: int, page: tuple[bytes, bytes]) -> None:
    kind, body = page
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
        (b"content-security-policy", b"default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
