"""Who said what, as arrays: the customers behind the facts and the complaints each of them made.

The unit of every count is the customer. Where the facts carry no customer id a feedback stands for one; its key is made
from what it says and when, so that neither the order of a file nor a repeated row changes any number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huiyin.facts import FactsStore, Filter, Voices

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
SELECT m.feedback_id, m.mention_no, m.start, m."end", m.aspect, m.polarity, m.intensity, v.unit, v.day, v.week
FROM mention m JOIN voice v ON m.feedback_id = v.feedback_id
"""


@dataclass(frozen=True, slots=True)
class Population:
    """`units` (N,) sorted keys; `bucket` (N,) 0..511."""

    units: NDArray[np.uint64]
    bucket: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.units)


@dataclass(frozen=True, slots=True)
class Scores:
    """Scored voices, those alike counted together: R rows for the K problems of a `Complaints`."""

    bucket: NDArray[np.int64]
    """(R,) the customer's bucket."""
    stratum: NDArray[np.int64]
    """(R,) product × quarter."""
    says: NDArray[np.bool_]
    """(R, K) which problems such a voice complains of."""
    count: NDArray[np.int64]
    """(R,) voices."""
    total: NDArray[np.float64]
    """(R,) sum of their scores, on the commonest scale (effort scores, where less is better, count for none)."""

    def __len__(self) -> int:
        return int(self.count.sum())


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


def population(store: Voices, where: Filter | None = None) -> Population:
    """All customers who spoke within the filter."""
    table = store.query("SELECT DISTINCT unit FROM voice ORDER BY unit", where=where)
    units = np.sort(table["unit"].to_numpy().astype(np.uint64))
    return Population(units, (units % np.uint64(BUCKETS)).astype(np.int64))


def complaints(store: Voices, people: Population, polarity: int = -1, where: Filter | None = None) -> Complaints:
    """All complaints (or praise, with `polarity` 1) by customer and aspect."""
    table = store.query(
        "SELECT unit, aspect, max(intensity) AS intensity, count(*) AS mentions, count(DISTINCT feedback_id) AS feedback "
        f"FROM opinion WHERE polarity = {int(polarity)} AND aspect IS NOT NULL GROUP BY unit, aspect ORDER BY unit, aspect",
        where=where,
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


NAMED_BY_ASPECT = (
    "SELECT o.unit AS unit, o.feedback_id AS feedback_id, o.day AS day, n.problem AS problem FROM opinion o JOIN aspects n ON o.aspect = n.aspect "
    "WHERE o.polarity = -1"
)
"""Complaints (unit, feedback_id, day, problem) numbered by a table `aspects` given along."""
_WORD = 62
"""Problems to a word of the bit sets in which a voice's complaints travel."""
_REACH = 90
_SCORES = """
WITH scale AS (SELECT scale_max FROM voice WHERE scale_max IS NOT NULL GROUP BY scale_max ORDER BY count(*) DESC, scale_max DESC LIMIT 1),
rated AS (
    SELECT feedback_id, unit, day, score, product, CAST(date_trunc('quarter', day) AS DATE) AS quarter FROM voice
    WHERE score IS NOT NULL AND scale_max = (SELECT scale_max FROM scale) AND coalesce(metric, '') <> 'ces'),
named AS ({named}),
marked AS (SELECT n.unit AS unit, n.feedback_id AS feedback_id, n.day AS day, {marks} FROM named n JOIN bits b ON n.problem = b.problem),
silent AS (SELECT m.* FROM marked m LEFT JOIN rated r ON m.feedback_id = r.feedback_id WHERE r.feedback_id IS NULL),
said AS (
    SELECT feedback_id, {sets} FROM (
        SELECT feedback_id, {words} FROM marked
        UNION ALL
        SELECT r.feedback_id AS feedback_id, {carried} FROM rated r JOIN silent s ON r.unit = s.unit
        WHERE date_diff('day', s.day, r.day) BETWEEN 0 AND {reach}) every_word
    GROUP BY feedback_id)
SELECT r.unit % {buckets} AS bucket, r.product AS product, r.quarter AS quarter, {found}, count(*) AS voices, sum(r.score) AS total
FROM rated r LEFT JOIN said d ON r.feedback_id = d.feedback_id
GROUP BY r.unit % {buckets}, r.product, r.quarter, {grouped}
"""


def scores(store: Voices, aspects: Sequence[str], where: Filter | None = None) -> Scores:
    """Scored voices and which of `aspects` each complains of."""
    numbered = pa.table({"aspect": list(aspects), "problem": pa.array(range(len(aspects)), pa.int64())})
    return scores_of(store, len(aspects), NAMED_BY_ASPECT, (), where, {"aspects": numbered})


def scores_of(
    store: Voices, problems: int, named: str, values: Sequence[object], where: Filter | None = None, tables: Mapping[str, pa.Table] | None = None
) -> Scores:
    """The same for any query `named` that numbers complaints 0 … `problems` − 1.

    A voice complains of what it says itself, and of what the same customer said in voices without a score (a ticket, a call) in
    the 90 days before: a survey answered after the call carries the call's complaint.
    """
    count = -(-problems // _WORD) or 1
    bits = {"problem": pa.array(range(problems), pa.int64())}
    for word in range(count):
        bits[f"w{word}"] = pa.array([1 << (number % _WORD) if number // _WORD == word else 0 for number in range(problems)], pa.int64())
    words = range(count)
    sql = _SCORES.format(
        named=named,
        marks=", ".join(f"b.w{one} AS w{one}" for one in words),
        sets=", ".join(f"bit_or(w{one}) AS w{one}" for one in words),
        words=", ".join(f"w{one}" for one in words),
        carried=", ".join(f"s.w{one} AS w{one}" for one in words),
        found=", ".join(f"coalesce(d.w{one}, 0) AS w{one}" for one in words),
        grouped=", ".join(f"coalesce(d.w{one}, 0)" for one in words),
        reach=_REACH,
        buckets=BUCKETS,
    )
    table = store.query(sql, values, where, tables={"bits": pa.table(bits), **(tables or {})})
    quarter = table["quarter"].cast(pa.string()).fill_null("").to_pylist()
    product = table["product"].fill_null("").to_pylist()
    stratum = np.unique(np.array([f"{one}|{other}" for one, other in zip(product, quarter, strict=True)], dtype=str), return_inverse=True)[1]
    bucket = table["bucket"].to_numpy().astype(np.int64) % BUCKETS
    masks = [table[f"w{word}"].to_numpy().astype(np.int64) for word in words]
    # One order, whatever the engine and its threads: sums of floats depend on it in the last digit.
    order = np.lexsort((*masks, stratum, bucket))
    says = np.zeros((len(order), problems), dtype=bool)
    for number in range(problems):
        says[:, number] = (masks[number // _WORD][order] >> (number % _WORD)) & 1
    total = table["total"].to_numpy(zero_copy_only=False).astype(np.float64)
    return Scores(bucket[order], stratum[order].astype(np.int64), says, table["voices"].to_numpy().astype(np.int64)[order], total[order])
