"""Widgets that rank: problems, and complaints by customers alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.facts import Filter
from huiyin.insight.findings import Trend
from huiyin.insight.ranking import AS_THEY_ARE, Weights
from huiyin.server.prioritise.boards.shown import Shown, mark_of
from huiyin.server.prioritise.metrics.telling import link_of, number
from huiyin.server.prioritise.problems.heard import heard
from huiyin.server.prioritise.problems.ranking import listing
from huiyin.server.prioritise.problems.register import name_of, register
from huiyin.server.prioritise.problems.rows import SPARK_WEEKS, trends_of

_TOP = 5


def problems(settings: Mapping[str, Any], where: Filter) -> Shown:
    """The problems that hurt most: frequency × intensity × harm."""
    return _listed("problems", _("问题前五"), where, AS_THEY_ARE)


def complaints(settings: Mapping[str, Any], where: Filter) -> Shown:
    """The five that most customers complain of, and how sure the places are."""
    return _listed("complaints", _("五大抱怨"), where, Weights(1.0, 0.0, 0.0))


def _listed(kind: str, title: str, where: Filter, weights: Weights) -> Shown:
    found, known = listing(where, weights).value, register()
    sparks = trends_of(where, tuple(row.problem_id for row in found.rows))
    told, rows, marks = [], [], []
    for row in found.rows[:_TOP]:
        one = known.problems[row.problem_id]
        asked = where & heard(one)
        mark = mark_of("customers", asked)
        # Of a problem that was split, what is left over is no filter: then its page tells who complains.
        exact = mark.count == row.customers
        url = reverse("problems:problem", args=[row.problem_id])
        name = name_of(one)
        told.append(
            {
                "problem_id": row.problem_id, "rank": row.rank, "name": name, "url": url, "rate": number(row.frequency.value, 1),
                "customers": row.customers,
                "mark": mark if exact else None, "voices": link_of(mark) if exact else url, "low": number(row.frequency.low, 1),
                "high": number(row.frequency.high, 1), "certainty": round(100 * row.rank_certainty), "rank_low": row.rank_low,
                "rank_high": row.rank_high, "tied": bool(row.tied_with), "spark": _spark(sparks.get(row.problem_id)),
            }
        )  # fmt: skip
        estimate = row.frequency
        rows.append((row.rank, name, row.customers, estimate.value, estimate.low, estimate.high, row.rank_low, row.rank_high))
        marks += [mark] if exact else []
    head = (_("排名"), _("问题"), _("客户"), _("每千位客户"), _("区间下限"), _("区间上限"), _("名次最高"), _("名次最低"))
    said = _("第一位是%(name)s，%(n)s 位客户") % {"name": told[0]["name"], "n": told[0]["customers"]} if told else ""
    data = {"rows": told, "all": len(found.rows), "ranked": kind == "problems"}
    return Shown(kind, title, said, head, tuple(rows), tuple(marks), data, "" if told else _("还没有足够的抱怨来排名"))


def _spark(trend: Trend | None) -> dict[str, Any]:
    """The last weeks of a problem as a line of 80 × 24, as its row of the list has them."""
    values = [week.per_thousand or 0.0 for week in trend.weeks[-SPARK_WEEKS:]] if trend else []
    if len(values) < 3:
        return {}
    most = max(values) or 1.0
    places = [(round(2 + 74 * at / (len(values) - 1), 1), round(22 - 19 * value / most, 1)) for at, value in enumerate(values)]
    line = " ".join(f"{x},{y}" for x, y in places)
    return {"line": line, "x": places[-1][0], "y": places[-1][1], "area": f"2,24 {line} {places[-1][0]},24"}
