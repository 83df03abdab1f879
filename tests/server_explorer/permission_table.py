"""Who may do what in the voice explorer; see `tests/server/permission_table.py`."""

from __future__ import annotations

from huiyin.server.foundation.people.rights import RIGHTS
from tests.server.permission_table import SIGNED_IN, Line
from tests.server.world import World

CORRECTORS = RIGHTS["voices.correct"]
EXPORTERS = RIGHTS["voices.export"]

TABLE = {
    "voices:voices": Line(get=SIGNED_IN),
    "voices:facets": Line(get=SIGNED_IN),
    "voices:random": Line(get=SIGNED_IN),
    "voices:tag": Line(post=CORRECTORS),
    "voices:export": Line(get=EXPORTERS),
    "voices:save_view": Line(post=SIGNED_IN),
    "voices:delete_view": Line(post=SIGNED_IN, args=lambda world: [1]),
    "voices:voice": Line(get=SIGNED_IN, args=lambda world: ["v0000001"]),
    "voices:attachment": Line(get=SIGNED_IN, args=lambda world: ["v0000001", 1]),
    "voices:opinion": Line(get=CORRECTORS, post=CORRECTORS, args=lambda world: ["v0000001", 0]),
}
KEY_TABLE: dict[str, str] = {}


def prepare(world: World) -> None:
    """Open facts, for every page asks them."""
    from huiyin.server.understand.reading.facts import open_store

    open_store(":memory:")
