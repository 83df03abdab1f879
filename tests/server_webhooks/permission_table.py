"""Who may do what with outgoing webhooks; see `tests/server/permission_table.py`."""

from __future__ import annotations

from huiyin.server.foundation.people.rights import RIGHTS
from tests.server.permission_table import Line
from tests.server.world import World

MANAGERS = RIGHTS["webhooks.manage"]


def prepare(world: World) -> None:
    """An endpoint."""
    from huiyin.server.prioritise.webhooks.services import endpoint_make

    world.more["endpoint"] = endpoint_make(world.administrator, "数据平台", "https://example.com/hook", [])[0].pk


def _one(world: World) -> list[int]:
    return [world.more["endpoint"]]


TABLE = {
    "webhooks:endpoints": Line(get=MANAGERS),
    "webhooks:make": Line(get=MANAGERS, post=MANAGERS),
    "webhooks:endpoint": Line(get=MANAGERS, post=MANAGERS, args=_one),
    "webhooks:remove": Line(post=MANAGERS, args=_one),
    "webhooks:secret": Line(post=MANAGERS, args=_one),
    "webhooks:test": Line(post=MANAGERS, args=_one),
    "webhooks:again": Line(post=MANAGERS, args=_one),
    "api:webhooks": Line(get=MANAGERS, post=MANAGERS),
    "api:webhooks_make": Line(get=MANAGERS, post=MANAGERS),
    "api:webhooks_change": Line(post=MANAGERS, args=_one),
    "api:webhooks_secret": Line(post=MANAGERS, args=_one),
    "api:webhooks_test": Line(post=MANAGERS, args=_one),
    "api:webhooks_remove": Line(post=MANAGERS, args=_one),
    "api:webhooks_deliveries": Line(get=MANAGERS, args=_one),
    "api:webhooks_again": Line(post=MANAGERS, args=_one),
}
KEY_TABLE = {name: "webhooks.manage" for name in TABLE if name.startswith("api:")}
