"""A problem between the teams: given, rejected twice, decided by the arbiter, taken on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.foundation.people.rights import RIGHTS
from huiyin.server.foundation.people.roles import ASSIGNABLE, EVERYONE
from huiyin.server.foundation.people.services.errors import Refused
from huiyin.server.foundation.people.services.teams import team_make
from huiyin.server.prioritise.ownership import chain
from huiyin.server.prioritise.ownership.models import Claim
from huiyin.server.prioritise.ownership.selectors import completeness, owner_of, owners_of
from huiyin.server.prioritise.ownership.services.claims import claim_accept, claim_assign, claim_decide, claim_reject
from huiyin.server.prioritise.ownership.services.mapping import Wanted, responsibility_set
from huiyin.server.prioritise.problems.following import taxonomy_follow
from huiyin.server.prioritise.problems.register import register
from huiyin.server.prioritise.problems.services import problem_merge, problem_split
from huiyin.server.understand.taxonomy.models import TaxonomyVersion
from huiyin.server.understand.taxonomy.selectors import accountable_teams, tree_in_force
from tests.server.world import person

pytestmark = pytest.mark.django_db


class People:
    """Three teams with a person each, a team under the first, a lead who settles."""

    def __init__(self) -> None:
        self.lead = person("cx_lead")
        self.delivery, self.shop, self.service = (team_make(actor=self.lead, name=one, parent=None, scope={}) for one in ("交付", "商城", "客服"))
        self.night = team_make(actor=self.lead, name="夜班", parent=self.delivery, scope={})
        self.of = {}
        for team in (self.delivery, self.shop, self.service, self.night):
            self.of[team.name] = person("product", f"p{team.pk}@example.com")
            self.of[team.name].team = team
            self.of[team.name].save()


@pytest.fixture
def people(company):
    return People()


def first():
    return register().definitions[0]


def soon():
    return timezone.localdate() + timedelta(days=28)


def mapped(people, one, team):
    ids = {path: node for node, path in tree_in_force().paths().items()}
    return responsibility_set(people.lead, Wanted(ids[one.aspects[0]], team))


def test_the_whole_story(people):
    one = first()
    assert owner_of(one).state == chain.UNOWNED
    mapped(people, one, people.delivery)
    assert (owner_of(one).state, owner_of(one).team) == (chain.PROPOSED, people.delivery)
    claim_reject(people.of["交付"], one.problem_id, "not_ours", "下单之前的事", people.shop)
    assert (owner_of(one).state, owner_of(one).team, owner_of(one).hand_offs) == (chain.DISPUTED, people.shop, 1)
    claim_reject(people.of["商城"], one.problem_id, "cause_elsewhere", "是客服没说清", people.service)
    stuck = owner_of(one)
    assert (stuck.state, stuck.arbiter, stuck.hand_offs) == (chain.AT_ARBITER, people.lead, 2)
    assert completeness(stuck) == {"owned": False, "accepted": False}
    for refused in (
        lambda: claim_accept(people.of["客服"], one.problem_id, "好", soon()),
        lambda: claim_reject(people.of["客服"], one.problem_id, "not_ours", "不是", people.shop),
        lambda: claim_assign(people.lead, one.problem_id, people.shop),
        lambda: claim_decide(people.of["客服"], one.problem_id, people.shop, "就是他们"),
    ):
        with pytest.raises(Refused):
            refused()
    assert claim_decide(people.lead, one.problem_id, people.shop, "页面是商城的").state == chain.DECIDED
    with pytest.raises(Refused, match="以前没说过"):
        claim_reject(people.of["商城"], one.problem_id, "cause_elsewhere", "还是客服", people.service)
    taken = claim_accept(people.of["商城"], one.problem_id, "四周内降到一半", soon())
    assert (taken.team, taken.person, taken.target, taken.due) == (people.shop, people.of["商城"], "四周内降到一半", soon())
    assert completeness(taken) == {"owned": True, "accepted": True}
    told = AuditEntry.objects.filter(verb__startswith="claim.").values_list("verb", flat=True)
    assert sorted(told) == ["claim.accepted", "claim.called", "claim.decided", "claim.rejected", "claim.rejected"]


def test_new_grounds_bring_it_back_to_the_arbiter(people):
    one = first()
    mapped(people, one, people.delivery)
    claim_reject(people.of["交付"], one.problem_id, "not_ours", "不是", people.shop)
    claim_reject(people.of["商城"], one.problem_id, "not_ours", "不是", people.delivery)
    claim_decide(people.lead, one.problem_id, people.delivery, "是")
    assert claim_reject(people.of["交付"], one.problem_id, "misread", "原声说的是别的", people.shop).state == chain.AT_ARBITER


def test_only_the_team_or_one_above_it_answers(people):
    one = first()
    claim_assign(people.lead, one.problem_id, people.night)
    for other in ("商城", "客服"):
        with pytest.raises(Refused):
            claim_accept(people.of[other], one.problem_id, "好", soon())
    assert claim_accept(people.of["交付"], one.problem_id, "好", soon()).team == people.night


@pytest.mark.parametrize(("target", "days"), [("", 3), ("  ", 3), ("好", -1)])
def test_taking_on_needs_a_sentence_and_a_day_to_come(people, target, days):
    one = first()
    claim_assign(people.lead, one.problem_id, people.shop)
    with pytest.raises(Refused):
        claim_accept(people.of["商城"], one.problem_id, target, timezone.localdate() + timedelta(days=days))
    assert Claim.objects.count() == 1


def test_a_rejection_needs_reason_words_and_another_team(people):
    one = first()
    claim_assign(people.lead, one.problem_id, people.shop)
    for reason, words, team in (
        ("", "x", people.service),
        ("not_ours", " ", people.service),
        ("not_ours", "x", None),
        ("not_ours", "x", people.shop),
    ):
        with pytest.raises(Refused):
            claim_reject(people.of["商城"], one.problem_id, reason, words, team)


def test_claims_go_where_a_merged_problem_goes(people):
    one, other = register().definitions[:2]
    claim_assign(people.lead, one.problem_id, people.shop)
    claim_accept(people.of["商城"], one.problem_id, "好", soon())
    problem_merge(people.lead, one.problem_id, other.problem_id)
    kept = register().problems[other.problem_id]
    assert (owner_of(kept).team, owner_of(kept).accepted) == (people.shop, True)
    again = claim_reject(people.of["商城"], one.problem_id, "not_ours", "后来才知道", people.service)
    assert (again.problem_id, again.hand_offs, [step.kind for step in again.steps]) == (
        other.problem_id,
        1,
        ["assigned", "accepted", "rejected"],
    )


def test_a_problem_with_a_story_keeps_it_when_another_goes_into_it(people):
    one, other = register().definitions[:2]
    claim_assign(people.lead, one.problem_id, people.shop)
    claim_assign(people.lead, other.problem_id, people.service)
    problem_merge(people.lead, one.problem_id, other.problem_id)
    assert owner_of(register().problems[other.problem_id]).team == people.service
    assert Claim.objects.count() == 2


def test_both_parts_of_a_split_problem_keep_what_was_before(people):
    one = first()
    claim_assign(people.lead, one.problem_id, people.shop)
    ids = problem_split(people.lead, one.problem_id, [{"name": "甲", "aspects": one.aspects}, {"name": "乙", "aspects": one.aspects}])
    claim_assign(people.lead, ids[1], people.service)
    known = register().problems
    assert owner_of(known[ids[0]]).team == people.shop
    assert (owner_of(known[ids[1]]).team, len(owner_of(known[ids[1]]).steps)) == (people.service, 2)


def test_all_problems_cost_as_many_queries_as_one(people):
    known = register().definitions
    for one in known[:5]:
        claim_assign(people.lead, one.problem_id, people.shop)
    with CaptureQueriesContext(connection) as alone:
        owners_of(known[:1])
    with CaptureQueriesContext(connection) as together:
        assert len(owners_of(known)) == len(known)
    assert len(together) == len(alone)


@pytest.mark.parametrize("role", [*ASSIGNABLE, EVERYONE])
def test_who_may_do_what(people, role):
    """Rights as a matrix: the role alone gives neither; answering takes the team, managing takes the role."""
    one = first()
    claim_assign(people.lead, one.problem_id, people.shop)
    user = person(role, f"{role}@x.example.com")

    def may(act):
        try:
            with transaction.atomic():
                act()
                transaction.set_rollback(True)
        except Refused:
            return False
        return True

    node = tree_in_force().leaves()[0].id
    manages = role in RIGHTS["ownership.manage"]
    assert may(lambda: claim_assign(user, one.problem_id, people.service)) is manages
    assert may(lambda: responsibility_set(user, Wanted(node, people.shop))) is manages
    assert may(lambda: claim_accept(user, one.problem_id, "好", soon())) is False
    user.team = people.shop
    user.save()
    answers = role in RIGHTS["ownership.answer"]
    assert may(lambda: claim_accept(user, one.problem_id, "好", soon())) is answers
    assert may(lambda: claim_reject(user, one.problem_id, "not_ours", "不是", people.service)) is answers
    assert may(lambda: claim_decide(user, one.problem_id, people.service, "就这样")) is False


def test_a_published_taxonomy_that_moves_a_path_leaves_owner_and_claims(people):
    tree = tree_in_force()
    leaf = tree.leaves()[0]
    one = next(each for each in register().definitions if each.aspects == (tree.paths()[leaf.id],))
    responsibility_set(people.lead, Wanted(leaf.id, people.shop))
    claim_accept(people.of["商城"], one.problem_id, "减半", soon())
    taxonomy_follow()
    other = next(each for each in tree.children("") if each.id != leaf.parent)
    tree.move(leaf.id, other.id)
    now = timezone.now()
    TaxonomyVersion.objects.create(number=2, said=tree.as_json(), facts_name="moved", published_at=now, applied_at=now)
    taxonomy_follow()
    moved = register().problems[one.problem_id]
    assert moved.aspects == (f"{other.key}/{leaf.key}",)
    assert (owner_of(moved).team, owner_of(moved).accepted) == (people.shop, True)
    Claim.objects.all().delete()
    assert (owner_of(moved).team, owner_of(moved).source) == (people.shop, "map")


def test_the_team_written_on_the_taxonomy_answers_where_the_map_is_silent(people):
    tree = tree_in_force()
    leaf = tree.leaves()[0]
    tree.get(leaf.parent).team = "商城"
    now = timezone.now()
    TaxonomyVersion.objects.create(number=2, said=tree.as_json(), facts_name="x", published_at=now, applied_at=now)
    one = next(each for each in register().definitions if each.aspects == (tree.paths()[leaf.id],))
    assert (owner_of(one).team, owner_of(one).source) == (people.shop, "taxonomy")
    assert accountable_teams()[one.aspects[0]] == "商城"
    responsibility_set(people.lead, Wanted(leaf.id, people.service))
    assert (owner_of(one).team, owner_of(one).source) == (people.service, "map")
