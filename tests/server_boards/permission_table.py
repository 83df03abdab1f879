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
    "boards:meeting": Line(get=EXPORTERS),
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
    "api:boards": Line(get=SIGNED_IN, post=SIGNED_IN),
    "api:board_make": Line(get=SIGNED_IN, post=SIGNED_IN),
    "api:board_templates": Line(get=SIGNED_IN),
    "api:board_mission": Line(post=PINNERS),
    "api:board": Line(get=SIGNED_IN, post=SIGNED_IN, args=lambda world: [1]),
    "api:board_change": Line(get=SIGNED_IN, post=SIGNED_IN, args=lambda world: [1]),
    "api:board_export": Line(get=EXPORTERS, args=lambda world: [1]),
    "api:board_duplicate": Line(post=SIGNED_IN, args=lambda world: [1]),
    "api:board_remove": Line(post=SIGNED_IN, args=lambda world: [1]),
    "api:board_restore": Line(post=SIGNED_IN, args=lambda world: [1]),
    "api:board_arrange": Line(post=SIGNED_IN, args=lambda world: [1]),
    "api:board_widget_add": Line(post=SIGNED_IN, args=lambda world: [1]),
    "api:board_widget": Line(post=SIGNED_IN, args=lambda world: [1, 1]),
    "api:board_widget_remove": Line(post=SIGNED_IN, args=lambda world: [1, 1]),
}
KEY_TABLE: dict[str, str] = {
    "api:boards": "voices.read",
    "api:board_make": "voices.read",
    "api:board_templates": "voices.read",
    "api:board_mission": "mission.pin",
    "api:board": "voices.read",
    "api:board_change": "voices.read",
    "api:board_export": "voices.export",
    "api:board_duplicate": "boards.write",
    "api:board_remove": "boards.write",
    "api:board_restore": "boards.write",
    "api:board_arrange": "boards.write",
    "api:board_widget_add": "boards.write",
    "api:board_widget": "boards.write",
    "api:board_widget_remove": "boards.write",
}


def prepare(world: World) -> None:
    """Open facts, for every page asks them."""
    from huiyin.server.understand.reading.facts import open_store

    open_store(place())
