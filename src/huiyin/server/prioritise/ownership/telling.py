"""What the problem list and the definition card are told of ownership."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.insight.problems import Definition
from huiyin.server.prioritise.ownership import chain, selectors
from huiyin.server.prioritise.ownership.models import Claim


@dataclass(frozen=True, slots=True)
class Owned:
    """Who answers for a problem, in words; `state` is empty where nothing is open."""

    team: str = ""
    person: str = ""
    accepted: bool = False
    days_without: int | None = None
    """Days for which nobody has answered for it; None where that is not known."""
    state: str = ""
    promise: str = ""

    @property
    def anybody(self) -> bool:
        """Whether there is somebody."""
        return bool(self.team or self.person)


def owning(problems: Sequence[Definition]) -> Mapping[str, Owned]:
    """Whose each problem is, as the list and the card show it. What is disputed or at the arbiter belongs to nobody yet."""
    owners = selectors.owners_of(problems)
    return {one.problem_id: _told(owners[one.problem_id]) for one in problems}


def _told(owned: selectors.Owned) -> Owned:
    if not owned.owned:
        rejected = next((step for step in owned.steps if step.kind == Claim.Kind.REJECTED), None)
        days = chain.days_between(rejected.at, timezone.now()) if rejected else None
        return Owned(days_without=days, state=_state(owned))
    return Owned(str(owned.team), str(owned.person or ""), owned.accepted, state=_state(owned), promise=_promise(owned))


def _state(owned: selectors.Owned) -> str:
    words = {chain.DISPUTED: _("由他处转来"), chain.AT_ARBITER: _("等裁定"), chain.DECIDED: _("已裁定，等认领")}
    return words.get(owned.state, "")


def _promise(owned: selectors.Owned) -> str:
    if not owned.accepted or owned.accepted_at is None or owned.due is None:
        return ""
    told = {"day": f"{timezone.localtime(owned.accepted_at):%Y-%m-%d}", "target": owned.target, "due": f"{owned.due:%Y-%m-%d}"}
    return _("%(day)s 接受：%(target)s，期限 %(due)s") % told
