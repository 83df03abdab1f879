"""Who may do what with operations; see `tests/server/permission_table.py`."""

from __future__ import annotations

from huiyin.server.foundation.people.rights import RIGHTS
from tests.server.permission_table import Line
from tests.server.place import place
from tests.server.world import World

READERS, MANAGERS = RIGHTS["operations.read"], RIGHTS["operations.manage"]

TABLE = {
    "operations:operations": Line(get=READERS),
    "operations:make": Line(get=MANAGERS, post=MANAGERS, args=lambda world: ["file"]),
    "operations:feed": Line(get=MANAGERS, args=lambda world: [1]),
    "operations:change": Line(get=MANAGERS, post=MANAGERS, args=lambda world: [1]),
    "operations:upload": Line(post=MANAGERS, args=lambda world: [1]),
    "operations:fetch": Line(post=MANAGERS, args=lambda world: [1]),
    "operations:drop": Line(post=MANAGERS, args=lambda world: [1]),
    "operations:run": Line(get=MANAGERS, post=MANAGERS, args=lambda world: [1]),
    "api:operations": Line(post=MANAGERS),
    "api:operations_feeds": Line(get=MANAGERS, post=MANAGERS),
    "api:operations_feed": Line(post=MANAGERS, args=lambda world: [1]),
    "api:operations_feed_drop": Line(post=MANAGERS, args=lambda world: [1]),
    "api:operations_feed_fetch": Line(post=MANAGERS, args=lambda world: [1]),
    "api:operations_run": Line(get=MANAGERS, args=lambda world: [1]),
}
KEY_TABLE: dict[str, str] = {
    "api:operations": "operations.manage",
    "api:operations_feeds": "operations.manage",
    "api:operations_feed": "operations.manage",
    "api:operations_feed_drop": "operations.manage",
    "api:operations_feed_fetch": "operations.manage",
    "api:operations_run": "operations.manage",
}


def prepare(world: World) -> None:
    """Open facts, for every page asks them."""
    from huiyin.server.understand.reading.facts import open_store

    open_store(place())
