"""Who may do what with problems; see `tests/server/permission_table.py`."""

from __future__ import annotations

from huiyin.server.foundation.people.rights import RIGHTS
from tests.server.permission_table import SIGNED_IN, Line
from tests.server.place import place
from tests.server.world import World

WRITERS = RIGHTS["problems.write"]


def _one(world: World) -> list[str]:
    return [world.more["problem"]]


TABLE = {
    "problems:list": Line(get=SIGNED_IN),
    "problems:news": Line(get=SIGNED_IN),
    "problems:export": Line(get=RIGHTS["voices.export"], args=lambda world: ["csv"]),
    "problems:day": Line(get=SIGNED_IN),
    "problems:compare": Line(get=SIGNED_IN),
    "problems:plan": Line(get=SIGNED_IN),
    "problems:problem": Line(get=SIGNED_IN, args=_one),
    "problems:why": Line(get=SIGNED_IN, args=_one),
    "problems:wall": Line(get=SIGNED_IN, args=_one),
    "problems:comment": Line(post=SIGNED_IN, args=_one),
    "problems:follow": Line(post=SIGNED_IN, args=_one),
    **{f"problems:{name}": Line(post=WRITERS, args=_one) for name in ("pin", "snooze", "wake", "rename", "merge", "split", "define", "add_link")},
    "problems:remove_link": Line(post=WRITERS, args=lambda world: [world.more["problem"], 1]),
}
KEY_TABLE: dict[str, str] = {}


def prepare(world: World) -> None:
    """Open facts; the first problem of the taxonomy."""
    from huiyin.server.prioritise.problems.register import register
    from huiyin.server.understand.reading.facts import open_store

    open_store(place())
    world.more["problem"] = register().definitions[0].problem_id
