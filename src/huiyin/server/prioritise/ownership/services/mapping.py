"""Writes of the map of responsibility."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.server.foundation.audit.services import record, record_change
from huiyin.server.foundation.live.events import publish
from huiyin.server.foundation.people.models import Team, User
from huiyin.server.foundation.people.rights import may
from huiyin.server.foundation.people.services.errors import Refused
from huiyin.server.foundation.writing import state_write
from huiyin.server.prioritise.ownership.models import Arbitration, Responsibility
from huiyin.server.understand.taxonomy.selectors import tree_in_force
from huiyin.server.understand.taxonomy.tree import NoSuchNode


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line as somebody wants it."""

    node: str
    team: Team
    product: str = ""
    region: str = ""
    deputy: Team | None = None
    person: User | None = None


def responsibility_set(user: Any, wanted: Wanted) -> Responsibility:
    """Make a team accountable for a node, or for one product or region of it; what stood there before gives way.

    Raises:
        Refused: no right to, no such node, or the deputy is the team itself.
    """
    with state_write():
        _may_manage(user)
        line = _set(user, wanted)
        publish("ownership", {"node": line.node})
        return line


def responsibility_remove(user: Any, line: Responsibility) -> None:
    """Leave a place without a line of its own; what stands above it holds again.

    Raises:
        Refused: no right to.
    """
    with state_write():
        _may_manage(user)
        record("responsibility.removed", line, actor=user, before=_facts(line))
        line.delete()
        publish("ownership", {"node": line.node})


def responsibilities_import(user: Any, lines: Sequence[Wanted], replace: bool = False) -> int:
    """Set many lines at once, all or none; with `replace`, lines that the file does not name go. Gives how many there are in it.

    Raises:
        Refused: as for one.
    """
    with state_write():
        _may_manage(user)
        if replace:
            kept = {(one.node, one.product, one.region) for one in lines}
            for line in Responsibility.objects.all():
                if (line.node, line.product, line.region) not in kept:
                    record("responsibility.removed", line, actor=user, before=_facts(line))
                    line.delete()
        for one in lines:
            _set(user, one)
        record(
            "responsibility.imported", "map", actor=user, object_type="responsibility", object_name=str(_("责任地图")), after={"count": len(lines)}
        )
        publish("ownership", {})
    return len(lines)


def arbitration_set(user: Any, arbiter: User | None, days: int) -> None:
    """Name who settles disputes, and how many days an answer may take.

    Raises:
        Refused: no right to, the person is not active or may not manage ownership, or the days are not 1 … 60.
    """
    with state_write():
        _may_manage(user)
        if not 1 <= days <= 60:
            raise Refused(_("答复期限要在 1 到 60 天之间。"))
        if arbiter is not None and (not arbiter.is_active or not may(arbiter.role_names, "ownership.manage")):
            raise Refused(_("裁定人要在职，并且能管责任地图。"))
        setting = Arbitration.objects.get_or_create()[0]
        before = {"arbiter": str(setting.arbiter or ""), "answer_days": setting.answer_days}
        setting.arbiter, setting.answer_days = arbiter, days
        setting.save()
        record_change("arbitration.changed", setting, actor=user, before=before, after={"arbiter": str(arbiter or ""), "answer_days": days})
        publish("ownership", {})


def _set(user: Any, wanted: Wanted) -> Responsibility:
    tree = tree_in_force()
    try:
        node = tree.get(wanted.node)
    except NoSuchNode:
        raise Refused(_("标签体系里没有这个主题。")) from None
    if wanted.deputy is not None and wanted.deputy.pk == wanted.team.pk:
        raise Refused(_("后备小组不能就是责任小组自己。"))
    product, region = wanted.product.strip()[:200], wanted.region.strip()[:200]
    line = Responsibility.objects.filter(node=node.id, product=product, region=region).first()
    before = _facts(line) if line else {}
    if line is None:
        line = Responsibility(node=node.id, product=product, region=region, since=timezone.now())
    elif line.team_id != wanted.team.pk:
        line.since = timezone.now()
    line.path = tree.paths()[node.id]
    line.team, line.deputy, line.person, line.by = wanted.team, wanted.deputy, wanted.person, user if getattr(user, "pk", None) else None
    line.save()
    record_change("responsibility.set", line, actor=user, before=before, after=_facts(line))
    return line


def _facts(line: Responsibility) -> dict[str, Any]:
    told = {"node": line.path, "product": line.product, "region": line.region, "team": line.team.name}
    return {**told, "deputy": str(line.deputy or ""), "person": str(line.person or "")}


def _may_manage(user: Any) -> None:
    if not may(user.role_names, "ownership.manage"):
        raise Refused(_("只有客户体验负责人和管理员能改责任地图。"))
