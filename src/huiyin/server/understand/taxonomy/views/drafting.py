"""The draft: its tree at the left, the node in hand at the right. Every change answers with both."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.understand.taxonomy.checking import Trouble, troubles_of
from huiyin.server.understand.taxonomy.comparing import lined, parts_of
from huiyin.server.understand.taxonomy.forms import NodeForm
from huiyin.server.understand.taxonomy.models import Draft
from huiyin.server.understand.taxonomy.selectors import counts_by_node, draft_now, version_in_use
from huiyin.server.understand.taxonomy.services import drafts
from huiyin.server.understand.taxonomy.services.drafts import ChangedMeanwhile, NoDraft, digest
from huiyin.server.understand.taxonomy.services.dropping import draft_discard
from huiyin.server.understand.taxonomy.tree import NoSuchNode, Tree
from huiyin.server.understand.taxonomy.views.tree import lines_of
from huiyin.server.web.fragments import go_to, render_screen, with_toast
from huiyin.server.web.rights import needs


@require_GET
@needs("taxonomy.write")
def draft(request: HttpRequest) -> HttpResponse:
    """The draft; `node` in the address is the one in hand."""
    found = draft_now()
    if found is None:
        return go_to(request, "taxonomy:tree")
    return _shown(request, found, request.GET.get("node", ""))


@require_POST
@needs("taxonomy.write")
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a draft from the version in use, or go to the one there is."""
    drafts.draft_begin(request.user)
    return go_to(request, reverse("taxonomy:draft") + _asked_node(request))


@require_POST
@needs("taxonomy.write")
def discard(request: HttpRequest) -> HttpResponse:
    """Give the draft up."""
    try:
        draft_discard(request.user)
    except NoDraft:
        return go_to(request, "taxonomy:tree", toast=_("草稿已经不在了"))
    return go_to(request, "taxonomy:versions", toast=_("草稿已丢弃，现行的没有动"))


@require_POST
@needs("taxonomy.write")
def undo(request: HttpRequest) -> HttpResponse:
    """Take the last step back; where the address names a step, only if that is still the last."""
    found, wanted = draft_now(), request.GET.get("step", "")
    last = found.steps.first() if found else None
    if wanted and (last is None or str(last.pk) != wanted):
        return go_to(request, "taxonomy:draft", toast=_("那之后又改过，从最近的一步撤起"))
    try:
        name = drafts.step_undo(request.user)
    except NoDraft:
        return go_to(request, "taxonomy:tree", toast=_("草稿已经不在了"))
    said = _("已撤销：%(name)s") % {"name": name} if name else _("已撤销一步")
    return go_to(request, reverse("taxonomy:draft") + _asked_node(request), toast=said)


@require_POST
@needs("taxonomy.write")
def add(request: HttpRequest) -> HttpResponse:
    """New nodes under a parent, one a line."""

    def step() -> tuple[str, str]:
        names = [one[:60] for one in lined(request.POST.get("names", ""))[:50]]
        parent = request.POST.get("parent", "")
        if not names:
            return parent, _("写上名称再加")
        made = drafts.node_add(request.user, parent, names)
        return made[0].id, ngettext("已加 %(count)s 个", "已加 %(count)s 个", len(made)) % {"count": len(made)}

    return _done(request, step)


@require_POST
@needs("taxonomy.write")
def change(request: HttpRequest, node_id: str) -> HttpResponse:
    """Keep what was written about a node. Where somebody else kept something meanwhile, both are shown and nothing is lost."""
    found = draft_now()
    if found is None or not found.tree.has(node_id):
        return go_to(request, "taxonomy:draft", toast=_("这个主题已被别人去掉"))
    form = NodeForm(found.tree, found.tree.get(node_id), "", [], request.POST)
    if not form.is_valid():
        return _shown(request, found, node_id, form=form, status=422)
    try:
        drafts.node_change(request.user, node_id, form.wanted, form.cleaned_data["seen"])
    except ChangedMeanwhile as met:
        said = _("别人刚改过它。下面是你写的，再保存一次就以你的为准。")
        form.data = form.data.copy()
        form.data["seen"] = digest(met.node)
        return _shown(request, found, node_id, form=form, refused=said, status=409)
    return _answer(request, node_id, _("已保存到草稿"))


@require_POST
@needs("taxonomy.write")
def move(request: HttpRequest, node_id: str) -> HttpResponse:
    """Under another parent, up or down, or beside another node: whatever the request names."""

    def step() -> tuple[str, str]:
        given = request.POST
        if "by" in given:
            drafts.node_shift(request.user, node_id, 1 if given["by"] == "1" else -1)
        elif given.get("beside"):
            drafts.node_place(request.user, node_id, given["beside"], given.get("where") == "after")
        else:
            drafts.node_move(request.user, node_id, given.get("parent", ""))
        return node_id, _("已移动")

    return _done(request, step)


