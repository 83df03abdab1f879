"""What a widget has to show, as plain values: the same for the screen, the table behind it, CSV and XLSX."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from huiyin.facts import Filter
from huiyin.insight import indicators
from huiyin.insight.indicators import Unit
from huiyin.server.prioritise.metrics.figures import Figure, Mark
from huiyin.server.prioritise.metrics.telling import interval_text, link_of, value_text
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reckoning.keeping import reckoned


@dataclass(frozen=True, slots=True)
class Shown:
    """A widget's content. Every mark opens exactly as many voices, customers or opinions as it says."""

    kind: str
    title: str
    sentence: str = ""
    """What the drawing says, in one sentence of the same numbers."""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    """The data behind it."""
    marks: tuple[Mark, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)
    """What its template draws."""
    empty: str = ""
    """Why there is nothing to show."""


@dataclass(frozen=True, slots=True)
class Told:
    """A figure beside its name, ready for a template."""

    label: str
    figure: Figure
    value: str
    interval: str
    url: str
    mark: Mark
    base_url: str = ""
    """Of all that `n` counts."""
    x: float = 0.0
    low: float = 0.0
    high: float = 0.0
    """Places of the value and its interval on a line of 0..200."""


def figure_row(one: Figure) -> tuple[Any, ...]:
    """Value, interval, n, the unit of n, and why nothing is shown: what a file says of a figure."""
    return (one.value.value, one.value.low, one.value.high, one.value.n, one.metric.counted, one.why_hidden)


def figure_head() -> tuple[str, ...]:
    """Names of the columns of `figure_row`."""
    return (_("数值"), _("区间下限"), _("区间上限"), "n", _("n 数的是"), _("没有显示的原因"))


def told_of(label: str, one: Figure) -> Told:
    """A figure with its words and its address; of a share, that of those inside it."""
    mark = one.part or one.behind
    return Told(label, one, value_text(one), interval_text(one), link_of(mark), mark, link_of(one.behind))


def mark_of(unit: Unit, where: Filter) -> Mark:
    """A mark over a filter, counted."""
    found = reckoned(("mark", unit, where.to_query()), lambda: indicators.count(facts_store(), unit, where))
    return Mark(found.value, unit, where)
