"""A past list is shown as it stood; what people made of problems outlives a rebuild of the facts and a moved path."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from huiyin.facts import Filter
from huiyin.insight.analysis import problem_id
from huiyin.server.prioritise.problems import snapshots
from huiyin.server.prioritise.problems.asked import usual
from huiyin.server.prioritise.problems.ranking import listing
from huiyin.server.prioritise.problems.register import name_of, register
from huiyin.server.prioritise.problems.services import problem_merge, problem_rename, problem_split
from huiyin.server.prioritise.problems.splitting import parts_of
from tests.server.world import person

pytestmark = pytest.mark.django_db


def test_replay_is_the_snapshot_of_the_day(company):
    before = listing(usual(Filter())).value
    day = timezone.localdate() - timedelta(days=7)
    assert snapshots.snapshot_take(day) == len(before.rows)
    problem_merge(person("cx_lead"), before.rows[1].problem_id, before.rows[0].problem_id)
    assert len(listing(usual(Filter())).value.rows) == len(before.rows) - 1
    kept = snapshots.list_of(day)
    assert kept.rows == before.rows
    assert (kept.population, kept.scored, kept.weights) == (before.population, before.scored, before.weights)
    moved = snapshots.moves(listing(usual(Filter())).value.rows)
    assert all(one.before is not None for one in moved.values())
    assert any(one.places for one in moved.values())


def test_a_past_day_is_shown(company, client):
    day = timezone.localdate() - timedelta(days=3)
    snapshots.snapshot_take(day)
    client.force_login(person("cx_lead"))
    page = client.get(f"/problems/days/?day={day.isoformat()}")
    assert [row for row, _name, _living in page.context["lines"]] == list(snapshots.list_of(day).rows)
    from huiyin.server.foundation.people.services.users import user_make

    user_make(email="s@example.com", display_name="店", password="clear-water-71", roles=["product"], scope={"region": ["华东"]})
    from huiyin.server.foundation.people.models import User

    client.force_login(User.objects.get(email="s@example.com"))
    assert "lines" not in client.get(f"/problems/days/?day={day.isoformat()}").context


def test_edits_outlive_a_rebuild(company, company_file):
    from huiyin.analyze.importing import import_files
    from huiyin.analyze.job import AnalyzeOptions
    from huiyin.server.understand.reading.facts import close_store, open_store
    from tests.server.company import TAXONOMY
    from tests.server.place import place

    user = person("cx_lead")
    rows = listing(Filter()).value.rows
    first, second, third = (row.problem_id for row in rows[:3])
    problem_rename(user, first, "换个名字")
    problem_merge(user, second, first)
    one = register().problems[third]
    from huiyin.server.prioritise.problems.splitting import ways_of

    way = next(way for way in ways_of(one, Filter()) if way.by == "region")
    ids = problem_split(user, third, parts_of(one, "region", [way.values[0][0]], "那个地区的"))
    before = {row.problem_id: (row.rank, row.customers) for row in listing(Filter()).value.rows}
    close_store()
    store = open_store(place(":memory:"))
    import_files([company_file[0].parent / "voices.csv"], store, AnalyzeOptions(taxonomy=TAXONOMY), "qichuan")
    after = {row.problem_id: (row.rank, row.customers) for row in listing(Filter()).value.rows}
    assert after == before
    assert register().resolve(second) == first
    assert name_of(register().problems[first]) == "换个名字"
    assert name_of(register().problems[ids[1]]) == "那个地区的"


def test_what_was_split_off_is_left_out_of_the_rest(company):
    from huiyin.insight import records
    from huiyin.server.prioritise.problems.heard import heard
    from huiyin.server.prioritise.problems.splitting import ways_of
    from huiyin.server.understand.reading.facts import facts_store

    user = person("cx_lead")
    key = problem_id("delivery/delay")
    one = register().problems[key]
    way = next(way for way in ways_of(one, Filter()) if way.by == "region")
    ids = problem_split(user, key, parts_of(one, "region", [way.values[0][0]], "一个地区"))
    rows = {row.problem_id: row.customers for row in listing(Filter()).value.rows}
    for each in ids:
        assert records.count(facts_store(), heard(register().problems[each])).customers == rows[each]


def test_a_moved_path_keeps_problem_name_and_words(company):
    """A taxonomy that puts an aspect elsewhere: the problem, what people called it and what they wrote of it go along."""
    from huiyin.server.prioritise.problems import following
    from huiyin.server.prioritise.problems.card import meaning_of
    from huiyin.server.prioritise.problems.deciding import problem_define
    from huiyin.server.understand.taxonomy.models import TaxonomyVersion
    from huiyin.server.understand.taxonomy.selectors import version_in_use
    from huiyin.server.understand.taxonomy.tree import Tree

    user = person("cx_lead")
    key = problem_id("delivery/delay")
    problem_rename(user, key, "送得慢")
    problem_define(user, key, "发货和送达比说好的晚", "晚到", "送错地址")
    following.taxonomy_follow()
    now = version_in_use()
    tree = Tree.of(now.said)
    paths = tree.paths()
    moved = next(node for node, _depth in tree.walk() if paths[node.id] == "delivery/delay")
    moved.key = "slow"
    TaxonomyVersion.objects.create(
        number=now.number + 1, said=tree.as_json(), facts_name="next", published_at=timezone.now(), applied_at=timezone.now()
    )
    assert following.taxonomy_follow() == 1
    one = register().problems[key]
    assert one.aspects == ("delivery/slow",)
    assert name_of(one) == "送得慢"
    assert meaning_of(one).text == "发货和送达比说好的晚"
