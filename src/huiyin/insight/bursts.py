"""Words that customers suddenly use: unusual against the word's own past weeks, and by enough of them.

The count of a word is the texts of a week that use it, out of the texts read of that week (bounded: drawn by hash, so the same
texts every time). Whether it rose is told by `surveillance.judge`, the test that also watches the aspects, with false discoveries controlled
over all words. How distinctive it is: the log-odds of the recent weeks against the earlier ones with an informative Dirichlet prior (Monroe,
Colaresi & Quinn, "Fightin' Words", Political Analysis 2008). Since when: the two-state automaton of Kleinberg, "Bursty and hierarchical
structure in streams", KDD 2002, over weekly batches. Which letters make a word is the tokeniser's matter: `rjieba` unless another is given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import rjieba
from numpy.typing import NDArray
from scipy import special

from huiyin.facts import Filter, Voices
from huiyin.insight.findings import Estimate
from huiyin.insight.surveillance import Panel, Settings, judge
from huiyin.insight.surveillance.alarms import signal_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Tokens = Callable[[str], Iterable[str]]
Scope = Literal["all", "unplaced"]

WEEKS = 26
PER_WEEK = 1500
_BATCH_EXAMPLES = 50
_RECENT = 4
_PRIOR_WEIGHT = 500.0
_FASTER = 3.0
"""Rate of Kleinberg's upper state ÷ that of the lower one."""
_RISE_COST = 1.0

_ALL = (
    "SELECT feedback_id, week, text FROM (SELECT feedback_id, week, text, "
    "row_number() OVER (PARTITION BY week ORDER BY md5(feedback_id), feedback_id) AS place "
    "FROM voice WHERE text IS NOT NULL AND week >= CAST(? AS DATE) AND week <= CAST(? AS DATE)) drawn WHERE place <= ? ORDER BY week, place"
)
_UNPLACED = (
    "SELECT d.feedback_id AS feedback_id, d.week AS week, substring(v.text, d.first + 1, d.last - d.first) AS text FROM ("
    'SELECT feedback_id, week, start AS first, "end" AS last, '
    "row_number() OVER (PARTITION BY week ORDER BY md5(feedback_id), feedback_id, start, mention_no) AS place "
    "FROM opinion WHERE polarity = -1 AND aspect IS NULL AND week >= CAST(? AS DATE) AND week <= CAST(? AS DATE)) d "
    "JOIN voice v ON d.feedback_id = v.feedback_id WHERE d.place <= ? ORDER BY d.week, d.place"
)


@dataclass(frozen=True, slots=True)
class Burst:
    """One word. Counts are texts among those read."""

    word: str
    since: str
    """Monday of the week in which the burst began."""
    recent: int
    """Texts with the word in the window that decided."""
    before: int
    """Texts with the word in the weeks before that window."""
    expected: float
    ratio: Estimate
    log_odds: float
    """In standard errors; what sorts the list."""
    p_value: float
    q_value: float
    feedback_ids: tuple[str, ...]
    """Voices that use it since the burst began, at most 50."""


@dataclass(frozen=True, slots=True)
class Bursts:
    """All words that burst, most distinctive first, and how much was read."""

    words: tuple[Burst, ...]
    tested: int
    texts_read: int
    texts_total: int
    first_week: str | None
    last_week: str | None


@dataclass(frozen=True, slots=True)
class Documents:
    """Texts as sets of words: `pairs` (P, 2) of (row of the text, word), distinct; `week` (N,) index of each text's week."""

    words: tuple[str, ...]
    pairs: Ints
    week: Ints
    weeks: int
    feedback_ids: tuple[str, ...]

    def counts(self) -> tuple[Floats, Floats]:
        """(W, T) texts by word and week, (T,) texts by week."""
        cell = self.pairs[:, 1] * self.weeks + self.week[self.pairs[:, 0]] if len(self.pairs) else np.zeros(0, np.int64)
        table = np.bincount(cell, minlength=len(self.words) * self.weeks).reshape(len(self.words), self.weeks)
        return table.astype(np.float64), np.bincount(self.week, minlength=self.weeks).astype(np.float64)


