"""`/api/v1/taxonomy`: the tree in use, its versions, a draft brought from elsewhere and published, and the company's own words.

What a draft would change is seen on the screen; whoever publishes says which revision of it was looked at.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field

from huiyin.server.foundation.jobs.api import JobStarted
from huiyin.server.foundation.people.api_keys import Holding
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.understand.taxonomy.asked import example_asked, node_asked
from huiyin.server.understand.taxonomy.comparing import differences
from huiyin.server.understand.taxonomy.exporting import file_of, forms, tree_of_file
from huiyin.server.understand.taxonomy.forms import WordForm
from huiyin.server.understand.taxonomy.models import OwnWord, TakenExample, TaxonomyVersion
from huiyin.server.understand.taxonomy.selectors import NONE_COUNTED, counts_by_node, draft_now, examples_of, version_in_use
from huiyin.server.understand.taxonomy.services.dictionary import word_add, word_remove
from huiyin.server.understand.taxonomy.services.drafts import NoDraft, draft_begin, first_version_kept
from huiyin.server.understand.taxonomy.services.dropping import InUse, draft_discard, version_drop, version_restore
from huiyin.server.understand.taxonomy.services.examples import example_drop
from huiyin.server.understand.taxonomy.services.publishing import NotYet, draft_publish, history_reread
from huiyin.server.understand.taxonomy.workbook import FileWrong
from huiyin.server.web.problem_documents import problem
from huiyin.server.web.rights import needs

router = Router(tags=["taxonomy"])
prefix = "/taxonomy"
_WRITES = Holding("taxonomy.write")


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


class Publishing(Schema):
    """What changed, in words, and the revision of the draft that was looked at."""

    note: str = Field(min_length=1, max_length=1000, pattern=r"\S")
    revision: int


class Published(Schema):
    """The version, and the job that brings history under it."""

    number: int
    job: int | None


class WordIn(Schema):
    """A word of the company's own; `node` is the aspect that a synonym speaks of."""

    word: str
    kind: Literal["negative", "positive", "synonym", "name", "ignored"]
    node: str = ""


class WordOut(WordIn):
    """One that is in the dictionary."""

    id: int
    added_by: str


class ExampleIn(Schema):
    """The voice to take."""

    feedback_id: str = Field(max_length=100)


class ExampleOut(Schema):
    """A customer's words that show what a node means, masked."""

    id: int
    node: str
    feedback_id: str
    text: str
    taken_by: str


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
    """Bring a tree (the JSON that `versions/N.json` gives) as a draft, or as the next step of the one there is."""
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


@router.post("/draft/publish", response={202: Published}, url_name="taxonomy_publish", auth=_WRITES)
@needs("taxonomy.write")
def publish(request: HttpRequest, body: Publishing) -> Any:
    """Publish the draft; a job brings history under the new version. A revision that is no longer the draft's is refused."""
    try:
        version = draft_publish(request.user, body.note.strip(), body.revision)
    except NoDraft:
        return _no_draft()
    except NotYet as error:
        return problem(409, f"not_yet_{error}", "草稿变了、还有毛病，或上一版还没换上", f"the draft cannot be published yet: {error}")
    return Status(202, {"number": version.number, "job": version.job_id})


@router.post("/draft/discard", response={204: None}, url_name="taxonomy_discard", auth=_WRITES)
@needs("taxonomy.write")
def discard(request: HttpRequest) -> Any:
    """Give the draft up."""
    try:
        draft_discard(request.user)
    except NoDraft:
        return _no_draft()
    return Status(204, None)


@router.post("/reread", response={202: JobStarted}, url_name="taxonomy_reread", auth=_WRITES)
@needs("taxonomy.write")
def reread(request: HttpRequest) -> Any:
    """Read history again by the version in use and the company's words as they are now."""
    return Status(202, {"job": history_reread(request.user).pk})


@router.get("/words", response=list[WordOut], url_name="taxonomy_words")
@needs("taxonomy.read")
def words(request: HttpRequest) -> Any:
    """The company's own dictionary."""
    return [_word(one) for one in OwnWord.objects.select_related("added_by")]


@router.post("/words", response=WordOut, url_name="taxonomy_word_add", auth=_WRITES)
@needs("taxonomy.write")
def add_word(request: HttpRequest, body: WordIn) -> Any:
    """Add a word, or give the one that is there another meaning. It holds for what comes in from now on."""
    form = WordForm(version_in_use().tree, body.dict())
    if not form.is_valid():
        raise HttpError(422, "; ".join(f"{name}: {error}" for name, errors in form.errors.items() for error in errors))
    given = form.cleaned_data
    return _word(word_add(request.user, given["word"], given["kind"], given["node"]))


@router.post("/words/{int:number}/remove", response={204: None}, url_name="taxonomy_word_remove", auth=_WRITES)
@needs("taxonomy.write")
def remove_word(request: HttpRequest, number: int) -> Any:
    """Take a word out."""
    word_remove(request.user, get_object_or_404(OwnWord, pk=number))
    return Status(204, None)


@router.get("/nodes/{node}/examples", response=list[ExampleOut], url_name="taxonomy_examples")
@needs("taxonomy.read")
def examples(request: HttpRequest, node: str) -> Any:
    """The voices taken as examples of a node, as far as the asker may see them."""
    node_asked(node)
    return [_example(one) for one in examples_of(node, scope_filter(request.user))]


@router.post("/nodes/{node}/examples", response={201: ExampleOut}, url_name="taxonomy_examples", auth=_WRITES)
@needs("taxonomy.write")
def take_example(request: HttpRequest, node: str, body: ExampleIn) -> Any:
    """Take a voice as an example of a node; doing it twice is doing it once."""
    return Status(201, _example(example_asked(request.user, node, body.feedback_id)))


@router.post("/examples/{int:number}/remove", response={204: None}, url_name="taxonomy_example_remove", auth=_WRITES)
@needs("taxonomy.write")
def drop_example(request: HttpRequest, number: int) -> Any:
    """Let an example go."""
    example_drop(request.user, get_object_or_404(TakenExample, pk=number))
    return Status(204, None)


def _example(one: TakenExample) -> dict[str, Any]:
    return {"id": one.pk, "node": one.node, "feedback_id": one.feedback_id, "text": one.text, "taken_by": str(one.taken_by or "")}


def _no_draft() -> Any:
    return problem(409, "no_draft", "没有草稿", "there is no draft")


def _word(one: OwnWord) -> dict[str, Any]:
    return {"id": one.pk, "word": one.word, "kind": one.kind, "node": one.node, "added_by": str(one.added_by or "")}
