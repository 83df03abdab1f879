"""Who may do what with boards; see `tests/server/permission_table.py`."""

from __future__ import annotations

from huiyin.server.foundation.people.rights import RIGHTS
from tests.server.permission_table import SIGNED_IN, Line
from tests.server.place import place
from tests.server.world import World

EXPORTERS, PINNERS = RIGHTS["voices.export"], RIGHTS["mission.pin"]

TABLE = {
    "boards:boards": Line(get=SIGNED_IN),
    "boards:mine": Line(get=SIGNED_IN),
    "boards:voices": Line(get=SIGNED_IN),
    "boards:make": Line(post=SIGNED_IN),
    "boards:pin": Line(post=PINNERS),
    "boards:board": Line(get=SIGNED_IN, args=lambda world: [1]),
    "boards:change": Line(post=SIGNED_IN, args=lambda world: [1]),
    "boards:duplicate": Line(post=SIGNED_IN, args=lambda world: [1]),
    "boards:delete": Line(post=SIGNED_IN, args=lambda world: [1]),
    "boards:restore": Line(post=SIGNED_IN, args=lambda world: [1]),
    "boards:arrange": Line(post=SIGNED_IN, args=lambda world: [1]),
    "boards:add": Line(post=SIGNED_IN, args=lambda world: [1]),
    "boards:xlsx": Line(get=EXPORTERS, args=lambda world: [1]),
    "boards:widget": Line(get=SIGNED_IN, post=SIGNED_IN, args=lambda world: [1, 1]),
    "boards:remove": Line(post=SIGNED_IN, args=lambda world: [1, 1]),
    "boards:csv": Line(get=EXPORTERS, args=lambda world: [1, 1]),
}
KEY_TABLE: dict[str, str] = {}


def prepare(world: World) -> None:
    """Open facts, for every page asks them."""
    from huiyin.server.understand.reading.facts import open_store

    open_store(place())
