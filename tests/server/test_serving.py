"""What stands between the socket and Django: whole bodies or none, size limits, the right pool, orderly start and stop."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from huiyin.server.config import lifespan as lifespan_module
from huiyin.server.config.body import BodyGate
from huiyin.server.config.lifespan import Lifespan


class Inner:
    """Takes the place of Django and keeps what reached it."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.headers: dict[bytes, bytes] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        self.bodies.append(body)
        self.headers = dict(scope["headers"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def post(gate: BodyGate, parts: list[bytes], path: str = "/x/", headers: dict[str, str] | None = None, vanish: bool = False) -> tuple[int, bytes]:
    messages = [{"type": "http.request", "body": part, "more_body": vanish or number < len(parts) - 1} for number, part in enumerate(parts)]
    if vanish:
        messages.append({"type": "http.disconnect"})
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "path": path, "headers": [(name.encode(), value.encode()) for name, value in (headers or {}).items()]}
    asyncio.run(gate(scope, receive, send))
    return (sent[0]["status"], sent[1]["body"]) if sent else (0, b"")


def test_a_body_in_pieces_arrives_whole_with_its_length() -> None:
    inner = Inner()
    assert post(BodyGate(inner, 10_000_000), [b"a" * 700_000, b"b", b""], headers={"transfer-encoding": "chunked"})[0] == 200
    assert inner.bodies == [b"a" * 700_000 + b"b"]
    assert inner.headers == {b"content-length": b"700001"}


def test_a_request_without_a_body_stays_one() -> None:
    inner = Inner()
    assert post(BodyGate(inner, 10), [b""])[0] == 200
    assert inner.bodies == [b""]
    assert inner.headers == {}


def test_half_a_body_reaches_nobody() -> None:
    inner = Inner()
    assert post(BodyGate(inner, 1000), [b"half"], vanish=True) == (0, b"")
    assert inner.bodies == []


@pytest.mark.parametrize("headers", [{"content-length": "2000"}, {}, {"content-length": "-5"}, {"content-length": "x"}])
def test_a_body_that_is_too_large_is_refused_whatever_it_announces(headers: dict[str, str]) -> None:
    inner = Inner()
    status, page = post(BodyGate(inner, 1000), [b"a" * 600, b"a" * 600], headers=headers)
    assert status == 413
    assert "文件太大" in page.decode()
    assert inner.bodies == []
    assert post(BodyGate(inner, 1000), [b"a" * 2000], path="/api/v1/x")[1].startswith(b"{")
    assert "too large" in post(BodyGate(inner, 1000), [b"a" * 2000], headers={"cookie": "huiyin_language=en"})[1].decode()


def test_an_app_may_take_more_under_its_own_path() -> None:
    inner = Inner()
    gate = BodyGate(inner, 1000, {"/upload/": 5000})
    assert post(gate, [b"a" * 2000], path="/upload/x")[0] == 200
    assert post(gate, [b"a" * 6000], path="/upload/x")[0] == 413


def test_a_header_cannot_pose_as_another() -> None:
    inner = Inner()
    post(BodyGate(inner, 1000), [b""], headers={"x_forwarded_for": "10.0.0.1", "x-real": "1"})
    assert inner.headers == {b"x-real": b"1"}


def parts(order: list[str], failing: str = "") -> list[Any]:
    def made(name: str, place: int) -> Any:
        def start() -> None:
            if name == failing:
                raise OSError(name)
            order.append(f"+{name}")

        return SimpleNamespace(__name__=name, ORDER=place, start=start, stop=lambda: order.append(f"-{name}"))

    return [made("jobs", 60), made("facts", 10), made("reader", 20)]


def test_parts_start_in_order_and_stop_in_reverse(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    monkeypatch.setattr(lifespan_module, "modules_named", lambda name: parts(order))
    span = Lifespan()
    span.start()
    span.stop()
    assert order == ["+facts", "+reader", "+jobs", "-jobs", "-reader", "-facts"]


def test_what_had_started_is_stopped_when_another_cannot_start(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    monkeypatch.setattr(lifespan_module, "modules_named", lambda name: parts(order, failing="reader"))
    with pytest.raises(OSError, match="reader"):
        Lifespan().start()
    assert order == ["+facts", "-facts"]
