"""Where complaints gather: in one step of a flow, or under one product, region, store, channel."""

from __future__ import annotations

import numpy as np
from scipy import stats

from huiyin.facts import Filter, Voices
from huiyin.insight.catalogue import Catalogue
from huiyin.insight.findings import Concentration, Name, Share
from huiyin.insight.intervals import false_discovery, wilson

MINIMUM_VOICES = 30
_LEVEL = 0.01
_LIFT = 1.3
_ROWS = 8
DIMENSIONS = ("product", "brand", "region", "store", "channel", "segment")


def steps(store: Voices, catalogue: Catalogue, where: Filter | None = None) -> list[Concentration]:
    """Themes whose complaints gather in one aspect beyond an even spread, strongest first.

    The share is over feedback with a complaint about the theme (one that names two steps counts for both). The test is the
    binomial tail of the largest step under an even spread, times the number of steps (Bonferroni); false discoveries
    over themes are controlled.
    """
    table = store.query(
        "SELECT aspect, count(DISTINCT feedback_id) AS n FROM opinion WHERE polarity = -1 AND aspect IS NOT NULL GROUP BY aspect", where=where
    )
    counts: dict[str, int] = dict(zip(table["aspect"].to_pylist(), table["n"].to_pylist(), strict=True))
    cards = {card.path: card for card in catalogue.aspects}
    found: list[Concentration] = []
    for theme in catalogue.themes:
        if len(theme.aspects) < 3:
            continue
        among = ", ".join("?" for _ in theme.aspects)
        sql = f"SELECT count(DISTINCT feedback_id) AS n FROM opinion WHERE polarity = -1 AND aspect IN ({among})"
        total = int(store.query(sql, list(theme.aspects), where=where)["n"][0].as_py())
        if total < MINIMUM_VOICES:
            continue
        even = 1.0 / len(theme.aspects)
        rows = [Share(cards[path].name, counts.get(path, 0), wilson(counts.get(path, 0), total), even) for path in theme.aspects]
        order = sorted(range(len(rows)), key=lambda at: (-rows[at].count, at))
        top = rows[order[0]]
        p_value = min(1.0, len(rows) * float(stats.binom.sf(top.count - 1, total, even)))
        owner = cards[theme.aspects[order[0]]].owner
        found.append(Concentration("step", theme.name, theme.path, top, total, 0, p_value, tuple(rows[at] for at in order), owner))
    q_values = false_discovery(np.array([one.p_value for one in found]))
    kept = [one for one, q in zip(found, q_values, strict=True) if q <= _LEVEL and (one.top.share.low or 0) > one.top.expected]
    return sorted(kept, key=lambda one: (-(one.top.share.low or 0.0), one.theme_path))


def conditions(store: Voices, aspects: list[tuple[str, Name]], where: Filter | None = None) -> dict[str, tuple[Concentration, ...]]:
    """For each aspect the dimensions in which its complaints gather in one value more than all feedback does.

    Lift = share of the value among complaints ÷ its share in all feedback; one-sided binomial test, Bonferroni over the values
    of the dimension, false discoveries controlled over aspects × dimensions. Reported from a lift of 1.3.
    """
    found: list[tuple[str, Concentration]] = []
    for dimension in DIMENSIONS:
        base = store.query(f"SELECT {dimension} AS value, count(*) AS n FROM voice WHERE {dimension} IS NOT NULL GROUP BY {dimension}", where=where)
        everywhere: dict[str, int] = dict(zip(base["value"].to_pylist(), base["n"].to_pylist(), strict=True))
        if not 2 <= len(everywhere) <= 400:
            continue
        rows = store.query(
            f"SELECT o.aspect, v.{dimension} AS value, count(DISTINCT o.feedback_id) AS n FROM opinion o JOIN voice v USING (feedback_id) "
            f"WHERE o.polarity = -1 AND o.aspect IS NOT NULL GROUP BY o.aspect, v.{dimension}",
            where=where,
        )
        by_aspect: dict[str, dict[str | None, int]] = {}
        for aspect, value, count in zip(rows["aspect"].to_pylist(), rows["value"].to_pylist(), rows["n"].to_pylist(), strict=True):
            by_aspect.setdefault(aspect, {})[value] = count
        for aspect, name in aspects:
            one = _condition(dimension, aspect, name, by_aspect.get(aspect, {}), everywhere)
            if one is not None:
                found.append((aspect, one))
    q_values = false_discovery(np.array([one.p_value for _, one in found]))
    out: dict[str, tuple[Concentration, ...]] = {}
    for (aspect, one), q in zip(found, q_values, strict=True):
        if q <= _LEVEL and (one.top.share.value or 0) >= _LIFT * one.top.expected:
            out[aspect] = (*out.get(aspect, ()), one)
    return {aspect: tuple(sorted(many, key=lambda one: one.p_value)) for aspect, many in out.items()}


def _condition(dimension: str, path: str, name: Name, here: dict[str | None, int], everywhere: dict[str, int]) -> Concentration | None:
    """The value of the dimension in which complaints of one aspect gather most surely."""
    unassigned = here.get(None, 0)
    counts = {value: count for value, count in here.items() if value is not None}
    total, all_total = sum(counts.values()), sum(everywhere.values())
    if total < MINIMUM_VOICES:
        return None
    tails = {value: float(stats.binom.sf(count - 1, total, everywhere.get(value, 0) / all_total)) for value, count in counts.items()}
    best = min(tails, key=lambda value: (tails[value], value))
    shares = [
        Share(Name(value, value), count, wilson(count, total), everywhere.get(value, 0) / all_total)
        for value, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    top = next(share for share in shares if share.name.zh == best)
    p_value = min(1.0, len(everywhere) * tails[best])
    rows = tuple(shares[:_ROWS]) if top in shares[:_ROWS] else (*shares[: _ROWS - 1], top)
    return Concentration(dimension, name, path, top, total, unassigned, p_value, rows, None)  # type: ignore[arg-type]
