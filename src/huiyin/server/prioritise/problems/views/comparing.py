"""Two problems side by side, and what to solve first within a capacity."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from huiyin.facts import Filter
from huiyin.insight.comparing import two_needs
from huiyin.insight.problems import Definition, Fix, Plan, plan
from huiyin.server.prioritise.problems.asked import Asked
from huiyin.server.prioritise.problems.heard import voiced
from huiyin.server.prioritise.problems.page import wall_of
from huiyin.server.prioritise.problems.ranking import listing
from huiyin.server.prioritise.problems.register import name_of, register, register_key
from huiyin.server.prioritise.problems.rows import WISHES
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reckoning.keeping import reckoned
from huiyin.server.web.fragments import render_screen
from huiyin.server.web.rights import needs

_OFFERED = 60
_MOST_EFFORT = 1e6


@require_GET
@needs("problems.read")
def compare(request: HttpRequest) -> HttpResponse:
    """How many times more people speak of one than of the other."""
    asked = Asked.of(request)
    known = register()
    choices = [(one.problem_id, name_of(one)) for one in known.definitions]
    context: dict[str, Any] = {
        "asked": asked,
        "choices": sorted(choices, key=lambda pair: pair[1]),
        "query": asked.address(),
    }
    sides = [_side(request, name) for name in ("first", "second")]
    if sides[0] and sides[1] and sides[0] != sides[1]:
        context |= _compared(asked, sides[0], sides[1])
    context["chosen"] = [side[0].problem_id + (":wish" if side[1] else "") if side else "" for side in sides]
    return render_screen(request, "problems/compare.html", context)


def _side(request: HttpRequest, name: str) -> tuple[Definition, bool] | None:
    """The problem an address names, and whether what customers wish of it is meant."""
    given, _colon, kind = request.GET.get(name, "").partition(":")
    try:
        return register().living(given), kind == "wish"
    except KeyError:
        return None


def _compared(asked: Asked, first: tuple[Definition, bool], second: tuple[Definition, bool]) -> dict[str, Any]:
    filters = [_asked_of(one, wish) for one, wish in (first, second)]
    key = ("two", register_key(), asked.within.to_query(), *(each.to_query() for each in filters))
    found = reckoned(key, lambda: two_needs(facts_store(), filters[0], filters[1], asked.within)).value
    labels = [name_of(one) + (_("（愿望）") if wish else "") for one, wish in (first, second)]
    linked = asked.filter & asked.dates
    sides = [
        {
            "name": label,
            "need": need,
            "query": (linked & chosen).to_query(),
            "quotes": wall_of(one, asked.within)[1][:3] if not wish else [],
            "problem_id": one.problem_id,
            "segments": need.segments[:5],
        }
        for label, need, chosen, (one, wish) in zip(labels, (found.first, found.second), filters, (first, second), strict=True)
    ]
    return {"found": found, "sides": sides, "told": found.ratio.value is not None and found.first.customers > 0 and found.second.customers > 0}


def _asked_of(one: Definition, wish: bool) -> Filter:
    return voiced(one) & WISHES if wish else replace(voiced(one), polarity=(-1,))


@require_GET
@needs("problems.read")
def planned(request: HttpRequest) -> HttpResponse:
    """The set of problems that takes away most harm within a capacity. Efforts stand in the address, so a plan can be sent on."""
    asked = Asked.of(request)
    found = listing(asked.within, asked.weights).value
    known = register()
    offered = [(row, name_of(known.problems[row.problem_id]), *_efforts(request, row.problem_id)) for row in found.rows[:_OFFERED]]
    capacity = _number(request.GET.get("capacity", ""))
    fixes = {row.problem_id: Fix(effort, removes / 100) for row, _name, effort, removes in offered if effort is not None}
    result: Plan | None = plan(found, fixes, capacity) if capacity is not None and fixes else None
    context = {
        "asked": asked,
        "offered": offered,
        "capacity": capacity,
        "plan": result,
        "names": {row.problem_id: name for row, name, _effort, _removes in offered},
        "candidates": [(one, name_of(known.problems[one.problem_id])) for one in result.candidates] if result else [],
        "query": asked.address(),
    }
    return render_screen(request, "problems/plan.html", context)


def _efforts(request: HttpRequest, problem_id: str) -> tuple[float | None, float]:
    removes = _number(request.GET.get(f"removes_{problem_id}", ""))
    return _number(request.GET.get(f"effort_{problem_id}", "")), 100.0 if removes is None else min(removes, 100.0)


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if 0 <= found <= _MOST_EFFORT else None
