"""Who may read metrics; see `tests/server/permission_table.py`."""

from __future__ import annotations

from tests.server.permission_table import SIGNED_IN, Line
from tests.server.place import place
from tests.server.world import World

TABLE = {
    "api:metrics": Line(get=SIGNED_IN),
    "api:metric": Line(get=SIGNED_IN, args=lambda world: ["nps"]),
    "api:metric_series": Line(get=SIGNED_IN, args=lambda world: ["nps"]),
    "api:metric_by": Line(get=SIGNED_IN, args=lambda world: ["nps", "product"]),
}
KEY_TABLE: dict[str, str] = dict.fromkeys(TABLE, "voices.read")


def prepare(world: World) -> None:
    """Open facts, for every number asks them."""
    from huiyin.server.understand.reading.facts import open_store

    open_store(place())
