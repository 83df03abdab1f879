"""How often somebody may do something, counted for the whole installation."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache

from huiyin.server.foundation.shared.names import hidden
from huiyin.server.foundation.shared.tables import tables

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

_TAKE = """
INSERT INTO shared_paces AS kept (name, taken, ends) VALUES (?, 1, ?)
ON CONFLICT (name) DO UPDATE SET
  taken = CASE WHEN kept.ends <= ? THEN 1 ELSE kept.taken + 1 END,
  ends = CASE WHEN kept.ends <= ? THEN excluded.ends ELSE kept.ends END
WHERE kept.ends <= ? OR kept.taken < ?
RETURNING taken, ends
"""
_ENDS = "SELECT ends FROM shared_paces WHERE name = ?"


@dataclass(frozen=True, slots=True)
class Rate:
    """`amount` times in `period` seconds."""

    amount: int
    period: int

    @classmethod
    @cache
    def read(cls, written: str) -> Rate:
        """
        The rate that `600/m` or `5/10m` writes.

        >>> Rate.read("5/10m")
        Rate(amount=5, period=600)

        Raises:
            ValueError: it is no rate, or less than one.
        """
        amount, _, span = written.partition("/")
        try:
            found = cls(int(amount), int(span[:-1] or 1) * _SECONDS[span[-1:]])
        except (KeyError, ValueError):
            found = cls(0, 0)
        if min(found.amount, found.period) < 1:
            raise ValueError(f"{written!r}: 写成 600/m 这样：次数/时间（s、m、h、d）。Write it like 600/m.")
        return found


@dataclass(frozen=True, slots=True)
class Taken:
    """One try, counted."""

    allowed: bool
    rate: Rate
    left: int
    """How many more are allowed before the window ends."""
    wait: float
    """Seconds until the window ends and the whole amount is there again."""


def take(name: str, rate: Rate) -> Taken:
    """Count one try of `name` where it is within the rate. Tries that are refused do not count.

    A window opens with the first try and lasts `period` seconds, so that what is told of the rest of it is exact. Around the end of one
    window up to twice the amount may come within a period, as with every window that does not slide.
    """
    now, key = time.time(), hidden(name)
    rows = tables().ask(_TAKE, key, now + rate.period, now, now, now, rate.amount)
    if rows:
        taken, ends = rows[0]
        return Taken(True, rate, rate.amount - taken, ends - now)
    found = tables().ask(_ENDS, key)
    return Taken(False, rate, 0, max(found[0][0] - now, 0.0) if found else 0.0)
