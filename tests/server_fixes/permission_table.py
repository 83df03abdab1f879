"""Who may do what with fixes; see `tests/server/permission_table.py`."""

from __future__ import annotations

from huiyin.server.foundation.people.rights import RIGHTS
from tests.server.permission_table import SIGNED_IN, Line
from tests.server.place import place
from tests.server.world import World

WRITERS = RIGHTS["problems.write"]


def prepare(world: World) -> None:
    """Open facts; a fix of a problem there is."""
    from datetime import date

    from huiyin.server.prioritise.fixes.models import Fix
    from huiyin.server.prioritise.problems.register import register
    from huiyin.server.understand.reading.facts import open_store

    open_store(place())
    world.more["problem"] = next(iter(register().problems))
    world.more["fix"] = Fix.objects.create(problem_id=world.more["problem"], name="改了", day=date(2026, 6, 1)).pk


TABLE = {
    "fixes:fixes": Line(get=SIGNED_IN),
    "fixes:make": Line(post=WRITERS, args=lambda world: [world.more["problem"]]),
    "fixes:remove": Line(post=WRITERS, args=lambda world: [world.more["fix"]]),
    "api:fixes": Line(get=SIGNED_IN, post=WRITERS),
    "api:fixes_make": Line(get=SIGNED_IN, post=WRITERS),
    "api:fixes_remove": Line(post=WRITERS, args=lambda world: [1]),
}
KEY_TABLE = {"api:fixes": "problems.read", "api:fixes_make": "problems.read", "api:fixes_remove": "problems.write"}
