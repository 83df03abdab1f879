"""Words that set two groups apart: log-odds ratio with an informative Dirichlet prior.

Monroe, Colaresi & Quinn, "Fightin' Words", Political Analysis 2008, equations 15, 16, 22. For word w with counts y_w in each
group, prior α_w = `strength` × share of w in both groups together:

  δ_w = ln (y_w¹ + α_w)/(n¹ + α₀ − y_w¹ − α_w) − the same for group 2,    z_w = δ_w ÷ √(1/(y_w¹ + α_w) + 1/(y_w² + α_w))

The prior draws rare words to no difference; over all words false discoveries are controlled. A word counts once per
customer, so that one person's litany is one vote. Texts are a sample fixed by the customers' hash, taken in bounded batches.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import rjieba
from scipy import stats

from huiyin.facts import Filter, Voices
from huiyin.insight.intervals import false_discovery

_SAMPLE = 20_000
_STRENGTH = 500.0
_LEAST = 5

Tokens = Callable[[str], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Word:
    """One word. `log_odds` > 0: more of the first group's."""

    word: str
    first: int
    second: int
    log_odds: float
    low: float
    high: float
    z: float
    q_value: float


@dataclass(frozen=True, slots=True)
class Words:
    """Words of the first group, words of the second, strongest first, and how many texts they rest on."""

    of_first: tuple[Word, ...]
    of_second: tuple[Word, ...]
    first_texts: int
    second_texts: int


def words_apart(
    store: Voices, first: Filter, second: Filter, where: Filter | None = None, tokens: Tokens | None = None, shown: int = 30, level: float = 0.05
) -> Words:
    """Compare the words of what two filters select."""
    base = where or Filter()
    (texts_a, a), (texts_b, b) = (_counted(store, base & chosen, tokens or _tokens) for chosen in (first, second))
    found = log_odds(a, b)
    kept = [one for one in found if one.q_value <= level]
    return Words(
        tuple(one for one in sorted(kept, key=lambda one: (-one.z, one.word)) if one.z > 0)[:shown],
        tuple(one for one in sorted(kept, key=lambda one: (one.z, one.word)) if one.z < 0)[:shown],
        texts_a,
        texts_b,
    )


def log_odds(first: Mapping[str, int], second: Mapping[str, int], strength: float = _STRENGTH, least: int = _LEAST) -> tuple[Word, ...]:
    """Every word of at least `least` uses, in the order of the alphabet.

    >>> words = log_odds({"慢": 90, "好": 50, "快": 5}, {"慢": 10, "好": 50, "快": 60})
    >>> [(one.word, one.log_odds > 0) for one in words]
    [('好', False), ('快', False), ('慢', True)]
    """
    names = sorted(word for word in {*first, *second} if first.get(word, 0) + second.get(word, 0) >= least)
    if not names:
        return ()
    a = np.array([first.get(word, 0) for word in names], dtype=np.float64)
    b = np.array([second.get(word, 0) for word in names], dtype=np.float64)
    total_a, total_b = float(sum(first.values())), float(sum(second.values()))
    prior = strength * (a + b) / (total_a + total_b)
    delta = np.log((a + prior) / (total_a + strength - a - prior)) - np.log((b + prior) / (total_b + strength - b - prior))
    error = np.sqrt(1 / (a + prior) + 1 / (b + prior))
    z = delta / error
    q_values = false_discovery(2 * stats.norm.sf(np.abs(z)))
    half = float(stats.norm.ppf(0.975)) * error
    return tuple(
        Word(
            word,
            int(a[at]),
            int(b[at]),
            float(delta[at]),
            float(delta[at] - half[at]),
            float(delta[at] + half[at]),
            float(z[at]),
            float(q_values[at]),
        )
        for at, word in enumerate(names)
    )


def _counted(store: Voices, where: Filter, tokens: Tokens) -> tuple[int, Counter[str]]:
    """(texts read, customers who use each word)."""
    rows = store.query("SELECT unit, text FROM voice WHERE text IS NOT NULL ORDER BY unit, feedback_id LIMIT ?", [_SAMPLE], where)
    counts: Counter[str] = Counter()
    said: set[str] = set()
    last = None
    for unit, text in zip(rows["unit"].to_pylist(), rows["text"].to_pylist(), strict=True):
        if unit != last:
            counts.update(said)
            said, last = set(), unit
        said.update(tokens(text))
    counts.update(said)
    return rows.num_rows, counts


def _tokens(text: str) -> set[str]:
    return {word.lower() for word in rjieba.cut(text) if len(word) > 1 and word.isalpha()}
