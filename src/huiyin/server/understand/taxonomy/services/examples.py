"""Voices as examples of a node."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.taxonomy.models import TakenExample
from huiyin.server.understand.taxonomy.services.drafts import draft_begin, node_add, node_change
from huiyin.server.understand.taxonomy.tree import Node


def example_take(user: Any, node: Node, feedback_id: str, text: str) -> TakenExample:
    """Keep a voice as an example; doing it twice is doing it once. `text` is the masked one."""
    with state_write():
        taken, made = TakenExample.objects.get_or_create(node=node.id, feedback_id=feedback_id, defaults={"text": text, "taken_by": user})
        if made:
            after = {"voices": feedback_id}
            record("taxonomy.example_taken", node.id, actor=user, after=after, object_type="taxonomynode", object_name=node.called())
    return taken


def example_drop(user: Any, taken: TakenExample) -> None:
    """Let an example go."""
    with state_write():
        record("taxonomy.example_dropped", taken.node, actor=user, before={"voices": taken.feedback_id}, object_type="taxonomynode")
        taken.delete()


def topic_take(user: Any, name: str, seeds: Sequence[str], examples: Sequence[tuple[str, str]]) -> Node:
    """A topic that people found worth keeping becomes an aspect of the draft; a draft is begun where there is none.

    `examples` are voices, (id, words): kept as such, so that they go when their customers are erased.
    """
    with state_write():
        draft_begin(user)
        (made,) = node_add(user, "", [name])
        node_change(user, made.id, {"seeds": list(seeds)})
        for feedback_id, words in examples:
            example_take(user, made, feedback_id, words)
    return made
