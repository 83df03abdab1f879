"""The audit screen and its file."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from huiyin.server.foundation.audit.files import audit_file
from huiyin.server.foundation.audit.forms import EntryFilterForm
from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.foundation.audit.selectors import entries as entries_for
from huiyin.server.foundation.audit.selectors import first_broken
from huiyin.server.foundation.audit.words import FIELDS, VERBS, in_words
from huiyin.server.web.fragments import render_screen
from huiyin.server.web.rights import needs

PAGE = 50


@require_GET
@needs("audit.read")
def entries(request: HttpRequest) -> HttpResponse:
    """Changes, newest first, with filters that stand in the address."""
    form = EntryFilterForm(request.GET)
    page = Paginator(entries_for(form.asked()), PAGE).get_page(request.GET.get("page"))
    broken = first_broken() if request.GET.get("verify") else None
    context = {"form": form, "page": page, "rows": [_row(one) for one in page], "verified": "verify" in request.GET, "broken": broken}
    return render_screen(request, "audit/entries.html", context)


@require_GET
@needs("audit.export")
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The same rows as a CSV file; taking it is itself recorded."""
    return audit_file(request, EntryFilterForm(request.GET).asked())


def _row(entry: AuditEntry) -> dict[str, Any]:
    told = {**(entry.before or {}), **(entry.after or {})}
    # What a new thing does not have is no news.
    names = [name for name in told if entry.before is not None or told[name] not in (None, "", [], {}, False)]
    changes = [(FIELDS.get(name, name), in_words((entry.before or {}).get(name)), in_words((entry.after or {}).get(name))) for name in names]
    return {"entry": entry, "verb": VERBS.get(entry.verb, entry.verb), "changes": changes}