def words_of(text: str) -> set[str]:
    """Words of at least two letters, by rjieba."""
    return {word.lower() for word in rjieba.cut(text) if len(word) > 1 and word.isalpha()}


def documents(texts: Sequence[str], week: Ints, weeks: int, feedback_ids: Sequence[str], tokens: Tokens = words_of, minimum: int = 5) -> Documents:
    """Texts turned into sets of words; words in fewer than `minimum` texts are dropped."""
    number: defaultdict[str, int] = defaultdict(lambda: len(number))
    rows: list[int] = []
    found: list[int] = []
    for row, text in enumerate(texts):
        own = {number[word] for word in tokens(text)}
        rows += [row] * len(own)
        found += own
    used = np.array(found, dtype=np.int64)
    often = np.bincount(used, minlength=len(number)) >= minimum
    # Words in alphabetical order: neither the order of the texts nor that of a set may change a result.
    names = np.array(list(number), dtype=object)
    kept = sorted(np.flatnonzero(often).tolist(), key=lambda at: names[at])
    place = np.full(len(number), -1, dtype=np.int64)
    place[kept] = np.arange(len(kept))
    pairs = np.column_stack([np.array(rows, dtype=np.int64), place[used]]) if len(used) else np.zeros((0, 2), np.int64)
    return Documents(tuple(str(names[at]) for at in kept), pairs[pairs[:, 1] >= 0], week, weeks, tuple(feedback_ids))


def read(
    store: Voices, where: Filter | None, scope: Scope, tokens: Tokens, weeks: int, per_week: int, as_of: date | None, minimum: int
) -> tuple[Documents, NDArray[np.datetime64], int]:
    """The texts of the last whole weeks as documents, the Mondays, and how many texts there are in all."""
    source, condition = ("voice", "text IS NOT NULL") if scope == "all" else ("opinion", "polarity = -1 AND aspect IS NULL")
    newest = store.query("SELECT max(day) AS last FROM voice", (), where)["last"][0].as_py()
    last = as_of or newest
    if last is None:
        return Documents((), np.zeros((0, 2), np.int64), np.zeros(0, np.int64), 0, ()), np.zeros(0, "datetime64[D]"), 0
    final = last - timedelta(days=last.weekday() + 7)
    mondays = np.array([np.datetime64(final - timedelta(weeks=back), "D") for back in range(weeks - 1, -1, -1)])
    bounds = [str(mondays[0]), str(mondays[-1])]
    total = store.query(
        f"SELECT count(*) AS n FROM {source} WHERE {condition} AND week >= CAST(? AS DATE) AND week <= CAST(? AS DATE)", bounds, where
    )["n"][0].as_py()
    table = store.query(_ALL if scope == "all" else _UNPLACED, [*bounds, per_week], where)
    week = (table["week"].to_numpy().astype("datetime64[D]") - mondays[0]).astype(np.int64) // 7
    texts = [text or "" for text in table["text"].to_pylist()]
    return documents(texts, week, weeks, table["feedback_id"].to_pylist(), tokens, minimum), mondays, int(total)


def burst_words(
    store: Voices,
    where: Filter | None = None,
    *,
    scope: Scope = "all",
    tokens: Tokens = words_of,
    weeks: int = WEEKS,
    per_week: int = PER_WEEK,
    as_of: date | None = None,
    settings: Settings | None = None,
) -> Bursts:
    """Words that rose in the last whole weeks. `scope`: all texts, or the complaints that the taxonomy did not place."""
    rules = settings or Settings()
    known, mondays, total = read(store, where, scope, tokens, weeks, per_week, as_of, rules.minimum_count)
    found = burst(known, mondays, rules)
    first, last = (str(mondays[0]), str(mondays[-1])) if len(mondays) else (None, None)
    return Bursts(found, len(known.words), len(known.week), total, first, last)


