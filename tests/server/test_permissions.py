"""Every address × every role × every method, and every address of the REST interface × keys with and without the right."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.server.permission_table import ANONYMOUS, ANYONE, Line
from tests.server.world import World, signed_in

from huiyin.server.foundation.people.rights import KEY_SCOPES, RIGHTS
from huiyin.server.foundation.people.roles import LABELS
from huiyin.server.foundation.people.services.keys import key_make

TABLES = [import_module(f"tests.{file.parent.name}.permission_table") for file in sorted(Path(__file__).parents[1].glob("*/permission_table.py"))]
TABLE: dict[str, Line] = {name: line for table in TABLES for name, line in table.TABLE.items()}
KEY_TABLE: dict[str, str] = {name: right for table in TABLES for name, right in table.KEY_TABLE.items()}

METHODS = ("get", "post", "put", "patch", "delete")
SIGN_IN = "/sign-in/"


def patterns(resolver: Any, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one, f"{namespace}{one.namespace}:" if one.namespace else namespace)
        else:
            yield f"{namespace}{one.name or one.pattern}", one


NAMES = sorted({name for name, _ in patterns(get_resolver())})


def test_every_address_is_listed_and_nothing_else() -> None:
    assert [name for name in NAMES if name not in TABLE] == [], "add a line to the permission_table.py of the app"
    assert [name for name in TABLE if name not in NAMES] == []
    assert len(TABLE) == sum(len(table.TABLE) for table in TABLES), "an address is listed twice"
    assert sorted(KEY_TABLE) == [name for name in NAMES if name.startswith("api:") and name != "api:api-root"]


def test_every_view_of_ours_states_its_right() -> None:
    silent = []
    for name, pattern in patterns(get_resolver()):
        view = pattern.callback
        if view.__module__.startswith("huiyin.server.") and not hasattr(view, "needs_right") and not name.startswith("api:"):
            silent.append(name)
        elif getattr(view, "needs_right", None):
            assert view.needs_right in RIGHTS, name
    assert silent == []


def test_the_table_of_rights_knows_only_known_roles() -> None:
    assert {role for roles in RIGHTS.values() for role in roles} <= set(LABELS)
    assert set(KEY_SCOPES) <= set(RIGHTS)


def prepared(world: World) -> World:
    """The company with everything that the tables' addresses name."""
    for table in TABLES:
        if hasattr(table, "prepare"):
            table.prepare(world)
    return world


@pytest.fixture
def world(world: World) -> World:
    return prepared(world)


@pytest.fixture
def clients(world: World) -> dict[str, Client]:
    return {ANONYMOUS: Client()} | {role: signed_in(user) for role, user in world.people.items()}


def outcome(client: Client, method: str, url: str, **more: Any) -> str:
    """`in`, `out` or `no such method`; whatever was changed is taken back."""
    with transaction.atomic():
        answer = getattr(client, method)(url, **more)
        transaction.set_rollback(True)
    assert answer.status_code < 500, f"{method} {url}: {answer.status_code}"
    if answer.status_code == 405:
        return "no such method"
    shut = answer.status_code in (401, 403) or (
        answer.status_code == 302 and answer.url.split("?")[0] == SIGN_IN and url not in (SIGN_IN, "/sign-out/")
    )
    return "out" if shut else "in"


@pytest.mark.parametrize("name", NAMES)
def test_the_door_of(name: str, world: World, clients: dict[str, Client]) -> None:
    line = TABLE[name]
    url = reverse(name, args=line.args(world))
    wrong = []
    for role, client in clients.items():
        cache.clear()
        cookies = {key: morsel.value for key, morsel in client.cookies.items()}
        for method in METHODS:
            allowed = {"get": line.get, "post": line.post}.get(method, line.get | line.post)
            found = outcome(client, method, url)
            if method in ("get", "post"):
                expected = {"in"} if role in allowed else {"out", "no such method"}
            else:
                expected = {"in", "out", "no such method"} if role in allowed else {"out", "no such method"}
            if found not in expected:
                wrong.append(f"{method.upper()} {url} as {role}: {found}")
            client.cookies.clear()
            client.cookies.load(cookies)
    assert wrong == []


def test_nobody_is_let_in_by_an_address_that_everybody_may_open(world: World) -> None:
    """An open address must not leave a stranger signed in."""
    for name in NAMES:
        if (TABLE[name].get | TABLE[name].post) >= ANYONE and name != "join":
            client = Client()
            url = reverse(name, args=TABLE[name].args(world))
            with transaction.atomic():
                client.get(url)
                client.post(url)
                assert client.get("/people/").status_code == 302, name
                transaction.set_rollback(True)


def outcome_of_key(name: str, url: str, text: str) -> str:
    return outcome(Client(), "get" if TABLE[name].get else "post", url, headers={"Authorization": f"Bearer {text}"})


@pytest.mark.parametrize("name", sorted(KEY_TABLE))
def test_keys_at(name: str, world: World) -> None:
    url = reverse(name, args=TABLE[name].args(world))
    right = KEY_TABLE[name]
    if right and right not in KEY_SCOPES:
        mightiest = [one for one in KEY_SCOPES if world.administrator.has_perm(one)]
        assert outcome_of_key(name, url, key_make(world.administrator, name="all", scopes=mightiest)[1]) == "out"
        return
    other = next(one for one in KEY_SCOPES if one != right)
    owner = next(user for user in (world.administrator, *world.people.values()) if user.has_perm(right or "people.read"))
    _, with_it = key_make(owner, name="with", scopes=[right or "people.read"])
    assert outcome_of_key(name, url, with_it) == "in"
    assert outcome_of_key(name, url, "hy_made-up") == "out"
    if right:
        holder = next(user for user in world.people.values() if user.has_perm(other))
        _, without = key_make(holder, name="without", scopes=[other])
        assert outcome_of_key(name, url, without) == "out"
