"""The list, a row opened, what is new, a past day, the list as a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from huiyin.insight.problems import Listing
from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.foundation.writing import state_write
from huiyin.server.prioritise.problems import snapshots, words
from huiyin.server.prioritise.problems.asked import PARTS, PERIODS, TABS, WEIGHTS, Asked
from huiyin.server.prioritise.problems.exporting import rows_of
from huiyin.server.prioritise.problems.notes import mentions_of
from huiyin.server.prioritise.problems.ranking import listing
from huiyin.server.prioritise.problems.register import name_of, register
from huiyin.server.prioritise.problems.rows import shown
from huiyin.server.understand.explorer.chips import Chip, label_of
from huiyin.server.understand.reckoning.behind import behind
from huiyin.server.understand.reckoning.commonest import commonest
from huiyin.server.web.fragments import page_asked, render_screen
from huiyin.server.web.rights import needs
from huiyin.server.web.taking import Sheet, csv_file, dated, workbook_file

PAGE = 40
_CHOICES = 40


@require_GET
@needs("problems.read")
def problems(request: HttpRequest) -> HttpResponse:
    """The ranked list that the address asks for."""
    asked = Asked.of(request)
    found = shown(asked, request.user)
    lines = found.tabs[asked.tab]
    page = page_asked(request, 1 + max(len(lines) - 1, 0) // PAGE)
    visible = lines[(page - 1) * PAGE : page * PAGE]
    context: dict[str, Any] = {
        "asked": asked,
        "shown": found,
        "lines": visible,
        "first": visible[0] if visible and asked.tab == "all" and page == 1 else None,
        "tabs": [(one, tab_name(one), len(found.tabs[one]), asked.address(tab=one)) for one in TABS],
        "tab_words": tab_words(asked.tab),
        "chips": chips(asked),
        "choices": choices(asked),
        "periods": [(one, period_name(one), asked.address(period=one, filter=asked.undated)) for one in PERIODS],
        "period_name": period_name(asked.period),
        "behind": behind(asked.within).value,
        "scales": scales(found.listing),
        "weights": [(part, words.part_name(part), getattr(asked.weights, part)) for part in WEIGHTS],
        "as_they_are": asked.address(weights=type(asked.weights)()),
        "mentions": mentions_of(request.user),
        "compared": bool(asked.usual and snapshots.week_ago()),
        "query": asked.address(),
        "before": page - 1 if page > 1 else 0,
        "after": page + 1 if page * PAGE < len(lines) else 0,
        "small": len(found.listing.too_small),
    }
    if context["first"]:
        row = context["first"].row
        context |= told(found.listing, row.problem_id)
    return render_screen(request, "problems/list.html", context)


@require_GET
@needs("problems.read")
def why_there(request: HttpRequest, problem_id: str) -> HttpResponse:
    """Why one problem stands where it does, and what would change it; fetched when its row is opened."""
    asked = Asked.of(request)
    found = listing(asked.within, asked.weights).value
    try:
        context = told(found, register().resolve(problem_id))
    except KeyError:
        raise Http404 from None
    return render_screen(request, "problems/why.html", context | {"problem_id": problem_id, "asked": asked, "query": asked.address()})


@require_GET
@needs("problems.read")
def news(request: HttpRequest) -> HttpResponse:
    """How many voices came since the list that is being read was made; the list itself does not move."""
    asked = Asked.of(request)
    had = request.GET.get("had", "")
    count = behind(asked.within).value.voices - int(had) if had.isdecimal() and len(had) < 16 else 0
    return render_screen(request, "problems/news.html", {"count": max(count, 0), "query": asked.address()})


@require_GET
@needs("voices.export")
def export(request: HttpRequest, kind: str) -> Any:
    """Exactly the rows that are seen, as CSV or XLSX; taking them is recorded."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    asked = Asked.of(request)
    found = shown(asked, request.user)
    with state_write():
        record("problems.exported", "", actor=request.user, object_type="problems", object_name=asked.address().lstrip("?") or "—")
    table, name = rows_of(asked, found), dated("problems", kind)
    return csv_file(table, name) if kind == "csv" else workbook_file([Sheet(table)], name)


