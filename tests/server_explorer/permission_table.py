"""Who may do what in the voice explorer; see `tests/server/permission_table.py`."""

from __future__ import annotations

from huiyin.server.foundation.people.rights import RIGHTS
from tests.server.permission_table import SIGNED_IN, Line
from tests.server.place import place
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
    "api:voices": Line(get=SIGNED_IN),
    "api:voices_count": Line(get=SIGNED_IN),
    "api:voices_facets": Line(get=SIGNED_IN),
    "api:voices_random": Line(get=SIGNED_IN),
    "api:voices_export": Line(get=EXPORTERS),
    "api:voices_views": Line(get=SIGNED_IN),
    "api:voices_view_delete": Line(post=SIGNED_IN, args=lambda world: [1]),
    "api:voices_view_save": Line(get=SIGNED_IN),
    "api:voices_tags": Line(get=SIGNED_IN, post=CORRECTORS),
    "api:voices_tag": Line(get=SIGNED_IN, post=CORRECTORS),
    "api:voices_voice": Line(get=SIGNED_IN, args=lambda world: ["v0000001"]),
    "api:voices_customer": Line(get=SIGNED_IN, args=lambda world: ["v0000001"]),
    "api:voices_correct": Line(post=CORRECTORS, args=lambda world: ["v0000001", 0]),
}
KEY_TABLE = {
    "api:voices": "voices.read",
    "api:voices_count": "voices.read",
    "api:voices_facets": "voices.read",
    "api:voices_random": "voices.read",
    "api:voices_export": "voices.export",
    "api:voices_views": "voices.read",
    "api:voices_view_delete": "voices.read",
    "api:voices_view_save": "voices.read",
    "api:voices_tags": "voices.read",
    "api:voices_tag": "voices.read",
    "api:voices_voice": "voices.read",
    "api:voices_customer": "voices.read",
    "api:voices_correct": "voices.correct",
}


def prepare(world: World) -> None:
    """Open facts, for every page asks them."""
    from huiyin.server.understand.reading.facts import open_store

    open_store(place())
