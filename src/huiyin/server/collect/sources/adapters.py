"""The kinds of sources there are: one folder each, with `adapter.py` that holds `ADAPTER`."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path

from huiyin.server.collect.sources.adapter import Adapter

_ORDER = ("upload", "rest", "manual", "webhook", "folder", "sql", "rss", "imap", "stores", "queue", "transcripts", "box")


@cache
def adapters() -> dict[str, Adapter]:
    """By kind, in the order in which they are offered."""
    here = Path(__file__).parent
    there = [one for one in _ORDER if (here / one / "adapter.py").is_file()]
    return {one: import_module(f"{__package__}.{one}.adapter").ADAPTER for one in there}


def adapter_of(kind: str) -> Adapter:
    """The adapter of a kind.

    Raises:
        KeyError: there is none (any more).
    """
    return adapters()[kind]
