"""`/mcp`: the tools of `huiyin mcp` over streamable HTTP. Stateless: each message carries its key and is answered for itself.

A tool asks the REST interface of this very process, without a network between: rights, rows, masking, pace and audit are those of the key
wherever it comes in. A page in a browser that was led here by another name for this machine (DNS rebinding) fails by its Host or its Origin.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.http.request import split_domain_port, validate_host

from huiyin.client.connection import Huiyin
from huiyin.server.web.problem_documents import problem

if TYPE_CHECKING:
    from mcp.server import MCPServer

PATH = "/mcp"
THREADS = 2
_BODY = 1024 * 1024
_PASSED_ON = ("x-forwarded-for", "x-forwarded-proto", "accept-language")
_TURNED_BACK = (401, 429)
_asker: ContextVar[Huiyin] = ContextVar("asker")


class _InProcess(httpx.BaseTransport):
    """Requests answered by a WSGI application in the threads of a pool, so that no more than these ever hold a connection to a database."""

    def __init__(self, wsgi: Any, pool: ThreadPoolExecutor, address: str) -> None:
        self._inner, self._pool = httpx.WSGITransport(wsgi, remote_addr=address), pool

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The whole answer."""
        return self._pool.submit(self._answered, request).result()

    def _answered(self, request: httpx.Request) -> httpx.Response:
        answer = self._inner.handle_request(request)
        try:
            return httpx.Response(answer.status_code, headers=answer.headers, content=b"".join(answer.iter_raw()))
        finally:
            answer.close()


class Agents:
    """The ASGI application at `PATH`."""

    def __init__(self, wsgi: Any) -> None:
        self._wsgi = wsgi
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="agents")
        self._tools: MCPServer[Any] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One message of an agent."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if refused := _refusal(scope["method"], headers):
            await _send(send, *refused)
            return
        with self._connection(scope, headers) as asker:
            try:
                # Whose key it is, and whether it comes too often, is found by the door that all keys come in by.
                answer = await asyncio.to_thread(asker.answer, "GET", "/me")
            except httpx.HTTPError:
                await _send(send, *_told(503, "not_ready", "服务还没有准备好", "The server is not ready"))
                return
            if answer.status_code in _TURNED_BACK:
                kept = [(name, answer.headers[name]) for name in ("content-type", "retry-after") if name in answer.headers]
                await _send(send, answer.status_code, answer.content, [*kept, ("www-authenticate", "Bearer")])
                return
            token = _asker.set(asker)
            try:
                await self._serve(scope, receive, send)
            finally:
                _asker.reset(token)

    def _connection(self, scope: Any, headers: dict[str, str]) -> Huiyin:
        key = headers["authorization"].partition(" ")[2].strip() if "authorization" in headers else ""
        passed_on = {name: headers[name] for name in _PASSED_ON if name in headers}
        transport = _InProcess(self._wsgi, self._pool, (scope.get("client") or ("",))[0])
        # Told to come back later it does not wait here, holding a thread, but says so: the agent may wait.
        return Huiyin(f"{scope['scheme']}://{headers['host']}", key, transport=transport, patience=0, headers=passed_on)

    async def _serve(self, scope: Any, receive: Any, send: Any) -> None:
        """Hand the message to the protocol. The manager of its sessions lives for this message only, so that nothing has to be started or stopped."""
        tools = await asyncio.to_thread(self._ready)
        from mcp.server.transport_security import TransportSecuritySettings

        open_door = TransportSecuritySettings(enable_dns_rebinding_protection=False)  # Host and Origin were looked at before.
        app = tools.streamable_http_app(
            streamable_http_path=PATH, json_response=True, stateless_http=True, max_request_body_size=_BODY, transport_security=open_door
        )
        async with tools.session_manager.run():
            await app({**scope, "path": PATH}, receive, send)

    def _ready(self) -> MCPServer[Any]:
        """The tools; the protocol is loaded when the first agent comes."""
        if self._tools is None:
            from huiyin.client.agents import tools

            self._tools = tools(_asker.get)
        return self._tools


def _refusal(method: str, headers: dict[str, str]) -> tuple[int, bytes, list[tuple[str, str]]] | None:
    """Why a message is not looked at, as an answer."""
    if not _is_ours(headers.get("host", "")):
        return _told(421, "not_this_server", "不是这个服务的地址", "This server is not known by that name")
    origin = headers.get("origin", "")
    if origin and origin not in settings.CSRF_TRUSTED_ORIGINS and not _is_ours(urlsplit(origin).netloc):
        return _told(403, "not_allowed", "不接受这个网页的请求", "Requests of that page are not taken")
    if method != "POST":
        status, body, kept = _told(405, "not_offered", "只收 POST：这里不留会话", "POST only: no sessions are kept here")
        return status, body, [*kept, ("allow", "POST")]
    return None


def _is_ours(netloc: str) -> bool:
    domain, _port = split_domain_port(netloc)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def _told(status: int, code: str, message_zh: str, message_en: str) -> tuple[int, bytes, list[tuple[str, str]]]:
    answer = problem(status, code, message_zh, message_en)
    return status, answer.content, [("content-type", answer.headers["Content-Type"])]


async def _send(send: Any, status: int, body: bytes, headers: Iterable[tuple[str, str]]) -> None:
    said = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": [*said, (b"content-length", str(len(body)).encode())]})
    await send({"type": "http.response.body", "body": body})
