"""Screens of new topics."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.server.foundation.jobs.models import Job
from huiyin.server.foundation.jobs.selectors import jobs_of
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
from huiyin.server.web.fragments import go_to, number_asked, page_asked, render_screen
from huiyin.server.web.rights import needs

_LISTS: tuple[str, ...] = ("new", "promoted", "hidden")
_UNDERWAY = (Job.State.WAITING, Job.State.RUNNING)


@require_GET
@needs("taxonomy.read")
def inbox(request: HttpRequest) -> HttpResponse:
    """The topics of a list: new ones, promoted ones, hidden ones."""
    asked = request.GET.get("list", "new")
    state = asked if asked in _LISTS else "new"
    growing = jobs_of("topics.grow").filter(state__in=_UNDERWAY, started_by__isnull=False).exists()
    lines, page = selectors.lines(state, scope_filter(request.user)), page_asked(request, 2000)
    context = {
        "lines": lines[selectors.LISTED * (page - 1) : selectors.LISTED * page],
        "before": page - 1,
        "after": page + 1 if page * selectors.LISTED < len(lines) else 0,
        "state": state,
        "lists": [(one, Topic.State(one).label, selectors.topics_of(one).count()) for one in _LISTS],
        "coverage": selectors.coverage(),
        "growing": growing,
        "last": jobs_of("topics.grow").filter(state=Job.State.DONE).first(),
        "may": request.user.has_perm("taxonomy.write"),
    }
    response = render_screen(request, "topics/inbox.html", context)
    if getattr(request, "htmx", False) and not growing:
        response.headers["HX-Refresh"] = "true"
    return response


@require_GET
@needs("taxonomy.read")
def topic(request: HttpRequest, topic_id: int) -> HttpResponse:
    """One topic: its opinions, its neighbours, what may be done with it."""
    this = get_object_or_404(Topic, pk=topic_id)
    if this.state == Topic.State.MERGED and this.into_id:
        return redirect("topics:topic", this.into_id)
    page = page_asked(request, 2000)
    within = scope_filter(request.user)
    heard, count = selectors.heard(Member.objects.filter(topic=this), within, page)
    context = {
        "topic": this,
        "heard": heard,
        "count": count,
        "near": selectors.nearest_topics(this),
        "others": Topic.objects.filter(state__in=[Topic.State.NEW, Topic.State.PROMOTED]).exclude(pk=this.pk).order_by("name"),
        "merged": this.merged.order_by("pk"),
        "unstable": this.stability is not None and this.stability < selectors.UNSTABLE,
        "before": page - 1,
        "after": page + 1 if page * selectors.PAGE < count else 0,
        "may": request.user.has_perm("taxonomy.write"),
    }
    return render_screen(request, "topics/topic.html", context)


@require_GET
@needs("taxonomy.read")
def unplaced(request: HttpRequest) -> HttpResponse:
    """Opinions that no topic holds, by reason, each with the nearest two."""
    reasons = {"few": Member.Reason.FEW, "thin": Member.Reason.THIN}
    asked = request.GET.get("reason", "few")
    reason = reasons.get(asked, Member.Reason.FEW)
    page = page_asked(request, 2000)
    heard, count = selectors.heard(Member.objects.filter(topic=None, reason=reason), scope_filter(request.user), page)
    context = {
        "heard": heard,
        "count": count,
        "asked": asked if asked in reasons else "few",
        "reasons": [(key, Member.Reason(value).label) for key, value in reasons.items()],
        "coverage": selectors.coverage(),
        "before": page - 1,
        "after": page + 1 if page * selectors.PAGE < count else 0,
    }
    return render_screen(request, "topics/unplaced.html", context)


@require_POST
@needs("taxonomy.write")
def grow(request: HttpRequest) -> HttpResponse:
    """Look for topics now."""
    topics_grow(request.user, request.POST.get("again") == "1")
    return go_to(request, "topics:inbox", toast=_("开始找新话题"))


@require_POST
@needs("taxonomy.write")
def rename(request: HttpRequest, topic_id: int) -> HttpResponse:
    """Give it a name."""
    return _edited(request, topic_id, lambda this: topic_rename(request.user, this, request.POST.get("name", "")), _("已改名"))


@require_POST
@needs("taxonomy.write")
def merge(request: HttpRequest, topic_id: int) -> HttpResponse:
    """Put it into another one."""
    given = request.POST.get("into", "")
    into = get_object_or_404(Topic, pk=number_asked(given))
    return _edited(request, topic_id, lambda this: topic_merge(request.user, this, into), _("已并入「%(name)s」") % {"name": into.name}, into.pk)


@require_POST
@needs("taxonomy.write")
def split(request: HttpRequest, topic_id: int) -> HttpResponse:
    """Make another one out of the opinions that were ticked."""
    members = [number_asked(one) for one in request.POST.getlist("member")]
    this = get_object_or_404(Topic, pk=topic_id)
    try:
        made = topic_split(request.user, this, members, request.POST.get("name", ""))
    except TopicRefused:
        return go_to(request, "topics:topic", topic_id, toast=_("勾选一部分观点再拆"))
    return go_to(request, "topics:topic", made.pk, toast=_("已拆成「%(name)s」") % {"name": made.name})


@require_POST
@needs("taxonomy.write")
def hide(request: HttpRequest, topic_id: int) -> HttpResponse:
    """Out of the list, or back."""
    hidden = request.POST.get("hidden", "1") == "1"
    return _edited(request, topic_id, lambda this: topic_hide(request.user, this, hidden), _("已隐藏") if hidden else _("已恢复"))


@require_POST
@needs("taxonomy.write")
def promote(request: HttpRequest, topic_id: int) -> HttpResponse:
    """Offer it to the taxonomy."""
    seeds = [one for line in request.POST.get("seeds", "").splitlines() for one in line.replace("，", "、").replace(",", "、").split("、")]
    return _edited(request, topic_id, lambda this: topic_promote(request.user, this, request.POST.get("name", ""), seeds), _("已收进标签体系的草稿"))


def _edited(request: HttpRequest, topic_id: int, edit: Callable[[Topic], None], toast: str, then: int = 0) -> HttpResponse:
    this = get_object_or_404(Topic, pk=topic_id)
    try:
        edit(this)
    except TopicRefused:
        return go_to(request, reverse("topics:topic", args=[topic_id]), toast=_("没有改：名字或种子词空着，或者别人刚改过"))
    return go_to(request, reverse("topics:topic", args=[then or topic_id]), toast=toast)
