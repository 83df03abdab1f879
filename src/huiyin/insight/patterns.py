"""Who complained of what, counted by pattern: the sums that linear and logistic models need, without a row per voice.

A pattern is the set of complaints of one voice (or customer) as a bit mask over at most 40 aspects. SQL counts voices by (customer bucket,
pattern, group), so that a million voices arrive as some ten thousand rows; 512 hash buckets of customers carry the bootstrap
(Davison & Hinkley, "Bootstrap Methods", 1997, §3.8).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huiyin.facts import Filter, Voices

BUCKETS = 512
MOST_ASPECTS = 40
OTHER = ""
"""Name of the last column: complaints of any other aspect, or of none that is placed."""
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Patterns:
    """Rows of equal bucket and pattern: `complains` (R, K) 0/1, `count` and the sum and sum of squares of the outcome (R,)."""

    bucket: Ints
    complains: Floats
    count: Floats
    total: Floats
    square: Floats
    aspects: tuple[str, ...]

    def __len__(self) -> int:
        return int(self.count.sum())


@dataclass(frozen=True, slots=True)
class Sums:
    """By bucket: moments of (1, complaints) (512, K+1, K+1), with the outcome (512, K+1), and its squares (512,)."""

    gram: Floats
    moment: Floats
    square: Floats


def leading_aspects(store: Voices, where: Filter | None, most: int, minimum: int) -> tuple[str, ...]:
    """Leaf aspects by number of customers who complain of them, at most `most`, each with at least `minimum` customers."""
    table = store.query(
        "SELECT aspect, count(DISTINCT unit) AS n FROM opinion WHERE polarity = -1 AND aspect IS NOT NULL GROUP BY aspect ORDER BY n DESC, aspect",
        (),
        where,
    )
    pairs = zip(table["aspect"].to_pylist(), table["n"].to_pylist(), strict=True)
    return tuple(str(aspect) for aspect, count in pairs if count >= minimum)[: min(most, MOST_ASPECTS)]


def mask_sql(aspects: Sequence[str], key: str) -> tuple[str, list[object]]:
    """A subquery (key, mask) of complaints and its parameters; bit k stands for aspect k, the last bit for all others."""
    cases = " ".join(f"WHEN aspect = ? THEN {2**at}" for at in range(len(aspects)))
    bit = f"CASE {cases} ELSE {2 ** len(aspects)} END" if aspects else "1"
    sql = (
        f"SELECT {key}, CAST(sum(bit) AS BIGINT) AS mask FROM "
        f"(SELECT DISTINCT {key}, CAST({bit} AS BIGINT) AS bit FROM opinion WHERE polarity = -1) AS said GROUP BY {key}"
    )
    return sql, list(aspects)


def unpacked(mask: Ints, columns: int) -> Floats:
    """Bits of each mask as columns.

    >>> unpacked(np.array([0, 5]), 3).tolist()
    [[0.0, 0.0, 0.0], [1.0, 0.0, 1.0]]
    """
    return ((mask[:, None] >> np.arange(columns)) & 1).astype(np.float64)


def sums(patterns: Patterns) -> Sums:
    """Moments by bucket."""
    columns = patterns.complains.shape[1] + 1
    x = np.column_stack([np.ones(len(patterns.bucket)), patterns.complains])
    order = np.argsort(patterns.bucket, kind="stable")
    bounds = np.searchsorted(patterns.bucket[order], np.arange(BUCKETS + 1))
    gram, moment = np.zeros((BUCKETS, columns, columns)), np.zeros((BUCKETS, columns))
    for bucket in range(BUCKETS):
        rows = order[bounds[bucket] : bounds[bucket + 1]]
        gram[bucket] = x[rows].T @ (x[rows] * patterns.count[rows, None])
        moment[bucket] = x[rows].T @ patterns.total[rows]
    square = np.bincount(patterns.bucket, weights=patterns.square, minlength=BUCKETS)
    return Sums(gram, moment, square.astype(np.float64))


def draws(replicates: int, seed: int) -> Floats:
    """Weights of the buckets: the first row all ones, then `replicates` draws with replacement."""
    drawn = np.random.default_rng(seed).multinomial(BUCKETS, np.full(BUCKETS, 1 / BUCKETS), size=replicates)
    return np.concatenate([np.ones((1, BUCKETS)), drawn.astype(np.float64)])
