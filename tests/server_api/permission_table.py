"""Who may see how far long work has come; see `tests/server/permission_table.py`."""

from __future__ import annotations

from huiyin.server.foundation.jobs.models import Job
from huiyin.server.foundation.people.rights import RIGHTS
from tests.server.permission_table import Line
from tests.server.world import World

READERS = RIGHTS["jobs.read"]

TABLE = {
    "api:jobs": Line(get=READERS),
    "api:job": Line(get=READERS, args=lambda world: [world.more["job"]]),
}
KEY_TABLE = dict.fromkeys(TABLE, "jobs.read")


def prepare(world: World) -> None:
    """A job."""
    from django.utils import timezone

    world.more["job"] = Job.objects.create(kind="topics.grow", due=timezone.now()).pk
