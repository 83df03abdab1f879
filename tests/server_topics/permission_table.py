"""Who may do what with new topics; see `tests/server/permission_table.py`."""

from __future__ import annotations

from huiyin.server.foundation.people.rights import RIGHTS
from tests.server.permission_table import SIGNED_IN, Line
from tests.server.place import place
from tests.server.world import World

EDITORS = RIGHTS["taxonomy.write"]


def _topic(world: World) -> list[int]:
    return [world.more["topic"]]


TABLE = {
    "topics:inbox": Line(get=SIGNED_IN),
    "topics:unplaced": Line(get=SIGNED_IN),
    "topics:topic": Line(get=SIGNED_IN, args=_topic),
    "topics:grow": Line(post=EDITORS),
    "topics:rename": Line(post=EDITORS, args=_topic),
    "topics:merge": Line(post=EDITORS, args=_topic),
    "topics:split": Line(post=EDITORS, args=_topic),
    "topics:hide": Line(post=EDITORS, args=_topic),
    "topics:promote": Line(post=EDITORS, args=_topic),
    "api:topics": Line(get=SIGNED_IN),
    "api:topics_unplaced": Line(get=SIGNED_IN),
    "api:topics_grow": Line(post=EDITORS),
    "api:topic": Line(get=SIGNED_IN, args=_topic),
    "api:topic_rename": Line(post=EDITORS, args=_topic),
    "api:topic_merge": Line(post=EDITORS, args=_topic),
    "api:topic_split": Line(post=EDITORS, args=_topic),
    "api:topic_hide": Line(post=EDITORS, args=_topic),
    "api:topic_promote": Line(post=EDITORS, args=_topic),
}
KEY_TABLE: dict[str, str] = {
    "api:topics": "taxonomy.read",
    "api:topics_unplaced": "taxonomy.read",
    "api:topics_grow": "taxonomy.write",
    "api:topic": "taxonomy.read",
    "api:topic_rename": "taxonomy.write",
    "api:topic_merge": "taxonomy.write",
    "api:topic_split": "taxonomy.write",
    "api:topic_hide": "taxonomy.write",
    "api:topic_promote": "taxonomy.write",
}


def prepare(world: World) -> None:
    """Open facts, and a topic."""
    from huiyin.server.understand.reading.facts import open_store
    from huiyin.server.understand.topics.models import Topic

    open_store(place())
    world.more["topic"] = Topic.objects.create(name="充电口盖").pk
