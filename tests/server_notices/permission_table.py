"""Who may do what with notices; see `tests/server/permission_table.py`."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from huiyin.server.foundation.people.rights import RIGHTS
from tests.server.permission_table import SIGNED_IN, Line
from tests.server.world import World

READERS = SIGNED_IN if "everyone" in RIGHTS["problems.read"] else RIGHTS["problems.read"]


def prepare(world: World) -> None:
    """A notice of the administrator's."""
    from huiyin.server.prioritise.notices.models import Kind, Notice

    world.more["notice"] = Notice.objects.create(
        person=world.administrator, kind=Kind.STATE, verb="problem.renamed", problem_id="P-000001", problem_name="异响", made_at=timezone.now()
    ).pk


def _one(world: World) -> list[Any]:
    return [world.more["notice"]]


TABLE = {
    "notices:list": Line(get=READERS),
    "notices:bell": Line(get=READERS),
    "notices:see": Line(post=READERS),
    "notices:choose": Line(post=READERS),
    "notices:follow": Line(get=READERS, args=_one),
}
KEY_TABLE: dict[str, str] = {}
