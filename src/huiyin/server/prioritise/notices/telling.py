"""Notices are made from audit rows in their own transaction: one is lost with the change it tells of, or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.text import Truncator

from huiyin.insight.problems import Definition
from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.foundation.live.events import publish
from huiyin.server.foundation.people.models import User
from huiyin.server.prioritise.fixes.models import Fix
from huiyin.server.prioritise.notices.models import Choice, Kind, Notice
from huiyin.server.prioritise.ownership.selectors import owners_of
from huiyin.server.prioritise.problems.models import Mention, ProblemComment
from huiyin.server.prioritise.problems.notes import followers_of
from huiyin.server.prioritise.problems.register import name_of, register

TOLD: dict[str, Any] = {
    "problem.commented": Kind.COMMENT,
    "problem.renamed": Kind.STATE,
    "problem.merged": Kind.STATE,
    "problem.unmerged": Kind.STATE,
    "problem.split": Kind.STATE,
    "problem.snoozed": Kind.STATE,
    "problem.woken": Kind.STATE,
    "claim.assigned": Kind.OWNER,
    "claim.accepted": Kind.OWNER,
    "claim.rejected": Kind.OWNER,
    "claim.called": Kind.OWNER,
    "claim.decided": Kind.OWNER,
    "problem.task_made": Kind.TASK,
    "problem.task_moved": Kind.TASK,
    "fix.made": Kind.FIX,
    "fix.removed": Kind.FIX,
    "fix.judged": Kind.VERDICT,
    "problem.snooze_ended": Kind.AWAKE,
}
"""Of which audit rows people are told, and as what."""
_SAID = ("task", "who", "state", "name", "into", "out_of", "parts", "to_team", "team", "person", "until", "due", "reason", "words")
"""What of a change is told, in this order."""
_OWNERS_TOO = (Kind.VERDICT, Kind.AWAKE)
"""What became true by itself: whoever answers for the problem is told, follower or not."""
_LONGEST = 160


def on_audit(sender: Any, instance: AuditEntry, created: bool, **_more: Any) -> None:
    """Tell of an audit row, where it is one that people are told of."""
    if created and instance.verb in TOLD:
        _tell(instance)


def _tell(row: AuditEntry) -> None:
    problem_id = _problem_of(row)
    named: set[int] = set()
    said = _said_of(row)
    if row.verb == "problem.commented":
        comment = ProblemComment.objects.filter(problem_id=problem_id, author_id=row.actor_id).latest("id")
        named = set(Mention.objects.filter(comment=comment).values_list("user_id", flat=True))
        said = comment.text
    kind = TOLD[row.verb]
    refusing = {one.person_id for one in Choice.objects.all() if kind in one.unwanted}
    # The register is asked anew: after a merge the followers of both problems are told.
    one = register().living(problem_id)
    concerned = {*followers_of(one.problem_id), *(_owners(one) if kind in _OWNERS_TOO else ())} - refusing
    people = _readers((concerned | named) - {row.actor_id})
    name = row.object_name if row.object_type == "problem" else name_of(one)
    params, now = {"said": Truncator(said).chars(_LONGEST), **_verdict_of(row)}, timezone.now()
    Notice.objects.bulk_create(
        Notice(
            person=person,
            kind=Kind.NAMED if person.pk in named else kind,
            verb=row.verb,
            actor_id=row.actor_id,
            actor_name=row.actor_name,
            problem_id=problem_id,
            problem_name=name,
            params=params,
            made_at=now,
        )
        for person in people
    )
    for person in people:
        publish(f"notices.{person.pk}")


def _owners(one: Definition) -> set[int]:
    """The person who answers for it; of a team that named none, everybody."""
    owned = owners_of([one])[one.problem_id]
    if not owned.owned:
        return set()
    return {owned.person.pk} if owned.person else set(User.objects.filter(team=owned.team).values_list("pk", flat=True))


def _problem_of(row: AuditEntry) -> str:
    if row.object_type == "problem":
        return row.object_id
    return Fix.objects.values_list("problem_id", flat=True).get(pk=int(row.object_id))


def _verdict_of(row: AuditEntry) -> dict[str, Any]:
    return {"verdict": (row.after or {}).get("verdict")} if row.verb == "fix.judged" else {}


def _said_of(row: AuditEntry) -> str:
    told = row.after or {}
    parts = [told[name] for name in _SAID if told.get(name)]
    if row.object_type == "fix":
        parts.insert(0, row.object_name)
    return " · ".join("、".join(map(str, part)) if isinstance(part, list) else str(part) for part in parts)


def _readers(numbers: Iterable[int]) -> list[User]:
    """Those who may still read problems."""
    return [one for one in User.objects.filter(pk__in=list(numbers), is_active=True) if one.has_perm("problems.read")]
