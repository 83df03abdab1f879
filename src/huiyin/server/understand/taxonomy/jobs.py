"""Long work of the taxonomy: bringing the history under a version, trying a draft over it."""

from __future__ import annotations

from huiyin.server.foundation.jobs.registry import job
from huiyin.server.foundation.jobs.run import Run
from huiyin.server.understand.reading.process import reader_of_job
from huiyin.server.understand.taxonomy.models import Preview, TaxonomyVersion
from huiyin.server.understand.taxonomy.previewing import PREVIEW, preview_make
from huiyin.server.understand.taxonomy.rereading import bring_history
from huiyin.server.understand.taxonomy.services.publishing import APPLY, version_begin


@job(APPLY, attempts=20)
def apply_job(run: Run) -> dict[str, object]:
    """Put a version in use, then read the history again by it."""
    version = TaxonomyVersion.objects.get(number=int(run.payload["number"]))
    if TaxonomyVersion.objects.filter(number__gt=version.number, applied_at__isnull=False).exists():
        return {"superseded": True}
    with reader_of_job() as reader:
        return bring_history(run, version, version_begin(version), reader)


@job(PREVIEW)
def preview_job(run: Run) -> dict[str, object]:
    """Read a sample under the draft as it was when the preview was asked for."""
    preview = Preview.objects.select_related("draft").filter(pk=int(run.payload["preview"])).first()
    if preview is None or preview.draft.revision != preview.revision:
        return {"outdated": True}
    with reader_of_job() as reader:
        return preview_make(run, preview, reader)
