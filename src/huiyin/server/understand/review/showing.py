"""An opinion put before a person with its voice, and the next one in her queue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.understand.explorer import names
from huiyin.server.understand.explorer.marks import Piece, pieces
from huiyin.server.understand.explorer.selectors import Voice, voice_of
from huiyin.server.understand.review.models import ReviewItem
from huiyin.server.understand.review.services import item_gone, next_item, skip


@dataclass(frozen=True, slots=True)
class Shown:
    """An opinion as it is put before a person."""

    item: ReviewItem
    voice: Voice
    pieces: list[Piece]
    said: str

    @property
    def aspect_name(self) -> str:
        """What the machine read."""
        return names.aspect_name(self.item.read_aspect)

    @property
    def reasons(self) -> list[str]:
        """Why it was thought unsure, in words."""
        words = {"confidence": _("把握不高"), "document": _("与整条的情感相反"), "score": _("与评分相反"), "aspect": _("这个主题标注还少")}
        return [words[one] for one in self.item.reasons if one in words]


def shown(item: ReviewItem, user: Any) -> Shown | None:
    """The opinion with its voice; None where it is gone, changed, or beyond what the person may see."""
    voice = voice_of(item.feedback_id, scope_filter(user))
    if voice is None or not 0 <= item.start < item.end <= len(voice.fields["text"] or ""):
        return None
    mark = {"start": item.start, "end": item.end, "polarity": item.read_polarity, "intensity": 0.5}
    return Shown(item, voice, pieces(voice.fields["text"], [mark]), voice.fields["text"][item.start : item.end])


def next_shown(user: Any) -> Shown | None:
    """The next opinion for a person with its voice; None where nothing is to be checked. What is gone, or beyond what she may see, is passed."""
    while item := next_item(user):
        seen = shown(item, user)
        if seen is not None:
            return seen
        if voice_of(item.feedback_id, scope_filter(user)) is None and scope_filter(user).to_query():
            # Beyond what this person may see: it is for others.
            skip(user, item)
        else:
            item_gone(item)
    return None
