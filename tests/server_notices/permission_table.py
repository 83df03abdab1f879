"""Who may do what with notices; see `tests/server/permission_table.py`. Everybody reads and sets his own."""

from __future__ import annotations

from tests.server.permission_table import SIGNED_IN, Line

TABLE = {
    "notices:notices": Line(get=SIGNED_IN),
    "notices:read": Line(post=SIGNED_IN),
    "notices:choose": Line(post=SIGNED_IN),
}
KEY_TABLE: dict[str, str] = {}
