"""No addresses of its own; see `tests/server/permission_table.py`."""

from __future__ import annotations

from tests.server.permission_table import Line

TABLE: dict[str, Line] = {}
KEY_TABLE: dict[str, str] = {}
