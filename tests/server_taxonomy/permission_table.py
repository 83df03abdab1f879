"""Who may do what with the taxonomy; see `tests/server/permission_table.py`."""

from __future__ import annotations

from huiyin.server.foundation.people.rights import RIGHTS
from tests.server.permission_table import SIGNED_IN, Line
from tests.server.place import place
from tests.server.world import World

WRITERS = RIGHTS["taxonomy.write"]


def prepare(world: World) -> None:
    """Open facts, a version, a draft, an example and a word."""
    from huiyin.server.understand.reading.facts import open_store
    from huiyin.server.understand.taxonomy.models import OwnWord, TakenExample
    from huiyin.server.understand.taxonomy.services.drafts import draft_begin

    open_store(place())
    draft = draft_begin(world.people["analyst"])
    world.more["node"] = draft.tree.nodes[0].id
    world.more["example"] = TakenExample.objects.create(node=draft.tree.nodes[0].id, feedback_id="v000000000001", text="早餐太差")
    world.more["word"] = OwnWord.objects.create(word="翻车", folded="翻车", kind="negative")


def _node(world: World) -> list[str]:
    return [world.more["node"]]


TABLE: dict[str, Line] = {
    "taxonomy:tree": Line(get=SIGNED_IN),
    "api:taxonomy": Line(get=SIGNED_IN),
    "api:taxonomy_versions": Line(get=SIGNED_IN),
    "api:taxonomy_file": Line(get=SIGNED_IN, args=lambda world: [1, "yaml"]),
    "api:taxonomy_draft": Line(post=WRITERS),
    "taxonomy:node": Line(get=SIGNED_IN, args=_node),
    "taxonomy:progress": Line(get=SIGNED_IN),
    "taxonomy:reread": Line(post=WRITERS),
    "taxonomy:example": Line(post=WRITERS, args=lambda world: [world.more["node"], "v000000000001"]),
    "taxonomy:example_drop": Line(post=WRITERS, args=lambda world: [world.more["example"].pk]),
    "taxonomy:draft": Line(get=WRITERS),
    "taxonomy:begin": Line(post=WRITERS),
    "taxonomy:discard": Line(post=WRITERS),
    "taxonomy:undo": Line(post=WRITERS),
    "taxonomy:add": Line(post=WRITERS),
    "taxonomy:change": Line(post=WRITERS, args=_node),
    "taxonomy:move": Line(post=WRITERS, args=_node),
    "taxonomy:merge": Line(post=WRITERS, args=_node),
    "taxonomy:split": Line(post=WRITERS, args=_node),
    "taxonomy:remove": Line(post=WRITERS, args=_node),
    "taxonomy:preview": Line(get=WRITERS, post=WRITERS),
    "taxonomy:preview_stop": Line(post=WRITERS),
    "taxonomy:preview_voices": Line(get=WRITERS),
    "taxonomy:publish": Line(post=WRITERS),
    "taxonomy:versions": Line(get=SIGNED_IN),
    "taxonomy:compare": Line(get=SIGNED_IN),
    "taxonomy:version_drop": Line(get=WRITERS, post=WRITERS, args=lambda world: [1]),
    "taxonomy:version_restore": Line(post=WRITERS, args=lambda world: [1]),
    "taxonomy:draft_restore": Line(post=WRITERS, args=lambda world: [1]),
    "api:taxonomy_compare": Line(get=SIGNED_IN, args=lambda world: [1, 1]),
    "api:taxonomy_version_drop": Line(post=WRITERS, args=lambda world: [1]),
    "api:taxonomy_version_restore": Line(post=WRITERS, args=lambda world: [1]),
    "taxonomy:again": Line(post=WRITERS, args=lambda world: [1]),
    "taxonomy:files": Line(get=WRITERS, post=WRITERS),
    "taxonomy:export": Line(get=SIGNED_IN, args=lambda world: ["yaml"]),
    "taxonomy:packs": Line(get=WRITERS),
    "taxonomy:packs_measured": Line(get=WRITERS),
    "taxonomy:choose": Line(post=WRITERS, args=lambda world: ["hotel"]),
    "taxonomy:words": Line(get=SIGNED_IN),
    "taxonomy:hot": Line(get=SIGNED_IN),
    "taxonomy:word_add": Line(post=WRITERS),
    **dict.fromkeys(("api:taxonomy_words", "api:taxonomy_word_add"), Line(get=SIGNED_IN, post=WRITERS)),
    **dict.fromkeys(("api:taxonomy_publish", "api:taxonomy_discard", "api:taxonomy_reread"), Line(post=WRITERS)),
    "api:taxonomy_examples": Line(get=SIGNED_IN, post=WRITERS, args=_node),
    "api:taxonomy_example_remove": Line(post=WRITERS, args=lambda world: [world.more["example"].pk]),
    "api:taxonomy_word_remove": Line(post=WRITERS, args=lambda world: [world.more["word"].pk]),
    "taxonomy:word_remove": Line(post=WRITERS, args=lambda world: [world.more["word"].pk]),
}
KEY_TABLE = {
    "api:taxonomy": "taxonomy.read",
    "api:taxonomy_versions": "taxonomy.read",
    "api:taxonomy_file": "taxonomy.read",
    "api:taxonomy_compare": "taxonomy.read",
    "api:taxonomy_draft": "taxonomy.write",
    **dict.fromkeys(("api:taxonomy_words", "api:taxonomy_word_add"), "taxonomy.read"),
    **dict.fromkeys(("api:taxonomy_publish", "api:taxonomy_discard", "api:taxonomy_reread"), "taxonomy.write"),
    "api:taxonomy_word_remove": "taxonomy.write",
    "api:taxonomy_examples": "taxonomy.read",
    "api:taxonomy_example_remove": "taxonomy.write",
    "api:taxonomy_version_drop": "taxonomy.write",
    "api:taxonomy_version_restore": "taxonomy.write",
}
