"""Changing teams."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from huiyin.server.foundation.audit.services import record, record_change
from huiyin.server.foundation.people.models import Team, User
from huiyin.server.foundation.people.scope import tidy
from huiyin.server.foundation.people.services.errors import Refused
from huiyin.server.foundation.writing import state_write


def team_make(*, actor: User, name: str, parent: Team | None, scope: Mapping[str, Any]) -> Team:
    """A new team."""
    with state_write():
        _name_is_free(name, None)
        team = Team.objects.create(name=name.strip(), parent=parent, scope=tidy(scope))
        record("team.made", team, actor=actor, after=_facts(team))
        return team


def team_change(team: Team, *, actor: User, name: str, parent: Team | None, scope: Mapping[str, Any]) -> None:
    """New name, place in the tree and scope."""
    with state_write():
        team = Team.objects.get(pk=team.pk)
        _name_is_free(name, team)
        if parent is not None and team in parent.line():
            raise Refused(_("不能把团队放到它自己下面。"))
        before = _facts(team)
        team.name, team.parent, team.scope = name.strip(), parent, tidy(scope)
        team.save()
        record_change("team.changed", team, actor=actor, before=before, after=_facts(team))


def team_remove(team: Team, *, actor: User) -> None:
    """An empty team goes away.

    Raises:
        Refused: people or teams still stand under it.
    """
    with state_write():
        if team.members.exists() or team.children.exists():
            raise Refused(_("「%(team)s」下面还有人或团队，先移走。") % {"team": team.name})
        record("team.removed", team, actor=actor, before=_facts(team))
        team.delete()


def _name_is_free(name: str, mine: Team | None) -> None:
    same = Team.objects.filter(name=name.strip())
    if mine:
        same = same.exclude(pk=mine.pk)
    if same.exists():
        raise Refused(_("已有同名团队「%(team)s」。") % {"team": name.strip()})


def _facts(team: Team) -> dict[str, Any]:
    return {"name": team.name, "parent": team.parent.name if team.parent else None, "scope": team.scope}
