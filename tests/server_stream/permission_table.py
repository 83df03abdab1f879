"""Who may do what with streams; see `tests/server/permission_table.py`."""

from __future__ import annotations

from huiyin.server.foundation.people.rights import RIGHTS
from tests.server.permission_table import SIGNED_IN, Line
from tests.server.place import place
from tests.server.world import World

MANAGERS = RIGHTS["stream.manage"]

TABLE = {
    "stream:stream": Line(get=SIGNED_IN),
    "stream:seen": Line(post=SIGNED_IN),
    "stream:mapping": Line(get=MANAGERS, post=MANAGERS),
}
KEY_TABLE: dict[str, str] = {}


def prepare(world: World) -> None:
    """Open facts, for every page asks them."""
    from huiyin.server.understand.reading.facts import open_store

    open_store(place())
