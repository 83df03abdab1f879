"""`/api/v1/problems`: the ranked list, one problem, its voices, a past day, and the edits of the register. Numbers are those of the screens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import register_converter
from django.urls.converters import StringConverter
from ninja import Router

from huiyin.insight import records
from huiyin.insight.problems import Definition, RegisterError, Row
from huiyin.server.foundation.people.api_keys import Holding
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.prioritise.problems import deciding, notes, page, snapshots
from huiyin.server.prioritise.problems.asked import Asked
from huiyin.server.prioritise.problems.deciding import Refused
from huiyin.server.prioritise.problems.errors import said
from huiyin.server.prioritise.problems.heard import heard
from huiyin.server.prioritise.problems.ranking import listing
from huiyin.server.prioritise.problems.register import name_of, register
from huiyin.server.prioritise.problems.schemas import (
    Commenting,
    Day,
    Evidence,
    Following,
    LinkIn,
    LinkOut,
    Meaning,
    Merging,
    Pinning,
    ProblemOut,
    ProblemPage,
    ProblemTable,
    Quote,
    Ranked,
    Renaming,
    Snoozing,
    Splitting,
)
from huiyin.server.prioritise.problems.services import problem_exported, problem_merge, problem_rename, problem_split, problem_unmerge
from huiyin.server.prioritise.problems.splitting import parts_of, ways_of
from huiyin.server.prioritise.problems.tables import Part, table_of
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.web.numbers import number
from huiyin.server.web.problem_documents import problem as refusal
from huiyin.server.web.rights import needs


class _IsoDay(StringConverter):
    """2026-01-31 and nothing else: a problem could be named in the place of a day."""

    regex = r"\d{4}-\d{2}-\d{2}"


register_converter(_IsoDay, "isoday")
router = Router(tags=["problems"])
_WRITES, _TALKS = Holding("problems.write"), Holding("problems.talk")
MOST = 200


@router.get("/problems", response=ProblemPage, url_name="problems")
@needs("problems.read")
def get_list(request: HttpRequest, offset: int = 0, limit: int = 50) -> Any:
    """The ranked list. Takes the same filter parameters as the screen: period (30, 90, 365, all), since, until, product, region …, w_frequency …"""
    asked = Asked.of(request)
    found = listing(asked.within, asked.weights)
    first = max(offset, 0)
    rows = found.value.rows[first : first + min(max(limit, 1), MOST)]
    return ProblemPage(
        items=[_ranked(row) for row in rows],
        total=len(found.value.rows),
        offset=first,
        population=found.value.population,
        scored=found.value.scored,
        made_at=found.at.isoformat(),
        filter=asked.within.to_query(),
    )


@router.get("/problems/days", response=list[date], url_name="problem_days")
@needs("problems.read")
def get_days(request: HttpRequest) -> Any:
    """Days whose list was kept; none for whoever sees a part of the voices only."""
    return snapshots.kept_days() if scope_filter(request.user).is_everything else []


@router.get("/problems/days/{isoday:day}", response=Day, url_name="problem_day")
@needs("problems.read")
def get_day(request: HttpRequest, day: date) -> Any:
    """The list as it stood on a day."""
    found = snapshots.list_of(day) if scope_filter(request.user).is_everything else None
    if found is None:
        return refusal(404, "no_such_day", "那天没有留底", "no list was kept on that day")
    return Day(day=day, population=found.population, items=[_ranked(row) for row in found.rows])


@router.get("/problems/{problem_id}", response=ProblemOut, url_name="problem")
@needs("problems.read")
def get_one(request: HttpRequest, problem_id: str) -> Any:
    """One problem. A former id gives the problem it went into, under its present id."""
    one = _living(problem_id)
    return _missing() if one is None else _told(one, Asked.of(request))


@router.get("/problems/{problem_id}/evidence", response=Evidence, url_name="problem_evidence")
@needs("problems.read")
def get_evidence(request: HttpRequest, problem_id: str, limit: int = 24) -> Any:
    """Different customers' own words, the most intense first, near-duplicates folded."""
    one = _living(problem_id)
    if one is None:
        return _missing()
    wall = records.wall(facts_store(), Asked.of(request).within & heard(one), min(max(limit, 1), MOST))
    items = [
        Quote(
            feedback_id=quote.feedback_id,
            text=quote.text,
            marks=[{"start": mark.start, "end": mark.end, "polarity": mark.polarity, "primary": mark.primary} for mark in quote.marks],
            intensity=quote.intensity,
            product=quote.product,
            region=quote.region,
            channel=quote.channel,
            occurred_on=quote.occurred_on,
            folded=quote.folded,
        )
        for quote in wall.quotes
    ]
    return Evidence(customers=wall.customers, opinions=wall.opinions, items=items)


