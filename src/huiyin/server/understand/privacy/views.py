"""Screens of personal data."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.server.collect.sources.models import Source
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.understand.privacy import services
from huiyin.server.understand.privacy.forms import EraseForm, FindForm, ReasonForm, RetentionForm
from huiyin.server.understand.privacy.models import Backup, Erasure
from huiyin.server.understand.privacy.selectors import in_scope, retentions, said_by, will_go
from huiyin.server.web.brought import brought
from huiyin.server.web.fragments import go_to, render_screen
from huiyin.server.web.rights import needs


@require_GET
@needs("voices.erase")
def privacy(request: HttpRequest) -> HttpResponse:
    """Who was erased, how long what is kept, which backups there are."""
    page = Paginator(Erasure.objects.select_related("asked_by"), 20).get_page(request.GET.get("page"))
    backups = list(Backup.objects.filter(removed_at=None))
    context = {"page": page, "retentions": retentions(), "backups": backups, "find": FindForm()}
    return render_screen(request, "privacy/privacy.html", context)


@require_POST
@needs("customers.find")
def find(request: HttpRequest) -> HttpResponse:
    """To the customer that a source knows under a number. By POST, so that the number stands in no address and no log."""
    form = FindForm(request.POST)
    back = reverse("customers:customers")
    if not form.is_valid():
        return go_to(request, back, toast=_("写上编号再找"))
    found = services.customer_find(request.user, form.cleaned_data["customer"])
    if not said_by(found, scope_filter(request.user)):
        return go_to(request, back, toast=_("没有这位客户的声音"))
    return go_to(request, "customers:customer", found)


@require_POST
@needs("voices.unmask")
def unmask(request: HttpRequest, feedback_id: str) -> HttpResponse:
    """A voice in the clear, with the reason kept."""
    if not in_scope(feedback_id, scope_filter(request.user)):
        raise Http404
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return render_screen(request, "privacy/unmask.html", {"form": form, "feedback_id": feedback_id}, 422)
    clear = services.voice_unmask(request.user, feedback_id, form.said)
    return render_screen(request, "privacy/unmask.html", {"clear": clear, "feedback_id": feedback_id})


@require_POST
@needs("voices.unmask")
def who(request: HttpRequest, customer: str) -> HttpResponse:
    """Who a customer is, with the reason kept."""
    _customer(request, customer)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return render_screen(request, "privacy/who.html", {"form": form, "customer": customer}, 422)
    name = services.customer_unmask(request.user, customer, form.said)
    return render_screen(request, "privacy/who.html", {"name": name, "customer": customer, "asked": True})


@require_POST
@needs("customers.copy")
def copy(request: HttpRequest, customer: str) -> HttpResponse:
    """Everything kept of a customer, to hand over."""
    _customer(request, customer)
    response = HttpResponse(services.customer_copy(request.user, customer), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="huiyin-customer-{customer}-{timezone.localdate():%Y%m%d}.zip"'
    return response


@require_http_methods(["GET", "POST"])
@needs("voices.erase")
def erase(request: HttpRequest, customer: str) -> HttpResponse:
    """What would go, and the going."""
    _customer(request, customer)
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = services.customer_erase(request.user, customer, form.said)
        return go_to(request, "privacy:receipt", asked.pk)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "customer": customer, "going": will_go(customer), "backups": Backup.objects.filter(removed_at=None).count()}
    return render_screen(request, "privacy/erase.html", context, status)


@require_GET
@needs("voices.erase")
def receipt(request: HttpRequest, number: int) -> HttpResponse:
    """What was deleted where, and what a look afterwards found."""
    found = get_object_or_404(Erasure.objects.select_related("asked_by", "job"), pk=number)
    return render_screen(request, "privacy/receipt.html", {"receipt": found, "places": _places(found), "backups": list(found.backups())})


@require_POST
@needs("voices.erase")
def retention(request: HttpRequest) -> HttpResponse:
    """How long a source's voices are kept."""
    form = RetentionForm(request.POST)
    if not form.is_valid():
        return go_to(request, "privacy:privacy", toast=_("天数是 0 到 36500 的整数"))
    given = form.cleaned_data
    source = get_object_or_404(Source, pk=given["source"])
    services.retention_set(request.user, source, given["keep_days"], given["voices_days"])
    return go_to(request, "privacy:privacy", toast=_("「%(name)s」的期限改好了，今夜起照办") % {"name": source.name})


@require_POST
@needs("voices.erase")
def renew_backups(request: HttpRequest) -> HttpResponse:
    """A fresh backup in the place of all others."""
    services.backups_renew(request.user)
    return go_to(
        request,
        request.POST.get("back", "") if request.POST.get("back", "").startswith("/privacy/") else "privacy:privacy",
        toast=_("正在换备份，做好新的才删旧的"),
    )


def _customer(request: HttpRequest, customer: str) -> None:
    if not said_by(customer, scope_filter(request.user)):
        raise Http404


def _places(found: Erasure) -> list[dict[str, Any]]:
    named = {
        "feedback": _("声音"),
        "mention": _("观点"),
        "operations": _("经营数据"),
        "inbox": _("收件箱里的原文"),
        "photo": _("照片"),
        "recording": _("录音"),
        "signatures": _("找重复用的指纹"),
        "names": _("假名背后的编号"),
    }
    for app in brought("forgetting"):
        named |= {name: str(words) for name, words in getattr(app, "NAMES", {}).items()}
    known = [name for name in named if name in found.counts or name in found.left]
    others = sorted(name for name in found.counts if name not in named)
    return [{"name": named.get(name, name), "deleted": found.counts.get(name), "left": found.left.get(name)} for name in (*known, *others)]
