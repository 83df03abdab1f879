"""Versions: what each changed, any two side by side, going back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.understand.taxonomy.comparing import differences, kind_name
from huiyin.server.understand.taxonomy.models import DroppedDraft, TaxonomyVersion
from huiyin.server.understand.taxonomy.selectors import NONE_COUNTED, counts_by_node, draft_now, placed_opinions, version_in_use
from huiyin.server.understand.taxonomy.services.drafts import draft_begin
from huiyin.server.understand.taxonomy.services.dropping import InUse, draft_restore, needed_by, version_drop, version_restore
from huiyin.server.web.fragments import go_to, number_asked, render_screen
from huiyin.server.web.rights import needs


@require_GET
@needs("taxonomy.read")
def versions(request: HttpRequest) -> HttpResponse:
    """All versions, the latest first, each with how much it changed."""
    found = list(TaxonomyVersion.kept.all()) or [version_in_use()]
    lines = []
    for at, one in enumerate(found):
        former = found[at + 1] if at + 1 < len(found) else None
        changed = differences(former.tree, one.tree) if former else []
        lines.append({"version": one, "leaves": len(one.tree.leaves()), "changed": len(changed), "former": former, "current": at == 0})
    context = {
        "lines": lines,
        "draft": draft_now(),
        "dropped": TaxonomyVersion.objects.exclude(dropped_at=None),
        "dropped_drafts": DroppedDraft.objects.all(),
    }
    return render_screen(request, "taxonomy/versions.html", context)


@require_GET
@needs("taxonomy.read")
def compare(request: HttpRequest) -> HttpResponse:
    """Two versions: what parts them, and what history is under each."""
    chosen = [request.GET.get(name, "") for name in ("a", "b")]
    found = list(TaxonomyVersion.kept.filter(number__in=[number_asked(one) for one in chosen]).order_by("number"))
    if len(found) != 2:
        return go_to(request, "taxonomy:versions", toast=_("选两个不同的版本来比"))
    before, after = found
    within = scope_filter(request.user)
    counts = [counts_by_node(one.tree, within, one.facts_name) for one in found]
    lines: list[dict[str, Any]] = []
    for one in differences(before.tree, after.tree):
        was, now = (side.get(one.node_id, NONE_COUNTED).voices for side in counts)
        lines.append({"difference": one, "kinds": [kind_name(kind) for kind in one.kinds], "was": was, "now": now})
    listed, language = {one.node_id for one in differences(before.tree, after.tree)}, get_language() or "zh-hans"
    moved = []
    for node, _depth in after.tree.walk():
        was, now = (side.get(node.id, NONE_COUNTED).voices for side in counts)
        if node.id not in listed and was != now:
            moved.append({"name": node.called(language), "was": was, "now": now})
    context = {
        "before": before,
        "after": after,
        "lines": lines,
        "moved": moved,
        "placed": [placed_opinions(within, one.facts_name) for one in found],
    }
    return render_screen(request, "taxonomy/compare.html", context)


@require_POST
@needs("taxonomy.write")
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Begin a draft that is an older version again."""
    older = get_object_or_404(TaxonomyVersion.kept, number=number)
    draft_begin(request.user, older.tree, again=number, name=str(older))
    return go_to(request, "taxonomy:preview", toast=_("草稿已是%(version)s的样子，看过影响再发布") % {"version": older})


@require_http_methods(["GET", "POST"])
@needs("taxonomy.write")
def drop(request: HttpRequest, number: int) -> HttpResponse:
    """What dropping a version would do; then do it."""
    version = get_object_or_404(TaxonomyVersion.kept, number=number)
    if request.method == "POST":
        try:
            version_drop(request.user, number)
        except InUse:
            return go_to(request, "taxonomy:version_drop", number)
        return go_to(request, "taxonomy:versions", toast=_("%(version)s已丢弃，在下面可以恢复") % {"version": version})
    return render_screen(request, "taxonomy/drop.html", _effect(request, version))


def _effect(request: HttpRequest, version: TaxonomyVersion) -> dict[str, Any]:
    """What stands on a version, and what would be seen in no version any more."""
    tree, language = version.tree, get_language() or "zh-hans"
    others = {node.id for one in TaxonomyVersion.kept.exclude(pk=version.pk) for node in one.tree.nodes}
    return {
        "version": version,
        "needed": needed_by(version),
        "leaves": len(tree.leaves()),
        "opinions": placed_opinions(scope_filter(request.user), version.facts_name).placed,
        "only_here": [node.called(language) for node in tree.nodes if node.id not in others],
        "current": version_in_use(),
    }


@require_POST
@needs("taxonomy.write")
def restore(request: HttpRequest, number: int) -> HttpResponse:
    """Put a dropped version back."""
    get_object_or_404(TaxonomyVersion, number=number)
    return go_to(request, "taxonomy:versions", toast=_("%(version)s已恢复") % {"version": version_restore(request.user, number)})


@require_POST
@needs("taxonomy.write")
def restore_draft(request: HttpRequest, number: int) -> HttpResponse:
    """Bring a draft back that was given up."""
    try:
        draft_restore(request.user, number)
    except DroppedDraft.DoesNotExist:
        return go_to(request, "taxonomy:versions", toast=_("这份草稿已经不在了"))
    return go_to(request, "taxonomy:draft", toast=_("草稿已恢复"))
