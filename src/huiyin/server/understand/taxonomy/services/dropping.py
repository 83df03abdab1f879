"""Versions and drafts that nobody wants to see any more. Nothing is destroyed: what was dropped comes back as it was."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.taxonomy.models import Draft, DroppedDraft, TaxonomyVersion
from huiyin.server.understand.taxonomy.selectors import draft_now, version_in_force, version_in_use
from huiyin.server.understand.taxonomy.services.drafts import NoDraft, draft_begin
from huiyin.server.understand.taxonomy.tree import Tree

KEPT_DRAFTS = 5
"""Dropped drafts that can be brought back."""


class InUse(Exception):  # noqa: N818 - no error: it is needed
    """Something still stands on the version; `str` of it says what: in_use or draft."""


def needed_by(version: TaxonomyVersion) -> str:
    """What still stands on a version: the reading of voices, or the draft; empty where it may be dropped."""
    if version.number in (version_in_use().number, version_in_force().number) or version.applied_at is None:
        return "in_use"
    draft = draft_now()
    return "draft" if draft and version.number in (draft.base, draft.again) else ""


def version_drop(user: Any, number: int) -> TaxonomyVersion:
    """Take a version out of every list and choice. Its tree stays, and so do the labels that voices got under it.

    Raises:
        TaxonomyVersion.DoesNotExist: there is none, or it is dropped already. InUse: see there.
    """
    with state_write():
        version = TaxonomyVersion.kept.get(number=number)
        if needed := needed_by(version):
            raise InUse(needed)
        version.dropped_at, version.dropped_by_name = timezone.now(), str(user)[:200]
        version.save(update_fields=["dropped_at", "dropped_by_name"])
        record("taxonomy.version_dropped", version, actor=user, after={"version": number})
    return version


def version_restore(user: Any, number: int) -> TaxonomyVersion:
    """Put a dropped version back where it was; one that was not dropped stays as it is.

    Raises:
        TaxonomyVersion.DoesNotExist: there is none.
    """
    with state_write():
        version = TaxonomyVersion.objects.get(number=number)
        if version.dropped_at is not None:
            version.dropped_at, version.dropped_by_name = None, ""
            version.save(update_fields=["dropped_at", "dropped_by_name"])
            record("taxonomy.version_restored", version, actor=user, after={"version": number})
    return version


def draft_discard(user: Any) -> None:
    """Give the draft up; the tree of one that held changes is kept for a while.

    Raises:
        NoDraft: there is none.
    """
    with state_write():
        draft = Draft.objects.select_for_update().first()
        if draft is None:
            raise NoDraft
        steps = draft.steps.count()
        record("taxonomy.draft_discarded", draft, actor=user, before={"steps": steps})
        if steps:
            DroppedDraft.objects.create(said=draft.said, base=draft.base, again=draft.again, steps=steps, dropped_by_name=str(user)[:200])
        old = DroppedDraft.objects.values_list("pk", flat=True)[KEPT_DRAFTS:]
        DroppedDraft.objects.filter(pk__in=list(old)).delete()
        draft.delete()


def draft_restore(user: Any, number: int) -> Draft:
    """Bring a dropped draft back: as the draft, or as the next step of the one there is now. Its single steps are gone.

    Raises:
        DroppedDraft.DoesNotExist: it was brought back already, or it is too long ago.
    """
    with state_write():
        dropped = DroppedDraft.objects.get(pk=number)
        draft = draft_begin(user, Tree.of(dropped.said), again=dropped.again, verb="taxonomy.draft_restored", name=str(dropped))
        dropped.delete()
    return draft
