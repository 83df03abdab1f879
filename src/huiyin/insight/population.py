"""Who said what, as arrays: the customers behind the facts and the complaints each of them made.

The unit of every count is the customer. Where the facts carry no customer id a feedback stands for one; its key is made
from what it says and when, so that neither the order of a file nor a repeated row changes any number.
"""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from huiyin.facts import FactsStore

TIME_ZONE = "Asia/Shanghai"
BUCKETS = 512
"""Customers fall by hash into so many buckets; the bootstrap draws buckets."""

_VOICE = """
CREATE OR REPLACE TEMP TABLE voice AS
SELECT feedback_id,
       CASE WHEN customer_id IS NOT NULL THEN md5_number_lower('c:' || customer_id) ELSE md5_number_lower(
           't:' || text || ':' || coalesce(CAST(epoch_us(occurred_at) AS VARCHAR), '') || ':' || CAST(
               row_number() OVER (PARTITION BY customer_id IS NULL, md5_number_lower(text), occurred_at ORDER BY feedback_id) AS VARCHAR))
       END AS unit,
       CAST(date_trunc('week', occurred_at AT TIME ZONE '{zone}') AS DATE) AS week,
       CAST(occurred_at AT TIME ZONE '{zone}' AS DATE) AS day,
       customer_id, product, brand, region, store, channel, segment, language, rating, metric, score, scale_max, sentiment, is_spam
FROM feedback WHERE duplicate_of IS NULL
"""
_OPINION = """
CREATE OR REPLACE TEMP TABLE opinion AS
SELECT m.feedback_id, m.mention_no, m.start, m."end", m.aspect, m.polarity, m.intensity, v.unit, v.week
FROM mention m JOIN voice v ON m.feedback_id = v.feedback_id
"""


@dataclass(frozen=True, slots=True)
class Population:
    """`units` (N,) sorted keys; `stratum` (N,) product × quarter; `bucket` (N,) 0..511; `score` (N,) mean score on the file's
    commonest scale, or NaN (effort scores, where less is better, count for none).
    """

    units: NDArray[np.uint64]
    score: NDArray[np.float64]
    stratum: NDArray[np.int64]
    bucket: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.units)


@dataclass(frozen=True, slots=True)
class Complaints:
    """One row for each (customer, aspect) with at least one negative mention."""

    unit: NDArray[np.int64]
    """Row of `Population`."""
    aspect: NDArray[np.int64]
    """Index into `aspects`."""
    intensity: NDArray[np.float64]
    """The strongest thing the customer said of it, 0..1."""
    mentions: NDArray[np.int64]
    feedback: NDArray[np.int64]
    aspects: tuple[str, ...]


def prepare(store: FactsStore, time_zone: str = TIME_ZONE) -> None:
    """Create the temporary tables `voice` (feedback without copies) and `opinion` on which every question here is asked."""
    store.execute(_VOICE.format(zone=ZoneInfo(time_zone).key))
    store.execute(_OPINION)


def population(store: FactsStore) -> Population:
    """All customers of the facts."""
    table = store.query(
        "SELECT unit, avg(CASE WHEN scale_max = (SELECT mode(scale_max) FROM voice) AND coalesce(metric, '') <> 'ces' THEN score END) AS score, "
        "min(coalesce(product, '')) || '|' || coalesce(CAST(date_trunc('quarter', min(day)) AS VARCHAR), '') AS stratum "
        "FROM voice GROUP BY unit ORDER BY unit"
    )
    units = table["unit"].to_numpy().astype(np.uint64)
    strata = table["stratum"].combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64) if len(units) else np.zeros(0, np.int64)
    score = table["score"].to_numpy(zero_copy_only=False).astype(np.float64)
    return Population(units, score, strata, (units % np.uint64(BUCKETS)).astype(np.int64))


def complaints(store: FactsStore, people: Population, polarity: int = -1) -> Complaints:
    """All complaints (or praise, with `polarity` 1) by customer and aspect."""
    table = store.query(
        "SELECT unit, aspect, max(intensity) AS intensity, count(*) AS mentions, count(DISTINCT feedback_id) AS feedback "
        f"FROM opinion WHERE polarity = {int(polarity)} AND aspect IS NOT NULL GROUP BY unit, aspect ORDER BY unit, aspect"
    )
    names, aspect = np.unique(np.array(table["aspect"].to_pylist(), dtype=str), return_inverse=True)
    return Complaints(
        np.searchsorted(people.units, table["unit"].to_numpy().astype(np.uint64)),
        aspect.astype(np.int64),
        table["intensity"].to_numpy(zero_copy_only=False).astype(np.float64),
        table["mentions"].to_numpy().astype(np.int64),
        table["feedback"].to_numpy().astype(np.int64),
        tuple(str(name) for name in names),
    )
