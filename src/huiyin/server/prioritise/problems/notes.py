"""Reads of what people wrote beside problems: pins, waiting, followers, comments, links, attention."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.utils import timezone

from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.prioritise.problems.models import Mention, ProblemChange, ProblemComment, ProblemFollow, ProblemLink, ProblemNote, ProblemView
from huiyin.server.prioritise.problems.register import register
from huiyin.server.prioritise.problems.services import UNDONE_WITHIN

_LOOKED_BACK = timedelta(days=90)
_COMMENT, _LINK = 3.0, 3.0
"""What a comment and a link weigh against one person who looked on one day."""


def notes_of() -> Mapping[str, ProblemNote]:
    """The notes by living problem; of several that were merged, the one that stayed."""
    known = register()
    return {one.problem_id: one for one in ProblemNote.objects.all() if one.problem_id in known.problems}


def waiting(note: ProblemNote | None) -> bool:
    """Whether a problem waits today. It wakes by itself the day after: that it does is only told by a job."""
    return note is not None and note.snoozed_until is not None and note.snoozed_until >= timezone.localdate()


def former_ids(problem_id: str) -> list[str]:
    """The id and all that lead to it: what was written under them belongs to it."""
    known = register()
    return [problem_id, *(old for old in known.went_into if known.resolve(old) == problem_id)]


def attention() -> dict[str, float]:
    """How much people looked at and said of each problem in the last 90 days."""
    since = timezone.now() - _LOOKED_BACK
    known = register()
    found: defaultdict[str, float] = defaultdict(float)
    counted = (
        (ProblemView.objects.filter(day__gte=since.date()), 1.0),
        (ProblemComment.objects.filter(at__gte=since), _COMMENT),
        (ProblemLink.objects.filter(at__gte=since), _LINK),
    )
    for rows, weight in counted:
        for problem_id, count in rows.order_by().values_list("problem_id").annotate(n=Count("id")):
            try:
                found[known.resolve(problem_id)] += weight * count
            except KeyError:
                continue
    return dict(found)


def comments_of(problem_id: str) -> list[ProblemComment]:
    """What was said of it, oldest first."""
    rows = ProblemComment.objects.filter(problem_id__in=former_ids(problem_id)).select_related("author")
    return list(rows.prefetch_related("mentions__user"))


def links_of(problem_id: str) -> list[ProblemLink]:
    """What belongs to it elsewhere."""
    return list(ProblemLink.objects.filter(problem_id__in=former_ids(problem_id)).select_related("author"))


def merged_lately(problem_id: str) -> list[tuple[str, str]]:
    """(id, name) of the problems that went into this one and may come out again, the latest first."""
    known, since = register(), timezone.now() - UNDONE_WITHIN
    rows = ProblemChange.objects.filter(kind="merge", at__gte=since).order_by("-id")
    inside = [row.problem_id for row in rows if row.problem_id in known.went_into and known.went_into[row.problem_id] == problem_id]
    told = AuditEntry.objects.filter(verb="problem.merged", object_id__in=inside).order_by("id").values_list("object_id", "object_name")
    names = dict(told)
    return [(one, names.get(one, one)) for one in dict.fromkeys(inside)]


def activity_of(problem_id: str, most: int = 30) -> list[AuditEntry]:
    """What was done to it, newest first."""
    rows = AuditEntry.objects.filter(object_type="problem", object_id__in=former_ids(problem_id)).select_related("actor")
    return list(rows.order_by("-id")[:most])


def followers_of(problem_id: str) -> list[int]:
    """Ids of the people who follow it."""
    return list(ProblemFollow.objects.filter(problem_id__in=former_ids(problem_id)).values_list("user_id", flat=True).distinct())


def mentions_of(user: Any) -> list[Mention]:
    """Comments that name the person and that she has not seen."""
    rows = Mention.objects.filter(user=user, seen_at=None).select_related("comment", "comment__author")
    return list(rows.order_by("-id"))
