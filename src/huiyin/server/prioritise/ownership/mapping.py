"""The map as it is shown: the tree with who answers for each node, gaps, exceptions, and how much is complained of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from huiyin.facts import Filter
from huiyin.server.foundation.people.models import Team
from huiyin.server.prioritise.ownership.models import Responsibility
from huiyin.server.prioritise.ownership.selectors import OwnershipMap
from huiyin.server.understand.taxonomy.selectors import counts_by_node
from huiyin.server.understand.taxonomy.tree import Node


@dataclass(frozen=True, slots=True)
class MapLine:
    """A node of the tree."""

    node: Node
    depth: int
    path: str
    name: str
    leaf: bool
    negative: int
    """Voices that complain of it or of what is under it."""
    own: Responsibility | None
    team: Team | None
    """Who answers for it, by its own line, one above it, or the taxonomy."""
    written: bool
    """Whether the taxonomy told it."""
    exceptions: Sequence[Responsibility]
    gaps: int
    """Leaves under it, itself included, that nobody answers for."""


def map_lines(known: OwnershipMap, within: Filter) -> list[MapLine]:
    """The tree in reading order."""
    paths, counted = known.tree.paths(), counts_by_node(known.tree, within)
    own = {at: line for at, line in known.placed if not line.product and not line.region}
    exceptions: dict[str, list[Responsibility]] = {}
    for at, line in known.placed:
        if line.product or line.region:
            exceptions.setdefault(at, []).append(line)
    leaves = {leaf.id for leaf in known.tree.leaves()}
    open_leaves = {leaf for leaf in leaves if known.team_at(paths[leaf]) is None}
    language, found = "en" if get_language() == "en" else "zh", []
    for node, depth in known.tree.walk():
        path = paths[node.id]
        under = {node.id, *(one.id for one in known.tree.below(node.id))}
        held = known.line_at(path)
        negative = counted[node.id].negative if node.id in counted else 0
        team, mine = known.team_at(path), exceptions.get(node.id, [])
        found.append(
            MapLine(
                node, depth, path, node.called(language), node.id in leaves, negative, own.get(node.id), team,
                held is None and team is not None, mine, len(under & open_leaves),
            )
        )  # fmt: skip
    return found