@require_POST
@needs("taxonomy.write")
def merge(request: HttpRequest, node_id: str) -> HttpResponse:
    """Let it go up in another."""

    def step() -> tuple[str, str]:
        into = request.POST.get("into", "")
        if not into:
            return node_id, _("选一个并入的主题")
        drafts.node_merge(request.user, node_id, into)
        return into, _("已并入，词和历史都跟过来")

    return _done(request, step)


@require_POST
@needs("taxonomy.write")
def split(request: HttpRequest, node_id: str) -> HttpResponse:
    """Part it into several."""

    def step() -> tuple[str, str]:
        parts = parts_of(request.POST.get("parts", ""))
        if len(parts) < 2:
            return node_id, _("至少写两行，一行一个")
        made = drafts.node_split(request.user, node_id, parts)
        return made[0].id, _("已拆分；重读之前，历史先归第一个")

    return _done(request, step)


@require_POST
@needs("taxonomy.write")
def remove(request: HttpRequest, node_id: str) -> HttpResponse:
    """Take it away with all under it."""

    def step() -> tuple[str, str]:
        count = drafts.node_remove(request.user, node_id)
        return "", ngettext("已去掉 %(count)s 个", "已去掉 %(count)s 个", count) % {"count": count}

    return _done(request, step)


def _done(request: HttpRequest, step: Any) -> HttpResponse:
    """Do a step and answer; what cannot be done is said, and the draft stands as it was."""
    try:
        node_id, said = step()
    except NoDraft:
        return go_to(request, "taxonomy:tree", toast=_("草稿已经不在了"))
    except NoSuchNode:
        return _answer(request, "", _("这个主题已被别人去掉"))
    except ValueError as error:
        return _answer(request, request.resolver_match.kwargs.get("node_id", "") if request.resolver_match else "", _refusal(str(error)))
    return _answer(request, node_id, said)


def _refusal(reason: str) -> str:
    return {"below itself": _("不能移到自己下面"), "taken": _("那里已有同编号的主题，先改编号"), "no leaf": _("只有最下层的主题能拆")}.get(
        reason, reason
    )


def _answer(request: HttpRequest, node_id: str, said: str) -> HttpResponse:
    found = draft_now()
    if found is None:
        return go_to(request, "taxonomy:tree", toast=_("草稿已经不在了"))
    if getattr(request, "htmx", False):
        last = found.steps.first()
        return with_toast(_shown(request, found, node_id), said, f"{reverse('taxonomy:undo')}?step={last.pk}" if last else "")
    return go_to(request, reverse("taxonomy:draft") + (f"?node={node_id}" if node_id else ""), toast=said)


def _shown(request: HttpRequest, found: Draft, node_id: str, *, form: Any = None, refused: str = "", status: int = 200) -> HttpResponse:
    tree = found.tree
    troubles = troubles_of(tree)
    wrong: dict[str, list[Trouble]] = {one.node: [] for one in troubles}
    for one in troubles:
        wrong[one.node].append(one)
    version = version_in_use()
    counts = counts_by_node(version.tree, scope_filter(request.user))
    node = tree.get(node_id) if node_id and tree.has(node_id) else None
    if node is not None and form is None:
        form = NodeForm(tree, node, digest(node), wrong.get(node.id, []))
    context = {
        "draft": found,
        "version": version,
        "lines": [(line, wrong.get(line.node.id, [])) for line in lines_of(tree, counts)],
        "blocking": [one for one in troubles if one.blocks],
        "advice": sum(not one.blocks for one in troubles),
        "node": node,
        "form": form,
        "refused": refused,
        "steps": found.steps.all()[:8],
        "step_count": found.steps.count(),
        "stale": version.number != found.base,
        **(_places(tree, node.id) if node else {}),
    }
    return render_screen(request, "taxonomy/draft.html", context, status)


def _places(tree: Tree, node_id: str) -> dict[str, Any]:
    """Where a node can be moved, what it can go up in."""
    language = get_language() or "zh-hans"
    below = {node_id, *(one.id for one in tree.below(node_id))}
    others = [
        (one.id, "\u3000" * depth + one.called(language), one.id == tree.get(node_id).parent) for one, depth in tree.walk() if one.id not in below
    ]
    return {"places": others, "leaf": tree.is_leaf(node_id), "parent": tree.get(node_id).parent}


def _asked_node(request: HttpRequest) -> str:
    node_id = request.POST.get("node", "")
    return f"?node={node_id}" if node_id.isalnum() else ""