@router.get("/problems/{problem_id}/tables/{part}", response=ProblemTable, url_name="problem_table", auth=Holding("voices.export"))
@needs("voices.export")
def get_table(request: HttpRequest, problem_id: str, part: Part) -> Any:
    """A part of its page as rows: its measures, the steps of its theme, its weeks, conditions, segments, ranks, or its fixes week by week."""
    one = _living(problem_id)
    if one is None:
        return _missing()
    found = table_of(part, one, Asked.of(request), request.user)
    problem_exported(request.user, one, f"{name_of(one)} · {found.title}")
    return found


@router.post("/problems/{problem_id}/rename", response=ProblemOut, url_name="problem_rename", auth=_WRITES)
@needs("problems.write")
def post_rename(request: HttpRequest, problem_id: str, body: Renaming) -> Any:
    """Give it another name."""
    return _changed(request, problem_id, lambda: problem_rename(request.user, problem_id, body.name[:80]))


@router.post("/problems/{problem_id}/merge", response=ProblemOut, url_name="problem_merge", auth=_WRITES)
@needs("problems.write")
def post_merge(request: HttpRequest, problem_id: str, body: Merging) -> Any:
    """Let it go into another; answers with the one that stays."""
    return _changed(request, problem_id, lambda: problem_merge(request.user, problem_id, body.into))


@router.post("/problems/{problem_id}/unmerge", response=ProblemOut, url_name="problem_unmerge", auth=_WRITES)
@needs("problems.write")
def post_unmerge(request: HttpRequest, problem_id: str) -> Any:
    """Take a merge of the last thirty days back: the former id stands for its problem again. Answers with that problem."""
    return _changed(request, problem_id, lambda: problem_unmerge(request.user, problem_id))


@router.post("/problems/{problem_id}/split", response=list[ProblemOut], url_name="problem_split", auth=_WRITES)
@needs("problems.write")
def post_split(request: HttpRequest, problem_id: str, body: Splitting) -> Any:
    """Take a part out; answers with the one that stays and the new one."""
    one = _living(problem_id)
    if one is None:
        return _missing()
    offered = {value for way in ways_of(one, scope_filter(request.user), (body.by,)) for value, _name, _count in way.values}
    parts = parts_of(one, body.by, body.values, body.name.strip()[:80]) if body.values and set(body.values) <= offered else []
    if not parts or not body.name.strip():
        return refusal(422, "cannot_split", "两边都要留下一些才分得开，新的要有名字", "both parts need something, and the new one a name")
    ids = problem_split(request.user, one.problem_id, parts)
    asked, known = Asked.of(request), register()
    return [_told(known.problems[each], asked) for each in ids]


@router.post("/problems/{problem_id}/pin", response=ProblemOut, url_name="problem_pin", auth=_WRITES)
@needs("problems.write")
def post_pin(request: HttpRequest, problem_id: str, body: Pinning) -> Any:
    """Put it on top of everybody's list, or no longer."""
    return _changed(request, problem_id, lambda: deciding.problem_pin(request.user, problem_id, body.pinned))


@router.post("/problems/{problem_id}/snooze", response=ProblemOut, url_name="problem_snooze", auth=_WRITES)
@needs("problems.write")
def post_snooze(request: HttpRequest, problem_id: str, body: Snoozing) -> Any:
    """Let it wait until the end of a day, or wake it."""

    def change() -> None:
        if body.until is None:
            deciding.problem_wake(request.user, problem_id)
        else:
            deciding.problem_snooze(request.user, problem_id, body.until, body.reason[:300])

    return _changed(request, problem_id, change)


