"""Choosing a shipped pack, by what it finds in the company's own voices."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.understand.taxonomy.packfile import tree_of_pack
from huiyin.server.understand.taxonomy.packs import Measured, Pack, offered
from huiyin.server.understand.taxonomy.packs import measured as measured_packs
from huiyin.server.understand.taxonomy.selectors import draft_now, version_in_use
from huiyin.server.understand.taxonomy.services.drafts import draft_begin
from huiyin.server.web.fragments import go_to, render_screen
from huiyin.server.web.rights import needs
from huiyin.text.taxonomy import PACKS


@require_GET
@needs("taxonomy.write")
def packs(request: HttpRequest) -> HttpResponse:
    """The packs; how they suit comes after, for it takes a moment."""
    context = {"packs": [(one, None) for one in offered()], "sample": None, "draft": draft_now(), "present": version_in_use().tree.pack}
    return render_screen(request, "taxonomy/packs.html", context)


@require_GET
@needs("taxonomy.write")
def measured(request: HttpRequest) -> HttpResponse:
    """The packs with what each finds in a sample of the voices, the most suitable first."""
    found, sample = measured_packs(scope_filter(request.user))
    by_key = {one.key: one for one in offered()}
    lines: list[tuple[Pack, Measured | None]] = [(by_key[one.key], one) for one in found]
    lines = lines or [(one, None) for one in by_key.values()]
    context = {"packs": lines, "sample": sample, "draft": draft_now(), "present": version_in_use().tree.pack}
    return render_screen(request, "taxonomy/packs.html", context)


@require_POST
@needs("taxonomy.write")
def choose(request: HttpRequest, pack: str) -> HttpResponse:
    """Begin a draft that is the pack."""
    if pack not in PACKS:
        raise Http404
    tree = tree_of_pack(pack)
    draft_begin(request.user, tree, verb="taxonomy.pack_chosen", name=pack)
    return go_to(request, "taxonomy:preview", toast=_("草稿已是这一套，看过影响再发布"))
