"""`/api/v1/topics`: new topics, the opinions behind them, and what people do to them. Counts are of the voices that the asker may see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field

from huiyin.server.foundation.jobs.api import JobStarted
from huiyin.server.foundation.people.api_keys import Holding
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.understand.topics import selectors
from huiyin.server.understand.topics.models import Member, Topic
from huiyin.server.understand.topics.services import (
    TopicRefused,
    topic_hide,
    topic_merge,
    topic_promote,
    topic_rename,
    topic_split,
    topics_grow,
)
from huiyin.server.web.numbers import Number, number
from huiyin.server.web.rights import needs

router = Router(tags=["topics"])
prefix = "/topics"
_WRITES = Holding("taxonomy.write")


class TopicOut(Schema):
    """A topic. One that was merged says into which."""

    id: int
    name: str
    state: Literal["new", "promoted", "hidden", "merged"]
    seeds: list[str]
    stability: float | None
    named_by_a_person: bool
    into: int | None


class TopicLine(TopicOut):
    """A topic of the list; `weeks` are opinions of each of the last twelve weeks, `drifting` where late opinions are unlike early ones."""

    opinions: int
    customers: int
    negative: Number
    weeks: list[int]
    quotes: list[str]
    unstable: bool
    drifting: bool


class TopicPage(Schema):
    """A page of topics, those that most customers speak of first."""

    items: list[TopicLine]
    total: int
    page: int
    placed: int
    unplaced_few: int
    unplaced_thin: int


class HeardOut(Schema):
    """An opinion of a topic: its number here, its voice, its words (masked), and how near it is to the definition."""

    member: int
    feedback_id: str
    start: int
    end: int
    words: str
    cosine: float


class HeardPage(Schema):
    """A page of opinions, the nearest first."""

    items: list[HeardOut]
    total: int
    page: int


class Near(Schema):
    """A topic and how alike its definition is."""

    id: int
    name: str
    cosine: float


class TopicWhole(TopicOut):
    """A topic with its opinions and its neighbours."""

    heard: HeardPage
    near: list[Near]


class TopicName(Schema):
    """Another name."""

    name: str = Field(min_length=1, max_length=80, pattern=r"\S")


class TopicInto(Schema):
    """The topic that stays."""

    into: int = Field(ge=1, le=2**62)


class TopicPart(Schema):
    """The opinions that become a topic of their own; without a name it is named by its words."""

    members: list[int] = Field(min_length=1, max_length=5000)
    name: str = Field("", max_length=80)


class TopicHiding(Schema):
    """Out of the list, or back into it."""

    hidden: bool = True


class TopicOffer(Schema):
    """As what it goes into the draft of the taxonomy."""

    name: str = Field(min_length=1, max_length=80, pattern=r"\S")
    seeds: list[str] = Field(min_length=1, max_length=20)


class Growing(Schema):
    """`again`: everything anew instead of what is not placed yet."""

    again: bool = False


@router.get("", response=TopicPage, url_name="topics")
@needs("taxonomy.read")
def listed(request: HttpRequest, state: Literal["new", "promoted", "hidden"] = "new", page: int = Query(1, ge=1, le=2000)) -> Any:
    """The topics of a list."""
    lines, coverage = selectors.lines(state, scope_filter(request.user)), selectors.coverage()
    shown = lines[selectors.LISTED * (page - 1) : selectors.LISTED * page]
    behind = {"placed": coverage.placed, "unplaced_few": coverage.few, "unplaced_thin": coverage.thin}
    return {"items": [_line(one) for one in shown], "total": len(lines), "page": page, **behind}


@router.get("/unplaced", response=HeardPage, url_name="topics_unplaced")
@needs("taxonomy.read")
def unplaced(request: HttpRequest, reason: Literal["few", "thin"] = "few", page: int = Query(1, ge=1, le=2000)) -> Any:
    """Opinions that no topic holds: too few say so yet (`few`), or they say only good or bad (`thin`)."""
    why = {"few": Member.Reason.FEW, "thin": Member.Reason.THIN}[reason]
    return _heard(request, Member.objects.filter(topic=None, reason=why), page)


@router.post("/grow", response={202: JobStarted}, url_name="topics_grow", auth=_WRITES)
@needs("taxonomy.write")
def grow(request: HttpRequest, body: Growing) -> Any:
    """Look for topics now."""
    return Status(202, {"job": topics_grow(request.user, body.again).pk})


@router.get("/{int:topic_id}", response=TopicWhole, url_name="topic")
@needs("taxonomy.read")
def one(request: HttpRequest, topic_id: int, page: int = Query(1, ge=1, le=2000)) -> Any:
    """One topic with a page of its opinions."""
    this = get_object_or_404(Topic, pk=topic_id)
    near = [{"id": other.pk, "name": other.name, "cosine": cosine} for other, cosine in selectors.nearest_topics(this)]
    return {**_told(this), "heard": _heard(request, Member.objects.filter(topic=this), page), "near": near}


@router.post("/{int:topic_id}/rename", response=TopicOut, url_name="topic_rename", auth=_WRITES)
@needs("taxonomy.write")
def rename(request: HttpRequest, topic_id: int, body: TopicName) -> Any:
    """Give it a name, which no later run changes."""
    return _edited(topic_id, lambda this: topic_rename(request.user, this, body.name))


@router.post("/{int:topic_id}/merge", response=TopicOut, url_name="topic_merge", auth=_WRITES)
@needs("taxonomy.write")
def merge(request: HttpRequest, topic_id: int, body: TopicInto) -> Any:
    """Put it into another one; what comes later goes there too."""
    into = get_object_or_404(Topic, pk=body.into)
    return _edited(topic_id, lambda this: topic_merge(request.user, this, into))


@router.post("/{int:topic_id}/split", response=TopicOut, url_name="topic_split", auth=_WRITES)
@needs("taxonomy.write")
def split(request: HttpRequest, topic_id: int, body: TopicPart) -> Any:
    """Make another one out of some of its opinions; answers with the new one."""
    members = [number for number in body.members if 0 < number < 2**62]
    return _edited(topic_id, lambda this: topic_split(request.user, this, members, body.name))


@router.post("/{int:topic_id}/hide", response=TopicOut, url_name="topic_hide", auth=_WRITES)
@needs("taxonomy.write")
def hide(request: HttpRequest, topic_id: int, body: TopicHiding) -> Any:
    """Out of the list, or back into it."""
    return _edited(topic_id, lambda this: topic_hide(request.user, this, body.hidden))


@router.post("/{int:topic_id}/promote", response=TopicOut, url_name="topic_promote", auth=_WRITES)
@needs("taxonomy.write")
def promote(request: HttpRequest, topic_id: int, body: TopicOffer) -> Any:
    """Put it into the draft of the taxonomy, which people publish on the screen."""
    return _edited(topic_id, lambda this: topic_promote(request.user, this, body.name, body.seeds))


def _edited(topic_id: int, edit: Callable[[Topic], Topic | None]) -> dict[str, Any]:
    """The topic after an edit, or the one that came out of it."""
    this = get_object_or_404(Topic, pk=topic_id)
    try:
        made = edit(this)
    except TopicRefused:
        raise HttpError(409, "the topic is merged or promoted already, or the edit leaves nothing on one side") from None
    return _told(made or Topic.objects.get(pk=topic_id))


def _told(this: Topic) -> dict[str, Any]:
    return {
        "id": this.pk,
        "name": this.name,
        "state": this.state,
        "seeds": this.seeds,
        "stability": this.stability,
        "named_by_a_person": this.human_name,
        "into": this.into_id,
    }


def _line(line: selectors.Line) -> dict[str, Any]:
    return {
        **_told(line.topic),
        "opinions": line.opinions,
        "customers": line.customers,
        "negative": number(line.negative),
        "weeks": list(line.weeks),
        "quotes": list(line.quotes),
        "unstable": line.unstable,
        "drifting": line.drifting,
    }


def _heard(request: HttpRequest, members: Any, page: int) -> dict[str, Any]:
    found, total = selectors.heard(members, scope_filter(request.user), page)
    return {"items": [_opinion(one) for one in found], "total": total, "page": page}


def _opinion(heard: selectors.Heard) -> dict[str, Any]:
    member, text = heard.member, heard.voice.fields["text"] or ""
    place = {"feedback_id": member.feedback_id, "start": member.start, "end": member.end}
    return {"member": member.pk, **place, "words": text[member.start : member.end], "cosine": member.cosine}
