"""A number as plain values for answers and files, written for people, and the card that says how it was made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.facts import Filter
from huiyin.insight.findings import Estimate
from huiyin.server.prioritise.metrics.catalogue import COUNTED
from huiyin.server.prioritise.metrics.figures import Figure, Mark, extent, verdict_words
from huiyin.server.understand.explorer.asked import Asked
from huiyin.server.understand.explorer.chips import chips
from huiyin.server.understand.explorer.templatetags.figures import figure as written


@dataclass(frozen=True, slots=True)
class Card:
    """How a number was computed."""

    name: str
    words: str
    source: str
    asked: str
    """The filter in words."""
    rows: str
    until: str
    """Last day of the data it rests on."""
    at: Any


def link_of(mark: Mark) -> str:
    """The address that opens exactly the voices behind a mark."""
    query = mark.where.to_query()
    return reverse("voices:voices") + (f"?{query}" if query else "")


def told_estimate(one: Estimate | None) -> dict[str, Any] | None:
    """Value, interval and n; nothing where there is nothing."""
    return None if one is None else {"value": one.value, "low": one.low, "high": one.high, "n": one.n}


def told(one: Figure) -> dict[str, Any]:
    """A figure as an answer of the interface."""
    return {
        "metric": one.metric.key,
        "value": one.value.value,
        "low": one.value.low,
        "high": one.value.high,
        "n": one.value.n,
        "unit": str(one.unit),
        "counted": one.metric.counted,
        "reason": one.reason,
        "before": told_estimate(one.before),
        "change": told_estimate(one.change),
        "verdict": one.verdict,
        "filter": one.where.to_query(),
        "voices": told_mark(one.behind),
        "part": told_mark(one.part) if one.part else None,
    }


def told_mark(mark: Mark) -> dict[str, Any]:
    """A mark: how many of what, and where they are heard."""
    return {"count": mark.count, "counted": mark.unit, "filter": mark.where.to_query(), "url": link_of(mark)}


def number(value: float | None, digits: int) -> str:
    """A value as people read it: a true minus sign, separators in whole numbers.

    >>> number(-3.84, 1), number(None, 1)
    ('−3.8', '—')
    """
    if value is None:
        return "—"
    text = written(round(value)) if not digits else f"{value:.{digits}f}"
    return "0" if text.strip("-0.") == "" and not digits else text.replace("-", "−")


def value_text(one: Figure) -> str:
    """The value alone."""
    return number(one.value.value, one.metric.digits)


def interval_text(one: Figure) -> str:
    """95 % 区间 low–high, empty where there is none."""
    if one.value.low is None:
        return ""
    low, high = number(one.value.low, one.metric.digits), number(one.value.high, one.metric.digits)
    # Between signed numbers a dash would read as a minus.
    words = _("95%% 区间 %(low)s–%(high)s") if (one.value.low or 0) >= 0 else _("95%% 区间 %(low)s 至 %(high)s")
    return words % {"low": low, "high": high}


def change_text(one: Figure) -> str:
    """The chip: the verdict and how much."""
    word = verdict_words(one)
    if one.change is None or one.change.value is None or one.verdict == "unknown":
        return word
    if one.metric.way == "count":
        percent = 100 * (one.change.value - 1)
        amount = (_("多 %(n)s%%") if percent >= 0 else _("少 %(n)s%%")) % {"n": f"{abs(percent):.0f}"}
        return f"{word} · {amount}"
    risen = _("升 %(n)s") if one.change.value >= 0 else _("降 %(n)s")
    amount = risen % {"n": f"{abs(one.change.value):.{one.metric.digits}f}"}
    return f"{word} · {amount}{_(' 个百分点') if one.metric.unit == '%' else ''}"


def count_text(mark: Mark) -> str:
    """1,864 位客户."""
    return f"{written(mark.count)} {COUNTED[mark.unit]}"


def filter_words(where: Filter) -> str:
    """A filter in words."""
    found = [f"{one.label} {one.value}" for one in chips(Asked(where, where, "newest", 1))]
    return " · ".join(found) or _("全部声音")


def sentence(one: Figure) -> str:
    """One sentence that says what the mark shows, from the same numbers."""
    if one.reason:
        return f"{one.metric.name}：{one.why_hidden}"
    parts = [f"{one.metric.name} {value_text(one)}{one.unit}", interval_text(one), f"n={written(one.value.n)}"]
    if one.before is not None:
        parts.append(change_text(one))
    return "，".join(part for part in parts if part)


def card(one: Figure) -> Card:
    """The card of a figure."""
    days = extent(one.behind.where)
    return Card(
        str(one.metric.name),
        str(one.metric.words),
        one.metric.source,
        filter_words(one.where),
        count_text(one.behind),
        days[1].isoformat() if days else "—",
        one.at,
    )
