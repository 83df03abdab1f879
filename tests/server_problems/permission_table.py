"""Who may do what with problems; see `tests/server/permission_table.py`."""

from __future__ import annotations

from huiyin.server.foundation.people.rights import RIGHTS
from tests.server.permission_table import SIGNED_IN, Line
from tests.server.place import place
from tests.server.world import World

WRITERS = RIGHTS["problems.write"]
EDITS = ("rename", "merge", "unmerge", "split", "pin", "snooze", "define", "link_add")
TALK = ("comment", "follow")


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
    "problems:table": Line(get=RIGHTS["voices.export"], args=lambda world: [world.more["problem"], "trend"]),
    "problems:picture": Line(post=RIGHTS["voices.export"], args=lambda world: [world.more["problem"], "trend"]),
    "problems:ways": Line(get=WRITERS, args=_one),
    "problems:comment": Line(post=SIGNED_IN, args=_one),
    "problems:follow": Line(post=SIGNED_IN, args=_one),
    **{
        f"problems:{name}": Line(post=WRITERS, args=_one)
        for name in ("pin", "snooze", "wake", "rename", "merge", "unmerge", "split", "define", "add_link")
    },
    "problems:remove_link": Line(post=WRITERS, args=lambda world: [world.more["problem"], 1]),
    "api:problems": Line(get=SIGNED_IN),
    "api:problem_days": Line(get=SIGNED_IN),
    "api:problem_day": Line(get=SIGNED_IN, args=lambda world: ["2026-01-05"]),
    "api:problem": Line(get=SIGNED_IN, args=_one),
    "api:problem_evidence": Line(get=SIGNED_IN, args=_one),
    "api:problem_table": Line(get=RIGHTS["voices.export"], args=lambda world: [world.more["problem"], "trend"]),
    **{f"api:problem_{name}": Line(post=WRITERS, args=_one) for name in EDITS},
    **{f"api:problem_{name}": Line(post=SIGNED_IN, args=_one) for name in TALK},
    "api:problem_link_remove": Line(post=WRITERS, args=lambda world: [world.more["problem"], 1]),
}
KEY_TABLE: dict[str, str] = {
    **dict.fromkeys(("api:problems", "api:problem_days", "api:problem_day", "api:problem", "api:problem_evidence"), "problems.read"),
    "api:problem_table": "voices.export",
    **{f"api:problem_{name}": "problems.write" for name in (*EDITS, "link_remove")},
    **{f"api:problem_{name}": "problems.talk" for name in TALK},
}


def prepare(world: World) -> None:
    """Open facts; the first problem of the taxonomy."""
    from huiyin.server.prioritise.problems.register import register
    from huiyin.server.understand.reading.facts import open_store

    open_store(place())
    world.more["problem"] = register().definitions[0].problem_id
