"""One run: what is gone goes, what is new is placed with the topics there are, and in the rest new ones are looked for.

Everything is computed first and written in one transaction; killed before it, nothing has changed, and the next run does the same again.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from huiyin.facts import Facts
from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.live.events import publish
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.reading.facts import facts_store, facts_write
from huiyin.server.understand.topics.models import Basis, Member, Prototype, Topic
from huiyin.text import ngrams, topics
from huiyin.text.topic_names import named

LONGEST = 60
"""Longer clauses are stories or slogans and no opinions on one thing."""
REST = 20_000
"""Unplaced opinions in which new topics are looked for at once."""
_BASIS_VOICES = 20_000
_STEP = 5000
Key = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Said:
    """Opinions by what identifies them, with their words and customers; row i of everything belongs together."""

    keys: list[Key]
    texts: list[str]
    units: NDArray[np.int64]


def grow(user: object = None, check: Callable[[], None] = lambda: None, again: bool = False) -> dict[str, int]:
    """Do one run; with `again` all opinions that no person pinned are placed anew. Gives counts."""
    store, basis = facts_store(), basis_of(facts_store())
    there = _unplaced(store)
    known = {(one.feedback_id, one.start, one.end): one for one in Member.objects.all().iterator(chunk_size=5000)}
    fresh = sorted(key for key in there if key not in known or (again and not known[key].pinned))
    rest = sorted((key for key, one in known.items() if key in there and one.topic_id is None and not again), key=_lot)[:REST]
    check()
    said = _said(store, [*fresh, *rest], there)
    matrix = topics.vectors(said.texts, basis)
    definitions, owners = definitions_now()
    first = topics.place(matrix, definitions)
    check()
    loose = np.flatnonzero((first.topic < 0) & (first.reason == topics.FEW))
    found = topics.discover(matrix[loose], said.units[loose])
    check()
    continued = topics.matched(definitions, found.definitions)
    both = csr_array(vstack([definitions, found.definitions]))
    placing = topics.place(matrix, both)
    keep = first.topic >= 0
    placing.topic[keep], placing.cosine[keep] = first.topic[keep], first.cosine[keep]
    names = _names(said, placing.topic, definitions.shape[0], found.definitions.shape[0])
    with facts_write() as held, state_write():
        # Under the lock nothing is erased: what is gone from the facts by now is not written.
        present = _present(held, [key[0] for key in said.keys])
        made = _new_topics(found, continued, owners, names)
        counts = _write(said, placing, [*owners, *made], {key for key in known if key not in there}, present, known)
        counts["topics"] = sum(one < 0 for one in continued.tolist())
        record("topics.grown", "", actor=user, object_type="topic", object_name="—", after=dict(counts))
        publish("topics", counts)
    return counts


def basis_of(store: Facts) -> topics.Basis:
    """The basis, made at the first run from voices drawn uniformly."""
    row = Basis.objects.first()
    if row is None:
        sql = f"SELECT text FROM voice WHERE text IS NOT NULL ORDER BY md5('basis:' || feedback_id), feedback_id LIMIT {_BASIS_VOICES}"
        texts = store.query(sql)["text"].to_pylist()
        made = topics.Basis.of(texts)
        if len(texts) < 200:
            # Of too few voices nothing lasting is learnt: the next run makes it anew.
            return made
        with state_write():
            row = Basis.objects.first() or Basis.objects.create(steps=made.steps.tobytes(), voices=len(texts))
    return topics.Basis(np.frombuffer(bytes(row.steps), np.uint8))


def definitions_now() -> tuple[csr_array, list[int]]:
    """All prototypes as rows, and the topic of each."""
    rows = list(Prototype.objects.exclude(topic__state=Topic.State.MERGED).order_by("pk"))
    if not rows:
        return csr_array((0, ngrams.BUCKETS)), []
    columns = [np.frombuffer(bytes(one.buckets), np.int32) for one in rows]
    starts = np.cumsum([0, *(len(one) for one in columns)])
    weights = np.concatenate([np.frombuffer(bytes(one.weights), np.float64) for one in rows])
    return csr_array((weights, np.concatenate(columns), starts), (len(rows), ngrams.BUCKETS)), [one.topic_id for one in rows]


def prototype(topic: Topic, row: csr_array) -> Prototype:
    """A definition as it is kept."""
    return Prototype(topic=topic, buckets=row.indices.astype(np.int32).tobytes(), weights=row.data.astype(np.float64).tobytes())


def _unplaced(store: Facts) -> dict[Key, int]:
    """Opinions without an aspect, with their customers; spam and long clauses left out."""
    rows = store.query(
        'SELECT o.feedback_id AS id, o.start AS start, o."end" AS "end", min(o.unit) AS unit '
        "FROM opinion o JOIN voice v ON o.feedback_id = v.feedback_id "
        f'WHERE o.aspect IS NULL AND o.start IS NOT NULL AND o."end" - o.start <= {LONGEST} AND NOT coalesce(v.is_spam, FALSE) '
        'GROUP BY o.feedback_id, o.start, o."end"'
    )
    columns = (rows[name].to_pylist() for name in ("id", "start", "end", "unit"))
    return {(feedback_id, start, end): unit for feedback_id, start, end, unit in zip(*columns, strict=True)}


def _said(store: Facts, keys: Sequence[Key], units: dict[Key, int]) -> Said:
    texts = texts_of(store, sorted({key[0] for key in keys}))
    kept = [key for key in keys if key[2] <= len(texts.get(key[0], ""))]
    return Said(kept, [texts[key[0]][key[1] : key[2]] for key in kept], np.array([units[key] for key in kept], np.int64))


def texts_of(store: Facts, ids: Sequence[str]) -> dict[str, str]:
    """The texts of voices."""
    found: dict[str, str] = {}
    for at in range(0, len(ids), _STEP):
        wanted = pa.table({"wanted_id": pa.array(ids[at : at + _STEP], pa.string())})
        rows = store.query("SELECT v.feedback_id, v.text FROM wanted w JOIN voice v ON w.wanted_id = v.feedback_id", tables={"wanted": wanted})
        found.update(zip(rows["feedback_id"].to_pylist(), (one or "" for one in rows["text"].to_pylist()), strict=True))
    return found


def _present(store: Facts, ids: Sequence[str]) -> set[str]:
    return set(texts_of(store, sorted(set(ids))))


def _lot(key: Key) -> tuple[int, Key]:
    return zlib.crc32(repr(key).encode("utf-8", "surrogatepass")), key


def _names(said: Said, topic: NDArray[np.int64], first: int, count: int) -> list[tuple[str, list[str]]]:
    """Name and seeds of each new topic."""
    found = []
    for number in range(first, first + count):
        one = named([said.texts[at] for at in np.flatnonzero(topic == number).tolist()])
        found.append((one.name or "—", list(one.seeds)))
    return found


def _new_topics(found: topics.Found, continued: NDArray[np.int64], owners: Sequence[int], names: Sequence[tuple[str, list[str]]]) -> list[int]:
    """The topic of each definition that was found: a new one, or the one it continues, which gets it as one more prototype."""
    made = []
    for at, (name, seeds) in enumerate(names):
        row = found.definitions[[at]]
        if continued[at] >= 0:
            topic = Topic.objects.get(pk=owners[int(continued[at])])
        else:
            topic = Topic.objects.create(name=name[:80], seeds=seeds, stability=float(found.stability[at]))
        prototype(topic, row).save()
        made.append(topic.pk)
    return made


def _write(said: Said, placing: topics.Placing, owners: Sequence[int], gone: set[Key], present: set[str], known: dict[Key, Member]) -> dict[str, int]:
    """Members as they are now. What people merged meanwhile is followed; what they pinned stays."""
    into = dict(Topic.objects.filter(into__isnull=False).values_list("pk", "into_id"))
    pinned = set(Member.objects.filter(pinned=True).values_list("feedback_id", "start", "end"))

    def target(number: int) -> int | None:
        if number < 0:
            return None
        topic = owners[number]
        while topic in into:
            topic = into[topic]
        return topic

    rows: list[Member] = []
    counts: dict[str, int] = defaultdict(int)
    for at, key in enumerate(said.keys):
        if key[0] not in present or key in pinned:
            continue
        topic = target(int(placing.topic[at]))
        counts["placed" if topic else "left"] += 1
        nearest = list(dict.fromkeys(one for one in (target(int(near)) for near in placing.nearest[at]) if one))
        reason = Member.Reason.PLACED if topic else int(placing.reason[at]) or Member.Reason.FEW
        rows.append(
            Member(feedback_id=key[0], start=key[1], end=key[2], topic_id=topic, reason=reason, cosine=float(placing.cosine[at]), nearest=nearest)
        )
    fields = ["topic", "reason", "cosine", "nearest"]
    Member.objects.bulk_create(rows, batch_size=500, update_conflicts=True, unique_fields=["feedback_id", "start", "end"], update_fields=fields)
    numbers = [known[key].pk for key in gone]
    for at in range(0, len(numbers), 500):
        counts["gone"] += Member.objects.filter(pk__in=numbers[at : at + 500]).delete()[0]
    return dict(counts)
