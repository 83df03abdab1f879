"""Versions and drafts out of sight: what stands on one keeps it, the effect is said first, and everything comes back."""

from __future__ import annotations

import pytest
from django.test import Client

from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.foundation.people.services.keys import key_make
from huiyin.server.understand.taxonomy.models import DroppedDraft, TaxonomyVersion
from huiyin.server.understand.taxonomy.selectors import counts_by_node, draft_now, version_in_use
from huiyin.server.understand.taxonomy.services import drafts
from huiyin.server.understand.taxonomy.services.dropping import KEPT_DRAFTS, InUse, draft_discard, draft_restore, version_drop, version_restore
from huiyin.server.understand.taxonomy.services.publishing import draft_publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(shop, analyst, node, drained):
    """Three versions: 餐食 stands in the second only."""
    drafts.draft_begin(analyst)
    drafts.node_add(analyst, "", ["餐食"])
    draft_publish(analyst, "加了餐食")
    drained()
    drafts.draft_begin(analyst, TaxonomyVersion.objects.get(number=1).tree, again=1)
    draft_publish(analyst, "不要餐食")
    drained()
    return analyst


def test_a_dropped_version_is_offered_nowhere_and_comes_back_as_it_was(three, signed_in):
    browser = signed_in(user=three)
    part = {"HX-Request": "true"}
    before = browser.get("/taxonomy/versions/compare/?a=2&b=3", headers=part).content
    effect = browser.get("/taxonomy/versions/2/drop/").content.decode()
    assert "餐食" in effect and "丢弃第 2 版" in effect and "第 3 版，不动" in effect
    now = counts_by_node(version_in_use().tree)
    assert browser.post("/taxonomy/versions/2/drop/").url == "/taxonomy/versions/"
    page = browser.get("/taxonomy/versions/").content.decode()
    assert "/taxonomy/versions/2/again/" not in page and "/taxonomy/versions/2/restore/" in page
    assert 'value="2"' not in page.split("<table")[0]
    assert browser.get("/taxonomy/versions/compare/?a=2&b=3").status_code == 302
    for address in ("again", "drop"):
        assert browser.post(f"/taxonomy/versions/2/{address}/").status_code == 404
    assert counts_by_node(version_in_use().tree) == now
    assert browser.post("/taxonomy/versions/2/restore/").status_code == 302
    assert browser.get("/taxonomy/versions/compare/?a=2&b=3", headers=part).content == before
    verbs = list(AuditEntry.objects.filter(verb__startswith="taxonomy.version_").order_by("id").values_list("verb", "actor"))
    assert verbs == [("taxonomy.version_dropped", three.pk), ("taxonomy.version_restored", three.pk)]


def test_what_something_stands_on_stays(three, signed_in, node):
    with pytest.raises(InUse, match="in_use"):
        version_drop(three, 3)
    drafts.draft_begin(three, TaxonomyVersion.objects.get(number=2).tree, again=2)
    with pytest.raises(InUse, match="draft"):
        version_drop(three, 2)
    assert "先发布或丢弃草稿" in signed_in(user=three).get("/taxonomy/versions/2/drop/").content.decode()
    assert "/taxonomy/versions/3/drop/" not in signed_in(user=three).get("/taxonomy/versions/").content.decode()
    published = draft_publish(three, "")
    assert published.applied_at is None
    for number in (3, 4):
        with pytest.raises(InUse, match="in_use"):
            version_drop(three, number)
    version_drop(three, 1)


def test_history_goes_on_over_a_dropped_version_and_numbers_are_not_used_twice(three, node, drained):
    before = counts_by_node(version_in_use().tree)
    version_drop(three, 2)
    drafts.draft_begin(three)
    drafts.node_change(three, node("早餐"), {"key": "meals"})
    version = draft_publish(three, "")
    drained()
    assert version.number == 4
    assert counts_by_node(version.tree) == before
    version_drop(three, 3)
    version_restore(three, 2)
    assert [one.number for one in TaxonomyVersion.kept.all()] == [4, 2, 1]


def test_a_discarded_draft_comes_back_whole(three, node):
    drafts.draft_begin(three)
    drafts.node_change(three, node("早餐"), {"seeds": ["早餐", "早茶"]})
    said = draft_now().said
    draft_discard(three)
    assert draft_now() is None
    dropped = DroppedDraft.objects.get()
    assert (dropped.base, dropped.steps) == (3, 1)
    draft_restore(three, dropped.pk)
    assert draft_now().said == said and not DroppedDraft.objects.exists()
    assert AuditEntry.objects.filter(verb="taxonomy.draft_restored").count() == 1


def test_brought_back_beside_another_draft_it_is_a_step_that_can_be_undone(three, node, signed_in):
    drafts.draft_begin(three)
    drafts.node_add(three, "", ["停车"])
    draft_discard(three)
    drafts.draft_begin(three)
    drafts.node_add(three, "", ["泳池"])
    other = draft_now().said
    browser = signed_in(user=three)
    assert "恢复后成为它的一步" in browser.get("/taxonomy/versions/").content.decode()
    address = f"/taxonomy/versions/drafts/{DroppedDraft.objects.get().pk}/restore/"
    assert browser.post(address).url == "/taxonomy/draft/"
    assert node("停车") and draft_now().said != other
    drafts.step_undo(three)
    assert draft_now().said == other
    assert browser.post(address).url == "/taxonomy/versions/", "it is there no more"


def test_only_the_last_few_drafts_are_kept(three):
    for _ in range(KEPT_DRAFTS + 2):
        drafts.draft_begin(three)
        drafts.node_add(three, "", ["停车"])
        draft_discard(three)
    drafts.draft_begin(three)
    draft_discard(three)
    assert DroppedDraft.objects.count() == KEPT_DRAFTS, "one without changes is not worth its place"


def test_programs_compare_drop_and_restore(three):
    text = key_make(three, name="x", scopes=["taxonomy.read", "taxonomy.write"])[1]
    reader = key_make(three, name="y", scopes=["taxonomy.read"])[1]

    def ask(method: str, address: str, key: str = text):
        return getattr(Client(), method)(f"/api/v1/taxonomy/{address}", headers={"Authorization": f"Bearer {key}"})

    (found,) = ask("get", "versions/3/compare/2").json()
    assert (found["name"], found["kinds"]) == ("餐食", ["removed"]), "from the older to the newer, whichever is named first"
    assert ask("post", "versions/2/drop", reader).status_code == 403
    assert ask("post", "versions/3/drop").status_code == 409
    assert ask("post", "versions/2/drop").json()["number"] == 2
    assert [one["number"] for one in ask("get", "versions").json()] == [3, 1]
    for address in ("versions/3/compare/2", "versions/2.json"):
        assert ask("get", address).status_code == 404
    assert ask("post", "versions/2/drop").status_code == 404
    assert ask("post", "versions/2/restore").status_code == 200
    assert ask("get", "versions/2.json").status_code == 200
    assert ask("post", "versions/99999999999/restore").status_code == 404