@router.post("/problems/{problem_id}/comments", response=ProblemOut, url_name="problem_comment", auth=_TALKS)
@needs("problems.talk")
def post_comment(request: HttpRequest, problem_id: str, body: Commenting) -> Any:
    """Say something; people named with @ are told."""
    return _changed(request, problem_id, lambda: deciding.problem_comment(request.user, problem_id, body.text))


@router.post("/problems/{problem_id}/follow", response=ProblemOut, url_name="problem_follow", auth=_TALKS)
@needs("problems.talk")
def post_follow(request: HttpRequest, problem_id: str, body: Following) -> Any:
    """Hear of what happens to it, or no longer: the owner of the key does."""
    return _changed(request, problem_id, lambda: deciding.problem_follow(request.user, problem_id, body.follows))


@router.post("/problems/{problem_id}/define", response=ProblemOut, url_name="problem_define", auth=_WRITES)
@needs("problems.write")
def post_define(request: HttpRequest, problem_id: str, body: Meaning) -> Any:
    """Say in words what it is."""
    return _changed(request, problem_id, lambda: deciding.problem_define(request.user, problem_id, body.definition, body.include, body.exclude))


@router.post("/problems/{problem_id}/links", response=ProblemOut, url_name="problem_link_add", auth=_WRITES)
@needs("problems.write")
def post_link(request: HttpRequest, problem_id: str, body: LinkIn) -> Any:
    """Put an address beside it."""
    return _changed(request, problem_id, lambda: deciding.link_add(request.user, problem_id, body.title, body.url))


@router.post("/problems/{problem_id}/links/{int:number}/remove", response=ProblemOut, url_name="problem_link_remove", auth=_WRITES)
@needs("problems.write")
def post_link_remove(request: HttpRequest, problem_id: str, number: int) -> Any:
    """Take an address away."""
    return _changed(request, problem_id, lambda: deciding.link_remove(request.user, problem_id, number))


def _changed(request: HttpRequest, problem_id: str, change: Callable[[], Any]) -> ProblemOut | JsonResponse:
    if _living(problem_id) is None:
        return _missing()
    try:
        change()
    except Refused as error:
        return refusal(422, str(error), said(error), str(error).replace("_", " "))
    except RegisterError as error:
        return refusal(422, "cannot_change", "改不了：不是同一个范围，或其中一个已经不在", str(error))
    one = _living(problem_id)
    return _missing() if one is None else _told(one, Asked.of(request))


def _living(problem_id: str) -> Definition | None:
    try:
        return register().living(problem_id)
    except KeyError:
        return None


def _missing() -> JsonResponse:
    return refusal(404, "no_such_problem", "没有这个问题", "there is no such problem")


def _told(one: Definition, asked: Asked) -> ProblemOut:
    row = next((row for row in listing(asked.within, asked.weights).value.rows if row.problem_id == one.problem_id), None)
    behind, note = page.behind_of(one, asked.within), notes.notes_of().get(one.problem_id)
    return ProblemOut(
        id=one.problem_id,
        name=name_of(one),
        aspects=list(one.aspects),
        condition=one.condition.to_query(),
        ranked=_ranked(row) if row else None,
        voices=behind.voices,
        customers=behind.customers,
        opinions=behind.opinions,
        voices_query=(asked.filter & asked.dates & heard(one)).to_query(),
        meaning=Meaning(definition=note.definition, include=note.include, exclude=note.exclude) if note else Meaning(),
        links=[LinkOut(id=link.pk, title=link.title, url=link.url) for link in notes.links_of(one.problem_id)],
    )


def _ranked(row: Row) -> Ranked:
    one = _living(row.problem_id)
    return Ranked(
        id=row.problem_id,
        name=name_of(one) if one else row.name,
        rank=row.rank,
        customers=row.customers,
        frequency=number(row.frequency),
        intensity=number(row.intensity),
        harm=number(row.harm) if row.harm is not None else None,
        score=number(row.score),
        rank_certainty=row.rank_certainty,
        rank_low=row.rank_low,
        rank_high=row.rank_high,
        tied_with=list(row.tied_with),
    )
