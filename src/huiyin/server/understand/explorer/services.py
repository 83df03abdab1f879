"""What people change in the explorer: corrections of labels, saved views. Audit row and change come together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from huiyin.facts import Correction
from huiyin.facts.corrections import TAG
from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.explorer.models import SavedView, Tag
from huiyin.server.understand.reading.facts import facts_write

CORRECTABLE = ("aspect", "polarity", "intensity", "intent")
_MOST_ALIKE = 500


def opinion_correct(user: Any, mention: Mapping[str, Any], wanted: Mapping[str, Any], alike: Sequence[Mapping[str, Any]] = ()) -> int:
    """Correct an opinion, and others that say the same; gives how many were corrected.

    `wanted` holds fields of `CORRECTABLE`, or `removed` where the words are no opinion. The facts keep each correction as a row of its
    own: it holds through every later reading and rebuild.
    """
    now, author = timezone.now(), user.email
    changed = {name: value for name, value in wanted.items() if name == "removed" or mention.get(name) != value}
    if not changed:
        return 0
    corrections = [
        Correction(one["feedback_id"], name, value, author, now, int(one["start"]), int(one["end"]), int(one["mention_no"]))
        for one in (mention, *alike[:_MOST_ALIKE])
        for name, value in changed.items()
    ]
    with facts_write() as store, state_write():
        record(
            "voice.corrected",
            mention["feedback_id"],
            actor=user,
            object_type="feedback",
            before={name: mention.get(name) for name in changed if name != "removed"},
            after={**changed, "alike": len(alike[:_MOST_ALIKE])},
        )
        store.correct(corrections)
    return 1 + len(alike[:_MOST_ALIKE])


def voices_tag(user: Any, feedback_ids: Sequence[str], name: str, off: bool = False) -> int:
    """Put a tag on voices, or take it off; gives how many. It stays through every later reading."""
    name, now = name.strip()[:40], timezone.now()
    with facts_write() as store, state_write():
        if not off:
            Tag.objects.get_or_create(name=name)
        record("voices.untagged" if off else "voices.tagged", name, actor=user, object_type="tag", after={"found": len(feedback_ids)})
        for at in range(0, len(feedback_ids), _MOST_ALIKE):
            store.correct([Correction(one, TAG + name, not off, user.email, now) for one in feedback_ids[at : at + _MOST_ALIKE]])
    return len(feedback_ids)


def view_save(user: Any, name: str, query: str, shared: bool = False) -> SavedView:
    """Keep a view under a name; the same name again replaces it."""
    with state_write():
        view, _made = SavedView.objects.update_or_create(owner=user, name=name, defaults={"query": query, "shared": shared})
        record("view.saved", view, actor=user, after={"query": query, "shared": shared})
    return view


def view_delete(user: Any, view: SavedView) -> None:
    """Forget a view of one's own."""
    with state_write():
        record("view.deleted", view, actor=user, before={"query": view.query})
        view.delete()
