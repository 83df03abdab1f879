"""Notices: rows of the audit about problems a person follows, since she follows them, by others than herself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.foundation.audit.words import VERBS
from huiyin.server.prioritise.notices.models import NoticeSettings
from huiyin.server.prioritise.problems.models import ProblemFollow
from huiyin.server.prioritise.problems.notes import former_ids
from huiyin.server.prioritise.problems.register import name_of, register

MOST = 100
"""Notices shown and counted; who has more unread is not helped by the number."""

KINDS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "comments": (_("有人评论"), ("problem.commented",)),
    "owner": (_("负责的变化：指派、认领、退回、裁定"), ("claim.assigned", "claim.accepted", "claim.rejected", "claim.called", "claim.decided")),
    "shape": (_("合并、拆分、改名、改定义"), ("problem.merged", "problem.unmerged", "problem.split", "problem.renamed", "problem.defined")),
    "tasks": (_("转为任务、任务的进展"), ("problem.task_made", "problem.task_moved")),
    "waiting": (_("暂不看、回到清单"), ("problem.snoozed", "problem.woken")),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing somebody did with a followed problem."""

    entry: AuditEntry
    verb: Any
    problem_id: str
    problem: str
    unread: bool


def settings_of(user: Any) -> NoticeSettings:
    """The person's settings; the first ones, unsaved, where she never chose."""
    return NoticeSettings.objects.filter(user_id=user.pk).first() or NoticeSettings(user_id=user.pk)


def notices_of(user: Any, only_unread: bool = False) -> list[Notice]:
    """What she is told, newest first, at most `MOST`. A comment that names her is a mention and is not told a second time."""
    since = _followed_since(user)
    if not since:
        return []
    kept, known = settings_of(user), register()
    rows = AuditEntry.objects.filter(
        object_type="problem",
        object_id__in=since,
        verb__in=_verbs(kept.silent),
        at__gte=min(since.values()),
        id__gt=kept.read_to if only_unread else 0,
    )
    found = []
    for entry in rows.exclude(actor_id=user.pk).select_related("actor").order_by("-id")[: MOST * 2]:
        if entry.at < since[entry.object_id] or str(user) in ((entry.after or {}).get("named") or ()):
            continue
        one = known.living(entry.object_id)
        found.append(Notice(entry, VERBS.get(entry.verb, entry.verb), one.problem_id, name_of(one), entry.pk > kept.read_to))
    return found[:MOST]


def _verbs(silent: list[str]) -> list[str]:
    return [verb for key, (_label, verbs) in KINDS.items() if key not in silent for verb in verbs]


def _followed_since(user: Any) -> dict[str, datetime]:
    """By every id, present and former, of a followed problem: since when she follows it."""
    found: dict[str, datetime] = {}
    known = register()
    for follow in ProblemFollow.objects.filter(user_id=user.pk).order_by("-since"):
        try:
            living = known.resolve(follow.problem_id)
        except KeyError:
            continue
        found.update(dict.fromkeys(former_ids(living), follow.since))
    return found
