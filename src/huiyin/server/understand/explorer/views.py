"""Screens of the explorer."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.insight import records
from huiyin.server.collect.sources.beside import beside_of
from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.explorer.asked import COLUMNS, ORDERS, PAGE, Asked
from huiyin.server.understand.explorer.chips import chips, label_of
from huiyin.server.understand.explorer.forms import CorrectionForm, SaveViewForm, TagForm
from huiyin.server.understand.explorer.models import SavedView, Tag
from huiyin.server.understand.explorer.selectors import facets as facets_found
from huiyin.server.understand.explorer.selectors import (
    ids_of,
    opinion_seen,
    overview,
    page_of,
    said_alike,
    strip,
    timeline,
    views_of,
    voice_of,
    voice_seen,
    with_opinions,
)
from huiyin.server.understand.explorer.services import opinion_correct, view_delete, view_save, voices_tag
from huiyin.server.understand.privacy.forms import ReasonForm
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.web.fragments import go_to, render_screen, with_toast
from huiyin.server.web.rights import needs
from huiyin.server.web.taking import csv_file, dated

_EXPORTED = 2000
MOST_TAGGED = 5000
"""Voices that one press may tag."""
_COLUMNS = (
    "feedback_id", "occurred_at", "source", "channel", "product", "brand", "region", "store", "segment", "customer_id", "score", "scale_max",
    "sentiment", "emotion", "intent", "urgency", "text",
)  # fmt: skip


@require_GET
@needs("voices.read")
def voices(request: HttpRequest) -> HttpResponse:
    """The voices that the address asks for, newest first unless it says otherwise."""
    asked = Asked.of(request)
    found = overview(asked)
    behind = found.behind
    context = {
        "asked": asked,
        "voices": page_of(asked) if behind.voices else [],
        "behind": behind,
        "days": strip(found.days) if asked.page == 1 else [],
        "chips": chips(asked),
        "orders": [(one, _order_name(one), asked.address(order=one)) for one in ORDERS],
        "order_name": _order_name(asked.order),
        "before": asked.address(page=asked.page - 1) if asked.page > 1 else "",
        "after": asked.address(page=asked.page + 1) if asked.page * PAGE < behind.voices else "",
        "first": (asked.page - 1) * PAGE + 1,
        "last": min(asked.page * PAGE, behind.voices),
        "views": views_of(request.user),
        "query": asked.address(),
        "selectable": request.user.has_perm("voices.correct"),
        "tags": Tag.objects.all()[:200],
        "most_tagged": MOST_TAGGED,
        "columns": [(one, label_of(one), one in asked.columns) for one in COLUMNS],
        "headings": [label_of(one) for one in asked.columns],
        "as_voices": asked.address(columns=()),
    }
    return render_screen(request, "voices/voices.html", context)


@require_GET
@needs("voices.read")
def facets(request: HttpRequest) -> HttpResponse:
    """What can still be chosen, with counts; fetched beside the list, which never waits for it."""
    found = [(label_of(one.part), one) for one in facets_found(Asked.of(request))]
    return render_screen(request, "voices/facets.html", {"facets": found})


@require_GET
@needs("voices.read")
def voice(request: HttpRequest, feedback_id: str) -> HttpResponse:
    """One voice: where it came from, every label and who gave it, and what else the customer said."""
    within = scope_filter(request.user)
    found = voice_seen(feedback_id, within)
    customer = found.fields["customer_id"]
    others = timeline(customer, within) if customer else []
    context = {"voice": found, "timeline": others if len(others) > 1 else [], "form": ReasonForm(), "beside": beside_of(feedback_id)}
    return render_screen(request, "voices/voice.html", context)


@require_http_methods(["GET", "POST"])
@needs("voices.correct")
def opinion(request: HttpRequest, feedback_id: str, mention_no: int) -> HttpResponse:
    """The form that corrects an opinion, and the correcting."""
    mention = opinion_seen(feedback_id, mention_no, scope_filter(request.user))
    alike = said_alike(mention, scope_filter(request.user))
    form = CorrectionForm(request.POST or None, mention=mention)
    if request.method == "POST" and form.is_valid():
        count = opinion_correct(request.user, mention, form.wanted, alike if form.cleaned_data["alike"] else [])
        again = voice_of(feedback_id, scope_filter(request.user))
        response = render_screen(request, "voices/one.html", {"voice": again, "corrected": True})
        said = ngettext("已改正 %(count)s 个观点", "已改正 %(count)s 个观点", count) % {"count": count} if count else _("没有改动")
        return with_toast(response, said)
    status = 422 if request.method == "POST" else 200
    return render_screen(request, "voices/opinion.html", {"form": form, "mention": mention, "alike": len(alike), "voice_id": feedback_id}, status)


@require_GET
@needs("voices.read")
def random_ten(request: HttpRequest) -> HttpResponse:
    """Ten voices drawn blindly. The seed stands in the address, so that the same ten can be heard again."""
    asked = Asked.of(request)
    given = request.GET.get("seed", "")
    seed = int(given) if given.isdecimal() and len(given) < 10 else secrets.randbelow(10**6)
    drawn = records.draw(facts_store(), 10, asked.within, seed)
    context = {
        "drawn": drawn,
        "voices": with_opinions(drawn.voices),
        "chips": chips(asked),
        "again": secrets.randbelow(10**6),
        "query": asked.address(),
    }
    return render_screen(request, "voices/random.html", context)


@require_GET
@needs("voices.export")
def export(request: HttpRequest) -> StreamingHttpResponse:
    """Exactly what is seen, as CSV; taking it is recorded."""
    asked = Asked.of(request)
    with state_write():
        record("voices.exported", "", actor=request.user, object_type="feedback", object_name=asked.filter.to_query() or "—")
    return csv_file(_table(asked), dated("voices", "csv"))


@require_POST
@needs("voices.correct")
def tag(request: HttpRequest) -> HttpResponse:
    """Put a tag on the chosen voices, or on all that are asked for; or take it off."""
    form = TagForm(request.POST)
    asked = Asked.of_query(QueryDict(request.POST.get("query", "").lstrip("?")), request.user)
    back = reverse("voices:voices") + asked.address()
    chosen = request.POST.getlist("chosen")
    if not form.is_valid():
        return go_to(request, back, toast=_("写上标记的名字"))
    given = form.cleaned_data
    if not given["every"] and not chosen:
        return go_to(request, back, toast=_("先勾上几条，或选「符合的全部」"))
    found = ids_of(asked.within, MOST_TAGGED, None if given["every"] else chosen)
    count = voices_tag(request.user, found, given["tag"], given["off"])
    said = _("%(count)s 条去掉了「%(tag)s」") if given["off"] else _("%(count)s 条标上了「%(tag)s」")
    return go_to(request, back, toast=said % {"count": count, "tag": given["tag"]})


@require_POST
@needs("voices.read")
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep what is seen under a name."""
    form = SaveViewForm(request.POST)
    if not form.is_valid():
        return go_to(request, reverse("voices:voices"), toast=_("给视图起个名"))
    query = Asked.of_query(QueryDict(form.cleaned_data["query"].lstrip("?")), request.user).address().lstrip("?")
    view = view_save(request.user, form.cleaned_data["name"], query, form.cleaned_data["shared"])
    return go_to(request, reverse("voices:voices") + "?" + query, toast=_("已存为「%(name)s」") % {"name": view.name})


@require_POST
@needs("voices.read")
def delete_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Forget a view of one's own."""
    view = get_object_or_404(SavedView, pk=view_id, owner=request.user)
    view_delete(request.user, view)
    return go_to(request, reverse("voices:voices"), toast=_("已删去视图"))


def _table(asked: Asked) -> Iterator[list[Any]]:
    # Seen as a table, the file has the table's columns; the words and where they stand are always in it.
    shown = ("feedback_id", *asked.columns, "text") if asked.columns else _COLUMNS
    yield [*shown, "opinions", "tags"]
    store, first = facts_store(), 0
    while True:
        page = records.page(store, asked.within, asked.order, first, _EXPORTED)
        for one in with_opinions(page):
            said = "；".join(f"{mention['aspect_name']}{mention['sign']}" for mention in one.mentions)
            yield [*(one.fields[name] for name in shown), said, "；".join(one.tags)]
        first += page.num_rows
        if page.num_rows < _EXPORTED:
            return


def _order_name(order: str) -> str:
    return {"newest": _("最新"), "oldest": _("最早"), "most_negative": _("最负面"), "most_positive": _("最正面")}[order]
