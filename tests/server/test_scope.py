"""Which rows a person sees."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from tests.server.world import World

from huiyin.facts import Filter
from huiyin.facts.filters import NOTHING
from huiyin.server.foundation.people.models import User
from huiyin.server.foundation.people.scope import NO_ROWS, scope_filter


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_a_store_manager_sees_her_store_and_others_see_everything(world: World) -> None:
    assert scope_filter(world.people["store_manager"]) == Filter(store=("杭州滨江店",))
    for role in ("administrator", "cx_lead", "executive", "everyone"):
        assert scope_filter(world.people[role]).is_everything


def test_what_she_asks_for_outside_her_store_is_empty(world: World) -> None:
    asked = Filter(store=("成都高新店",)) & scope_filter(world.people["store_manager"])
    assert asked.store == (NOTHING,)


def test_it_fails_closed(world: World) -> None:
    manager = world.people["store_manager"]
    User.objects.filter(pk=manager.pk).update(scope={})
    assert scope_filter(fresh(manager)) == NO_ROWS
    assert scope_filter(AnonymousUser()) == NO_ROWS
    User.objects.filter(pk=manager.pk).update(is_active=False)
    assert scope_filter(fresh(manager)) == NO_ROWS
    analyst = world.people["analyst"]
    User.objects.filter(pk=analyst.pk).update(limited_to_team=True)
    assert scope_filter(fresh(analyst)) == NO_ROWS


def test_own_scope_the_teams_and_those_above_narrow_together(world: World) -> None:
    analyst = world.people["analyst"]
    User.objects.filter(pk=analyst.pk).update(limited_to_team=True, team=world.empty_team, scope={"store": ["a"]})
    assert scope_filter(fresh(analyst)) == Filter(store=("a",), product=("S5",), region=("华东",))
