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
    """Scored voices in buckets (B) and strata (S, product × quarter); those that complain, alike ones counted together, in R rows."""

    count: NDArray[np.float64]
    """(B, S) voices, complaining or not."""
    total: NDArray[np.float64]
    """(B, S) sum of their scores, on the commonest scale (effort scores, where less is better, count for none)."""
    bucket: NDArray[np.int64]
    """(R,) ascending."""
    stratum: NDArray[np.int64]
    voices: NDArray[np.float64]
    """(R,) how many there are alike."""
    score: NDArray[np.float64]
    """(R,) sum of their scores."""
    row: NDArray[np.int64]
    """(Z,) with `problem`: which rows complain of which problem, by row."""
    problem: NDArray[np.int64]

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
_RATED = """
WITH scale AS (SELECT scale_max FROM voice WHERE scale_max IS NOT NULL GROUP BY scale_max ORDER BY count(*) DESC, scale_max DESC LIMIT 1),
rated AS (
    SELECT feedback_id, unit, day, score, product, CAST(date_trunc('quarter', day) AS DATE) AS quarter FROM voice
    WHERE score IS NOT NULL AND scale_max = (SELECT scale_max FROM scale) AND coalesce(metric, '') <> 'ces')
"""
_TOTALS = """
SELECT unit % {buckets} AS bucket, product, quarter, count(*) AS voices, sum(score) AS total FROM rated
GROUP BY unit % {buckets}, product, quarter
"""
_PATTERNS = """,
named AS ({named}),
met AS (
    SELECT n.unit AS unit, n.day AS day, {marks}, r.feedback_id AS rated_id
    FROM named n JOIN bits b ON n.problem = b.problem LEFT JOIN rated r ON n.feedback_id = r.feedback_id),
own AS (SELECT rated_id, {sets} FROM met WHERE rated_id IS NOT NULL GROUP BY rated_id),
silent AS (SELECT unit, day, {sets} FROM met WHERE rated_id IS NULL AND day IS NOT NULL GROUP BY unit, day),
event AS (
    SELECT r.unit AS unit, coalesce(date_diff('day', CAST('1970-01-01' AS DATE), r.day), -1000000) AS day_no, r.product AS product,
        r.quarter AS quarter, r.score AS score, {said}, {silence}
    FROM rated r LEFT JOIN own o ON r.feedback_id = o.rated_id
    UNION ALL
    SELECT unit, date_diff('day', CAST('1970-01-01' AS DATE), day) AS day_no, NULL AS product, NULL AS quarter, NULL AS score, {nothing}, {unsaid}
    FROM silent),
heard AS (SELECT unit, product, quarter, score, {words}, {carried} FROM event)
SELECT unit % {buckets} AS bucket, product, quarter, {words}, {earlier}, count(*) AS voices, sum(score) AS total
FROM heard WHERE score IS NOT NULL AND ({any})
GROUP BY unit % {buckets}, product, quarter, {words}, {earlier}
"""


def scores(store: Voices, aspects: Sequence[str], where: Filter | None = None) -> Scores:
    """Scored voices and which of `aspects` each complains of."""
    numbered = pa.table({"aspect": pa.array(aspects, pa.string()), "problem": pa.array(range(len(aspects)), pa.int64())})
    return scores_of(store, len(aspects), NAMED_BY_ASPECT, (), where, {"aspects": numbered})


