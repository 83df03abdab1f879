"""The audit log: complete, unchanged, readable, and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from tests.server.world import World

from huiyin.server.foundation.audit.guards import TABLE, drop_guards, make_guards
from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.foundation.audit.selectors import first_broken
from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.people.models import Team
from huiyin.server.foundation.people.services.errors import Refused
from huiyin.server.foundation.people.services.teams import team_change, team_make
from huiyin.server.foundation.people.services.unmasking import unmasking_record


def run(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_a_change_leaves_a_row_with_before_and_after(world: World) -> None:
    team_change(world.team, actor=world.administrator, name="交付", parent=None, scope={"region": ["华东"]})
    entry = AuditEntry.objects.first()
    assert (entry.verb, entry.actor, entry.before, entry.after) == ("team.changed", world.administrator, {"name": "交付履约"}, {"name": "交付"})


def test_saving_without_a_change_leaves_none(world: World) -> None:
    count = AuditEntry.objects.count()
    team_change(world.team, actor=world.administrator, name="交付履约", parent=None, scope={"region": ["华东"]})
    assert AuditEntry.objects.count() == count


def test_a_refused_change_leaves_none_and_changes_nothing(world: World) -> None:
    count = AuditEntry.objects.count()
    with pytest.raises(Refused):
        team_make(actor=world.administrator, name="交付履约", parent=None, scope={})
    assert AuditEntry.objects.count() == count
    assert Team.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_no_row_is_written_outside_the_transaction_of_its_change() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        record("team.made", "1", object_type="team")


@pytest.mark.parametrize(
    "harm",
    [
        f"UPDATE {TABLE} SET actor_name = '别人' WHERE id = %s",
        f"UPDATE {TABLE} SET after = '{{}}' WHERE id = %s",
        f"DELETE FROM {TABLE} WHERE id = %s",
    ],
)
def test_whoever_changes_or_removes_a_row_behind_our_back_is_found_out(world: World, harm: str) -> None:
    assert first_broken() is None
    rows = list(AuditEntry.objects.order_by("id").values_list("id", flat=True))
    run(harm, rows[1])
    broken = first_broken()
    assert broken
    assert broken.pk in rows[1:3]


def test_the_database_itself_refuses(world: World) -> None:
    with connection.schema_editor() if connection.vendor == "postgresql" else _editor() as editor:
        make_guards(editor)
    try:
        for harm in (f"UPDATE {TABLE} SET verb = 'x'", f"DELETE FROM {TABLE}"):
            with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
                run(harm)
    finally:
        with _editor() as editor:
            drop_guards(editor)
    with pytest.raises(TypeError):
        AuditEntry.objects.all().delete()


class _editor:  # noqa: N801
    """Runs schema statements within the test's transaction, which SQLite's own editor refuses."""

    connection = connection

    def __enter__(self) -> _editor:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def execute(self, sql: str) -> None:
        run(sql)


def test_unmasking_needs_the_right_and_is_recorded_first(world: World) -> None:
    unmasking_record(world.people["service_agent"], feedback_id="f-1", fields=["phone"], reason="回访")
    entry = AuditEntry.objects.first()
    assert (entry.verb, entry.object_id, entry.after) == ("voice.unmasked", "f-1", {"fields": ["phone"], "reason": "回访"})
    for role in ("everyone", "administrator", "analyst"):
        with pytest.raises(PermissionDenied):
            unmasking_record(world.people[role], feedback_id="f-1", fields=["phone"])


def test_the_screen_finds_by_words_kind_and_day(world: World, client: Client) -> None:
    client.force_login(world.administrator)
    assert "交付履约" in client.get("/audit/?words=交付").content.decode()
    assert "交付履约" not in client.get("/audit/?kind=key").content.decode()
    assert "没有符合的记录" in client.get("/audit/?until=2020-01-01").content.decode()
    assert "没有改动过的痕迹" in client.get("/audit/?verify=1").content.decode()
    part = client.get("/audit/?words=交付", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "交付履约" in part


def test_the_file_opens_without_running_anything_and_taking_it_is_recorded(world: World, client: Client) -> None:
    team_make(actor=world.administrator, name='=HYPERLINK("http://evil")', parent=None, scope={})
    client.force_login(world.administrator)
    text = b"".join(client.get("/audit/export/").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert any(row["object_name"] == '\'=HYPERLINK("http://evil")' for row in rows)
    assert not any(cell.startswith(("=", "@", "+")) for row in rows for cell in row.values())
    assert AuditEntry.objects.first().verb == "audit.exported"


def test_a_row_knows_address_and_request(world: World, client: Client) -> None:
    client.force_login(world.administrator)
    answer = client.post("/people/teams/new/", {"name": "售后"}, REMOTE_ADDR="10.1.2.3")
    entry = AuditEntry.objects.first()
    assert (entry.ip, entry.request_id) == ("10.1.2.3", answer.headers["X-Request-Id"])
