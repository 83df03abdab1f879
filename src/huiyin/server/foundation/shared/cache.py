"""Django's cache over the shared tables, for what django-allauth counts through it: tries to sign in, one-time codes that were used."""

from __future__ import annotations

import json
import time
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

from huiyin.server.foundation.shared.names import hidden
from huiyin.server.foundation.shared.tables import tables

_FOREVER = 1e12
_SET = """
INSERT INTO shared_notes AS kept (name, value, ends) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, ends = excluded.ends
"""
_ADD = _SET + "WHERE kept.ends < ? RETURNING name"


class SharedCache(BaseCache):
    """Values are JSON, not pickles: whoever can write into the tables must not be able to run code here. Tuples come back as lists."""

    def __init__(self, location: str, parameters: dict[str, Any]) -> None:
        super().__init__(parameters)

    def add(self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value where there is none; whether it was kept."""
        return bool(tables().ask(_ADD, self._named(key, version), json.dumps(value), self._ends(timeout), time.time()))

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The value kept, if its time is not over."""
        rows = tables().ask("SELECT value FROM shared_notes WHERE name = ? AND ends >= ?", self._named(key, version), time.time())
        return json.loads(rows[0][0]) if rows else default

    def set(self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep a value in place of what was there."""
        tables().ask(_SET, self._named(key, version), json.dumps(value), self._ends(timeout))

    def touch(self, key: str, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value for longer; whether there was one."""
        sql = "UPDATE shared_notes SET ends = ? WHERE name = ? AND ends >= ? RETURNING name"
        return bool(tables().ask(sql, self._ends(timeout), self._named(key, version), time.time()))

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forget a value; whether there was one."""
        return bool(tables().ask("DELETE FROM shared_notes WHERE name = ? RETURNING name", self._named(key, version)))

    def clear(self) -> None:
        """Forget everything, what was counted too."""
        tables().ask("DELETE FROM shared_notes")
        tables().ask("DELETE FROM shared_paces")

    def _named(self, key: str, version: int | None) -> str:
        return hidden(self.make_and_validate_key(key, version=version))

    def _ends(self, timeout: float | None) -> float:
        ends = self.get_backend_timeout(timeout)
        return _FOREVER if ends is None else float(ends)
