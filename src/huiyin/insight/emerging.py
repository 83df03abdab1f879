"""What is new: aspects whose first rise is recent, and groups of words in complaints that no aspect covers yet.

An aspect emerges when the surveillance that runs over its whole past raises its first alarm within the last `recent` weeks. A group
emerges when words of unplaced complaints burst (see `bursts`) and are used in the same texts: words are joined when the texts with
both are at least 40 % of the texts with the rarer one, groups are the connected components.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from huiyin.facts import Filter, Voices
from huiyin.insight.bursts import PER_WEEK, WEEKS, Burst, Documents, Tokens, burst, read, words_of
from huiyin.insight.surveillance import Panel, Settings, Signal, judge, panel, rolling
from huiyin.insight.surveillance.alarms import signal_of

RECENT_WEEKS = 8
_TOGETHER = 0.4
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class EmergingAspect:
    """An aspect of the taxonomy that rises for the first time."""

    aspect: str
    part: str | None
    first_alarm: Signal
    """As it stood when it was first raised."""
    is_new: bool
    """Hardly said before: fewer cases in all the time before than in the window of the first alarm."""
    cases_since: int
    """Cases from the first day of that window on."""
    still_rising: bool
    """Whether the last whole week alarms too."""


@dataclass(frozen=True, slots=True)
class EmergingGroup:
    """Words that rose together in complaints no aspect covers."""

    words: tuple[Burst, ...]
    """Most distinctive first; the first one or two name the group."""
    since: str
    texts: int
    """Texts read since then that use at least one of the words (of those read, not of all)."""
    feedback_ids: tuple[str, ...]
    """At most 50 of their voices, those with most of the words first."""


@dataclass(frozen=True, slots=True)
class Emerging:
    """Everything new, surest first, and what was looked at."""

    aspects: tuple[EmergingAspect, ...]
    groups: tuple[EmergingGroup, ...]
    series: int
    words_tested: int
    texts_read: int
    texts_total: int
    """Unplaced complaints in these weeks; those above the weekly bound were not read."""


def emerging(
    store: Voices,
    where: Filter | None = None,
    *,
    dimension: str | None = None,
    recent: int = RECENT_WEEKS,
    tokens: Tokens = words_of,
    per_week: int = PER_WEEK,
    as_of: date | None = None,
    settings: Settings | None = None,
) -> Emerging:
    """New aspects (by `dimension` when given) and new word groups of the last `recent` weeks."""
    rules = settings or Settings()
    series = panel(store, where, dimension=dimension, as_of=as_of, minimum_total=rules.minimum_count)
    known, mondays, total = read(store, where, "unplaced", tokens, WEEKS, per_week, as_of, rules.minimum_count)
    bursts = burst(known, mondays, rules)
    groups = group(known, bursts, [str(one) for one in mondays])
    return Emerging(new_aspects(series, recent, rules), groups, len(series.keys), len(known.words), len(known.week), total)


def new_aspects(series: Panel, recent: int = RECENT_WEEKS, settings: Settings | None = None) -> tuple[EmergingAspect, ...]:
    """Series whose first alarm lies within the last `recent` periods, most cases first.

    Each of those periods could raise one, so the level of each is the settings' level ÷ `recent` (Bonferroni).
    """
    rules = settings or Settings()
    rules = replace(rules, level=rules.level / max(recent, 1))
    alarm = rolling(series, rules)
    if not alarm.size:
        return ()
    first = np.where(alarm.any(axis=1), alarm.argmax(axis=1), -1)
    end = len(series.starts)
    rows = np.flatnonzero(first >= max(end - recent, 0))
    judged = {int(at): judge(series, rules, int(at)) for at in np.unique(first[rows])}
    found = []
    for row in rows.tolist():
        at = int(first[row])
        one = signal_of(series, judged[at], row, rules, at)
        begin = at - int(judged[at].window[row]) + 1
        before, since = float(series.counts[row, :begin].sum()), int(series.counts[row, begin:].sum())
        found.append(EmergingAspect(one.aspect, one.part, one, before < one.count, since, bool(alarm[row, -1])))
    return tuple(sorted(found, key=lambda one: (-one.cases_since, one.aspect, one.part or "")))


def group(known: Documents, bursts: tuple[Burst, ...], mondays: list[str]) -> tuple[EmergingGroup, ...]:
    """Bursting words put together by the texts that use them."""
    if not bursts:
        return ()
    place = {word: at for at, word in enumerate(known.words)}
    column = {place[one.word]: at for at, one in enumerate(bursts)}
    keep = np.isin(known.pairs[:, 1], list(column))
    rows, words = known.pairs[keep, 0], np.array([column[word] for word in known.pairs[keep, 1].tolist()], dtype=np.int64)
    used = csr_array((np.ones(len(rows)), (rows, words)), shape=(len(known.week), len(bursts)))
    both = (used.T @ used).toarray()
    size = np.diag(both)
    linked = both >= _TOGETHER * np.minimum(size[:, None], size[None, :])
    _, label = connected_components(csr_array(linked), directed=False)
    return tuple(
        sorted(
            (_group(known, bursts, mondays, used, np.flatnonzero(label == one).tolist()) for one in range(int(label.max()) + 1)),
            key=lambda found: (-found.texts, found.words[0].word),
        )
    )


def _group(known: Documents, bursts: tuple[Burst, ...], mondays: list[str], used: csr_array, members: list[int]) -> EmergingGroup:
    words = tuple(bursts[at] for at in members)
    since = min(one.since for one in words)
    hits = np.asarray(used[:, members].sum(axis=1)).ravel()
    rows = np.flatnonzero((hits > 0) & (known.week >= mondays.index(since)))
    order = sorted(rows.tolist(), key=lambda row: (-hits[row], known.feedback_ids[row]))
    ids = tuple(dict.fromkeys(known.feedback_ids[row] for row in order))
    return EmergingGroup(words, since, len(ids), ids[:_SHOWN])
