"""The list: what was planted stands where it should, and every count is the explorer's count behind its link."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.http import QueryDict
from django.utils import timezone

from huiyin.insight.analysis import problem_id
from huiyin.server.prioritise.problems.asked import Asked
from huiyin.server.prioritise.problems.deciding import problem_pin, problem_snooze
from huiyin.server.prioritise.problems.page import behind_of, steps_of
from huiyin.server.prioritise.problems.register import register
from huiyin.server.prioritise.problems.rows import shown
from huiyin.server.understand.explorer.asked import Asked as VoicesAsked
from huiyin.server.understand.explorer.selectors import overview
from tests.server.world import person

pytestmark = pytest.mark.django_db


def asked_of(query, user):
    return Asked.of_query(QueryDict(query), user)


def heard_behind(query, user):
    return overview(VoicesAsked.of_query(QueryDict(query), user)).behind


def test_planted_truths_stand_where_they_should(company):
    user = person("cx_lead")
    lines = shown(asked_of("period=all", user), user).tabs["all"]
    ranks = {line.definition.aspects[0]: line.row.rank for line in lines}
    quiet, loud = company.effects["quiet_high_harm"], company.effects["loud_low_harm"]
    by_frequency = sorted(lines, key=lambda line: -line.row.frequency.value)
    frequent = {line.definition.aspects[0]: at + 1 for at, line in enumerate(by_frequency)}
    # What is rare and hurts stands higher than by its frequency; what is loud and harmless stands lower.
    assert ranks[quiet.path] < frequent[quiet.path]
    assert ranks[loud.path] > frequent[loud.path]


def test_the_concentration_is_found(company):
    user = person("cx_lead")
    planted = (
        company.effects["address_concentration"]
        if "address_concentration" in company.effects
        else next(one for one in company.effects.values() if one.kind == "concentration")
    )
    one = register().problems[problem_id(planted.path)]
    asked = asked_of("period=all", user)
    steps = steps_of(one, asked.within, asked.filter & asked.dates)
    assert steps.headline is not None and steps.headline.here
    assert steps.headline.low <= planted.share <= steps.headline.high
    for line in steps.lines:
        assert heard_behind(line.query, user).customers == line.customers
    assert heard_behind(steps.query, user).customers == steps.found.customers


@pytest.mark.parametrize("query", ["", "period=all", "period=365&region=华东"])
def test_counts_of_the_list_are_those_of_the_explorer(company, query):
    user = person("cx_lead")
    asked = asked_of(query, user)
    lines = shown(asked, user).tabs["all"]
    assert lines
    for line in lines[:12]:
        behind = heard_behind(line.query, user)
        assert behind.customers == line.row.customers
        assert behind == behind_of(line.definition, asked.within)


def test_counts_hold_for_a_person_of_narrow_scope(company):
    from huiyin.server.foundation.people.services.users import user_make
    from tests.server.world import PASSWORD

    user = user_make(email="east@example.com", display_name="华东", password=PASSWORD, roles=["product"], scope={"region": ["华东"]})
    everybody = person("cx_lead")
    asked = asked_of("period=all", user)
    lines = shown(asked, user).tabs["all"]
    whole = {line.row.problem_id: line.row.customers for line in shown(asked_of("period=all", everybody), everybody).tabs["all"]}
    assert all(line.row.customers <= whole[line.row.problem_id] for line in lines)
    assert sum(line.row.customers for line in lines) < sum(whole.values())
    for line in lines[:5]:
        assert heard_behind(line.query, user).customers == line.row.customers


def test_a_snoozed_problem_leaves_the_list_and_wakes_by_itself(company, monkeypatch):
    user = person("cx_lead")
    asked = asked_of("", user)
    first = shown(asked, user).tabs["all"][0].row.problem_id
    problem_snooze(user, first, timezone.localdate() + timedelta(days=2), "等新版本")
    tabs = shown(asked, user).tabs
    assert first not in [line.row.problem_id for line in tabs["all"]]
    assert [line.row.problem_id for line in tabs["snoozed"]] == [first]
    later = timezone.localdate() + timedelta(days=3)
    monkeypatch.setattr("huiyin.server.prioritise.problems.notes.timezone.localdate", lambda: later)
    assert not shown(asked, user).tabs["snoozed"]


def test_a_pinned_problem_stands_on_top_and_keeps_its_rank(company):
    user = person("cx_lead")
    asked = asked_of("", user)
    last = shown(asked, user).tabs["all"][-1]
    problem_pin(user, last.row.problem_id, True)
    top = shown(asked, user).tabs["all"][0]
    assert (top.row.problem_id, top.row.rank) == (last.row.problem_id, last.row.rank)


def test_weights_reorder(company):
    user = person("cx_lead")
    plain = shown(asked_of("period=all&w_intensity=0&w_harm=0", user), user).tabs["all"]
    frequencies = [line.row.frequency.value for line in plain]
    assert frequencies == sorted(frequencies, reverse=True)


def test_the_page_links_what_it_counts(company, client):
    client.force_login(person("cx_lead"))
    page = client.get("/problems/?period=all")
    assert page.status_code == 200
    assert "为什么排第一" in page.content.decode()
    first = page.context["lines"][0]
    problem = client.get(f"/problems/{first.row.problem_id}/?period=all")
    assert problem.status_code == 200
    assert problem.context["behind"].customers == first.row.customers
    assert dict(parse_qsl(urlsplit("?" + problem.context["voices_query"]).query))["polarity"] == "-1"
    quotes = problem.context["quotes"]
    assert len(quotes) >= 20
    assert len({one.quote.customer or one.quote.feedback_id for one in quotes}) == len(quotes)
    strengths = [one.quote.intensity for one in quotes]
    assert strengths == sorted(strengths, reverse=True)


def test_files_hold_what_is_seen(company, client):
    from io import BytesIO

    import openpyxl

    client.force_login(person("cx_lead"))
    seen = [line.row.problem_id for line in client.get("/problems/?period=all").context["lines"]]
    told = b"".join(client.get("/problems/export/csv/?period=all").streaming_content).decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in told[1:]][: len(seen)] == seen
    book = openpyxl.load_workbook(BytesIO(client.get("/problems/export/xlsx/?period=all").content))
    assert [row[0].value for row in book.active.iter_rows(min_row=2)][: len(seen)] == seen


def test_conditions_of_a_problem_are_found_and_heard(company):
    from huiyin.server.prioritise.problems.page import conditions_of

    user = person("cx_lead")
    asked = asked_of("period=all", user)
    planted = company.effects[next(name for name, one in company.effects.items() if one.kind == "regional")]
    found = conditions_of(register().problems[problem_id(planted.path)], asked.within, asked.filter & asked.dates)
    assert planted.region in [one.value for one in found]
    assert all(heard_behind(one.query, user).voices == one.condition.complaining for one in found)


def test_bands_and_named_conditions_of_a_problem_are_heard(facts, client):
    from tests.insight.named_conditions import with_conditions

    user = person("cx_lead")
    client.force_login(user)
    facts.append(*with_conditions("product/quality"))
    page = client.get(f"/problems/{problem_id('product/quality')}/?period=all")
    rows = page.context["conditions"]
    assert {"车速", "conditions.speed", "conditions.season"} <= {one.condition.facet for one in rows}
    text = page.content.decode()
    for one in rows:
        assert one.query.replace("&", "&amp;") in text
        assert heard_behind(one.query, user).voices == one.condition.complaining
        assert client.get(f"/api/v1/voices/count?{one.query}").json()["voices"] == one.condition.complaining
    assert client.get("/api/v1/voices/count?band.conditions.speed=fast").status_code == 422


def test_weeks_of_a_problem_are_the_voices_that_complain(company):
    from huiyin.insight.problems import weekly
    from huiyin.insight.trends import weekly as by_aspect
    from huiyin.server.understand.reading.facts import facts_store

    definitions = register().definitions
    found = weekly(facts_store(), definitions)
    mondays, received, series = by_aspect(facts_store())
    assert list(found.mondays) == mondays
    assert found.received.tolist() == received.tolist()
    for one in definitions:
        if one.problem_id in found.series:
            assert found.series[one.problem_id].tolist() == series[one.aspects[0]].tolist()


def test_wishes_are_heard(company):
    user = person("cx_lead")
    asked = asked_of("period=all", user)
    for wish in shown(asked, user).tabs["wishes"][:5]:
        behind = heard_behind(wish.query, user)
        assert (behind.customers, behind.voices) == (wish.customers, wish.voices)


def test_both_sides_of_a_comparison_are_heard(company, client):
    user = person("cx_lead")
    client.force_login(user)
    first, second = (line.row.problem_id for line in shown(asked_of("period=all", user), user).tabs["all"][:2])
    context = client.get(f"/problems/compare/?period=all&first={first}&second={second}").context
    assert context["found"].ratio.low < context["found"].ratio.value < context["found"].ratio.high
    for side in context["sides"]:
        assert heard_behind(side["query"], user).customers == side["need"].customers


def test_a_plan_stays_within_its_capacity(company, client):
    user = person("cx_lead")
    client.force_login(user)
    lines = shown(asked_of("period=all", user), user).tabs["all"][:3]
    efforts = "&".join(f"effort_{line.row.problem_id}=2" for line in lines)
    plan = client.get(f"/problems/plan/?period=all&capacity=4&{efforts}").context["plan"]
    assert plan.used <= 4
    assert {one.problem_id for one in plan.candidates if one.chosen} == {line.row.problem_id for line in lines[:2]}


def test_the_wall_is_narrowed_by_its_chips(company, client):
    user = person("cx_lead")
    client.force_login(user)
    first = shown(asked_of("period=all", user), user).tabs["all"][0].row.problem_id
    part, _label, values = client.get(f"/problems/{first}/?period=all").context["facets"][0]
    others = "".join(f"&wall_{other}=" for other in ("product", "region", "channel", "segment") if other != part)
    for value, count in values:
        context = client.get(f"/problems/{first}/wall/", {"period": "all", f"wall_{part}": value}).context
        assert context["wall"].customers == count
        assert heard_behind(context["voices_query"], user).customers == count
        assert all(getattr(one.quote, part, value) == value for one in context["quotes"])
    left_empty = client.get(f"/problems/{first}/wall/?period=all&wall_{part}={others}")
    assert left_empty.context["wall"].customers == client.get(f"/problems/{first}/?period=all").context["wall"].customers
