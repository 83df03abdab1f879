"""Reads of topics. Counts are of the rows that the person may see; what is counted is what the page of the topic lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from django.db.models import QuerySet

from huiyin.facts import Filter
from huiyin.insight import records
from huiyin.insight.findings import Estimate
from huiyin.insight.intervals import wilson
from huiyin.server.understand.explorer.marks import Piece, pieces
from huiyin.server.understand.explorer.selectors import Voice, with_opinions
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.topics.models import Member, Topic
from huiyin.text.topics import drifted

WEEKS = 12
UNSTABLE = 0.6
"""Below so much stability a topic is marked: a slightly different sample would have cut it otherwise."""
SMALL = 20
"""Opinions below which no share is shown."""
PAGE = 30
LISTED = 40
_State = Topic.State
_DRIFT = 40


@dataclass(frozen=True, slots=True)
class Line:
    """One topic of the list."""

    topic: Topic
    opinions: int
    customers: int
    negative: Estimate
    weeks: tuple[int, ...]
    quotes: tuple[str, ...]
    drifting: bool

    @property
    def unstable(self) -> bool:
        """Marked as such."""
        return self.topic.stability is not None and self.topic.stability < UNSTABLE

    @property
    def bars(self) -> list[tuple[int, int, int]]:
        """(x, height, count) of each week, heights of 20."""
        most = max(self.weeks, default=1) or 1
        return [(7 * at, round(18 * count / most) + (count > 0), count) for at, count in enumerate(self.weeks)]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Where the opinions without an aspect are."""

    placed: int
    thin: int
    few: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.placed + self.thin + self.few

    @property
    def share(self) -> float:
        """Of all, placed."""
        return self.placed / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Heard:
    """An opinion with its voice."""

    member: Member
    voice: Voice
    pieces: list[Piece] = field(default_factory=list)
    nearest: tuple[Topic, ...] = ()


def topics_of(state: str) -> QuerySet[Topic]:
    """Topics in a state; what is merged is nowhere listed."""
    return Topic.objects.filter(state=state)


def lines(state: str, within: Filter) -> list[Line]:
    """The topics of a list with what may be seen of them, those that most customers speak of first; a topic of which nothing is seen is left out."""
    found = {one.pk: one for one in topics_of(state)}
    rows = list(Member.objects.filter(topic__in=found).values_list("topic_id", "feedback_id", "start", "end", "cosine", "pk").order_by("pk"))
    counts = _counts(rows, within)
    quotes = _quotes(rows, within)
    cosines: dict[int, list[float]] = {}
    for topic, _feedback, _start, _end, cosine, _pk in rows:
        cosines.setdefault(topic, []).append(cosine)
    made = []
    for pk, (opinions, customers, negative, weeks) in counts.items():
        own = np.array(cosines[pk])
        share = wilson(negative, opinions) if opinions >= SMALL else Estimate(None, None, None, opinions)
        made.append(Line(found[pk], opinions, customers, share, weeks, tuple(quotes.get(pk, ())), drifted(own[:_DRIFT], own[_DRIFT:][-_DRIFT:])))
    return sorted(made, key=lambda one: (-one.customers, -one.opinions, one.topic.pk))


