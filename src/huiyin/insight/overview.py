"""The first screen's figures: how much was heard, how it felt, what it scored."""

from __future__ import annotations

import math

import numpy as np

from huiyin.facts import Filter, Voices
from huiyin.insight.findings import ScoreSummary, SentimentShare, Volume
from huiyin.insight.intervals import mean, wilson
from huiyin.insight.population import Population
from huiyin.insight.weeks import every_week

_NEUTRAL = 0.2
_MINIMUM = 8
_LISTED = 12


def volume(store: Voices, people: Population, read: int, rejected: int, repeated: int, copies: int, where: Filter | None = None) -> Volume:
    """What was read and who spoke; `repeated` rows were the same record again and are not stored twice, `copies` are stored
    and counted for nothing.
    """
    row = store.query(
        "SELECT count(*) AS kept, count(customer_id) AS named, (SELECT count(*) FROM opinion) AS mentions, min(day) AS first, max(day) AS last "
        "FROM voice",
        where=where,
    ).to_pylist()[0]
    weeks = store.query("SELECT week, count(*) AS n FROM voice WHERE week IS NOT NULL GROUP BY week ORDER BY week", where=where)
    counted = {week.isoformat(): count for week, count in zip(weeks["week"].to_pylist(), weeks["n"].to_pylist(), strict=True)}
    return Volume(
        read=read,
        kept=row["kept"] + copies,
        rejected=rejected,
        duplicates=copies + repeated,
        customers=len(people),
        customers_known=row["named"] * 2 > row["kept"],
        mentions=row["mentions"],
        first_day=None if row["first"] is None else row["first"].isoformat(),
        last_day=None if row["last"] is None else row["last"].isoformat(),
        weeks=tuple((week, counted.get(week, 0)) for week in every_week(counted)),
        channels=_counts(store, "channel", where),
        products=_counts(store, "product", where),
        languages=_counts(store, "language", where),
    )


def _counts(store: Voices, column: str, where: Filter | None) -> tuple[tuple[str, int], ...]:
    rows = store.query(
        f"SELECT {column} AS value, count(*) AS n FROM voice WHERE {column} IS NOT NULL GROUP BY {column} ORDER BY n DESC, value LIMIT {_LISTED}",
        where=where,
    )
    return tuple(zip(rows["value"].to_pylist(), rows["n"].to_pylist(), strict=True))


def sentiment(store: Voices, where: Filter | None = None) -> SentimentShare:
    """Shares of negative, neutral and positive feedback (bounds ±0.2), and their counts by week."""
    case = f"CASE WHEN sentiment <= -{_NEUTRAL} THEN 0 WHEN sentiment < {_NEUTRAL} THEN 1 ELSE 2 END"
    rows = store.query(f"SELECT week, {case} AS side, count(*) AS n FROM voice GROUP BY week, {case} ORDER BY week, side", where=where).to_pylist()
    total = sum(row["n"] for row in rows)
    sides = [sum(row["n"] for row in rows if row["side"] == side) for side in range(3)]
    by_week: dict[str, list[int]] = {}
    for row in rows:
        if row["week"] is not None:
            by_week.setdefault(row["week"].isoformat(), [0, 0, 0])[row["side"]] = row["n"]
    negative, neutral, positive = (wilson(count, total) for count in sides)
    weeks = tuple((week, counts[0], counts[1], counts[2]) for week in every_week(by_week) for counts in [by_week.get(week, [0, 0, 0])])
    return SentimentShare(negative, neutral, positive, weeks)


def score(store: Voices, where: Filter | None = None) -> ScoreSummary | None:
    """NPS where the scores are 0-10 recommendations, else the mean rating; None where fewer than 8 records carry one."""
    known = store.query("SELECT score, scale_max, metric, week FROM voice WHERE score IS NOT NULL AND scale_max IS NOT NULL", where=where)
    if known.num_rows < _MINIMUM:
        return None
    scales = known["scale_max"].to_numpy()
    scale = float(np.median(scales))
    rows = known.filter(np.asarray(scales == scale))
    values = rows["score"].to_numpy()
    is_nps = scale == 10 and rows["metric"].to_pylist().count("nps") * 2 > rows.num_rows
    parts = np.where(values >= 9, 100.0, np.where(values <= 6, -100.0, 0.0)) if is_nps else values
    levels, counts = np.unique(values, return_counts=True)
    weeks = np.array([None if week is None else week.isoformat() for week in rows["week"].to_pylist()], dtype=object)
    by_week = []
    for week in every_week({week for week in weeks if week is not None}):
        estimate = mean(parts[weeks == week], _MINIMUM)
        by_week.append((week, estimate.value, estimate.low, estimate.high, estimate.n))
    distribution = tuple((float(level), int(count)) for level, count in zip(levels, counts, strict=True))
    if len(distribution) > 101 or not all(math.isfinite(level) for level, _ in distribution):
        distribution = ()
    return ScoreSummary("nps" if is_nps else "rating", scale, mean(parts, _MINIMUM), distribution, tuple(by_week))
