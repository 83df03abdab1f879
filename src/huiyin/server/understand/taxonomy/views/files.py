"""The tree as a file, out and in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.taxonomy.exporting import file_of, forms, tree_of_file
from huiyin.server.understand.taxonomy.forms import FileForm
from huiyin.server.understand.taxonomy.selectors import draft_now, version_in_use
from huiyin.server.understand.taxonomy.services.drafts import draft_begin
from huiyin.server.understand.taxonomy.workbook import FileWrong
from huiyin.server.web.fragments import go_to, render_screen
from huiyin.server.web.rights import needs

_LARGEST = 10 * 1024 * 1024


@require_http_methods(["GET", "POST"])
@needs("taxonomy.write")
def files(request: HttpRequest) -> HttpResponse:
    """A file becomes the draft; what is wrong in it is listed and nothing is changed."""
    form = FileForm(request.POST or None, request.FILES or None)
    wrong: list[str] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        draft = draft_now()
        try:
            if given.size > _LARGEST:
                raise FileWrong([_("文件太大，最多 %(most)s MB") % {"most": _LARGEST // 1024 // 1024}])
            tree = tree_of_file(given.name, given.read(), draft.tree if draft else version_in_use().tree)
        except FileWrong as refused:
            wrong = refused.troubles
        else:
            draft_begin(request.user, tree, verb="taxonomy.imported", name=given.name)
            return go_to(request, "taxonomy:draft", toast=_("已读入草稿：%(count)s 个主题") % {"count": len(tree.leaves())})
    status = 422 if wrong or form.errors else 200
    return render_screen(request, "taxonomy/files.html", {"form": form, "wrong": wrong, "forms": forms(), "draft": draft_now()}, status)


@require_GET
@needs("taxonomy.read")
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The version in use as a file, or the draft with `draft=1` for those who may change it; taking it is recorded."""
    form = next((one for one in forms() if one.key == kind), None)
    if form is None:
        raise Http404
    draft = draft_now() if "draft" in request.GET and request.user.has_perm("taxonomy.write") else None
    version = version_in_use()
    tree, name = (draft.tree, "draft") if draft else (version.tree, str(version.number))
    with state_write():
        record("taxonomy.exported", name, actor=request.user, object_type="taxonomyversion", object_name=f"{kind} {name}")
    response = HttpResponse(file_of(tree, kind, name), content_type=form.content)
    response.headers["Content-Disposition"] = f'attachment; filename="huiyin-taxonomy-{name}-{timezone.localdate():%Y%m%d}.{kind}"'
    return response
