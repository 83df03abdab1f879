"""Asking for a preview."""

from __future__ import annotations

from typing import Any

from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.jobs.services import cancel, enqueue
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.taxonomy.checking import troubles_of
from huiyin.server.understand.taxonomy.models import Draft, Preview
from huiyin.server.understand.taxonomy.previewing import PREVIEW
from huiyin.server.understand.taxonomy.services.drafts import NoDraft
from huiyin.server.understand.taxonomy.services.publishing import NotYet


def preview_start(user: Any) -> Preview:
    """Have the draft tried over the history that the person may see. Asked again for the same, it gives what there is.

    Raises:
        NoDraft: there is none. NotYet: something in it must be mended first.
    """
    with state_write():
        draft = Draft.objects.first()
        if draft is None:
            raise NoDraft
        if any(one.blocks for one in troubles_of(draft.tree)):
            raise NotYet("troubles")
        within = scope_filter(user).to_query()
        same = Preview.objects.filter(draft=draft, revision=draft.revision, within=within).select_related("job").first()
        if same is not None and (same.found or (same.job and not same.job.finished)):
            return same
        preview = Preview.objects.create(draft=draft, revision=draft.revision, by=user, within=within)
        preview.job = enqueue(PREVIEW, {"preview": preview.pk}, key=str(preview.pk), user=user)
        preview.save(update_fields=["job"])
        for stale in Preview.objects.filter(draft=draft).exclude(pk=preview.pk).select_related("job"):
            if stale.job and not stale.job.finished:
                cancel(stale.job)
        Preview.objects.filter(pk__in=list(Preview.objects.filter(draft=draft).values_list("pk", flat=True)[5:])).delete()
        record("taxonomy.previewed", draft, actor=user, after={"version": draft.base + 1})
    return preview
