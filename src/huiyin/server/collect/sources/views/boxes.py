"""The page behind a QR code, and the codes themselves."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.server.collect.feedback.attachments import Attached, files_drop
from huiyin.server.collect.sources.box.adapter import box_at
from huiyin.server.collect.sources.box.codes import MEDIA_TYPES, address_of, code_picture
from huiyin.server.collect.sources.box.forms import BoxForm, key_of, new_token, preset_of
from huiyin.server.collect.sources.box.limits import WINDOW, within_limits
from huiyin.server.collect.sources.box.photos import PhotoRefused, photo_keep
from huiyin.server.collect.sources.box.questions import in_two, stores_of
from huiyin.server.collect.sources.box.services import box_take, was_taken
from huiyin.server.collect.sources.models import Source
from huiyin.server.foundation.audit.request import client_ip
from huiyin.server.web.fragments import render_screen
from huiyin.server.web.rights import needs, open_to_all


# No session is used, so there is none to be misused; and a customer whose browser keeps no cookies is heard all the same.
@csrf_exempt
@require_http_methods(["GET", "POST"])
@open_to_all
def box(request: HttpRequest, address: str) -> HttpResponse:
    """The form, in the language of the phone. What is sent is kept before the thanks are said."""
    language = _language(request)
    with translation.override(language):
        source = box_at(address)
        if source is None or not source.enabled:
            return _page(request, "sources/box_closed.html", source, {}, 410 if source else 404)
        if request.method == "POST":
            return _sent(request, source, language)
        return _form(request, source, BoxForm(source, language), new_token(source))


def _sent(request: HttpRequest, source: Source, language: str) -> HttpResponse:
    form = BoxForm(source, language, request.POST, request.FILES)
    token = request.POST.get("token", "")
    key = key_of(source, token)
    if not within_limits(source.pk, client_ip(request)):
        form.add_error(None, _("这里发得太多了，过十分钟再发；写的还在"))
        answer = _form(request, source, form, token if key else new_token(source), 429)
        answer.headers["Retry-After"] = str(WINDOW)
        return answer
    if not key:
        form.add_error(None, _("这一页开得太久了，再点一次提交"))
        token = new_token(source)
    if not form.is_valid():
        return _form(request, source, form, token, 422)
    if not form.is_by_machine and not was_taken(source, key):
        photos = _photos(form)
        if photos is None:
            return _form(request, source, form, token, 422)
        box_take(source, form.said(preset_of(source, request.POST)), key, photos)
    return HttpResponseRedirect(reverse("sources:box_thanks", args=[source.config["address"]]))


def _photos(form: BoxForm) -> list[Attached] | None:
    kept: list[Attached] = []
    for given in form.cleaned_data.get("photos", []):
        try:
            kept.append(photo_keep(given, given.size))
        except PhotoRefused as refused:
            files_drop(one.file for one in kept)
            form.add_error("photos", f"{given.name}: {_why(refused.code)}")
            return None
    return kept


def _why(code: str) -> str:
    return {"size": _("超过 12 MB"), "kind": _("不是 JPEG、PNG 或 WebP 照片"), "pixels": _("像素太多")}[code]


@require_GET
@open_to_all
def box_thanks(request: HttpRequest, address: str) -> HttpResponse:
    """It is kept."""
    with translation.override(_language(request)):
        source = box_at(address)
        if source is None:
            return _page(request, "sources/box_closed.html", None, {}, 404)
        return _page(request, "sources/box_thanks.html", source, {"thanks": _own(source, "thanks")})


def _form(request: HttpRequest, source: Source, form: BoxForm, token: str, status: int = 200) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    context = {
        "form": form,
        "token": token,
        "preset": preset_of(source, given.dict()),
        "intro": _own(source, "intro"),
        "consent": _own(source, "consent"),
    }
    return _page(request, "sources/box.html", source, context, status)


def _page(request: HttpRequest, template: str, source: Source | None, context: dict[str, Any], status: int = 200) -> HttpResponse:
    title = _own(source, "title") if source else ""
    answer = render(request, template, {"source": source, "box_title": title, "language": translation.get_language(), **context}, status=status)
    answer.headers["Cache-Control"] = "no-store"
    # The address is a key of sorts: links out of the page do not tell it, and no search engine lists it.
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Vary"] = "Accept-Language, Cookie"
    return answer


def _own(source: Source, name: str) -> str:
    zh, en = in_two(str(source.config.get(name) or ""))
    return en if (translation.get_language() or "").startswith("en") and en else zh


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in dict(settings.LANGUAGES) else translation.get_language_from_request(request)


@require_GET
@needs("sources.read")
def codes(request: HttpRequest, number: int) -> HttpResponse:
    """The codes of a box: one for everywhere, one for each store it lists, one for whatever is asked for."""
    source = get_object_or_404(Source, pk=number, kind="box")
    listed = stores_of(str(source.config.get("stores") or ""))
    asked = (request.GET.get("store", "").strip()[:200], request.GET.get("product", "").strip()[:200])
    pairs = list(dict.fromkeys([*([asked] if any(asked) and not listed else []), ("", ""), *listed]))
    found = [{"store": store, "product": product, "address": address_of(source, settings.PUBLIC_URL, store, product)} for store, product in pairs]
    return render_screen(request, "sources/codes.html", {"source": source, "codes": found, "listed": listed, "asked": asked})


@require_GET
@needs("sources.read")
def code(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """One code as a picture."""
    source = get_object_or_404(Source, pk=number, kind="box")
    if kind not in MEDIA_TYPES:
        raise Http404
    store, product = request.GET.get("store", "")[:200], request.GET.get("product", "")[:200]
    picture = code_picture(address_of(source, settings.PUBLIC_URL, store, product), kind)
    answer = HttpResponse(picture, content_type=MEDIA_TYPES[kind])
    named = "-".join(one for one in (source.name, store, product) if one)
    answer.headers["Content-Disposition"] = content_disposition_header("download" in request.GET, f"{named}.{kind}")
    return answer
