"""What happened around a voice: how many voices and operations find each other, and who left after complaining.

Operations (orders, tickets, uses, churn, revenue) meet voices three ways: the same customer; the same order, where the voice names one
in an attribute; the same customer within some days before the voice. Each match rate is matched ÷ all, with the interval of Wilson, told
for both sides: voices that find an operation, operations that find a voice. What is not matched stays counted.

`leaving` asks, per theme, how much oftener those who complained of it left, other complaints held equal. Every customer is looked at from
a landmark on, `LANDMARK` days after the first voice (Anderson, Cain & Gelber, J Clin Oncol 1983): complaints count until then, leaving
counts in the `days` after it, so that nobody complains of more only because she stayed longer. Customers who had left by then, or whose
`days` are not over by the last known operation, are left out on both sides. The differences are those of a linear probability model over
all themes at once, with HC3 errors (MacKinnon & White 1985) and false discovery controlled over the themes. Groups were not drawn by lot:
a difference says who to look after, not what leaving is caused by.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy import sparse, stats

from huiyin.facts import Filter, Voices
from huiyin.insight.findings import Estimate
from huiyin.insight.intervals import false_discovery, wilson

ORDER_NAMES = ("order_id", "order_no", "订单号", "订单编号")
"""Attributes of a voice that name an order."""
LEAST = 20
"""Complainers below which a theme is not compared."""
SIGNIFICANT = 0.05
LANDMARK = 14
"""Days from a customer's first voice to the moment from which on leaving counts."""
_Z = float(stats.norm.ppf(0.975))
_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Matched:
    """How one kind of operation meets the voices in one way (`customer`, `order`, `time`)."""

    kind: str
    by: str
    voices: Estimate
    """Share of the voices that name a customer (or an order) which find one."""
    operations: Estimate
    """Share of the operations that name one which find a voice."""


@dataclass(frozen=True, slots=True)
class Left:
    """Of a theme: the share of complainers that left, that of the others (both in percent), and the difference in points of percentage
    with all other themes held equal."""

    theme: str
    complained: Estimate
    others: Estimate
    difference: Estimate
    q_value: float

    @property
    def shown(self) -> bool:
        """Whether the difference is told from chance, over all themes asked."""
        return self.q_value <= SIGNIFICANT


def kinds(store: Voices, where: Filter | None = None) -> tuple[str, ...]:
    """The kinds of operations there are, commonest first."""
    rows = store.query("SELECT kind, count(*) AS n FROM happening GROUP BY kind ORDER BY n DESC, kind", where=where)
    return tuple(rows["kind"].to_pylist())


def matches(store: Voices, where: Filter | None = None, days: int = 30) -> tuple[Matched, ...]:
    """Match rates of every kind of operation by customer, by order, and by customer within `days` before the voice."""
    named = "coalesce(" + ", ".join(f"nullif(attributes['{one}'], '')" for one in ORDER_NAMES) + ")"
    found = []
    for kind in kinds(store, where):
        for by, voices, events in (
            ("customer", _SAME_CUSTOMER, _THEIR_CUSTOMER),
            ("order", _SAME_ORDER.format(named=named), _THEIR_ORDER.format(named=named)),
            ("time", _BEFORE.format(days=days), _AFTER.format(days=days)),
        ):
            one, other = (store.query(sql, [kind], where).to_pylist()[0] for sql in (voices, events))
            if one["n"] or other["n"]:
                found.append(Matched(kind, by, wilson(int(one["k"] or 0), int(one["n"])), wilson(int(other["k"] or 0), int(other["n"]))))
    return tuple(found)


_COUNT = "SELECT count(*) AS n, sum(CASE WHEN {met} THEN 1 ELSE 0 END) AS k FROM {table} WHERE {known}"
_SAME_CUSTOMER = _COUNT.format(
    met="customer_id IN (SELECT customer_id FROM happening WHERE kind = ? AND customer_id IS NOT NULL)",
    table="voice",
    known="customer_id IS NOT NULL",
)
_THEIR_CUSTOMER = (
    "SELECT count(*) AS n, sum(CASE WHEN customer_id IN (SELECT customer_id FROM voice WHERE customer_id IS NOT NULL) THEN 1 ELSE 0 END) AS k "
    "FROM happening WHERE kind = ? AND customer_id IS NOT NULL"
)
_SAME_ORDER = (
    "SELECT count(*) AS n, "
    "sum(CASE WHEN order_name IN (SELECT order_id FROM happening WHERE kind = ? AND order_id IS NOT NULL) THEN 1 ELSE 0 END) AS k "
    "FROM (SELECT {named} AS order_name FROM voice) AS t WHERE order_name IS NOT NULL"
)
_THEIR_ORDER = (
    "SELECT count(*) AS n, sum(CASE WHEN order_id IN (SELECT {named} FROM voice WHERE {named} IS NOT NULL) THEN 1 ELSE 0 END) AS k "
    "FROM happening WHERE kind = ? AND order_id IS NOT NULL"
)
_NEAR = "e.day <= v.day AND e.day >= v.day - {days}"
_BEFORE = (
    "SELECT (SELECT count(*) FROM voice WHERE customer_id IS NOT NULL AND day IS NOT NULL) AS n, count(DISTINCT v.feedback_id) AS k "
    "FROM voice v JOIN happening e ON v.customer_id = e.customer_id WHERE e.kind = ? AND " + _NEAR
)
_AFTER = (
    "SELECT max(CASE WHEN side = 0 THEN m ELSE 0 END) AS n, max(CASE WHEN side = 1 THEN m ELSE 0 END) AS k FROM ("
    "SELECT CASE WHEN near THEN 1 ELSE 0 END AS side, count(DISTINCT operation_id) AS m FROM ("
    "SELECT e.operation_id AS operation_id, e.kind AS kind, FALSE AS near FROM happening e WHERE e.customer_id IS NOT NULL AND e.day IS NOT NULL "
    "UNION ALL SELECT e.operation_id, e.kind, TRUE FROM voice v JOIN happening e ON v.customer_id = e.customer_id WHERE " + _NEAR + ") AS u "
    "WHERE kind = ? GROUP BY side) AS t"
)


