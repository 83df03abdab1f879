"""The list as rows of a file: what is seen, with every bound as a number of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from huiyin.insight.findings import Estimate
from huiyin.server.prioritise.problems.asked import Asked
from huiyin.server.prioritise.problems.rows import Line, Shown, Wish


def rows_of(asked: Asked, found: Shown) -> list[list[Any]]:
    """Headings, then the rows of the tab that is seen."""
    if asked.tab == "wishes":
        head = [_("主题"), _("客户"), _("声音"), _("其中也抱怨的客户"), _("每千位客户"), _("下限"), _("上限")]
        return [head, *([one.name, one.customers, one.voices, one.complaining, one.rate, one.low, one.high] for one in _wishes(found))]
    head = [_("编号"), _("名次"), _("一周前"), _("问题"), _("范围"), _("客户")]
    for part in (_("频率"), _("强度"), _("伤害"), _("综合分")):
        head += [part, _("%(part)s下限") % {"part": part}, _("%(part)s上限") % {"part": part}]
    head += [_("名次把握"), _("名次最低"), _("名次最高"), _("走势"), _("团队"), _("负责人"), _("置顶"), _("暂不看到")]
    return [head, *(_row(one) for one in found.tabs[asked.tab])]


def _wishes(found: Shown) -> list[Wish]:
    lines: list[Any] = found.tabs["wishes"]
    return lines


def _row(one: Line) -> list[Any]:
    row = one.row
    cells: list[Any] = [row.problem_id, row.rank, one.moved.before if one.moved else None, one.name, one.scope, row.customers]
    for estimate in (row.frequency, row.intensity, row.harm, row.score):
        cells += three(estimate)
    until = one.note.snoozed_until.isoformat() if one.waiting and one.note and one.note.snoozed_until else ""
    cells += [row.rank_certainty, row.rank_low, row.rank_high, one.trend.verdict if one.trend else "", one.owned.team, one.owned.person]
    return [*cells, _("是") if one.pinned else "", until]


def three(one: Estimate | None) -> Sequence[float | None]:
    """Value, lower and upper bound; three empty cells where there is no estimate."""
    return (one.value, one.low, one.high) if one is not None else (None, None, None)
