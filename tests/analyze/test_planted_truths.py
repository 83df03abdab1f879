"""What `simulate` planted stands in the report's numbers; what it left alone stays silent.

The reader finds about two thirds of what was said, so counts are compared in order of size and shares, changes and places with
tolerance. How well it reads is measured elsewhere, on texts that people wrote.
"""

from datetime import date

import pytest

from huiyin.analyze import analyze
from huiyin.simulate import write_csv

STEADY = ("price/value", "battery/life", "hardware/noise", "service/attitude", "delivery/packaging", "service/refund", "ordering/address")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("company")
    truth = write_csv(folder / "company.csv", rows=20000)
    return truth, analyze([folder / "company.csv"], folder / "out").findings


def problem(findings, path):
    return next(one for one in findings.problems if one.aspect == path)


def weeks_between(first: str, second: date) -> float:
    return abs((date.fromisoformat(first) - second).days) / 7


def week_start(truth, number: int) -> date:
    """Monday of the week in which a planted effect begins."""
    start = truth.start if isinstance(truth.start, date) else date.fromisoformat(truth.start)
    return date.fromordinal(start.toordinal() + 7 * (number - 1))


def test_the_columns_and_the_pack_are_found(world):
    _, findings = world
    assert findings.taxonomy.startswith("consumer_electronics@")
    assert findings.volume.customers_known
    assert findings.score.metric == "nps"


def test_the_defect_is_found_with_its_week_and_its_product(world):
    truth, findings = world
    found = problem(findings, "software/update")
    assert found.trend.verdict == "up"
    assert weeks_between(found.trend.since, week_start(truth, 37)) <= 2
    product = next(one for one in found.concentrations if one.dimension == "product")
    assert product.top.share.value > 2 * product.top.expected


def test_the_fix_that_works_is_found(world):
    truth, findings = world
    found = problem(findings, "delivery/delay")
    assert found.trend.verdict == "down"
    assert weeks_between(found.trend.since, week_start(truth, 30)) <= 2
    assert found.trend.ratio.low - 0.12 <= 0.35 <= found.trend.ratio.high + 0.05


def test_the_fix_that_moves_the_complaint_shows_both_sides(world):
    truth, findings = world
    down, up = problem(findings, "service/hotline_queue").trend, problem(findings, "service/bot").trend
    assert (down.verdict, up.verdict) == ("down", "up")
    assert weeks_between(down.since, week_start(truth, 26)) <= 2
    assert weeks_between(up.since, week_start(truth, 26)) <= 2


def test_nothing_else_is_said_to_have_changed(world):
    _, findings = world
    planted = {"software/update", "delivery/delay", "service/hotline_queue", "service/bot"}
    changed = {problem.aspect for problem in findings.problems if problem.trend.verdict in ("up", "down")}
    assert changed == planted
    assert {one.problem_id for one in findings.changes} == {one.problem_id for one in findings.problems if one.aspect in planted}
    for path in STEADY:
        assert problem(findings, path).trend.verdict == "flat"


def test_seven_tenths_of_the_ordering_flow_are_one_step(world):
    _, findings = world
    flow = next(one for one in findings.steps if one.theme_path == "ordering")
    assert flow.top.name.zh == "地址选择与编辑"
    assert flow.top.share.value == pytest.approx(0.7, abs=0.09)
    assert flow.p_value < 1e-6


def test_the_quiet_problem_hurts_most_and_the_loud_one_hardly(world):
    _, findings = world
    quiet, loud = problem(findings, "safety/overheat"), problem(findings, "delivery/packaging")
    assert quiet.rank_by["harm"] <= 2
    assert quiet.customers < loud.customers / 8
    assert quiet.harm.value > 3
    assert abs(loud.harm.value) < 0.5
    assert quiet.rank < loud.rank
    assert loud.rank_by["frequency"] == 1


def test_the_dangerous_product_is_named(world):
    _, findings = world
    product = next(one for one in problem(findings, "safety/overheat").concentrations if one.dimension == "product")
    assert product.top.share.value == pytest.approx(0.8, abs=0.12)


def test_the_slow_region_is_named(world):
    truth, findings = world
    region = next(one for one in problem(findings, "service/repair_time").concentrations if one.dimension == "region")
    assert region.top.share.value > 1.6 * region.top.expected


def test_what_is_praised_most_leads_the_praise(world):
    _, findings = world
    assert findings.praised[0].aspect == "battery/life"


def test_twenty_voices_stand_behind_each_of_the_first_five(world):
    _, findings = world
    for one in findings.problems[:5]:
        assert len({quote.customer for quote in one.evidence}) >= 20
