"""Reads of checking: what waits for whom, how people agree, how often the machine is right."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from huiyin.insight.agreement import MINIMUM, Agreement, accuracy, cohen, krippendorff, needed
from huiyin.insight.findings import Estimate
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.understand.explorer import names
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.review.models import Answer, ReviewItem

ENOUGH = 10
"""From so many labels on an aspect no longer counts as one with few."""
_State = ReviewItem.State


@dataclass(frozen=True, slots=True)
class Measured:
    """How often the machine was right among what was drawn at random."""

    name: str
    n: int
    polarity: Estimate
    aspect: Estimate
    query: str = ""

    @property
    def missing(self) -> int:
        """How many more are needed before a share is shown."""
        return max(0, MINIMUM - self.n)


@dataclass(frozen=True, slots=True)
class Figures:
    """All that the page of figures tells."""

    overall: Measured
    aspects: tuple[Measured, ...]
    months: tuple[Measured, ...]
    versions: tuple[Measured, ...]
    polarity: Agreement
    aspect: Agreement
    raters: int
    """People among the pairs; from three on kappa mixes several pairs of people and alpha is told beside it."""
    polarity_alpha: Estimate
    aspect_alpha: Estimate
    disputed: int
    random: int
    unsure: int
    wanted: int
    """Random answers for an interval of ± 5 points at the share measured so far."""


def waiting_for(user: Any) -> QuerySet[ReviewItem]:
    """Opinions this person may still be shown: second ratings first, then the draw in its order. Disputes stand on a page of their own."""
    mine = Answer.objects.filter(rater=user).values("item")
    return ReviewItem.objects.filter(state__in=[_State.OPEN, _State.SECOND]).exclude(pk__in=mine).order_by("-state", "place", "pk")


def disputed_for(user: Any) -> QuerySet[ReviewItem]:
    """Disagreements of two others."""
    return ReviewItem.objects.filter(state=_State.DISPUTED).exclude(answers__rater=user).prefetch_related("answers").order_by("place", "pk")


def disputed_seen(user: Any) -> list[ReviewItem]:
    """Of those the ones whose voices the person may see: what is counted is what is listed."""
    found = list(disputed_for(user))
    if not found:
        return []
    wanted = pa.table({"wanted_id": pa.array([one.feedback_id for one in found], pa.string())})
    sql = "SELECT v.feedback_id FROM wanted w JOIN voice v ON w.wanted_id = v.feedback_id"
    seen = set(facts_store().query(sql, where=scope_filter(user), tables={"wanted": wanted})["feedback_id"].to_pylist())
    return [one for one in found if one.feedback_id in seen]


def well_labelled() -> list[str]:
    """Aspects that people have labelled often enough; the empty one stands for no aspect."""
    rows = Answer.objects.exclude(turn=0).exclude(kind=Answer.Kind.REMOVED).values("aspect").annotate(n=Count("id")).filter(n__gte=ENOUGH)
    return [row["aspect"] for row in rows]


def answered_today(user: Any) -> int:
    """How many opinions the person has answered since midnight."""
    start = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return Answer.objects.filter(rater=user, given_at__gte=start).exclude(turn=0).count()


def final_answers(where: Q | None = None) -> list[tuple[ReviewItem, Answer]]:
    """Settled opinions with the answer that holds: of whoever settled it, else the first."""
    found: dict[int, Answer] = {}
    rows = Answer.objects.exclude(turn=0).filter(item__state__in=[_State.DONE, _State.SECOND]).filter(where or Q())
    for one in rows.select_related("item").order_by("item_id", "turn"):
        if one.turn != 2:
            found[one.item_id] = one
    return [(one.item, one) for one in found.values()]


def figures() -> Figures:
    """Everything that has been measured."""
    drawn = final_answers(Q(item__part=ReviewItem.Part.RANDOM, item__whole=True))
    overall = _measured("", drawn)
    by_aspect, by_month, by_version = (defaultdict(list) for _ in range(3))
    for item, said in drawn:
        by_aspect[item.read_aspect].append((item, said))
        by_month[timezone.localtime(item.drawn_at).date().replace(day=1)].append((item, said))
        by_version[item.read_version].append((item, said))
    aspects = sorted(by_aspect.items(), key=lambda one: (-len(one[1]), one[0]))
    first, second = _pairs()
    share = overall.polarity.value if overall.polarity.value is not None else 0.5
    counts = Counter(part for part in ReviewItem.objects.filter(state__in=[_State.DONE, _State.SECOND]).values_list("part", flat=True))
    return Figures(
        overall=overall,
        aspects=tuple(_measured(names.aspect_name(path), rows, f"aspect={path}" if path else "") for path, rows in aspects[:40]),
        months=tuple(_measured(f"{month:%Y-%m}", by_month[month]) for month in _last(by_month)),
        versions=tuple(_measured(name or "—", by_version[name]) for name in sorted(by_version)),
        polarity=cohen([_polarity(one) for one in first], [_polarity(one) for one in second]),
        aspect=cohen([one.label[1] for one in first], [one.label[1] for one in second]),
        raters=len({one.rater_id for one in (*first, *second)}),
        polarity_alpha=krippendorff([[_polarity(one), _polarity(other)] for one, other in zip(first, second, strict=True)]),
        aspect_alpha=krippendorff([[one.label[1], other.label[1]] for one, other in zip(first, second, strict=True)]),
        disputed=ReviewItem.objects.filter(state=_State.DISPUTED).count(),
        random=counts[ReviewItem.Part.RANDOM],
        unsure=counts[ReviewItem.Part.UNSURE],
        wanted=needed(0.05, min(max(share, 0.05), 0.95)),
    )


def _last(months: Iterable[date]) -> list[date]:
    since = timezone.localdate() - timedelta(days=400)
    return sorted(one for one in months if one >= since)


def _measured(name: str, rows: list[tuple[ReviewItem, Answer]], query: str = "") -> Measured:
    """What is no opinion at all was read wrongly in both respects."""
    n = len(rows)
    polarity = sum(said.kind != Answer.Kind.REMOVED and said.polarity == item.read_polarity for item, said in rows)
    aspect = sum(said.kind != Answer.Kind.REMOVED and said.aspect == item.read_aspect for item, said in rows)
    return Measured(name, n, accuracy(polarity, n), accuracy(aspect, n), query)


def _pairs() -> tuple[list[Answer], list[Answer]]:
    """First and second answers of what two people answered blind."""
    rows: dict[int, dict[int, Answer]] = defaultdict(dict)
    for one in Answer.objects.filter(turn__in=[1, 2], item__answers__turn=2).order_by("item_id", "turn").distinct():
        rows[one.item_id][one.turn] = one
    both = [turns for turns in rows.values() if len(turns) == 2]
    return [turns[1] for turns in both], [turns[2] for turns in both]


def _polarity(said: Answer) -> int | None:
    return said.label[0]