def scores_of(
    store: Voices, problems: int, named: str, values: Sequence[object], where: Filter | None = None, tables: Mapping[str, pa.Table] | None = None
) -> Scores:
    """The same for any query `named` that numbers complaints 0 … `problems` − 1.

    A voice complains of what it says itself, and of what the same customer said in voices without a score (a ticket, a call) in
    the 90 days before: a survey answered after the call carries the call's complaint.
    """
    words = [f"w{word}" for word in range(-(-problems // _WORD) or 1)]
    bits = {"problem": pa.array(range(problems), pa.int64())}
    for word, name in enumerate(words):
        bits[name] = pa.array([1 << (number % _WORD) if number // _WORD == word else 0 for number in range(problems)], pa.int64())
    earlier = [f"c{word}" for word in range(len(words))]
    window = f"OVER (PARTITION BY unit ORDER BY day_no RANGE BETWEEN {_REACH} PRECEDING AND CURRENT ROW)"
    sql = _RATED + _PATTERNS.format(
        named=named,
        marks=", ".join(f"b.{one} AS {one}" for one in words),
        sets=", ".join(f"bit_or({one}) AS {one}" for one in words),
        said=", ".join(f"coalesce(o.{one}, 0) AS {one}" for one in words),
        silence=", ".join(f"CAST(0 AS BIGINT) AS s{word}" for word in range(len(words))),
        nothing=", ".join(f"CAST(0 AS BIGINT) AS {one}" for one in words),
        unsaid=", ".join(f"{one} AS s{word}" for word, one in enumerate(words)),
        words=", ".join(words),
        carried=", ".join(f"bit_or(s{word}) {window} AS {one}" for word, one in enumerate(earlier)),
        earlier=", ".join(earlier),
        any=" OR ".join(f"{one} <> 0" for one in (*words, *earlier)),
        buckets=BUCKETS,
    )
    totals = store.query(_RATED + _TOTALS.format(buckets=BUCKETS), where=where)
    patterns = store.query(sql, values, where, tables={"bits": pa.table(bits), **(tables or {})})
    strata = {key: at for at, key in enumerate(sorted(set(_strata(totals))))}
    count, total = np.zeros((2, BUCKETS, max(len(strata), 1)))
    place = np.array([strata[key] for key in _strata(totals)], dtype=np.int64)
    np.add.at(count, (_bucket(totals), place), totals["voices"].to_numpy(zero_copy_only=False).astype(np.float64))
    np.add.at(total, (_bucket(totals), place), totals["total"].to_numpy(zero_copy_only=False).astype(np.float64))
    masks = [_word(patterns, own) | _word(patterns, before) for own, before in zip(words, earlier, strict=True)]
    return _scores(count, total, patterns, strata, masks, problems)


def _scores(
    count: NDArray[np.float64],
    total: NDArray[np.float64],
    patterns: pa.Table,
    strata: Mapping[tuple[str, str], int],
    masks: list[NDArray[np.int64]],
    problems: int,
) -> Scores:
    bucket = _bucket(patterns)
    stratum = np.array([strata[key] for key in _strata(patterns)], dtype=np.int64)
    # One order, whatever the engine and its threads: sums of floats depend on it in the last digit.
    order = np.lexsort((*masks, stratum, bucket))
    hits = [np.flatnonzero((masks[number // _WORD][order] >> (number % _WORD)) & 1) for number in range(problems)]
    row = np.concatenate(hits) if hits else np.zeros(0, np.int64)
    problem = np.repeat(np.arange(problems), [len(one) for one in hits])
    by_row = np.argsort(row, kind="stable")
    return Scores(
        count,
        total,
        bucket[order],
        stratum[order],
        patterns["voices"].to_numpy(zero_copy_only=False).astype(np.float64)[order],
        patterns["total"].to_numpy(zero_copy_only=False).astype(np.float64)[order],
        row[by_row],
        problem[by_row],
    )


def _word(table: pa.Table, name: str) -> NDArray[np.int64]:
    return np.asarray(table[name].to_numpy().astype(np.int64))


def _bucket(table: pa.Table) -> NDArray[np.int64]:
    return np.asarray(table["bucket"].to_numpy().astype(np.int64) % BUCKETS)


def _strata(table: pa.Table) -> list[tuple[str, str]]:
    """(product, quarter) of each row; few different ones, so each is made once."""
    parts = []
    for name in ("product", "quarter"):
        coded = table[name].cast(pa.string()).fill_null("").combine_chunks().dictionary_encode()
        values = coded.dictionary.to_pylist()
        parts.append([values[at] for at in coded.indices.to_pylist()])
    return list(zip(*parts, strict=True))
