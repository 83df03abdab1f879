"""What the charts and tables of a problem's page rest on, as rows of a file: whole, where the page draws the largest only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from django.utils.translation import gettext as _

from huiyin.facts import Filter
from huiyin.insight.findings import Estimate
from huiyin.insight.problems import Definition
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.prioritise.fixes.selectors import fixes_of
from huiyin.server.prioritise.problems import page, snapshots
from huiyin.server.prioritise.problems.asked import Asked
from huiyin.server.prioritise.problems.exporting import three
from huiyin.server.prioritise.problems.heard import heard
from huiyin.server.prioritise.problems.ranking import listing
from huiyin.server.prioritise.problems.rows import trends_of

Part = Literal["measures", "steps", "trend", "conditions", "segments", "ranks", "fixes"]
PARTS: tuple[Part, ...] = get_args(Part)
DRAWN: tuple[Part, ...] = ("steps", "trend", "ranks", "fixes")
"""Those that the page draws."""


@dataclass(frozen=True, slots=True)
class Table:
    """A part of the page as rows."""

    title: str
    head: list[str]
    rows: list[list[Any]]


def title_of(part: Part) -> str:
    """The heading that the part has on the page."""
    return {
        "measures": _("三部分"),
        "steps": _("卡在哪一步"),
        "trend": _("走势"),
        "conditions": _("什么情况下更多"),
        "segments": _("说到它的客户"),
        "ranks": _("名次的变化"),
        "fixes": _("改了有用吗"),
    }[part]


def table_of(part: Part, one: Definition, asked: Asked, user: Any) -> Table:
    """The rows of a part as the person may see them; no rows where there is nothing to tell."""
    made: dict[Part, Callable[[], tuple[list[str], list[list[Any]]]]] = {
        "measures": lambda: _measures(one, asked),
        "steps": lambda: _steps(one, asked),
        "trend": lambda: _trend(one, asked),
        "conditions": lambda: _conditions(one, asked),
        "segments": lambda: _segments(one, asked),
        "ranks": lambda: _ranks(one, user),
        "fixes": lambda: _fixes(one, user),
    }
    head, rows = made[part]()
    return Table(title_of(part), head, rows)


def _bounded(name: str) -> list[str]:
    return [name, _("%(part)s下限") % {"part": name}, _("%(part)s上限") % {"part": name}]


def _linked(asked: Asked) -> Filter:
    return asked.filter & asked.dates


def _measures(one: Definition, asked: Asked) -> tuple[list[str], list[list[Any]]]:
    row = listing(asked.within, asked.weights).value.find(one.problem_id)
    parts: list[tuple[str, Estimate | None]] = []
    if row is not None:
        parts = [(_("频率"), row.frequency), (_("强度"), row.intensity), (_("伤害"), row.harm), (_("综合分"), row.score)]
    return [_("部分"), *_bounded(_("值")), "n"], [[name, *three(value), value.n if value else None] for name, value in parts]


def _steps(one: Definition, asked: Asked) -> tuple[list[str], list[list[Any]]]:
    found = page.steps_of(one, asked.within, _linked(asked))
    lines = [[line.name, line.customers, line.share, line.low, line.high, line.cumulative, line.query] for line in found.lines] if found else []
    if found and found.found.unassigned_customers:
        lines.append([_("未能归步"), found.found.unassigned_customers, *three(found.found.unassigned), None, None])
    return [_("步骤"), _("客户"), *_bounded(_("占")), _("累计"), _("筛选")], lines


def _trend(one: Definition, asked: Asked) -> tuple[list[str], list[list[Any]]]:
    ids = tuple(row.problem_id for row in listing(asked.within, asked.weights).value.rows)
    found = trends_of(asked.within, ids).get(one.problem_id)
    weeks = [[week.start, week.count, week.total, week.per_thousand, week.low, week.high] for week in found.weeks] if found else []
    return [_("周一"), _("抱怨的声音"), _("全部声音"), *_bounded(_("每千条"))], weeks


def _conditions(one: Definition, asked: Asked) -> tuple[list[str], list[list[Any]]]:
    head = [_("条件"), _("值"), _("主题"), _("全部声音"), _("抱怨的声音"), _("客户"), *_bounded(_("抱怨率")), *_bounded(_("是别处的几倍")), "p", "q"]
    rows: list[list[Any]] = []
    for each in page.conditions_of(one, asked.within, _linked(asked)):
        found = each.condition
        rows.append([each.label, each.value, each.aspect, found.voices, found.complaining, found.customers])
        rows[-1] += [*three(found.rate), *three(found.lift), found.p_value, found.q_value, each.query]
    return [*head, _("筛选")], rows


def _segments(one: Definition, asked: Asked) -> tuple[list[str], list[list[Any]]]:
    whole = _linked(asked) & heard(one)
    rows: list[list[Any]] = []
    for part, label, values in page.facets_of(one, asked.within):
        for value, count in values:
            narrow: dict[str, Any] = {part: (value,)}
            rows.append([label, value, count, (whole & Filter(**narrow)).to_query()])
    return [_("字段"), _("值"), _("客户"), _("筛选")], rows


def _ranks(one: Definition, user: Any) -> tuple[list[str], list[list[Any]]]:
    kept = snapshots.ranks_of(one.problem_id) if scope_filter(user).is_everything else []
    rows: list[list[Any]] = [[day.isoformat(), row.rank, row.rank_low, row.rank_high, row.customers] for day, row in kept]
    return [_("日期"), _("名次"), _("名次最低"), _("名次最高"), _("客户")], rows


def _fixes(one: Definition, user: Any) -> tuple[list[str], list[list[Any]]]:
    rows: list[list[Any]] = [
        [each.fix.name, each.fix.day.isoformat(), block.start, block.count, block.expected, block.voices]
        for each in fixes_of(one.problem_id, scope_filter(user))
        for block in each.judgement.blocks
    ]
    return [_("改动"), _("哪天起"), _("周"), _("实际"), _("不改会是"), _("全部反馈")], rows


def as_lines(table: Table) -> list[Sequence[Any]]:
    """Head and rows, as a file takes them."""
    return [table.head, *table.rows]