def _table(rows: list[Any]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * 6
    kinds = (pa.int64(), pa.string(), pa.int32(), pa.int32(), pa.float64(), pa.int64())
    names = ("topic", "member_id", "first", "last", "cosine", "member_pk")
    return pa.table({name: pa.array(column, kind) for name, column, kind in zip(names, columns, kinds, strict=True)})


_JOINED = 'FROM members m JOIN opinion o ON o.feedback_id = m.member_id AND o.start = m.first AND o."end" = m.last AND o.aspect IS NULL'


def _counts(rows: list[Any], within: Filter) -> dict[int, tuple[int, int, int, tuple[int, ...]]]:
    """Topic → opinions, customers, negative ones, opinions of each of the last weeks."""
    if not rows:
        return {}
    store, table = facts_store(), {"members": _table(rows)}
    sums = store.query(
        "SELECT m.topic AS topic, count(DISTINCT m.member_pk) AS opinions, count(DISTINCT o.unit) AS customers, "
        f"count(DISTINCT CASE WHEN o.polarity < 0 THEN m.member_pk END) AS negative {_JOINED} GROUP BY m.topic ORDER BY m.topic",
        where=within,
        tables=table,
    ).to_pylist()
    weekly = store.query(
        f"SELECT m.topic AS topic, o.week AS week, count(DISTINCT m.member_pk) AS n {_JOINED} GROUP BY m.topic, o.week ORDER BY m.topic, o.week",
        where=within,
        tables=table,
    ).to_pylist()
    last: date = max((row["week"] for row in weekly), default=date.today())
    shown = [last - timedelta(weeks=WEEKS - 1 - at) for at in range(WEEKS)]
    by_week = {(row["topic"], row["week"]): int(row["n"]) for row in weekly}
    return {
        row["topic"]: (
            int(row["opinions"]),
            int(row["customers"]),
            int(row["negative"]),
            tuple(by_week.get((row["topic"], week), 0) for week in shown),
        )
        for row in sums
    }


def _quotes(rows: list[Any], within: Filter, each: int = 2) -> dict[int, list[str]]:
    """For each topic the words nearest to its definition, different ones, of voices that may be seen."""
    best: dict[int, list[Any]] = {}
    for row in sorted(rows, key=lambda row: (-row[4], row[5])):
        if len(best.setdefault(row[0], [])) < 8:
            best[row[0]].append(row)
    wanted = pa.table({"wanted_id": pa.array(sorted({row[1] for some in best.values() for row in some}), pa.string())})
    texts = facts_store().query(
        "SELECT v.feedback_id, v.text FROM wanted w JOIN voice v ON w.wanted_id = v.feedback_id", where=within, tables={"wanted": wanted}
    )
    said = dict(zip(texts["feedback_id"].to_pylist(), texts["text"].to_pylist(), strict=True))
    return {topic: list(dict.fromkeys(said[row[1]][row[2] : row[3]] for row in some if said.get(row[1])))[:each] for topic, some in best.items()}


def coverage() -> Coverage:
    """All opinions without an aspect, by where they are."""
    few, thin = (Member.objects.filter(topic=None, reason=reason).count() for reason in (Member.Reason.FEW, Member.Reason.THIN))
    return Coverage(Member.objects.exclude(topic=None).count(), thin, few)


def heard(members: QuerySet[Member], within: Filter, page: int) -> tuple[list[Heard], int]:
    """A page of opinions with their voices, nearest to the definition first, and how many there are within what may be seen."""
    rows = list(members.order_by("-cosine", "pk").values_list("topic_id", "feedback_id", "start", "end", "cosine", "pk"))
    if not rows:
        return [], 0
    seen = facts_store().query(
        f"SELECT DISTINCT m.member_pk AS pk {_JOINED}", where=within, tables={"members": _table([(row[0] or 0, *row[1:]) for row in rows])}
    )
    allowed = set(seen["pk"].to_pylist())
    listed = [row[5] for row in rows if row[5] in allowed]
    chosen = listed[PAGE * (page - 1) : PAGE * page]
    by_pk = Member.objects.in_bulk(chosen)
    ids = pa.table({"feedback_id": pa.array(sorted({by_pk[pk].feedback_id for pk in chosen if pk in by_pk}), pa.string())})
    voices = {one.fields["feedback_id"]: one for one in with_opinions(records.rows_of(facts_store(), ids))} if chosen else {}
    near = Topic.objects.in_bulk({pk for one in by_pk.values() for pk in one.nearest})
    found = []
    for pk in chosen:
        one = by_pk.get(pk)
        voice = voices.get(one.feedback_id) if one else None
        if one is None or voice is None:
            continue
        said = [said for said in voice.mentions if (said["start"], said["end"]) == (one.start, one.end)]
        nearest = tuple(near[number] for number in one.nearest if number in near and number != one.topic_id)
        found.append(Heard(one, voice, pieces(voice.fields["text"] or "", said[:1]), nearest))
    return found, len(listed)


def nearest_topics(topic: Topic, most: int = 5) -> list[tuple[Topic, float]]:
    """The topics whose definitions are most alike, with the cosine."""
    from huiyin.server.understand.topics.growing import definitions_now

    definitions, owners = definitions_now()
    mine = [at for at, owner in enumerate(owners) if owner == topic.pk]
    if not mine:
        return []
    cosines = np.asarray((definitions @ definitions[mine].T).todense()).max(axis=1)
    best: dict[int, float] = {}
    for owner, cosine in zip(owners, cosines.tolist(), strict=True):
        if owner != topic.pk and cosine > 0:
            best[owner] = max(best.get(owner, 0.0), cosine)
    known = Topic.objects.exclude(state=_State.MERGED).in_bulk(best)
    ordered = sorted(best.items(), key=lambda one: (-one[1], one[0]))
    return [(known[pk], cosine) for pk, cosine in ordered if pk in known][:most]
