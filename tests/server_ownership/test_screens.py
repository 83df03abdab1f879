"""The screens: numbers that open to as many voices, the story by clicks, files out and in."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from huiyin.facts import Filter
from huiyin.server.foundation.people.services.teams import team_make
from huiyin.server.prioritise.ownership import chain
from huiyin.server.prioritise.ownership.models import Claim, Responsibility
from huiyin.server.prioritise.ownership.queues import between, ranked_problems, watched
from huiyin.server.prioritise.ownership.selectors import OwnershipMap, completeness, owner_of
from huiyin.server.prioritise.ownership.services.claims import claim_accept, claim_assign
from huiyin.server.prioritise.ownership.services.mapping import Wanted, responsibility_set
from huiyin.server.prioritise.ownership.teams import team_page, waiting_for
from huiyin.server.prioritise.ownership.volume import owned_share
from huiyin.server.prioritise.problems.asked import usual
from huiyin.server.prioritise.problems.card import card_of
from huiyin.server.prioritise.problems.deciding import problem_seen
from huiyin.server.prioritise.problems.ranking import listing
from huiyin.server.prioritise.problems.register import register
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.taxonomy.selectors import tree_in_force
from tests.server.world import person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(company):
    return person("cx_lead")


@pytest.fixture
def teams(lead):
    return [team_make(actor=lead, name=one, parent=None, scope={}) for one in ("交付", "商城", "客服")]


def member(team):
    found = person("product", f"p{team.pk}@example.com")
    found.team = team
    found.save()
    return found


def counted(query):
    """How many voices the explorer counts under an address."""
    return facts_store().query("SELECT count(*) AS n FROM voice", where=Filter.from_query(unescape(query)))["n"][0].as_py()


def test_the_story_by_clicks(lead, teams):
    users = [member(team) for team in teams]
    worst = listing(usual(Filter())).value.rows[0].problem_id
    browsers = [signed_in(one) for one in users]
    signed_in(lead).post(reverse("ownership:assign", args=[worst]), {"team": teams[0].pk}, headers={"HX-Request": "true"})
    for at, to in ((0, 1), (1, 2)):
        told = {"reason": "not_ours", "words": "不在我们这一步", "team": teams[to].pk}
        found = browsers[at].post(reverse("ownership:reject", args=[worst]), told, headers={"HX-Request": "true"})
        assert found.status_code == 200
        assert 'id="ownership-rail"' in found.content.decode()
    stopped = browsers[2].post(reverse("ownership:accept", args=[worst]), {"target": "好", "due": "2099-01-01"}, headers={"HX-Request": "true"})
    assert stopped.status_code == 422
    assert "由裁定人定" in stopped.content.decode()
    assert worst in signed_in(lead).get(reverse("ownership:queue"), {"state": "at_arbiter"}).content.decode()
    decided = signed_in(lead).post(reverse("ownership:decide", args=[worst]), {"team": teams[1].pk, "words": "是页面的事"})
    assert decided.status_code == 302
    due = timezone.localdate() + timedelta(days=28)
    taken = browsers[1].post(reverse("ownership:accept", args=[worst]), {"target": "减半", "due": due.isoformat(), "back": "team"})
    assert taken.headers["Location"] == reverse("ownership:mine")
    assert completeness(owner_of(register().problems[worst])) == {"owned": True, "accepted": True}
    card = card_of(register().problems[worst], listing(usual(Filter())).value.row(worst))
    assert (card.owned.anybody, card.owned.accepted, card.owned.team) == (True, True, "商城")
    assert "减半" in card.owned.promise
    assert "减半" in browsers[1].get(reverse("ownership:mine")).content.decode()
    handed = signed_in(lead).get(reverse("ownership:handed")).content.decode()
    assert "交付 → 商城" in handed


def test_the_number_of_unowned_voices_is_that_of_the_explorer(lead, teams):
    theme = tree_in_force().children("")[0]
    responsibility_set(lead, Wanted(theme.id, teams[0]))
    share = owned_share(Filter(), OwnershipMap())
    page = signed_in(lead).get(reverse("ownership:map")).content.decode()
    query = re.search(r'href="/voices/\?([^"]+)">听这', page)
    assert query is not None
    assert counted(query[1]) == share.unowned_voices > 0
    rows = facts_store().query("SELECT aspect, count(*) AS n FROM opinion WHERE polarity = -1 AND aspect IS NOT NULL GROUP BY 1").to_pylist()
    path = tree_in_force().paths()[theme.id]
    assert share.placed == sum(row["n"] for row in rows)
    assert share.owned == sum(row["n"] for row in rows if row["aspect"].startswith(path + "/") or row["aspect"] == path)


def test_a_line_for_a_product_counts_for_that_product(lead, teams):
    leaf = tree_in_force().paths()[tree_in_force().leaves()[0].id]
    ask = "SELECT product, count(*) AS n FROM opinion WHERE polarity = -1 AND aspect = ? GROUP BY 1 ORDER BY n DESC, product"
    product, count = next((row["product"], row["n"]) for row in facts_store().query(ask, [leaf]).to_pylist() if row["product"])
    responsibility_set(lead, Wanted(tree_in_force().leaves()[0].id, teams[0], product=product))
    assert owned_share(Filter(), OwnershipMap()).owned == count


def test_complaints_since_open_to_as_many_voices(lead, teams):
    for one in between(ranked_problems(Filter())):
        assert one.owned.state == chain.UNOWNED
        assert counted(one.heard) == one.complaints


def test_seen_by_many_and_owned_by_none(lead, teams):
    worst = listing(usual(Filter())).value.rows[0].problem_id
    for at in range(2):
        problem_seen(person("analyst", f"a{at}@example.com"), worst)
    assert watched(ranked_problems(Filter()), Filter()) == []
    third = person("analyst", "a9@example.com")
    problem_seen(third, worst)
    problem_seen(third, worst)
    (found,) = watched(ranked_problems(Filter()), Filter())
    assert (found.standing.problem_id, found.viewers, found.views, found.days) == (worst, 3, 3, 0)
    assert worst in signed_in(lead).get(reverse("ownership:seen")).content.decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_map_goes_out_and_comes_back(lead, teams, kind):
    leaf = tree_in_force().leaves()[0].id
    responsibility_set(lead, Wanted(leaf, teams[0], deputy=teams[1], person=lead))
    responsibility_set(lead, Wanted(leaf, teams[2], product="=T11"))
    before = sorted(Responsibility.objects.values_list("node", "product", "region", "team", "deputy", "person"))
    browser = signed_in(lead)
    file = browser.get(reverse("ownership:export", args=["map", kind])).getvalue()
    Responsibility.objects.all().delete()
    given = SimpleUploadedFile(f"map.{kind}", file)
    assert browser.post(reverse("ownership:settings"), {"file": given}).status_code == 302
    assert sorted(Responsibility.objects.values_list("node", "product", "region", "team", "deputy", "person")) == before


def test_a_file_with_a_wrong_line_changes_nothing(lead, teams):
    leaf = tree_in_force().paths()[tree_in_force().leaves()[0].id]
    data = f"path,team\n{leaf},交付\n{leaf},没有的组\nnowhere,交付\n".encode()
    found = signed_in(lead).post(reverse("ownership:settings"), {"file": SimpleUploadedFile("map.csv", data)})
    told = found.content.decode()
    assert found.status_code == 422
    assert "第 3 行「team」" in told
    assert "第 4 行「path」" in told
    assert not Responsibility.objects.exists()


def test_what_waits_for_the_team_stands_in_the_side_bar(lead, teams):
    user = member(teams[0])
    worst = listing(usual(Filter())).value.rows[0].problem_id
    claim_assign(lead, worst, teams[0])
    responsibility_set(lead, Wanted(tree_in_force().children("")[0].id, teams[0]))
    page = team_page(teams[0], ranked_problems(Filter()))
    request = RequestFactory().get("/")
    request.user = user
    assert waiting_for(request) == (len(page.waiting), False)
    assert len(page.waiting) > 1
    Claim.objects.update(at=timezone.now() - timedelta(days=9))
    assert waiting_for(request)[1]
    late = signed_in(user).get(reverse("ownership:mine")).content.decode()
    assert "超期未答" in late


def test_the_map_follows_a_node_that_moves(lead, teams):
    tree = tree_in_force()
    leaf = tree.leaves()[0]
    responsibility_set(lead, Wanted(leaf.id, teams[0]))
    target = next(one for one in tree.children("") if one.id != leaf.parent)
    tree.move(leaf.id, target.id)
    known = OwnershipMap(tree=tree)
    assert known.team_at(tree.paths()[leaf.id]) == teams[0]
    gone = next(one for one in tree.leaves() if one.id != leaf.id)
    tree.delete(leaf.id, into=gone.id)
    assert OwnershipMap(tree=tree).team_at(tree.paths()[gone.id]) == teams[0]


@pytest.mark.parametrize("page", ["map", "queue", "seen", "handed", "mine", "settings"])
def test_every_page_opens_in_both_languages(lead, teams, page):
    for language in ("zh-hans", "en"):
        lead.language = language
        lead.save()
        assert signed_in(lead).get(reverse(f"ownership:{page}")).status_code == 200


def test_what_was_accepted_stays_in_sight_however_few_complain(lead, teams):
    """A promise is not forgotten because the problem fell below the minimum of the ranking."""
    ranked = {row.problem_id for row in listing(usual(Filter())).value.rows}
    quiet = next(one.problem_id for one in register().definitions if one.problem_id not in ranked)
    user = member(teams[0])
    claim_assign(lead, quiet, teams[0])
    claim_accept(user, quiet, "不再有", timezone.localdate())
    (found,) = team_page(teams[0], ranked_problems(Filter())).accepted
    assert (found.problem_id, found.rank) == (quiet, None)
    assert "不再有" in signed_in(user).get(reverse("ownership:mine")).content.decode()
    for name in ("team", "queue", "handed"):
        assert signed_in(user).get(reverse("ownership:export", args=[name, "xlsx"])).status_code == 200
