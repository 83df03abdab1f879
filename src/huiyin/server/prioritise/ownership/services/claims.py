"""Steps of a problem between the teams: each adds a row, and none is ever changed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.insight.problems import Definition
from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.live.events import publish
from huiyin.server.foundation.people.models import Team, User
from huiyin.server.foundation.people.rights import may
from huiyin.server.foundation.people.services.errors import Refused
from huiyin.server.foundation.writing import state_write
from huiyin.server.prioritise.ownership import chain
from huiyin.server.prioritise.ownership.models import Arbitration, Claim
from huiyin.server.prioritise.ownership.selectors import Owned, arbiter_now, owner_of
from huiyin.server.prioritise.problems.register import name_of, register


def may_manage(user: Any) -> bool:
    """Whether a person assigns problems."""
    return may(user.role_names, "ownership.manage")


def may_answer(user: Any, team: Team | None) -> bool:
    """Whether a person answers for a team: a member of it or of a team above it."""
    return team is not None and may(user.role_names, "ownership.answer") and user.team_id in {one.pk for one in team.line()}


def claim_assign(user: Any, problem_id: str, team: Team, words: str = "") -> Owned:
    """Give a problem to a team, which has to answer.

    Raises:
        Refused: no right to, no such problem, or it waits for the arbiter.
    """
    with state_write():
        one, owned = _now(problem_id)
        if not may_manage(user):
            raise Refused(_("只有客户体验负责人和管理员能指派。"))
        if owned.state == chain.AT_ARBITER:
            raise Refused(_("这个问题在等裁定人，由裁定人定。"))
        if owned.team == team and owned.source == "claim":
            raise Refused(_("这个问题已经在「%(team)s」。") % {"team": team.name})
        _step(user, one, "assigned", team, words=words.strip())
        return owner_of(one)


def claim_accept(user: Any, problem_id: str, target: str, due: date | None, person: User | None = None) -> Owned:
    """Take a problem on, with a sentence saying what will be reached and a date. What nobody owns goes to the person's own team.

    Raises:
        Refused: it is another team's or the arbiter's, was accepted already, or the sentence or date is missing.
    """
    with state_write():
        one, owned = _now(problem_id)
        team = owned.team if owned.state != chain.UNOWNED else user.team
        if owned.state == chain.AT_ARBITER:
            raise Refused(_("这个问题在等裁定人，由裁定人定。"))
        if not may_answer(user, team):
            raise Refused(_("只有这个小组（或它上级小组）的人能答复。"))
        if owned.accepted:
            raise Refused(_("已经认领过了。"))
        if not target.strip():
            raise Refused(_("写一句要达到什么。"))
        if due is None or due < timezone.localdate():
            raise Refused(_("给一个今天以后的日期。"))
        assert team is not None
        who = person or user
        if person is not None and not (person.is_active and person.team_id in {each.pk for each in team.line()}):
            raise Refused(_("负责人要是这个小组（或它上级小组）的人。"))
        more = {"person": who, "person_name": str(who), "target": target.strip(), "due": due, "since": owned.since}
        _step(user, one, "accepted", team, **more)
        return owner_of(one)


def claim_reject(user: Any, problem_id: str, reason: str, words: str, to_team: Team | None) -> Owned:
    """Say that a problem is another team's, why, and whose. After two hand-offs the arbiter is called.

    Raises:
        Refused: it is not this person's to answer, the reason, the words or the other team is missing, it waits for the arbiter, or
            the arbiter has decided and the reason was given before.
    """
    with state_write():
        one, owned = _now(problem_id)
        if owned.state == chain.AT_ARBITER:
            raise Refused(_("已经转手两次，由裁定人定。"))
        if not may_answer(user, owned.team):
            raise Refused(_("只有这个小组（或它上级小组）的人能答复。"))
        if reason not in Claim.Reason.values or not words.strip():
            raise Refused(_("选一个原因，再写一句为什么。"))
        if to_team is None or to_team == owned.team:
            raise Refused(_("说出你认为归哪个小组。"))
        given = {(row.team_id, row.reason) for row in owned.steps if row.kind == Claim.Kind.REJECTED}
        assert owned.team is not None
        if owned.decided and (owned.team.pk, reason) in given:
            raise Refused(_("裁定过了：要再推翻，得有以前没说过的理由。"))
        told = {"to_team": to_team, "to_name": to_team.name, "reason": reason, "words": words.strip(), "since": owned.since}
        _step(user, one, "rejected", owned.team, **told)
        if owned.decided or chain.since_settled(owner_of(one).steps) >= chain.HAND_OFFS:
            _call(one)
        return owner_of(one)


def claim_decide(user: Any, problem_id: str, team: Team, words: str) -> Owned:
    """The arbiter says whose a problem is, and why.

    Raises:
        Refused: it does not wait for an arbiter, somebody else is the arbiter, or there are no words.
    """
    with state_write():
        one, owned = _now(problem_id)
        if owned.state != chain.AT_ARBITER:
            raise Refused(_("这个问题没有在等裁定。"))
        if owned.arbiter is None or owned.arbiter.pk != user.pk or not may_manage(user):
            raise Refused(_("只有裁定人能定。"))
        if not words.strip():
            raise Refused(_("写一句为什么这样定。"))
        _step(user, one, "decided", team, words=words.strip())
        return owner_of(one)


def _now(problem_id: str) -> tuple[Definition, Owned]:
    """The living problem and whose it is, with nobody else writing claims meanwhile."""
    Arbitration.objects.get_or_create()
    Arbitration.objects.select_for_update().get()
    try:
        one = register().living(problem_id)
    except KeyError:
        raise Refused(_("没有 %(problem)s 这个问题。") % {"problem": problem_id}) from None
    return one, owner_of(one)


def _call(one: Definition) -> None:
    arbiter = arbiter_now()
    _step(None, one, "called", None, person=arbiter, person_name=str(arbiter or ""))


_VERBS = {
    "assigned": "claim.assigned",
    "accepted": "claim.accepted",
    "rejected": "claim.rejected",
    "called": "claim.called",
    "decided": "claim.decided",
}


def _step(user: Any, one: Definition, kind: str, team: Team | None, **told: Any) -> Claim:
    author = user if getattr(user, "pk", None) else None
    row = Claim.objects.create(
        problem_id=one.problem_id,
        kind=kind,
        team=team,
        team_name=team.name if team else "",
        author=author,
        author_name=str(user or ""),
        at=timezone.now(),
        **told,
    )
    after: dict[str, Any] = {"team": row.team_name, "to_team": row.to_name, "person": row.person_name, "target": row.target, "due": row.due}
    after |= {"reason": str(Claim.Reason(row.reason).label) if row.reason else "", "words": row.words}
    told_of = {name: value for name, value in after.items() if value}
    record(_VERBS[row.kind], one.problem_id, actor=user, object_type="problem", object_name=name_of(one), after=told_of)
    publish("ownership", {"problem": one.problem_id})
    return row
