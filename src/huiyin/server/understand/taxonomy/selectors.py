"""Reads: the version in use, the draft, counts of history by node."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyarrow as pa
from django.utils import timezone

from huiyin.facts import Filter
from huiyin.server.foundation.asking import asked_once
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reading.services import reading_setup
from huiyin.server.understand.reckoning.keeping import reckoned
from huiyin.server.understand.taxonomy.models import Draft, OwnWord, Preview, TakenExample, TaxonomyVersion
from huiyin.server.understand.taxonomy.packfile import Words, tree_of_pack
from huiyin.server.understand.taxonomy.tree import Tree


@dataclass(frozen=True, slots=True)
class Counted:
    """Voices that speak of a node or of one under it, how many of them complain, and its opinions."""

    voices: int = 0
    negative: int = 0
    opinions: int = 0


NONE_COUNTED = Counted()


@dataclass(frozen=True, slots=True)
class Placed:
    """How many opinions there are and how many of them have a place in the tree."""

    opinions: int
    placed: int


def version_in_use() -> TaxonomyVersion:
    """The latest version; before anything was published here, the pack that voices are read by, as a version that is not stored."""
    return asked_once("taxonomy.in_use", lambda: TaxonomyVersion.objects.first() or _unstored())


def version_in_force() -> TaxonomyVersion:
    """The version whose paths the facts stand under: one that was published but not put in use yet does not count."""
    return TaxonomyVersion.objects.filter(applied_at__isnull=False).first() or version_in_use()


def tree_in_force() -> Tree:
    """Its tree; also where the facts are not open, before anything was published."""
    return asked_once("taxonomy.tree_in_force", _tree_in_force)


def _tree_in_force() -> Tree:
    versions = TaxonomyVersion.objects
    version = versions.filter(applied_at__isnull=False).first() or versions.first()
    return version.tree if version else Tree.of(_pack_said(reading_setup().taxonomy))


def _unstored() -> TaxonomyVersion:
    now = timezone.now()
    return TaxonomyVersion(number=1, said=_pack_said(reading_setup().taxonomy), facts_name=facts_store().version, published_at=now, applied_at=now)


@lru_cache(maxsize=8)
def _pack_said(taxonomy: str) -> dict[str, Any]:
    return tree_of_pack(taxonomy).as_json()


def accountable_teams() -> dict[str, str]:
    """Path → name of the team that answers for it, of nodes that name one themselves or stand under one that does."""
    tree = version_in_use().tree
    paths = tree.paths()
    return {paths[node_id]: team for node_id, team in tree.teams().items()}


def draft_now() -> Draft | None:
    """The draft, if one was begun."""
    return Draft.objects.select_related("begun_by").first()


def latest_preview(draft: Draft) -> Preview | None:
    """The last preview of a draft, of whatever state of it."""
    return Preview.objects.filter(draft=draft).select_related("job", "by").first()


def counts_by_node(tree: Tree, where: Filter | None = None, version: str | None = None) -> dict[str, Counted]:
    """History of each node, a theme's with all under it, as it stands in the facts under a version."""
    paths = tree.paths()
    pairs = [(path, node_id) for node_id, own in paths.items() for path in (own, *(paths[one.id] for one in tree.below(node_id)))]
    if not pairs:
        return {}
    key = ("counts_by_node", tuple(pairs), (where or Filter()).to_query(), version)
    return reckoned(key, lambda: _counted(pairs, where, version)).value


def _counted(pairs: list[tuple[str, str]], where: Filter | None, version: str | None) -> dict[str, Counted]:
    """Of (path, node) pairs: a node is counted under each of its paths."""
    belongs = pa.table({"path": [one[0] for one in pairs], "node": [one[1] for one in pairs]})
    rows = facts_store().query(
        "SELECT b.node AS node, count(DISTINCT o.feedback_id) AS voices, count(*) AS opinions, "
        "count(DISTINCT CASE WHEN o.polarity < 0 THEN o.feedback_id END) AS negative "
        "FROM opinion o JOIN belongs b ON o.aspect = b.path GROUP BY b.node ORDER BY b.node",
        where=where,
        version=version,
        tables={"belongs": belongs},
    )
    return {row["node"]: Counted(int(row["voices"]), int(row["negative"]), int(row["opinions"])) for row in rows.to_pylist()}


def placed_opinions(where: Filter | None = None, version: str | None = None) -> Placed:
    """How much of what was said the tree places."""
    key = ("placed_opinions", (where or Filter()).to_query(), version)
    return reckoned(key, lambda: _placed_opinions(where, version)).value


def _placed_opinions(where: Filter | None, version: str | None) -> Placed:
    row = facts_store().query("SELECT count(*) AS n, count(aspect) AS placed FROM opinion", where=where, version=version).to_pylist()[0]
    return Placed(int(row["n"]), int(row["placed"]))


def own_words() -> Words:
    """The company's words as they go into a pack file."""
    found: dict[str, list[str]] = {}
    seeds: dict[str, list[str]] = {}
    for one in OwnWord.objects.order_by("id"):
        found.setdefault(one.kind, []).append(one.word)
        if one.kind == OwnWord.Kind.SYNONYM:
            seeds.setdefault(one.node, []).append(one.word)
    kinds = [str(one) for one in (OwnWord.Kind.NAME, OwnWord.Kind.NEGATIVE, OwnWord.Kind.POSITIVE)]
    plain, negative, positive = (tuple(found.get(kind, [])) for kind in kinds)
    return Words(plain, negative, positive, seeds)


def examples_of(node_id: str, where: Filter) -> list[TakenExample]:
    """Voices that were taken as examples of a node; those within the rows that may be seen."""
    kept = list(TakenExample.objects.filter(node=node_id).select_related("taken_by"))
    if not kept:
        return []
    wanted = pa.table({"wanted_id": [one.feedback_id for one in kept]})
    rows = facts_store().query(
        "SELECT v.feedback_id AS id FROM wanted w JOIN voice v ON v.feedback_id = w.wanted_id", where=where, tables={"wanted": wanted}
    )
    seen = set(rows["id"].to_pylist())
    return [one for one in kept if one.feedback_id in seen]
