"""Job functions by name.

An app puts its functions into its module `jobs`; the registry finds them when Django starts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from huiyin.server.foundation.jobs.run import Run

Result = dict[str, object] | None
JobFunction = Callable[["Run"], Result]


@dataclass(frozen=True, slots=True)
class Kind:
    """A registered function: how often it is tried before it is dead, and by which cron text it comes by itself."""

    name: str
    function: JobFunction
    attempts: int
    cron: str


_KINDS: dict[str, Kind] = {}


def job(name: str, *, attempts: int = 6, cron: str = "") -> Callable[[JobFunction], JobFunction]:
    """Register a function under a name. It must be idempotent: after a crash it is called again with the cursor it saved last.

    Raises:
        ValueError: the name is taken.
    """

    def register(function: JobFunction) -> JobFunction:
        known = _KINDS.get(name)
        if known is not None and known.function.__qualname__ != function.__qualname__:
            raise ValueError(f"two job functions are named {name}")
        _KINDS[name] = Kind(name, function, attempts, cron)
        return function

    return register


def kind(name: str) -> Kind | None:
    """The kind of that name; None where no app offers it (any more)."""
    return _KINDS.get(name)


def kinds() -> list[Kind]:
    """All kinds, by name."""
    return [_KINDS[name] for name in sorted(_KINDS)]
