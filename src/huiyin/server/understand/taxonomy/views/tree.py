"""The published tree and one node of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.facts import Filter
from huiyin.insight import records
from huiyin.insight.intervals import wilson
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reckoning.keeping import reckoned
from huiyin.server.understand.taxonomy.asked import example_asked, node_asked
from huiyin.server.understand.taxonomy.models import TakenExample
from huiyin.server.understand.taxonomy.selectors import (
    NONE_COUNTED,
    Counted,
    counts_by_node,
    draft_now,
    examples_of,
    placed_opinions,
    version_in_use,
)
from huiyin.server.understand.taxonomy.services.examples import example_drop as drop
from huiyin.server.understand.taxonomy.services.publishing import history_reread
from huiyin.server.understand.taxonomy.tree import Node, Tree
from huiyin.server.web.fragments import go_to, render_screen
from huiyin.server.web.rights import needs

_DEEPEST = 7
_LATELY = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A node as a row of the tree."""

    node: Node
    name: str
    depth: int
    leaf: bool
    path: str
    counted: Counted

    @property
    def words(self) -> int:
        """How many words give it away."""
        return len(self.node.words)


def lines_of(tree: Tree, counts: dict[str, Counted]) -> list[Line]:
    """A tree as rows, in reading order."""
    language, paths = get_language() or "zh-hans", tree.paths()
    return [
        Line(node, node.called(language), min(depth, _DEEPEST), tree.is_leaf(node.id), paths[node.id], counts.get(node.id, NONE_COUNTED))
        for node, depth in tree.walk()
    ]


@require_GET
@needs("taxonomy.read")
def tree(request: HttpRequest) -> HttpResponse:
    """The tree in use with the history of each node."""
    version, within = version_in_use(), scope_filter(request.user)
    placed = placed_opinions(within)
    lines = lines_of(version.tree, counts_by_node(version.tree, within))
    context = {
        "version": version,
        "lines": lines,
        "leaves": len(version.tree.leaves()),
        "placed": wilson(placed.placed, placed.opinions, 100),
        "draft": draft_now(),
        "job": _underway(version.job),
    }
    spoken = max((one for one in lines if one.leaf), key=lambda one: one.counted.voices, default=None)
    # The rail opens with the aspect that most voices speak of.
    return render_screen(request, "taxonomy/tree.html", context | (_meaning(spoken, within) if spoken else {}))


@require_GET
@needs("taxonomy.read")
def node(request: HttpRequest, node_id: str) -> HttpResponse:
    """What a node means, who answers for it, what was said of it."""
    asked, version, within = node_asked(node_id), version_in_use(), scope_filter(request.user)
    line = next(one for one in lines_of(version.tree, counts_by_node(version.tree, within)) if one.node.id == asked.id)
    return render_screen(request, "taxonomy/node.html", _meaning(line, within) | {"version": version})


def _meaning(line: Line, within: Filter) -> dict[str, Any]:
    """What the rail says of a node."""
    said = line.node.definition
    definition = said.get("en" if get_language() == "en" else "zh") or said.get("zh", "")
    taken = examples_of(line.node.id, within)
    known = {one.feedback_id for one in taken}
    lately = [one for one in _said_lately(within & Filter(aspect=(line.path,))) if one["feedback_id"] not in known]
    return {"line": line, "node": line.node, "definition": definition, "examples": taken, "lately": lately}


def _said_lately(where: Filter) -> list[dict[str, Any]]:
    """The latest voices that speak of a node."""
    return reckoned(("said_lately", where.to_query()), lambda: records.page(facts_store(), where, "newest", 0, _LATELY).to_pylist()).value


@require_GET
@needs("taxonomy.read")
def progress(request: HttpRequest) -> HttpResponse:
    """How far the history is read again; asked for by the page until it is done."""
    version = version_in_use()
    response = render_screen(request, "taxonomy/progress.html", {"version": version, "job": _underway(version.job)})
    if not _underway(version.job):
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
@needs("taxonomy.write")
def reread(request: HttpRequest) -> HttpResponse:
    """Read the history again by what holds now."""
    history_reread(request.user)
    return go_to(request, "taxonomy:tree", toast=_("开始重读历史"))


@require_POST
@needs("taxonomy.write")
def example(request: HttpRequest, node_id: str, feedback_id: str) -> HttpResponse:
    """Take a voice as an example of a node."""
    example_asked(request.user, node_id, feedback_id)
    return go_to(request, "taxonomy:node", node_id, toast=_("已取作例子"))


@require_POST
@needs("taxonomy.write")
def example_drop(request: HttpRequest, number: int) -> HttpResponse:
    """Let an example go."""
    taken = get_object_or_404(TakenExample, pk=number)
    drop(request.user, taken)
    return go_to(request, "taxonomy:node", taken.node, toast=_("已去掉这个例子"))


def _underway(job: Any) -> Any:
    return job if job is not None and job.state != "done" else None
