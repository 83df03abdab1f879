"""The charts and tables of a problem's page are taken along whole, as they are seen; who takes them is recorded."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO

import pytest

from huiyin.insight.analysis import problem_id
from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.prioritise.fixes.services import fix_make
from huiyin.server.prioritise.problems.services import problem_rename
from huiyin.server.prioritise.problems.tables import DRAWN, PARTS
from tests.server.world import person
from tests.server_problems.test_list import heard_behind

pytestmark = pytest.mark.django_db


@pytest.fixture
def one(company):
    return problem_id(next(each for each in company.effects.values() if each.kind == "concentration").path)


def taken(client, one, part, query="?period=all"):
    answer = client.get(f"/problems/{one}/table/{part}/{query}")
    assert answer.status_code == 200
    return list(csv.reader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_what_is_drawn_is_in_the_file_and_more(one, client):
    client.force_login(person("cx_lead"))
    seen = next(told for told in client.get(f"/problems/{one}/?period=all").context if "pareto" in told)
    steps = taken(client, one, "steps")[1:]
    drawn = [(bar.line.name, str(bar.line.customers)) for bar in seen["pareto"].bars]
    assert [tuple(row[:2]) for row in steps][: len(drawn)] == drawn
    assert len(steps) == len(drawn) + seen["steps"].rest + bool(seen["pareto"].nowhere)
    weeks = taken(client, one, "trend")[1:]
    assert [row[0] for row in weeks] == [week.start for week in seen["trend"].weeks]
    assert [int(row[1]) for row in weeks][-3:] == [row[1] for row in seen["trend_chart"].rows[:3]][::-1]
    conditions = taken(client, one, "conditions")[1:]
    assert [row[:2] for row in conditions][: len(seen["conditions"])] == [[each.label, each.value] for each in seen["conditions"]]
    measures = taken(client, one, "measures")
    assert [float(cell) for cell in measures[1][1:4]] == pytest.approx(
        [seen["row"].frequency.value, seen["row"].frequency.low, seen["row"].frequency.high]
    )
    assert taken(client, one, "ranks")[1:] == []


def test_filters_in_a_file_hear_what_stands_beside_them(one, client):
    user = person("cx_lead")
    client.force_login(user)
    for part, column in (("steps", 1), ("segments", 2)):
        rows = [row for row in taken(client, one, part)[1:] if row[-1]]
        assert rows
        for row in rows:
            assert heard_behind(row[-1], user).customers == int(row[column]), (part, row)
    for row in taken(client, one, "conditions")[1:]:
        assert heard_behind(row[-1], user).voices == int(row[4])


def test_a_fix_is_taken_week_by_week(one, client):
    user = person("cx_lead")
    client.force_login(user)
    fix = fix_make(user, one, '=HYPERLINK("http://example.com")', date(2026, 6, 1))
    rows = taken(client, one, "fixes")[1:]
    assert len(rows) > 4
    assert {row[0] for row in rows} == {"'" + fix.name}


@pytest.mark.parametrize("part", PARTS)
def test_taking_is_recorded_and_asks_for_the_right(one, client, part):
    user = person("cx_lead")
    client.force_login(user)
    problem_rename(user, one, "@SUM(1)")
    head, *_rows = taken(client, one, part)
    said = client.get(f"/api/v1/problems/{one}/tables/{part}?period=all")
    assert said.json()["head"] == head
    entries = AuditEntry.objects.filter(verb="problem.exported", object_id=one)
    assert [entry.object_name for entry in entries] == [f"@SUM(1) · {said.json()['title']}"] * 2
    drawn = client.post(f"/problems/{one}/picture/{part}/")
    assert drawn.status_code == (204 if part in DRAWN else 404)
    assert entries.all().count() == 2 + (part in DRAWN)
    client.force_login(person("service_agent"))
    assert client.get(f"/problems/{one}/table/{part}/").status_code == 403
    assert "data-picture" not in client.get(f"/problems/{one}/?period=all").content.decode()
    assert entries.all().count() == 2 + (part in DRAWN)


def test_a_part_that_is_none_is_not_found(one, client):
    client.force_login(person("cx_lead"))
    assert client.get(f"/problems/{one}/table/everything/").status_code == 404
    assert client.get("/problems/P-000000/table/trend/").status_code == 404
