"""Who may do what with responsibility; see `tests/server/permission_table.py`."""

from __future__ import annotations

from huiyin.server.foundation.people.rights import RIGHTS
from tests.server.permission_table import SIGNED_IN, Line
from tests.server.place import place
from tests.server.world import World

MANAGERS = RIGHTS["ownership.manage"]
ANSWERERS = RIGHTS["ownership.answer"]
WRITERS = RIGHTS["ownership.write"]


def _problem(world: World) -> list[object]:
    return [world.more["problem"]]


TABLE = {
    "ownership:map": Line(get=SIGNED_IN),
    "ownership:node": Line(get=SIGNED_IN, args=lambda world: [world.more["node"]]),
    "ownership:line": Line(post=MANAGERS, args=lambda world: [world.more["node"]]),
    "ownership:remove": Line(post=MANAGERS, args=lambda world: [world.more["line"]]),
    "ownership:settings": Line(get=MANAGERS, post=MANAGERS),
    "ownership:queue": Line(get=SIGNED_IN),
    "ownership:seen": Line(get=SIGNED_IN),
    "ownership:handed": Line(get=SIGNED_IN),
    "ownership:mine": Line(get=SIGNED_IN),
    "ownership:team": Line(get=SIGNED_IN, args=lambda world: [world.team.pk]),
    "ownership:export": Line(get=SIGNED_IN, args=lambda world: ["map", "csv"]),
    "ownership:problem": Line(get=SIGNED_IN, args=_problem),
    "ownership:assign": Line(post=MANAGERS, args=_problem),
    "ownership:accept": Line(post=ANSWERERS, args=_problem),
    "ownership:reject": Line(post=ANSWERERS, args=_problem),
    "ownership:decide": Line(post=MANAGERS, args=_problem),
    "api:ownership_map": Line(get=SIGNED_IN),
    "api:ownership_arbitration": Line(get=SIGNED_IN),
    "api:ownership_problems": Line(get=SIGNED_IN),
    "api:ownership_problem": Line(get=SIGNED_IN, args=_problem),
    "api:ownership_assign": Line(post=WRITERS, args=_problem),
    "api:ownership_accept": Line(post=WRITERS, args=_problem),
    "api:ownership_reject": Line(post=WRITERS, args=_problem),
    "api:ownership_arbitrate": Line(post=WRITERS, args=_problem),
}
KEY_TABLE: dict[str, str] = {
    "api:ownership_map": "ownership.read",
    "api:ownership_arbitration": "ownership.read",
    "api:ownership_problems": "ownership.read",
    "api:ownership_problem": "ownership.read",
    "api:ownership_assign": "ownership.write",
    "api:ownership_accept": "ownership.write",
    "api:ownership_reject": "ownership.write",
    "api:ownership_arbitrate": "ownership.write",
}


def prepare(world: World) -> None:
    """Open facts; one line of the map, one problem."""
    from huiyin.server.prioritise.ownership.services.mapping import Wanted, responsibility_set
    from huiyin.server.prioritise.problems.register import register
    from huiyin.server.understand.reading.facts import open_store
    from huiyin.server.understand.taxonomy.selectors import tree_in_force

    open_store(place())
    node = tree_in_force().leaves()[0].id
    line = responsibility_set(world.administrator, Wanted(node, world.team))
    world.more |= {"node": node, "line": line.pk, "problem": register().definitions[0].problem_id}
