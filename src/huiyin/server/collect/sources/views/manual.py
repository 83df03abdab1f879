"""Writing a voice down."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huiyin.server.collect.feedback.records import RecordRefused
from huiyin.server.collect.sources.forms import ManualForm
from huiyin.server.collect.sources.manual.services import voice_write_down
from huiyin.server.collect.sources.views.words import in_words
from huiyin.server.web.fragments import go_to, render_screen
from huiyin.server.web.rights import needs


@require_http_methods(["GET", "POST"])
@needs("voices.send")
def write_down(request: HttpRequest) -> HttpResponse:
    """The form; after keeping, an empty one for the next voice."""
    form = ManualForm(request.POST or None, initial={"form_key": secrets.token_hex(8)})
    if request.method == "POST" and form.is_valid():
        said: dict[str, Any] = {name: value for name, value in form.cleaned_data.items() if value and name != "form_key"}
        if occurred := said.get("occurred_at"):
            said["occurred_at"] = occurred.isoformat()
        try:
            voice_write_down(said, actor=request.user, form_key=form.cleaned_data["form_key"])
        except RecordRefused as refused:
            form.add_error("text", in_words(refused))
        else:
            return go_to(request, "sources:manual", toast=_("记下了，已交去阅读"))
    return render_screen(request, "sources/manual.html", {"form": form})
