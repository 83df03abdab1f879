"""The page of one problem, and its wall narrowed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from huiyin.insight.problems import Definition
from huiyin.server.foundation.people.models import User
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.prioritise.fixes.views import section
from huiyin.server.prioritise.ownership.rail import rail_context
from huiyin.server.prioritise.problems import charts, notes, page, snapshots, words
from huiyin.server.prioritise.problems.asked import PERIODS, Asked
from huiyin.server.prioritise.problems.card import card_of
from huiyin.server.prioritise.problems.deciding import mentions_see, problem_seen
from huiyin.server.prioritise.problems.heard import heard
from huiyin.server.prioritise.problems.ranking import listing
from huiyin.server.prioritise.problems.register import name_of, register
from huiyin.server.prioritise.problems.rows import scope_of, trends_of
from huiyin.server.prioritise.problems.services import problem_exported
from huiyin.server.prioritise.problems.tables import DRAWN, PARTS, as_lines, table_of, title_of
from huiyin.server.prioritise.problems.views.listing import chips, period_name, scales, told
from huiyin.server.prioritise.tasks.views import section as task_section
from huiyin.server.understand.reckoning.behind import behind
from huiyin.server.web.fragments import render_screen
from huiyin.server.web.rights import needs
from huiyin.server.web.taking import csv_file


def definition_of(problem_id: str) -> Definition:
    """The living problem an id leads to.

    Raises:
        Http404: no such id was ever given.
    """
    try:
        return register().living(problem_id)
    except KeyError:
        raise Http404 from None


@require_GET
@needs("problems.read")
def problem(request: HttpRequest, problem_id: str) -> HttpResponse:
    """One problem: the finding first, then what it rests on. A former id leads to where the problem is now."""
    one = definition_of(problem_id)
    if one.problem_id != problem_id:
        query = request.GET.urlencode()
        return HttpResponseRedirect(reverse("problems:problem", args=[one.problem_id]) + (f"?{query}" if query else ""))
    asked = Asked.of(request)
    problem_seen(request.user, one.problem_id)
    context = _numbers(asked, one) | _people(request.user, one)
    context["fixed"] = render_to_string("fixes/_section.html", section(request, one.problem_id), request)
    context["to_do"] = render_to_string("tasks/_section.html", task_section(request, one.problem_id), request)
    if request.user.has_perm("ownership.read"):
        context["whose"] = render_to_string("ownership/_rail.html", rail_context(request, one.problem_id), request)
    # Only now: what the reader sees here names her for the last time.
    mentions_see(request.user, one.problem_id)
    return render_screen(request, "problems/problem.html", context)


def _numbers(asked: Asked, one: Definition) -> dict[str, Any]:
    found = listing(asked.within, asked.weights)
    row = found.value.find(one.problem_id)
    linked = asked.filter & asked.dates
    ids = tuple(each.problem_id for each in found.value.rows)
    trend = trends_of(asked.within, ids).get(one.problem_id)
    wall, quotes = page.wall_of(one, asked.within)
    numbers: dict[str, Any] = {
        "asked": asked,
        "one": one,
        "name": name_of(one),
        "scope": scope_of(one),
        "row": row,
        "at": found.at,
        "count": len(found.value.rows),
        "scales": scales(found.value),
        "behind": page.behind_of(one, asked.within),
        "everything": behind(asked.within).value,
        "voices_query": (linked & heard(one)).to_query(),
        "steps": page.steps_of(one, asked.within, linked),
        "trend": trend,
        "trend_chart": charts.trend(trend),
        "conditions": page.conditions_of(one, asked.within, linked)[: page.CONDITIONS],
        "wall": wall,
        "quotes": quotes,
        "facets": page.facets_of(one, asked.within),
        "moved": snapshots.moves(found.value.rows).get(one.problem_id) if asked.usual else None,
        "periods": [(key, period_name(key), asked.address(period=key, filter=asked.undated)) for key in PERIODS],
        "period_name": period_name(asked.period),
        "chips": chips(asked),
        "query": asked.address(),
        "card": card_of(one, row),
    }
    numbers["pareto"] = charts.pareto(numbers["steps"])
    return numbers | (told(found.value, one.problem_id) if row is not None else {})


def _people(user: Any, one: Definition) -> dict[str, Any]:
    known = register()
    note = notes.notes_of().get(one.problem_id)
    writes = user.has_perm("problems.write")
    ranks = snapshots.ranks_of(one.problem_id) if scope_filter(user).is_everything else []
    followers = notes.followers_of(one.problem_id)
    others = sorted(
        (name_of(each), each.problem_id) for each in known.definitions if each.problem_id != one.problem_id and each.condition == one.condition
    )
    return {
        "note": note,
        "waiting": notes.waiting(note),
        "comments": notes.comments_of(one.problem_id),
        "links": notes.links_of(one.problem_id),
        "activity": notes.activity_of(one.problem_id),
        "merged": notes.merged_lately(one.problem_id) if writes else [],
        "follows": user.pk in followers,
        "followers": len(followers),
        "ranks": charts.ranks(ranks),
        "writes": writes,
        "others": others if writes else [],
        "names": list(User.objects.filter(is_active=True).exclude(pk=user.pk).order_by("display_name").values_list("display_name", flat=True)[:300]),
        "words": words,
    }


@require_GET
@needs("problems.read")
def evidence_wall(request: HttpRequest, problem_id: str) -> HttpResponse:
    """The wall, narrowed by the chips above it."""
    one = definition_of(problem_id)
    asked = Asked.of(request)
    chosen = page.narrowed(request.GET)
    wall, quotes = page.wall_of(one, asked.within & chosen)
    context = {
        "one": one,
        "asked": asked,
        "wall": wall,
        "quotes": quotes,
        "facets": page.facets_of(one, asked.within),
        "chosen": chosen,
        "query": asked.address(),
        "voices_query": (asked.filter & asked.dates & chosen & heard(one)).to_query(),
    }
    return render_screen(request, "problems/wall.html", context)


@require_GET
@needs("voices.export")
def table(request: HttpRequest, problem_id: str, part: str) -> StreamingHttpResponse:
    """A chart or table of the page as CSV; taking it is recorded."""
    one = definition_of(problem_id)
    chosen = next((each for each in PARTS if each == part), None)
    if chosen is None:
        raise Http404
    found = table_of(chosen, one, Asked.of(request), request.user)
    problem_exported(request.user, one, f"{name_of(one)} · {found.title}")
    return csv_file(as_lines(found), f"{name_of(one)} {found.title}.csv")


@require_POST
@needs("voices.export")
def picture(request: HttpRequest, problem_id: str, part: str) -> HttpResponse:
    """Record that a drawing of the page is taken along: the browser makes the picture of it."""
    one = definition_of(problem_id)
    chosen = next((each for each in DRAWN if each == part), None)
    if chosen is None:
        raise Http404
    problem_exported(request.user, one, f"{name_of(one)} · {title_of(chosen)}")
    return HttpResponse(status=204)