def leaving(store: Voices, where: Filter | None = None, days: int = 90) -> tuple[Left, ...]:
    """Themes by how much oftener those who complained of them left; the surest difference first. Empty without churn data."""
    spoke = store.query(_SPOKE.format(days=days + LANDMARK, landmark=LANDMARK), where=where)
    said = store.query(_SAID.format(landmark=LANDMARK), where=where)
    customers = spoke["customer_id"].combine_chunks()
    if not len(customers):
        return ()
    rows = pc.index_in(said["customer_id"].combine_chunks(), value_set=customers)
    known = pc.is_valid(rows)
    themes = said["theme"].combine_chunks().filter(known).dictionary_encode()
    names = themes.dictionary.to_pylist()
    place, theme = rows.filter(known).to_numpy(), themes.indices.to_numpy()
    complained = sparse.csr_matrix((np.ones(len(place)), (place, theme)), shape=(len(customers), len(names)))
    complained.data[:] = 1.0
    left = spoke["gone"].to_numpy().astype(float)
    counts = np.asarray(complained.sum(axis=0)).ravel()
    asked = np.flatnonzero((counts >= LEAST) & (len(left) - counts >= LEAST))
    if not len(asked) or left.std() == 0:
        return ()
    slopes, errors = _held_equal(complained[:, asked], left)
    p_values = 2 * stats.norm.sf(np.abs(slopes / errors))
    q_values, gone = false_discovery(p_values), np.asarray(complained.T @ left).ravel()
    found = []
    for at, column in enumerate(asked):
        n, k = int(counts[column]), int(gone[column])
        low, high = (100 * (slopes[at] + side * _Z * errors[at]) for side in (-1, 1))
        difference = Estimate(float(100 * slopes[at]), float(low), float(high), len(left))
        others = wilson(int(left.sum()) - k, len(left) - n, 100)
        found.append(Left(names[column], wilson(k, n, 100), others, difference, float(q_values[at])))
    return tuple(sorted(found, key=lambda one: (one.q_value, -(one.difference.value or 0), one.theme)))


def _held_equal(complained: sparse.csr_matrix, left: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Slopes of a least squares fit with an intercept, and their HC3 standard errors. A column that follows from the others is NaN."""
    rows = sparse.hstack([sparse.csr_matrix(np.ones((len(left), 1))), complained]).tocsr()
    gram = (rows.T @ rows).toarray()
    if np.linalg.matrix_rank(gram) < len(gram):
        return np.full(complained.shape[1], np.nan), np.full(complained.shape[1], np.nan)
    inverse = np.linalg.inv(gram)
    slopes = inverse @ (rows.T @ left)
    spread = np.zeros_like(gram)
    for begin in range(0, len(left), _ROWS):
        part = rows[begin : begin + _ROWS]
        leverage = np.asarray(part.multiply(part @ inverse).sum(axis=1)).ravel()
        apart = (left[begin : begin + _ROWS] - part @ slopes) / np.maximum(1 - leverage, 1e-9)
        spread += (part.multiply((apart**2)[:, None]).T @ part).toarray()
    errors = np.sqrt(np.diag(inverse @ spread @ inverse))
    return slopes[1:], errors[1:]


_LEFT_DAY = (
    "SELECT customer_id, min(day) AS day FROM happening WHERE kind = 'churn' AND customer_id IS NOT NULL AND day IS NOT NULL GROUP BY customer_id"
)
_FIRST = "SELECT customer_id, min(day) AS day FROM voice WHERE customer_id IS NOT NULL AND day IS NOT NULL GROUP BY customer_id"
_SPOKE = f"""
WITH left_day AS ({_LEFT_DAY}), known AS (SELECT max(day) AS last_day FROM happening), spoke AS ({_FIRST})
SELECT s.customer_id AS customer_id, CASE WHEN l.day IS NOT NULL AND l.day <= s.day + {{days}} THEN 1 ELSE 0 END AS gone
FROM spoke s LEFT JOIN left_day l ON s.customer_id = l.customer_id CROSS JOIN known k
WHERE s.day + {{days}} <= k.last_day AND (l.day IS NULL OR l.day > s.day + {{landmark}})
    AND EXISTS (SELECT 1 FROM left_day) ORDER BY s.customer_id
"""
_SAID = f"""
WITH spoke AS ({_FIRST})
SELECT DISTINCT o.customer_id AS customer_id, split_part(o.aspect, '/', 1) AS theme FROM opinion o JOIN spoke s ON o.customer_id = s.customer_id
WHERE o.polarity < 0 AND o.aspect IS NOT NULL AND o.day <= s.day + {{landmark}} ORDER BY theme, customer_id
"""
