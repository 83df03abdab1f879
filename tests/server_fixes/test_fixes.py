"""A fix that was planted to work is told to work, one that only moves the complaints is told to move them, and one without effect is not praised."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pyarrow as pa
import pytest

from huiyin.facts import Filter
from huiyin.insight.analysis import problem_id
from huiyin.server.prioritise.fixes.models import Fix
from huiyin.server.prioritise.fixes.selectors import fixes_of, judged, relapses
from huiyin.server.prioritise.fixes.services import FixRefused, fix_make
from huiyin.server.prioritise.problems.register import register
from huiyin.server.prioritise.problems.services import problem_merge
from huiyin.server.understand.reading.facts import facts_store
from tests.server.world import person

pytestmark = pytest.mark.django_db


def put(truth, effect, name="改动"):
    planted = truth.effects[effect]
    return fix_make(person("cx_lead"), problem_id(planted.path), name, planted.starts)


def test_what_was_planted_to_work_works(company):
    put(company, "fix_that_works")
    (found,) = judged(Filter())
    assert found.judgement.verdict == "worked"
    value, low, high = found.change
    assert low < value < high < 0


def test_complaints_that_moved_are_not_called_solved(company):
    fix = put(company, "fix_that_moves")
    (found,) = fixes_of(fix.problem_id, Filter())
    assert found.judgement.verdict == "moved"
    assert company.effects["fix_that_moves"].moved_to in [one.name for one in found.judgement.displaced]


@pytest.mark.parametrize("effect", ["steady_price", "steady_battery", "steady_noise"])
def test_where_nothing_changed_nothing_is_praised(company, effect):
    fix_make(person("cx_lead"), problem_id(company.effects[effect].path), "什么也没改", company.start + timedelta(weeks=30))
    (found,) = judged(Filter())
    assert found.judgement.verdict in ("not_shown", "cannot_tell")


def test_a_fix_of_last_week_waits(company):
    fix_make(person("cx_lead"), problem_id("delivery/delay"), "新的", company.end - timedelta(days=6))
    (found,) = judged(Filter())
    assert (found.judgement.verdict, found.judgement.reason) == ("cannot_tell", "after_too_short")


def test_a_fix_follows_its_problem_into_another(company):
    fix = put(company, "fix_that_works")
    lead = person("analyst")
    kept = problem_merge(
        lead,
        fix.problem_id,
        problem_id("delivery/courier") if problem_id("delivery/courier") in register().problems else problem_id("delivery/packaging"),
    )
    assert [one.fix for one in fixes_of(kept, Filter())] == [fix]


def test_the_number_behind_the_link_is_that_of_the_explorer(company, browser):
    put(company, "fix_that_works")
    (found,) = judged(Filter())
    from huiyin.insight import records

    count = records.count(facts_store(), Filter.from_query(found.heard)).voices
    page = browser("analyst").get("/api/v1/voices/count?" + found.heard).json()
    assert page["voices"] == count > 0


@pytest.mark.parametrize(
    ("name", "day", "query"),
    [("", date(2026, 6, 1), ""), ("改", date(1999, 1, 1), ""), ("改", date(2026, 6, 1), "aspect=a"), ("改", date(2026, 6, 1), "since=x")],
)
def test_what_cannot_be_judged_is_not_put_on_record(company, name, day, query):
    with pytest.raises(FixRefused):
        fix_make(person("cx_lead"), problem_id("delivery/delay"), name, day, query)
    assert not Fix.objects.exists()


def test_it_is_put_on_record_and_taken_off_on_the_screen(company, browser):
    chosen = problem_id("delivery/delay")
    lead = browser("cx_lead")
    assert lead.post(f"/fixes/of/{chosen}/", {"name": "主动通知", "day": "2026-06-15"}).status_code == 302
    assert "主动通知" in lead.get(f"/problems/{chosen}/").content.decode()
    assert "主动通知" in lead.get("/fixes/").content.decode()
    assert lead.get("/api/v1/fixes").json()[0]["verdict"] == "worked"
    lead.post(f"/fixes/{Fix.objects.get().pk}/remove/")
    assert not Fix.objects.exists()


def test_a_problem_that_comes_back_after_a_fix_is_told_and_is_a_chronic_one(company, browser):
    fix = put(company, "fix_that_works")
    assert relapses(Filter()) == {}
    size, path = 900, company.effects["fix_that_works"].path
    ids = [f"again{number}" for number in range(size)]
    days = [datetime.combine(company.end - timedelta(days=number % 35), time(10), UTC) for number in range(size)]
    said = {"feedback_id": ids, "source": ["x"] * size, "channel": ["hotline"] * size, "occurred_at": days, "received_at": days}
    feedback = {**said, "customer_id": ids, "text": ["又是老样子"] * size}
    mention = {"feedback_id": ids, "mention_no": [0] * size, "start": [0] * size, "end": [5] * size, "aspect": [path] * size}
    facts_store().append(pa.table(feedback), pa.table({**mention, "polarity": pa.array([-1] * size, pa.int8()), "intensity": [0.6] * size}))
    (found,) = judged(Filter())
    assert found.judgement.verdict == "worked"
    assert found.relapsed
    back = relapses(Filter())
    assert list(back) == [fix.problem_id]
    assert fix.day < back[fix.problem_id][0] <= company.end
    assert "改好后复发 1 次" in browser("analyst").get("/problems/?tab=chronic").content.decode()
