"""What an address names, for the screens and for programs: a node of the tree in use, a voice to take as its example; 404 where there is none."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.understand.explorer.selectors import voice_seen
from huiyin.server.understand.taxonomy.models import TakenExample
from huiyin.server.understand.taxonomy.selectors import version_in_use
from huiyin.server.understand.taxonomy.services.examples import example_take
from huiyin.server.understand.taxonomy.tree import Node


def node_asked(node_id: str) -> Node:
    """A node of the tree in use.

    Raises:
        Http404: there is none of that id.
    """
    tree = version_in_use().tree
    if not tree.has(node_id):
        raise Http404
    return tree.get(node_id)


def example_asked(user: Any, node_id: str, feedback_id: str) -> TakenExample:
    """Take a voice that a person may see as an example of a node.

    Raises:
        Http404: no such node, or no such voice for this person.
    """
    node, voice = node_asked(node_id), voice_seen(feedback_id, scope_filter(user))
    return example_take(user, node, feedback_id, str(voice.fields["text"] or ""))
