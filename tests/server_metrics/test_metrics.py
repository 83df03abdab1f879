"""One number everywhere: what the layer says is what the library says, and behind every number stand exactly so many voices."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from huiyin.facts import Filter
from huiyin.insight import metrics as library
from huiyin.insight import records
from huiyin.insight.findings import Estimate
from huiyin.insight.problems import problem_list
from huiyin.server.prioritise.metrics.catalogue import DIMENSIONS, METRICS
from huiyin.server.prioritise.metrics.figures import before_of, broken_down, figure, series
from huiyin.server.prioritise.metrics.telling import card, sentence
from huiyin.server.prioritise.problems.ranking import listing
from huiyin.server.prioritise.problems.register import register
from huiyin.server.understand.reading.facts import facts_store

pytestmark = pytest.mark.django_db
LAST = date(2026, 11, 22)
QUARTER = Filter(since=LAST - timedelta(days=89), until=LAST)
FILTERS = (Filter(), QUARTER, Filter(product=("栖川智能门锁 L2",)), QUARTER & Filter(region=("华东",)) & Filter(store=("",)))


def counted(mark) -> int:
    behind = records.count(facts_store(), mark.where)
    return {"voices": behind.voices, "customers": behind.customers, "opinions": behind.opinions}[mark.unit]


def marks_of(one):
    return [mark for mark in (one.behind, one.part) if mark is not None]


@pytest.mark.parametrize("key", METRICS)
def test_behind_every_number_stand_as_many_as_it_says(company, key):
    for where in FILTERS:
        found = figure(key, where, compare=True)
        assert found.behind.count == found.value.n
        for mark in marks_of(found):
            assert counted(mark) == mark.count, (key, where.to_query())


@pytest.mark.parametrize("key", METRICS)
def test_points_and_pieces_are_the_numbers_of_their_days_and_values(company, key):
    line = series(key, QUARTER, "month")
    # Of what is counted only whole months stand there: the period begins and ends inside one.
    assert len(line) == (2 if METRICS[key].way == "count" else 4)
    for point in line:
        alone = figure(key, QUARTER & Filter(since=point.start, until=point.end))
        assert (point.figure.value, point.figure.behind) == (alone.value, alone.behind)
        assert all(counted(mark) == mark.count for mark in marks_of(point.figure))
    for piece in broken_down(key, QUARTER, "channel"):
        assert piece.figure.value == figure(key, QUARTER & Filter(channel=(piece.value,))).value
        assert all(counted(mark) == mark.count for mark in marks_of(piece.figure))


def test_scores_are_those_of_the_library(company):
    store = facts_store()
    for where in FILTERS:
        assert figure("nps", where).value == library.measure(store, "nps", where).value
    before = before_of(QUARTER)
    found, told = figure("nps", QUARTER, compare=True), library.difference(store, "nps", before, QUARTER)
    assert (found.change, found.verdict, found.before) == (told.difference, told.verdict, told.before.value)


def test_the_complaint_rate_of_an_aspect_is_the_frequency_of_its_problem(company):
    rows = {row.problem_id: row for row in listing(QUARTER).value.rows}
    assert rows == {row.problem_id: row for row in problem_list(facts_store(), register().definitions, QUARTER).rows}
    first = next(iter(rows.values()))
    aspects = register().problems[first.problem_id].aspects
    found = figure("complaint_rate", QUARTER & Filter(aspect=aspects))
    assert found.part.count == first.customers
    assert [found.value.value, found.value.low, found.value.high] == pytest.approx([first.frequency.value, first.frequency.low, first.frequency.high])


def test_too_few_answers_are_told_and_not_shown(company):
    few = Filter(since=LAST - timedelta(days=60), until=LAST, store=("栖川杭州湖滨店",), product=("栖川智能门锁 L2",), region=("华东",))
    found = figure("nps", few)
    assert 0 < found.value.n < 8
    assert found.reason == "too_few"
    assert found.value == Estimate(None, None, None, found.value.n)
    assert f"n={found.value.n}" in found.why_hidden
    assert figure("csat", Filter()).reason == "no_answers"
    assert figure("churn_rate", QUARTER).reason == "no_operations"


def test_a_planted_rise_is_proven_and_a_quiet_metric_is_not(company):
    halves = [Filter(since=date(2025, 11, 24), until=date(2026, 5, 24)), Filter(since=date(2026, 5, 25), until=LAST)]
    found = figure("negative_share", halves[1], compare=True)
    assert found.verdict in ("up", "down", "flat")
    assert found.change.low <= found.change.value <= found.change.high
    assert (found.verdict == "flat") == (found.good is None)


def test_the_interface_says_the_same(company, browser):
    client = browser("analyst")
    for key in METRICS:
        found = figure(key, QUARTER, compare=True)
        told = client.get(f"/api/v1/metrics/{key}?{QUARTER.to_query()}&compare=true").json()
        assert (told["value"], told["low"], told["high"], told["n"]) == (found.value.value, found.value.low, found.value.high, found.value.n)
        assert told["voices"]["count"] == found.behind.count
        assert told["how"]["definition"] == str(METRICS[key].words)
        points = client.get(f"/api/v1/metrics/{key}/series?{QUARTER.to_query()}&grain=month").json()["points"]
        assert [one["value"] for one in points] == [one.figure.value.value for one in series(key, QUARTER, "month")]
    for dimension in DIMENSIONS:
        values = client.get(f"/api/v1/metrics/voices/by/{dimension}?{QUARTER.to_query()}").json()["values"]
        assert [(one["of"], one["n"]) for one in values] == [(one.value, one.figure.value.n) for one in broken_down("voices", QUARTER, dimension)]


def test_the_interface_refuses_what_is_not_there(company, browser):
    client = browser("analyst")
    assert client.get("/api/v1/metrics/happiness").status_code == 404
    assert client.get("/api/v1/metrics/nps/by/moon").status_code == 404
    assert client.get("/api/v1/metrics/nps?since=yesterday").status_code == 422
    assert client.get("/api/v1/metrics/nps/series?grain=minute").status_code == 422
    assert {one["key"] for one in client.get("/api/v1/metrics").json()["metrics"]} == set(METRICS)


def test_a_store_managers_number_is_that_of_her_store(company, browser):
    from huiyin.server.foundation.people.models import User

    client = browser("store_manager")
    manager = User.objects.get(email="store_manager@example.com")
    manager.scope = {"store": ["栖川杭州湖滨店"]}
    manager.save()
    told = client.get("/api/v1/metrics/voices").json()
    assert told["value"] == records.count(facts_store(), Filter(store=("栖川杭州湖滨店",))).voices


def test_a_number_says_how_it_was_made(company):
    found = figure("negative_share", QUARTER, compare=True)
    made = card(found)
    assert made.until == LAST.isoformat()
    assert str(METRICS["negative_share"].name) in sentence(found)
    assert "2026-11-22" in made.asked


def test_churn_counts_those_who_left_within_ninety_days(company):
    from huiyin.insight.indicators import churned

    store = facts_store()
    spoke = store.query("SELECT customer_id AS c, min(day) AS d FROM voice WHERE customer_id IS NOT NULL GROUP BY 1 ORDER BY 1").to_pylist()
    early = [row for row in spoke if row["d"] <= LAST - timedelta(days=120)]
    gone = [(row["c"], row["d"] + timedelta(days=10)) for row in early[:40]] + [(row["c"], row["d"] + timedelta(days=100)) for row in early[40:60]]
    keep_operations(store, gone)
    cohort = Filter(until=LAST - timedelta(days=120), named=True)
    found = churned(store, cohort)
    assert (found.part, found.value.n) == (40, len(early))
    told = figure("churn_rate", Filter(until=LAST - timedelta(days=30)))
    assert told.value.value == pytest.approx(100 * 40 / len(early))
    assert counted(told.behind) == told.behind.count == len(early)


def keep_operations(store, gone):
    from datetime import UTC, datetime

    import pyarrow as pa

    from huiyin.facts.schema import OPERATION

    rows = [
        {
            "operation_id": f"churn-{at}",
            "source": "test",
            "external_id": str(at),
            "kind": "churn",
            "occurred_at": datetime(day.year, day.month, day.day, 4, tzinfo=UTC),
            "customer_id": customer,
            "attributes": [],
        }
        for at, (customer, day) in enumerate(gone)
    ]
    store.operate(pa.Table.from_pylist(rows, schema=OPERATION))


def test_a_count_is_not_compared_with_days_before_anybody_listened(company):
    year = Filter(since=date(2025, 11, 24), until=LAST)
    found = figure("voices", year, compare=True)
    assert found.before is None
    assert found.verdict == "unknown"
    assert figure("voices", QUARTER, compare=True).before.value > 0
