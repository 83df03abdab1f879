"""What one request asks again and again, asked once.

A page asks for a hundred names which taxonomy is in use, and the answer cannot change under it: so within a request the first answer is
kept, until something is written. Inside a write nothing is kept at all, and outside of requests (jobs, commands) everything is asked anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

_Answer = TypeVar("_Answer")
_kept: ContextVar[dict[str, Any] | None] = ContextVar("kept", default=None)


def asked_once(key: str, ask: Callable[[], _Answer]) -> _Answer:
    """The answer under a key, kept for the request being served. `ask` depends on nothing but the state of the server."""
    kept = _kept.get()
    if kept is None:
        return ask()
    if key not in kept:
        kept[key] = ask()
    answer: _Answer = kept[key]
    return answer


@contextmanager
def one_request() -> Iterator[None]:
    """Keep answers within."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


@contextmanager
def nothing_kept() -> Iterator[None]:
    """Ask everything anew within, and after it."""
    kept = _kept.get()
    token = _kept.set(None)
    try:
        yield
    finally:
        _kept.reset(token)
        if kept is not None:
            kept.clear()
