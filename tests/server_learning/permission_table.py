"""Who may do what in learning; see `tests/server/permission_table.py`."""

from __future__ import annotations

from huiyin.server.foundation.people.rights import RIGHTS
from tests.server.permission_table import Line
from tests.server.place import place
from tests.server.world import World

CORRECTORS, MANAGERS = RIGHTS["voices.correct"], RIGHTS["models.manage"]
OVER_ALL, OVER_ONE = ("train", "back", "try", "reread"), ("use", "decline")

TABLE = {
    "learning:learning": Line(get=CORRECTORS),
    "learning:start": Line(post=MANAGERS),
    "learning:try": Line(post=MANAGERS),
    "learning:back": Line(post=MANAGERS),
    "learning:reread": Line(post=MANAGERS),
    "learning:accept": Line(post=MANAGERS, args=lambda world: [world.more["candidate"]]),
    "learning:decline": Line(post=MANAGERS, args=lambda world: [world.more["candidate"]]),
    "api:learning": Line(get=CORRECTORS),
    "api:learning_models": Line(get=CORRECTORS),
    **{f"api:learning_{name}": Line(post=MANAGERS) for name in OVER_ALL},
    **{f"api:learning_{name}": Line(post=MANAGERS, args=lambda world: [world.more["candidate"]]) for name in OVER_ONE},
}
KEY_TABLE: dict[str, str] = {
    "api:learning": "voices.correct",
    "api:learning_models": "voices.correct",
    **{f"api:learning_{name}": "models.manage" for name in (*OVER_ALL, *OVER_ONE)},
}


def prepare(world: World) -> None:
    """Open facts, and a candidate."""
    from huiyin.server.understand.learning.models import Candidate
    from huiyin.server.understand.reading.facts import open_store

    open_store(place())
    world.more["candidate"] = Candidate.objects.create(state="refused", version="x").pk
