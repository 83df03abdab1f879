"""API keys."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.server.world import World

from huiyin.server.foundation.people.models import RoleGrant
from huiyin.server.foundation.people.services.errors import Refused
from huiyin.server.foundation.people.services.keys import key_make, key_revoke
from huiyin.server.foundation.people.services.users import user_deactivate


def ask(text: str, url: str = "/api/v1/me"):
    return Client().get(url, headers={"Authorization": f"Bearer {text}"})


def test_a_key_speaks_for_its_owner_with_the_rights_it_carries(world: World) -> None:
    answer = ask(world.key_text).json()
    assert answer["email"] == "administrator@example.com"
    assert answer["rights"] == ["people.read"]
    world.key.refresh_from_db()
    assert world.key.last_used_at


def test_no_key_a_wrong_key_and_a_key_on_a_page_are_nobody(world: World) -> None:
    assert Client().get("/api/v1/me").status_code == 401
    assert ask("hy_made-up").status_code == 401
    assert ask(world.key_text, "/people/").status_code == 302


def test_a_wrong_key_does_not_fall_back_on_the_session(world: World, client: Client) -> None:
    client.force_login(world.administrator)
    assert client.get("/api/v1/me", headers={"Authorization": "Bearer hy_x"}).status_code == 401


def test_revoking_and_deactivating_end_it(world: World) -> None:
    key, text = key_make(world.people["analyst"], name="x", scopes=["voices.read"])
    assert ask(text).status_code == 200
    key_revoke(key, actor=world.people["analyst"])
    assert ask(text).status_code == 401
    _, text = key_make(world.people["analyst"], name="y", scopes=["voices.read"])
    user_deactivate(world.people["analyst"], actor=world.administrator)
    assert ask(text).status_code == 401


def test_a_key_never_does_more_than_its_owner_may_now(world: World) -> None:
    with pytest.raises(Refused):
        key_make(world.people["product"], name="x", scopes=["audit.read"])
    with pytest.raises(Refused):
        key_make(world.administrator, name="x", scopes=["people.manage"])
    _, text = key_make(world.people["analyst"], name="x", scopes=["taxonomy.write", "voices.read"])
    assert ask(text).json()["rights"] == ["taxonomy.write", "voices.read"]
    RoleGrant.objects.filter(user=world.people["analyst"]).delete()
    assert ask(text).json()["rights"] == ["voices.read"]


def test_the_text_is_shown_once(world: World, client: Client) -> None:
    client.force_login(world.people["analyst"])
    page = client.post("/me/keys/", {"name": "仓库", "scopes": ["voices.read"]}).content.decode()
    assert "hy_" in page
    again = client.get("/me/").content.decode()
    assert "仓库" in again
    text = page.split('value="hy_')[1].split('"')[0]
    assert text not in again
