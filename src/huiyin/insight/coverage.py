"""How much of what was said the taxonomy placed, and what the rest talks about."""

from __future__ import annotations

from collections import Counter

import rjieba

from huiyin.facts import Filter, Voices
from huiyin.insight import evidence
from huiyin.insight.findings import Coverage
from huiyin.insight.intervals import wilson

_SAMPLE = 20000
_WORDS = 24
_EMPTY = (
    "一个 一下 一直 一点 这个 那个 什么 怎么 为什么 我们 你们 他们 自己 没有 不是 就是 还是 但是 因为 所以 如果 已经 现在 时候 然后 而且 "
    "真的 真是 可以 不能 不会 不要 知道 觉得 感觉 东西 问题 希望 这样 那么 这么 "
    "还有 根本 只能 只有 居然 竟然 完全 非常 特别 以后 之后 每次 有点 起来 出来 "
    "the and for that this with have was are not but you they very from just "
)
_EMPTY_WORDS = frozenset(_EMPTY.split())


def measure(store: Voices, where: Filter | None = None) -> Coverage:
    """Coverage of feedback and of negative mentions, with the unplaced listed."""
    total = _count(store, "SELECT count(*) FROM voice", where)
    placed = _count(store, "SELECT count(DISTINCT feedback_id) FROM opinion WHERE aspect IS NOT NULL", where)
    negative = _count(store, "SELECT count(*) FROM opinion WHERE polarity = -1", where)
    negative_placed = _count(store, "SELECT count(*) FROM opinion WHERE polarity = -1 AND aspect IS NOT NULL", where)
    return Coverage(
        wilson(placed, total),
        wilson(negative_placed, negative),
        evidence.unplaced(store, where=where),
        negative - negative_placed,
        _words(store, where),
    )


def _words(store: Voices, where: Filter | None) -> tuple[tuple[str, int], ...]:
    """Words of the unplaced complaints by number of complaints that use them, from a sample fixed by hash."""
    rows = store.query(
        'SELECT substring(v.text, o.start + 1, o."end" - o.start) AS words FROM opinion o JOIN feedback v ON o.feedback_id = v.feedback_id '
        "WHERE o.polarity = -1 AND o.aspect IS NULL ORDER BY o.unit, o.feedback_id, o.start LIMIT ?",
        [_SAMPLE],
        where=where,
    )
    counts: Counter[str] = Counter()
    for words in rows["words"].to_pylist():
        counts.update({word.lower() for word in rjieba.cut(words) if len(word) > 1 and word.isalpha()} - _EMPTY_WORDS)
    return tuple((word, count) for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_WORDS] if count > 1)


def _count(store: Voices, sql: str, where: Filter | None) -> int:
    return int(store.query(sql, where=where).column(0)[0].as_py())
