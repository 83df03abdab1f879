"""`/api/v1/taxonomy`: the tree in use, its versions, and a draft brought from elsewhere. Publishing stays with people: they see its effect first."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router, Schema
from ninja.errors import HttpError

from huiyin.server.foundation.people.api_keys import Holding
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.understand.taxonomy.comparing import differences
from huiyin.server.understand.taxonomy.exporting import file_of, forms, tree_of_file
from huiyin.server.understand.taxonomy.models import TaxonomyVersion
from huiyin.server.understand.taxonomy.selectors import NONE_COUNTED, counts_by_node, draft_now, version_in_use
from huiyin.server.understand.taxonomy.services.drafts import draft_begin, first_version_kept
from huiyin.server.understand.taxonomy.services.dropping import InUse, version_drop, version_restore
from huiyin.server.understand.taxonomy.workbook import FileWrong
from huiyin.server.web.rights import needs

router = Router(tags=["taxonomy"])
prefix = "/taxonomy"


class NodeOut(Schema):
    """A node; `path` is what `aspect` filters take. Counts are of the voices that the asker may see."""

    id: str
    path: str
    parent: str
    kind: str
    name: dict[str, str]
    definition: dict[str, str]
    touchpoint: str
    team: str
    voices: int
    negative: int


class TreeOut(Schema):
    """The tree in use, in order."""

    version: int
    nodes: list[NodeOut]


class VersionOut(Schema):
    """A published version."""

    number: int
    note: str
    author: str
    published_at: datetime
    in_use: bool


class FieldOut(Schema):
    """A field of a node: what went out of it, what came in."""

    field: str
    went: str
    came: str


class DifferenceOut(Schema):
    """A node that is not the same in both versions. Counts are of the voices that the asker may see."""

    node: str
    name: str
    kinds: list[str]
    fields: list[FieldOut]
    voices_before: int
    voices_after: int


class DraftOut(Schema):
    """The draft that was begun, or became another step, from a file."""

    revision: int
    base: int


@router.get("", response=TreeOut, url_name="taxonomy")
@needs("taxonomy.read")
def tree(request: HttpRequest) -> Any:
    """The taxonomy in use, with how many voices speak of each node and how many of those complain."""
    version = version_in_use()
    known = version.tree
    paths, counts = known.paths(), counts_by_node(known, scope_filter(request.user))
    nodes = []
    for node, _depth in known.walk():
        found = counts.get(node.id)
        nodes.append(
            {
                "id": node.id,
                "path": paths[node.id],
                "parent": node.parent,
                "kind": node.kind,
                "name": node.name,
                "definition": node.definition,
                "touchpoint": node.touchpoint,
                "team": node.team,
                "voices": found.voices if found else 0,
                "negative": found.negative if found else 0,
            }
        )
    return {"version": version.number, "nodes": nodes}


@router.get("/versions", response=list[VersionOut], url_name="taxonomy_versions")
@needs("taxonomy.read")
def versions(request: HttpRequest) -> Any:
    """All published versions, the latest first."""
    found = list(TaxonomyVersion.kept.all()) or [version_in_use()]
    return [_told(one) for one in found]


def _told(version: TaxonomyVersion) -> dict[str, Any]:
    current = version_in_use().number
    about = {"note": version.note, "author": version.author_name, "published_at": version.published_at}
    return {"number": version.number, **about, "in_use": version.number == current}


def _version(number: int, among: Any = TaxonomyVersion.kept) -> TaxonomyVersion:
    """A stored version; 404 where there is none."""
    found = among.filter(number=number).first() if 0 <= number < 2**31 else None
    if found is None:
        raise Http404
    return found


@router.get("/versions/{a}/compare/{b}", response=list[DifferenceOut], url_name="taxonomy_compare")
@needs("taxonomy.read")
def compare(request: HttpRequest, a: int, b: int) -> Any:
    """What parts two versions, the older one first whichever is named first: by node, and the voices of each under both."""
    before, after = sorted((_version(a), _version(b)), key=lambda one: one.number)
    within = scope_filter(request.user)
    was, now = (counts_by_node(one.tree, within, one.facts_name) for one in (before, after))
    return [
        {
            "node": one.node_id,
            "name": one.name,
            "kinds": one.kinds,
            "fields": [{"field": field, "went": went, "came": came} for field, went, came in one.lines],
            "voices_before": was.get(one.node_id, NONE_COUNTED).voices,
            "voices_after": now.get(one.node_id, NONE_COUNTED).voices,
        }
        for one in differences(before.tree, after.tree)
    ]


@router.post("/versions/{number}/drop", response=VersionOut, url_name="taxonomy_version_drop", auth=Holding("taxonomy.write"))
def drop(request: HttpRequest, number: int) -> Any:
    """Take a version that nothing stands on out of every list; `restore` puts it back. 409 where voices or the draft stand on it."""
    try:
        return _told(version_drop(request.user, _version(number).number))
    except InUse as needed:
        raise HttpError(409, f"the version is needed: {needed}") from None


@router.post("/versions/{number}/restore", response=VersionOut, url_name="taxonomy_version_restore", auth=Holding("taxonomy.write"))
def restore(request: HttpRequest, number: int) -> Any:
    """Put a dropped version back."""
    return _told(version_restore(request.user, _version(number, TaxonomyVersion.objects).number))


@router.get("/versions/{number}.{kind}", url_name="taxonomy_file")
@needs("taxonomy.read")
def version_file(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """A version as a file: xlsx, yaml or json."""
    version = version_in_use() if number == version_in_use().number else _version(number)
    form = next((one for one in forms() if one.key == kind), None)
    if form is None:
        raise Http404
    return HttpResponse(file_of(version.tree, kind, str(number)), content_type=form.content)


@router.post("/draft", response=DraftOut, url_name="taxonomy_draft", openapi_extra={
    "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
})  # fmt: skip
@needs("taxonomy.write")
def bring_draft(request: HttpRequest) -> Any:
    """Bring a tree (the JSON that `versions/N.json` gives) as a draft, or as the next step of the one there is. It is published on the screen."""
    try:
        json.loads(request.body)
        said = tree_of_file("taxonomy.json", request.body, first_version_kept().tree)
    except (FileWrong, ValueError, RecursionError) as error:
        raise HttpError(422, str(error)[:2000]) from None
    draft_begin(request.user, said, verb="taxonomy.imported", name="API")
    draft = draft_now()
    if draft is None:
        raise HttpError(409, "the draft was published or discarded meanwhile")
    return {"revision": draft.revision, "base": draft.base}