def burst(known: Documents, mondays: NDArray[np.datetime64], rules: Settings) -> tuple[Burst, ...]:
    """The words of some documents that burst now."""
    if not known.words:
        return ()
    counts, texts = known.counts()
    series = Panel(tuple((word, None) for word in known.words), mondays, "week", counts, np.tile(texts, (len(counts), 1)), 0)
    judged = judge(series, rules)
    rows = np.flatnonzero(judged.alarm)
    odds = log_odds(counts[:, -_RECENT:].sum(axis=1), counts[:, :-_RECENT].sum(axis=1))
    since = burst_start(counts[rows], texts)
    out = []
    for at, row in enumerate(rows.tolist()):
        one = signal_of(series, judged, row, rules)
        ids = _users(known, row, int(since[at]))
        before = int(counts[row, : len(texts) - int(judged.window[row])].sum())
        out.append(
            Burst(
                known.words[row],
                str(mondays[since[at]]),
                one.count,
                before,
                float(one.expected.value or 0.0),
                one.ratio,
                float(odds[row]),
                one.p_value,
                one.q_value,
                ids[:_BATCH_EXAMPLES],
            )
        )
    return tuple(sorted(out, key=lambda one: (-one.log_odds, one.word)))


def _users(known: Documents, word: int, since: int) -> tuple[str, ...]:
    rows = known.pairs[known.pairs[:, 1] == word, 0]
    return tuple(sorted({known.feedback_ids[row] for row in rows[known.week[rows] >= since].tolist()}))


def log_odds(recent: Floats, before: Floats) -> Floats:
    """z-score of the log-odds ratio of each word between two corpora, prior proportional to both together (Monroe et al., 2008, eq. 16–22).

    >>> log_odds(np.array([30.0, 50.0, 40.0, 60.0]), np.array([3.0, 50.0, 45.0, 65.0])).round(1).tolist()
    [2.4, -0.4, -0.7, -0.8]
    """
    together = recent + before
    prior = _PRIOR_WEIGHT * together / max(together.sum(), 1.0) + 1e-6
    odds = [np.log(one + prior) - np.log(np.maximum(one.sum() + prior.sum() - one - prior, 1e-6)) for one in (recent, before)]
    return np.asarray((odds[0] - odds[1]) / np.sqrt(1 / (recent + prior) + 1 / (before + prior)))


def burst_start(counts: Floats, texts: Floats) -> Ints:
    """Week in which the burst that is still on began, for each word; the last week where the automaton sees none.

    Kleinberg's batched automaton: state q emits binomially at rate p₀ · 3^q, p₀ the rate of the first half; going up costs γ ln T. The
    cheapest path is Viterbi's, over all words at once.
    """
    words, weeks = counts.shape
    half = max(weeks // 2, 1)
    low = np.clip((counts[:, :half].sum(axis=1) + 0.5) / max(texts[:half].sum(), 1.0), 1e-6, 0.3)
    rates = np.column_stack([low, np.minimum(low * _FASTER, 0.95)])
    cost = -(special.xlogy(counts[:, :, None], rates[:, None, :]) + special.xlog1py(texts[None, :, None] - counts[:, :, None], -rates[:, None, :]))
    rise = _RISE_COST * np.log(max(weeks, 2))
    best, came = np.column_stack([np.zeros(words), np.full(words, rise)]) + cost[:, 0], np.zeros((words, weeks, 2), dtype=np.int64)
    for week in range(1, weeks):
        up, down = best[:, 0] + rise, best[:, 1]
        came[:, week, 0] = down < best[:, 0]
        came[:, week, 1] = best[:, 1] <= up
        best = np.column_stack([np.minimum(best[:, 0], down), np.minimum(up, best[:, 1])]) + cost[:, week]
    state = best.argmin(axis=1)
    start, on = np.full(words, weeks - 1), state == 1
    for week in range(weeks - 1, -1, -1):
        on &= state == 1
        start = np.where(on, week, start)
        state = came[np.arange(words), week, state]
    return start
