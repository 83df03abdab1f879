"""Who may do what with tasks; see `tests/server/permission_table.py`."""

from __future__ import annotations

from huiyin.server.foundation.people.rights import RIGHTS
from tests.server.permission_table import SIGNED_IN, Line
from tests.server.place import place
from tests.server.world import World

WRITERS, EXPORTERS = RIGHTS["problems.write"], RIGHTS["voices.export"]


def prepare(world: World) -> None:
    """Open facts; a task of a problem there is, given to nobody that is asked for."""
    from huiyin.server.prioritise.problems.register import register
    from huiyin.server.prioritise.tasks.models import Task
    from huiyin.server.understand.reading.facts import open_store

    open_store(place())
    world.more["problem"] = next(iter(register().problems))
    world.more["task"] = Task.objects.create(problem_id=world.more["problem"], title="查库存").pk


TABLE = {
    "tasks:tasks": Line(get=SIGNED_IN),
    "tasks:export": Line(get=EXPORTERS),
    "tasks:make": Line(post=WRITERS, args=lambda world: [world.more["problem"]]),
    "tasks:move": Line(post=SIGNED_IN, args=lambda world: [world.more["task"]]),
    "api:tasks": Line(get=SIGNED_IN, post=WRITERS),
    "api:tasks_make": Line(get=SIGNED_IN, post=WRITERS),
    "api:tasks_move": Line(post=WRITERS, args=lambda world: [1]),
}
KEY_TABLE = {"api:tasks": "problems.read", "api:tasks_make": "problems.read", "api:tasks_move": "problems.write"}
