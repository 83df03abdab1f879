"""Publishing: the draft becomes a version; a job brings the history under it. Going back is publishing an older tree again.

The version is there once its row is committed; all else follows from it and can be done again from any line: the facts begin the version
with the whole history under its new paths, what comes in is read by it, then every voice is read again.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.jobs.models import Job
from huiyin.server.foundation.jobs.services import enqueue
from huiyin.server.foundation.live.events import publish
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.reading.facts import facts_write
from huiyin.server.understand.reading.services import set_taxonomy
from huiyin.server.understand.taxonomy.addresses import address_in_use
from huiyin.server.understand.taxonomy.checking import troubles_of
from huiyin.server.understand.taxonomy.models import Draft, TaxonomyVersion
from huiyin.server.understand.taxonomy.selectors import own_words
from huiyin.server.understand.taxonomy.services.drafts import NoDraft, first_version_kept
from huiyin.server.understand.taxonomy.tree import Tree, moved

APPLY = "taxonomy.apply"


class NotYet(Exception):  # noqa: N818 - no error: something has to come first
    """Something in the draft must be mended first, or the last version is not in use yet."""


def draft_publish(user: Any, note: str, revision: int | None = None) -> TaxonomyVersion:
    """Publish the draft. `revision` is that which the person saw.

    Raises:
        NoDraft: there is none. NotYet: `str` of it says why.
    """
    with state_write():
        draft = Draft.objects.select_for_update().first()
        if draft is None:
            raise NoDraft
        if revision is not None and revision != draft.revision:
            raise NotYet("changed")
        if any(one.blocks for one in troubles_of(draft.tree)):
            raise NotYet("troubles")
        latest = first_version_kept()
        if latest.applied_at is None:
            raise NotYet("underway")
        version = TaxonomyVersion(number=latest.number + 1, said=draft.said, note=note, author=user, author_name=str(user), again=draft.again)
        version.facts_name, version.published_at = f"v{version.number}", timezone.now()
        version.job = enqueue(APPLY, {"number": version.number}, key=str(version.number), user=user)
        version.save(force_insert=True)
        record("taxonomy.published", version, actor=user, after={"version": version.number, "note": note})
        draft.delete()
    return version


def history_reread(user: Any) -> Job:
    """Read the history again by the version in use and the company's words as they are now."""
    with state_write():
        version = first_version_kept()
        version.job = enqueue(APPLY, {"number": version.number}, key=str(version.number), user=user)
        version.save(update_fields=["job"])
        record("taxonomy.reread", version, actor=user)
    return version.job


def version_begin(version: TaxonomyVersion) -> str:
    """Put a version in use; gives the file that voices are read by. Done twice it is done once."""
    former = TaxonomyVersion.objects.filter(number__lt=version.number).first()
    with facts_write() as facts:
        if facts.version != version.facts_name:
            facts.publish(version.facts_name, version.author_name, _paths(former, version.tree))
    with state_write():
        address = address_in_use(version, own_words())
        set_taxonomy(address)
        if version.applied_at is None:
            version.applied_at = timezone.now()
            version.save(update_fields=["applied_at"])
        publish("taxonomy", {"version": version.number})
    return address


def words_begin() -> None:
    """Let what comes in from now on be read with the company's words as they are now; within the caller's transaction."""
    version = first_version_kept()
    if version.applied_at is not None:
        set_taxonomy(address_in_use(version, own_words()))


def _paths(former: TaxonomyVersion | None, tree: Tree) -> dict[str, str | None]:
    """Where the aspects of the former version went; the labels of pack readers before the first version stand under the same paths."""
    return moved(former.tree, tree) if former else {}
