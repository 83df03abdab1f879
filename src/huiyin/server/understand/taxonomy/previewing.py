"""What a draft would do: history read by the real reader under it, laid beside what the facts say now, node by node.

All voices are read where there are few, else a blind draw of them. What publishing would do to the very same voices comes out here, for
both ways read with one reader and lay the same corrections over it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from huiyin.facts import Filter
from huiyin.facts.corrections import carried, table_of, with_corrections
from huiyin.facts.schema import CORRECTION
from huiyin.insight import records
from huiyin.server.collect.feedback.models import inbox_number
from huiyin.server.foundation.jobs.run import Run
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reading.rereading import read_anew, readable_rows
from huiyin.server.understand.reading.services import TextReader
from huiyin.server.understand.taxonomy.addresses import address_of, forget_drafts
from huiyin.server.understand.taxonomy.models import Preview, TaxonomyVersion
from huiyin.server.understand.taxonomy.selectors import own_words, version_in_use
from huiyin.server.understand.taxonomy.tree import Tree, moved

PREVIEW = "taxonomy.preview"
LIMIT = 5000
"""Voices that are read; of more, so many are drawn blindly."""
SEED = 1
_BATCH = 500
_HEARD = 20
"""Voices that are remembered for each node and each way it changes."""
_UNPLACED = ""
_SAID = ["feedback_id", "mention_no", "start", "end", "aspect"]
_Row = dict[str, Any]


@dataclass(slots=True)
class _Side:
    """One of the two trees over the voices: who says what, and how much has a place."""

    nodes: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    places: dict[tuple[str, int, int], str] = field(default_factory=dict)
    opinions: int = 0
    placed: int = 0


@dataclass(slots=True)
class _Compared:
    before: _Side = field(default_factory=_Side)
    after: _Side = field(default_factory=_Side)
    read: int = 0
    kept: int = 0
    """Voices whose original is gone: they keep their labels, under new paths."""


def preview_make(run: Run, preview: Preview, reader: TextReader) -> dict[str, object]:
    """Read the sample and keep what was found."""
    draft, version = preview.draft.tree, version_in_use()
    store, within = facts_store(), Filter.from_query(preview.within)
    frame = int(store.query("SELECT count(*) AS n FROM voice", where=within)["n"][0].as_py())
    drawn = store.query(
        "SELECT feedback_id FROM voice ORDER BY md5(CAST(? AS VARCHAR) || ':' || feedback_id), feedback_id LIMIT ?", [str(SEED), LIMIT], within
    )
    ids = drawn["feedback_id"].to_pylist()
    forget_drafts()
    address = address_of(draft, f"draft{preview.draft.pk}", own_words())
    compared, laid = _Compared(), _Laid(version, draft)
    run.report(0, len(ids))
    for at in range(0, len(ids), _BATCH):
        part = ids[at : at + _BATCH]
        _take(compared.before, _said_now(part), version.tree)
        _take(compared.after, _said_then(part, laid, reader, address, compared), draft)
        run.report(min(at + _BATCH, len(ids)), len(ids))
    found = summed(compared, frame, ids) | {"corrections": laid.corrections_told(set(ids))}
    with state_write():
        Preview.objects.filter(pk=preview.pk).update(found=found)
    return {"read": compared.read}


class _Laid:
    """What publishing would lay over the labels: where paths went, and the corrections as they would hold."""

    def __init__(self, version: TaxonomyVersion, draft: Tree) -> None:
        self.version, self.draft = version, draft
        self.moved = moved(version.tree, draft)
        kept = table_of(facts_store().corrections()) if facts_store().corrections() else CORRECTION.empty_table()
        self.name = "draft"
        self.corrections = pa.concat_tables([kept, carried(kept, version.facts_name, self.name, self.moved)])
        self._kept = kept

    def corrections_told(self, ids: set[str]) -> dict[str, Any]:
        """How many corrected opinions stay with their aspect, follow it, and have none any more."""
        leaves = {path for node_id, path in self.draft.paths().items() if self.draft.is_leaf(node_id)}
        latest = {}
        for row in self._kept.to_pylist():
            if row["version"] in (None, self.version.facts_name):
                latest[tuple(row[name] for name in ("feedback_id", "start", "end", "mention_no", "field"))] = row
        stay, follow = 0, 0
        lost: dict[str, list[str]] = defaultdict(list)
        for row in latest.values():
            if row["field"] != "aspect" or not row["value"]:
                stay += 1
            elif (now := self.moved.get(row["value"], row["value"])) is None or now not in leaves:
                lost[row["value"]].append(row["feedback_id"])
            else:
                stay, follow = stay + (now == row["value"]), follow + (now != row["value"])
        told = [{"path": path, "n": len(all_of), "ids": [one for one in all_of if one in ids][:_HEARD]} for path, all_of in sorted(lost.items())]
        return {"stay": stay, "follow": follow, "lost": told}


def _said_now(ids: Sequence[str]) -> Iterator[_Row]:
    yield from records.opinions_in(facts_store(), ids, _SAID).to_pylist()


def _said_then(ids: Sequence[str], laid: _Laid, reader: TextReader, address: str, compared: _Compared) -> Iterator[_Row]:
    """The opinions of the voices as they would be read, corrections over them."""
    numbers = [number for one in ids if (number := inbox_number(one)) is not None]
    rows = list(readable_rows().filter(pk__in=numbers).select_related("source").order_by("pk"))
    readable = {row.feedback_id for row in rows}
    compared.read, compared.kept = compared.read + len(rows), compared.kept + len(ids) - len(rows)
    for one in _said_now([one for one in ids if one not in readable]):
        yield one | {"aspect": laid.moved.get(one["aspect"], one["aspect"])}
    if not rows:
        return
    feedback, mentions, _version = read_anew(rows, reader, address)
    mine = laid.corrections.filter(pc.is_in(laid.corrections["feedback_id"], value_set=pa.array(sorted(readable), pa.string())))
    _, mentions = with_corrections(feedback, mentions, mine, laid.name)
    yield from mentions.select(_SAID).to_pylist()


def _take(side: _Side, rows: Iterator[_Row], tree: Tree) -> None:
    paths = tree.paths()
    above: dict[str, list[str]] = {}
    for node, _depth in tree.walk():
        above[node.id] = [node.id, *above.get(node.parent, [])]
    named = {path: node_id for node_id, path in paths.items()}
    for row in rows:
        node_id = named.get(row["aspect"] or "", _UNPLACED)
        side.opinions += 1
        side.placed += bool(row["aspect"])
        for one in above.get(node_id, []):
            side.nodes[one].add(row["feedback_id"])
        place = (row["feedback_id"], row["start"] if row["start"] is not None else -1, row["end"] if row["end"] is not None else -1)
        side.places[place] = node_id


def summed(compared: _Compared, frame: int, ids: Sequence[str]) -> dict[str, Any]:
    """For the screen. `nodes`: node id → voices before and after, which come and which go; `flows`: opinions that change places."""
    before, after = compared.before, compared.after
    order = {one: at for at, one in enumerate(ids)}

    def heard(some: set[str]) -> list[str]:
        return sorted(some, key=order.__getitem__)[:_HEARD]

    nodes = {}
    for node_id in sorted({*before.nodes, *after.nodes}):
        was, will = before.nodes.get(node_id, set()), after.nodes.get(node_id, set())
        nodes[node_id] = {
            "before": len(was), "after": len(will), "gained": len(will - was), "lost": len(was - will),
            "gains": heard(will - was), "losses": heard(was - will),
        }  # fmt: skip
    flows: Counter[tuple[str, str]] = Counter()
    voices: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for place in {**before.places, **after.places}:
        pair = (before.places.get(place, "none"), after.places.get(place, "none"))
        if pair[0] != pair[1]:
            flows[pair] += 1
            voices[pair].add(place[0])
    listed = sorted(flows, key=lambda pair: (-flows[pair], pair))[:60]
    changed = {one for some in voices.values() for one in some}
    return {
        "frame": frame,
        "voices": len(ids),
        "read": compared.read,
        "kept": compared.kept,
        "changed": len(changed),
        "coverage": {"before": [before.placed, before.opinions], "after": [after.placed, after.opinions]},
        "nodes": nodes,
        "flows": [{"from": was, "to": will, "n": flows[was, will], "ids": heard(voices[was, will])} for was, will in listed],
    }
