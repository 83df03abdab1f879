"""What a draft would do, and publishing it."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.insight import records
from huiyin.insight.intervals import wilson
from huiyin.server.foundation.jobs.services import cancel
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.understand.explorer.selectors import with_opinions
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.taxonomy.checking import troubles_of
from huiyin.server.understand.taxonomy.comparing import differences, kind_name, net_change
from huiyin.server.understand.taxonomy.forms import PublishForm
from huiyin.server.understand.taxonomy.models import Draft, Preview
from huiyin.server.understand.taxonomy.selectors import draft_now, latest_preview, version_in_use
from huiyin.server.understand.taxonomy.services.drafts import NoDraft
from huiyin.server.understand.taxonomy.services.previews import preview_start
from huiyin.server.understand.taxonomy.services.publishing import NotYet, draft_publish
from huiyin.server.understand.taxonomy.tree import Tree
from huiyin.server.web.fragments import go_to, render_screen
from huiyin.server.web.rights import needs


@require_http_methods(["GET", "POST"])
@needs("taxonomy.write")
def preview(request: HttpRequest) -> HttpResponse:
    """The preview of the draft as it stands; POST has one made."""
    draft = draft_now()
    if draft is None:
        return go_to(request, "taxonomy:tree", toast=_("草稿已经不在了"))
    if request.method == "POST":
        try:
            preview_start(request.user)
        except NotYet as reason:
            return go_to(request, "taxonomy:draft", toast=refusal(str(reason)))
        return go_to(request, "taxonomy:preview")
    return _shown(request, draft)


@require_POST
@needs("taxonomy.write")
def stop(request: HttpRequest) -> HttpResponse:
    """Stop the reading of the sample."""
    draft = draft_now()
    found = latest_preview(draft) if draft else None
    if found is not None and found.job is not None and not found.job.finished:
        cancel(found.job)
    return go_to(request, "taxonomy:preview", toast=_("已停止"))


@require_GET
@needs("taxonomy.write")
def voices(request: HttpRequest) -> HttpResponse:
    """Voices that a node gains or loses, or that go one way: `node` and `side`, or `flow`, or `correction` by its place in the list."""
    draft = draft_now()
    found = _mine(request, draft) if draft else None
    if draft is None or found is None or not found.found:
        raise Http404
    ids, title = _heard(request, found, draft.tree)
    seen = facts_store().query(
        "SELECT v.feedback_id AS feedback_id FROM wanted w JOIN voice v ON v.feedback_id = w.wanted_id ORDER BY v.feedback_id",
        where=scope_filter(request.user),
        tables={"wanted": pa.table({"wanted_id": pa.array(ids, pa.string())})},
    )
    return render_screen(request, "taxonomy/heard.html", {"voices": with_opinions(records.rows_of(facts_store(), seen)), "title": title})


@require_POST
@needs("taxonomy.write")
def publish(request: HttpRequest) -> HttpResponse:
    """Publish the draft with a note."""
    draft = draft_now()
    if draft is None:
        return go_to(request, "taxonomy:tree", toast=_("草稿已经不在了"))
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _shown(request, draft, form=form, status=422)
    try:
        version = draft_publish(request.user, form.cleaned_data["note"], form.cleaned_data["revision"])
    except NoDraft:
        return go_to(request, "taxonomy:tree", toast=_("草稿已经不在了"))
    except NotYet as reason:
        return _shown(request, draft, form=form, refused=refusal(str(reason)), status=409)
    return go_to(request, "taxonomy:tree", toast=_("%(version)s已发布，历史正在重读") % {"version": version})


def refusal(reason: str) -> str:
    """Why something has to wait, in words."""
    return {
        "changed": _("草稿在你打开之后又改过，先看看现在的样子。"),
        "troubles": _("草稿里有必须先改的地方。"),
        "underway": _("上一版还在生效中，等它读完第一步再发布。"),
    }.get(reason, reason)


def _mine(request: HttpRequest, draft: Draft) -> Preview | None:
    """The latest preview of the draft as it stands, over the rows that this person may see."""
    within = scope_filter(request.user).to_query()
    return Preview.objects.filter(draft=draft, revision=draft.revision, within=within).select_related("job", "by").first()


def _shown(request: HttpRequest, draft: Draft, *, form: Any = None, refused: str = "", status: int = 200) -> HttpResponse:
    found, version = _mine(request, draft), version_in_use()
    going = bool(found and found.job and not found.job.finished)
    context: dict[str, Any] = {
        "draft": draft,
        "preview": found,
        "going": going,
        "job": found.job if found else None,
        "troubles": [one for one in troubles_of(draft.tree) if one.blocks],
        "changes": [(one, [kind_name(kind) for kind in one.kinds]) for one in differences(version.tree, draft.tree)],
        "form": form or PublishForm(initial={"revision": draft.revision}),
        "refused": refused,
        "next": version.number + 1,
        "stale": version.number != draft.base,
    }
    if found and found.found:
        context |= _told(found.found, version.tree, draft.tree)
    return render_screen(request, "taxonomy/preview.html", context, status)


def _told(found: dict[str, Any], before: Tree, after: Tree) -> dict[str, Any]:
    """What was found as rows of the screen."""
    read, frame = int(found["voices"]), int(found["frame"])
    lines = []
    for node, depth, gone in [
        *((one, depth, False) for one, depth in after.walk()),
        *((one, 0, True) for one in before.nodes if not after.has(one.id)),
    ]:
        said = found["nodes"].get(node.id)
        if said and (said["gained"] or said["lost"]):
            net = net_change(said["gained"], said["lost"], read, frame)
            lines.append({"node": node, "name": node.called(get_language() or "zh-hans"), "depth": min(depth, 7), "gone": gone, "net": net, **said})
    flows = [
        {"at": at, "from_name": place_name(one["from"], before), "to_name": place_name(one["to"], after), "n": one["n"]}
        for at, one in enumerate(found["flows"])
    ]
    coverage = {side: wilson(found["coverage"][side][0], found["coverage"][side][1], 100) for side in ("before", "after")}
    return {"found": found, "whole": read >= frame, "lines": lines, "flows": flows, "coverage": coverage, "lost": found["corrections"]["lost"]}


def place_name(node_id: str, tree: Tree) -> str:
    """A node with what stands above it; where an opinion stands nowhere, or is not read at all."""
    if node_id == "none":
        return _("没有读出")
    if not node_id or not tree.has(node_id):
        return _("未归类")
    language, node = get_language() or "zh-hans", tree.get(node_id)
    names = [node.called(language)]
    while node.parent:
        node = tree.get(node.parent)
        names.append(node.called(language))
    return " / ".join(reversed(names))


def _heard(request: HttpRequest, preview: Preview, after: Tree) -> tuple[list[str], str]:
    """Ids and heading of what the address asks."""
    found, given = preview.found or {}, request.GET
    before = version_in_use().tree
    if "flow" in given and given["flow"].isdecimal() and int(given["flow"]) < len(found["flows"]):
        one = found["flows"][int(given["flow"])]
        return list(one["ids"]), f"{place_name(one['from'], before)} → {place_name(one['to'], after)}"
    if "correction" in given and given["correction"].isdecimal() and int(given["correction"]) < len(found["corrections"]["lost"]):
        lost = found["corrections"]["lost"][int(given["correction"])]
        return list(lost["ids"]), _("改正到「%(path)s」，那里不在了") % {"path": lost["path"]}
    node_id, side = given.get("node", ""), given.get("side", "")
    if node_id not in found["nodes"] or side not in ("gains", "losses"):
        raise Http404
    name = place_name(node_id, after if after.has(node_id) else before)
    return list(found["nodes"][node_id][side]), (_("归入「%(name)s」的") if side == "gains" else _("离开「%(name)s」的")) % {"name": name}
