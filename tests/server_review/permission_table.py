"""Who may do what in checking; see `tests/server/permission_table.py`."""

from __future__ import annotations

from huiyin.server.foundation.people.rights import RIGHTS
from tests.server.permission_table import Line
from tests.server.place import place
from tests.server.world import World

CORRECTORS = RIGHTS["voices.correct"]

TABLE = {
    "review:queue": Line(get=CORRECTORS),
    "review:undo": Line(post=CORRECTORS),
    "review:figures": Line(get=CORRECTORS),
    "review:disputes": Line(get=CORRECTORS),
    "review:one": Line(get=CORRECTORS, post=CORRECTORS, args=lambda world: [world.more["review_item"]]),
    "review:skip": Line(post=CORRECTORS, args=lambda world: [world.more["review_item"]]),
    "review:settle": Line(post=CORRECTORS, args=lambda world: [world.more["review_item"]]),
    "api:review_next": Line(get=CORRECTORS),
    "api:review_figures": Line(get=CORRECTORS),
    "api:review_disputes": Line(get=CORRECTORS),
    "api:review_undo": Line(post=CORRECTORS),
    "api:review_item": Line(get=CORRECTORS, post=CORRECTORS, args=lambda world: [world.more["review_item"]]),
    "api:review_answer": Line(get=CORRECTORS, post=CORRECTORS, args=lambda world: [world.more["review_item"]]),
    "api:review_skip": Line(post=CORRECTORS, args=lambda world: [world.more["review_item"]]),
    "api:review_settle": Line(post=CORRECTORS, args=lambda world: [world.more["review_item"]]),
}
KEY_TABLE: dict[str, str] = {
    "api:review_next": "voices.correct",
    "api:review_figures": "voices.correct",
    "api:review_disputes": "voices.correct",
    "api:review_undo": "voices.correct",
    "api:review_item": "voices.correct",
    "api:review_answer": "voices.correct",
    "api:review_skip": "voices.correct",
    "api:review_settle": "voices.correct",
}


def prepare(world: World) -> None:
    """Open facts, and an opinion that was drawn."""
    from huiyin.server.understand.reading.facts import open_store
    from huiyin.server.understand.review.models import ReviewItem

    open_store(place())
    item = ReviewItem.objects.create(feedback_id="v0000001", start=0, end=2, mention_no=0, part="random", read_polarity=0)
    world.more["review_item"] = item.pk
