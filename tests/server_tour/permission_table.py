"""Who may see the tour; see `tests/server/permission_table.py`."""

from __future__ import annotations

from tests.server.permission_table import SIGNED_IN, Line

TABLE = {"tour:tour": Line(get=SIGNED_IN)}
KEY_TABLE: dict[str, str] = {}
