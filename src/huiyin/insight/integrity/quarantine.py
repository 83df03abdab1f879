"""The metric with and without the suspects. Quarantine is a set of ids: nothing is deleted, and a reviewer takes ids out of it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import stats

from huiyin.facts import Filter, Voices
from huiyin.insight.findings import Estimate
from huiyin.insight.integrity.audit import Integrity

Floats = NDArray[np.float64]
Metric = Literal["mean", "nps"]

_BATCH = 5_000
_MINIMUM = 30


@dataclass(frozen=True, slots=True)
class BothWays:
    """One metric twice. `removed` scored responses make the difference."""

    metric: Metric
    everyone: Estimate
    without: Estimate
    removed: int
    difference: float | None
    """everyone − without: how much the suspects lift the metric. None where either is not shown."""


def quarantine(found: Integrity, kept: Iterable[str] = ()) -> frozenset[str]:
    """Ids of the suspects, but for those that a reviewer has kept."""
    return frozenset(one.feedback_id for one in found.suspects) - frozenset(kept)


def metric_both_ways(
    store: Voices, quarantined: Iterable[str], where: Filter | None = None, *, metric: Metric = "mean", minimum: int = _MINIMUM
) -> BothWays:
    """Mean score in points of ten, or NPS, of all scored responses and of those not in quarantine.

    Effort scores count for neither; NPS takes the responses whose metric is `nps`. Only counts of scores are read, so the cost does not grow
    with the quarantine but for reading its own scores, 5,000 at a time.
    """
    condition = "metric = 'nps' AND scale_max = 10" if metric == "nps" else "coalesce(metric, '') <> 'ces' AND scale_max > 0"
    sql = f"SELECT score * 10 / scale_max AS points, count(*) AS n FROM voice WHERE score IS NOT NULL AND {condition}"
    everyone = _histogram(store.query(f"{sql} GROUP BY 1 ORDER BY 1", (), where))
    suspected: dict[float, int] = {}
    ids = sorted(set(quarantined))
    for first in range(0, len(ids), _BATCH):
        batch = ids[first : first + _BATCH]
        marks = ", ".join("?" for _ in batch)
        for points, n in _histogram(store.query(f"{sql} AND feedback_id IN ({marks}) GROUP BY 1 ORDER BY 1", batch, where)).items():
            suspected[points] = suspected.get(points, 0) + n
    rest = {points: n - suspected.get(points, 0) for points, n in everyone.items()}
    both = [summary(np.array(list(one), dtype=float), np.array(list(one.values()), dtype=float), metric, minimum) for one in (everyone, rest)]
    known = both[0].value is not None and both[1].value is not None
    difference = both[0].value - both[1].value if known else None  # type: ignore[operator]
    return BothWays(metric, both[0], both[1], sum(suspected.values()), difference)


def summary(points: Floats, counts: Floats, metric: Metric, minimum: int = _MINIMUM) -> Estimate:
    """Mean, or 100 × (share of 9–10 minus share of 0–6), of a histogram, with its 95 % t interval; nothing below the minimum.

    NPS is the mean of +100, 0 and −100, and its variance that of such a mean.

    >>> summary(np.array([10.0, 5.0]), np.array([60.0, 40.0]), "nps").value
    20.0
    """
    n = int(counts.sum())
    if n < max(minimum, 2):
        return Estimate(None, None, None, n)
    value = points if metric == "mean" else 100.0 * ((points >= 9).astype(float) - (points <= 6))
    mean = float(value @ counts) / n
    variance = float(((value - mean) ** 2) @ counts) / (n - 1)
    half = float(stats.t.ppf(0.975, n - 1)) * math.sqrt(variance / n)
    return Estimate(mean, mean - half, mean + half, n)


def _histogram(table: pa.Table) -> dict[float, int]:
    return dict(zip(table["points"].to_pylist(), table["n"].to_pylist(), strict=True))
