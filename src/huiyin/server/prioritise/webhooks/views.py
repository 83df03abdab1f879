"""Screens of outgoing webhooks."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.server.prioritise.webhooks.forms import EndpointForm
from huiyin.server.prioritise.webhooks.models import Delivery, Endpoint
from huiyin.server.prioritise.webhooks.sending import endpoint_test
from huiyin.server.prioritise.webhooks.services import (
    EndpointRefused,
    deliveries_again,
    endpoint_change,
    endpoint_make,
    endpoint_remove,
    secret_renew,
)
from huiyin.server.web.fragments import go_to, number_asked, page_asked, render_screen
from huiyin.server.web.rights import needs

_PAGE = 50
_State = Delivery.State


@require_GET
@needs("webhooks.manage")
def endpoints(request: HttpRequest) -> HttpResponse:
    """All endpoints and how their events fare."""
    rows = Endpoint.objects.annotate(
        delivered=Count("deliveries", filter=Q(deliveries__state=_State.DELIVERED)),
        waiting=Count("deliveries", filter=Q(deliveries__state=_State.WAITING)),
        failed=Count("deliveries", filter=Q(deliveries__state=_State.FAILED)),
    )
    return render_screen(request, "webhooks/endpoints.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@needs("webhooks.manage")
def make(request: HttpRequest) -> HttpResponse:
    """A new endpoint; its secret is shown once."""
    form = EndpointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made, text = endpoint_make(request.user, given["name"], given["url"], given["kinds"])
        except EndpointRefused as error:
            form.add_error("url", str(error))
        else:
            return render_screen(request, "webhooks/secret.html", {"endpoint": made, "secret": text})
    return render_screen(request, "webhooks/make.html", {"form": form}, 422 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
@needs("webhooks.manage")
def endpoint(request: HttpRequest, number: int) -> HttpResponse:
    """One endpoint: its form, and what was sent."""
    found = get_object_or_404(Endpoint, pk=number)
    initial = {"name": found.name, "url": found.url, "kinds": found.kinds, "enabled": found.enabled}
    form = EndpointForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            endpoint_change(request.user, found, given["name"], given["url"], given["kinds"], given["enabled"])
        except EndpointRefused as error:
            form.add_error("url", str(error))
        else:
            return go_to(request, "webhooks:endpoint", number, toast=_("已保存"))
    context = {"form": form, **_sent(request, found)}
    return render_screen(request, "webhooks/endpoint.html", context, 422 if request.method == "POST" else 200)


@require_POST
@needs("webhooks.manage")
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """Forget an endpoint."""
    found = get_object_or_404(Endpoint, pk=number)
    endpoint_remove(request.user, found)
    return go_to(request, "webhooks:endpoints", toast=_("已删去「%(name)s」") % {"name": found.name})


@require_POST
@needs("webhooks.manage")
def secret(request: HttpRequest, number: int) -> HttpResponse:
    """Another secret, shown once; the former one signs for a day more."""
    found = get_object_or_404(Endpoint, pk=number)
    return render_screen(request, "webhooks/secret.html", {"endpoint": found, "secret": secret_renew(request.user, found), "renewed": True})


@require_POST
@needs("webhooks.manage")
def test(request: HttpRequest, number: int) -> HttpResponse:
    """Send a test event; what the receiver answered stands beside the button."""
    found = get_object_or_404(Endpoint, pk=number)
    said: dict[str, Any] = {}
    try:
        said["tried"] = endpoint_test(request.user, found)
    except EndpointRefused as refused:
        said["refused"] = str(refused)
    return render_screen(request, "webhooks/tried.html", {**said, **_sent(request, found)})


@require_POST
@needs("webhooks.manage")
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Send one delivery again, or all that failed."""
    number_given = number_asked(request.POST.get("delivery", ""))
    numbers = [number_given] if number_given else None
    count = deliveries_again(request.user, get_object_or_404(Endpoint, pk=number), numbers)
    return go_to(request, "webhooks:endpoint", number, toast=_("重发 %(count)s 个事件") % {"count": count})


def _sent(request: HttpRequest, endpoint: Endpoint) -> dict[str, Any]:
    """A page of what was sent to an endpoint."""
    page, total = page_asked(request, 10_000), endpoint.deliveries.count()
    rows = endpoint.deliveries.all()[(page - 1) * _PAGE : page * _PAGE]
    failed = endpoint.deliveries.filter(state=_State.FAILED).count()
    return {"endpoint": endpoint, "rows": rows, "total": total, "page": page, "more": page * _PAGE < total, "failed": failed}