@require_GET
@needs("problems.read")
def on_day(request: HttpRequest) -> HttpResponse:
    """The list as it stood on a past day. It holds everybody's rows, so whoever sees a part only does not see it."""
    if not scope_filter(request.user).is_everything:
        return render_screen(request, "problems/day.html", {"narrowed": True})
    days = snapshots.kept_days()
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        day = days[-1] if days else timezone.localdate()
    found = snapshots.list_of(day)
    known = register()
    lines = []
    for row in found.rows if found else ():
        try:
            living = known.resolve(row.problem_id)
        except KeyError:
            living = ""
        lines.append((row, name_of(known.problems[living]) if living else row.name or row.problem_id, living))
    context = {
        "day": day,
        "found": found,
        "lines": lines,
        "earliest": days[0] if days else None,
        "latest": days[-1] if days else None,
        "before": next((one for one in reversed(days) if one < day), None),
        "after": next((one for one in days if one > day), None),
    }
    return render_screen(request, "problems/day.html", context)


def told(found: Listing, problem_id: str) -> dict[str, Any]:
    """The sentences of an opened row.

    Raises:
        KeyError: it is not in the list.
    """
    row = found.row(problem_id)
    return {
        "why_row": row,
        "reasons": words.reasons(found, problem_id),
        "changes": words.changes(found, problem_id),
        "formula": words.formula(row, found),
    }


def scales(found: Listing) -> dict[str, tuple[float, float]]:
    """The scale of each column: from zero to the highest bound."""

    def most(value: Callable[[Any], float | None]) -> float:
        return max((high for row in found.rows if (high := value(row)) is not None), default=1.0) or 1.0

    harms = [row.harm for row in found.rows if row.harm is not None]
    return {
        "frequency": (0.0, most(lambda row: row.frequency.high)),
        "intensity": (0.0, 1.0),
        "harm": (
            min((one.low for one in harms if one.low is not None), default=0.0),
            max((one.high for one in harms if one.high is not None), default=1.0),
        ),
    }


def chips(asked: Asked) -> list[Chip]:
    """What the list is narrowed by, each with the way to take it off."""
    return [Chip(label_of(part), value or "—", asked.without(part, value)) for part in PARTS for value in getattr(asked.filter, part)]


def choices(asked: Asked) -> list[tuple[str, str, list[str]]]:
    """(part, label, values) that can be chosen, within what the person may see."""
    kept = [(part, sorted(value for value, _count in commonest(part, asked.within, _CHOICES))) for part in PARTS]
    return [(part, label_of(part), values) for part, values in kept if len(values) > 1]


def tab_name(tab: str) -> str:
    """全部, 我的小组, 无主 …"""
    return {
        "all": _("全部"),
        "mine": _("我的小组"),
        "unowned": _("无主"),
        "chronic": _("老大难"),
        "neglected": _("被忽视的痛"),
        "wishes": _("客户愿望"),
        "snoozed": _("暂不看"),
    }[tab]


def tab_words(tab: str) -> str:
    """What the tab holds, in one sentence."""
    return {
        "chronic": _("一周不断地被抱怨超过 90 天的，和改好后又复发的，名次照旧。"),
        "neglected": _("伤客户深、却少有人看的问题：按伤害排的名次比按关注排的至少靠前 3 位，区间内最保守的估计也如此。"),
        "wishes": _("客户希望或需要的，按提到的客户数排。"),
        "snoozed": _("到了日子自己回到清单。"),
        "unowned": _("没有团队负责的问题。"),
        "mine": _("由你所在团队负责的问题。"),
    }.get(tab, "")


def period_name(period: str) -> str:
    """近 90 天."""
    if period == "all":
        return _("全部时间")
    if period == "own":
        return _("自选")
    return _("近 %(days)s 天") % {"days": period}
