"""The company's own words hold for the next voice, without a restart; hot words stand with as many voices as are behind them."""

from __future__ import annotations

import json

import pytest

from huiyin.facts import Filter
from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.understand.taxonomy.hotwords import hot_words
from huiyin.server.understand.taxonomy.models import OwnWord
from huiyin.server.understand.taxonomy.selectors import counts_by_node, draft_now, version_in_use
from huiyin.server.understand.taxonomy.services import drafts
from huiyin.server.understand.taxonomy.services.dictionary import word_add, word_remove
from huiyin.server.understand.taxonomy.services.publishing import draft_publish, history_reread

pytestmark = pytest.mark.django_db
SAID = ("老是", "又见", "出现", "直接", "整片", "全是", "满眼", "突然")
AFTER = ("，重启才好", "，求解决", "，想退", "，客服不管", "，谁懂", "，崩溃", "，第二次")


def polarity(facts, voice: str) -> list[int]:
    rows = facts.query("SELECT polarity FROM opinion WHERE feedback_id = ? ORDER BY mention_no", [voice])
    return rows["polarity"].to_pylist()


def test_a_word_that_says_good_is_heard_in_the_next_voice(shop, facts, say, analyst):
    (before,) = say("这个房间布拉布拉")
    word_add(analyst, "布拉布拉", OwnWord.Kind.POSITIVE)
    (after,) = say("那个房间布拉布拉")
    assert polarity(facts, before) != [1]
    assert polarity(facts, after) == [1]
    word_remove(analyst, OwnWord.objects.get())
    (again,) = say("另一个房间布拉布拉")
    assert polarity(facts, again) == polarity(facts, before)


def test_a_synonym_speaks_of_its_aspect_and_history_follows_when_asked(shop, say, analyst, node, drained):
    breakfast = node("早餐")
    (before,) = say("晨间套餐很难吃")
    word_add(analyst, "晨间套餐", OwnWord.Kind.SYNONYM, breakfast)
    say("晨间套餐没有粥")
    tree = version_in_use().tree
    assert counts_by_node(tree)[breakfast].voices == 4
    assert "晨间套餐" not in tree.get(breakfast).seeds, "the tree itself stays as it was published"
    history_reread(analyst)
    drained()
    assert counts_by_node(tree)[breakfast].voices == 5


def test_a_name_judges_nothing(shop, facts, say, analyst):
    (before,) = say("我在好时光早餐店")
    assert 1 in polarity(facts, before)
    word_add(analyst, "好时光", OwnWord.Kind.NAME)
    (after,) = say("他在好时光早餐店")
    assert polarity(facts, after) == [0]


def test_the_words_hold_under_the_next_version_too(shop, facts, say, analyst, node, drained):
    word_add(analyst, "布拉布拉", OwnWord.Kind.POSITIVE)
    drafts.draft_begin(analyst)
    drafts.node_shift(analyst, node("房间"), -1)
    draft_publish(analyst, "换个次序")
    drained()
    (after,) = say("那个房间布拉布拉")
    assert polarity(facts, after) == [1]


def test_a_word_twice_is_one_word_however_it_is_written(shop, analyst):
    word_add(analyst, "OTA升級", OwnWord.Kind.NEGATIVE)
    word_add(analyst, "ota升级", OwnWord.Kind.POSITIVE)
    assert OwnWord.objects.get().kind == OwnWord.Kind.POSITIVE
    assert AuditEntry.objects.filter(verb="taxonomy.word_added").count() == 2


@pytest.fixture
def planted(shop, say):
    for month in ("2026-03", "2026-04"):
        for day in range(1, 29):
            say(f"早餐一般，第{day}天住，房间还行", f"前台{day}号那天很忙，等了一会", occurred_at=f"{month}-{day:02d}")
    return [
        say(f"{said}青墨屏{after}", occurred_at=f"2026-05-{1 + at % 9:02d}")[0]
        for at, (said, after) in enumerate(zip(SAID * 2, AFTER * 3, strict=False))
    ]


def test_a_planted_word_is_found_with_exactly_its_voices(planted, signed_in, analyst):
    found = hot_words(14, Filter())
    assert [one.word for one in found.words] == ["青墨屏"]
    hot = found.words[0]
    assert (hot.is_new, hot.people, hot.former, hot.voices) == (True, 16, 0, 16)
    browser = signed_in(user=analyst)
    assert browser.get(f"/voices/?{hot.query}").context["behind"].voices == 16
    page = browser.get("/taxonomy/words/hot/?days=14").content.decode()
    assert "青墨屏" in page
    browser.post("/taxonomy/words/add/", {"word": "青墨屏", "kind": "ignored", "days": "14"})
    assert [one.word for one in hot_words(14, Filter()).words] == []


def test_nothing_is_hot_where_nothing_changed(shop, say):
    for month in ("2026-03", "2026-04", "2026-05"):
        for day in range(1, 29):
            say(f"早餐一般，第{day}天住，房间还行", f"前台{day}号那天很忙，等了一会", occurred_at=f"{month}-{day:02d}")
    found = hot_words(14, Filter())
    assert found.enough
    assert found.words == ()


def test_without_weeks_before_nothing_is_claimed(shop, signed_in):
    page = signed_in("everyone").get("/taxonomy/words/hot/").content.decode()
    assert "没法比" in page


def test_a_word_out_of_sight_is_not_hot(planted, signed_in):
    assert "青墨屏" not in signed_in("store_manager").get("/taxonomy/words/hot/?days=14").content.decode()


def test_a_synonym_of_nothing_is_refused_in_words(shop, signed_in):
    browser = signed_in("cx_lead")
    answer = browser.post("/taxonomy/words/add/", {"word": "早茶", "kind": "synonym"}, follow=True)
    assert "选它说的是哪个主题" in answer.content.decode()
    assert not OwnWord.objects.exists()


def test_the_dictionary_counts_what_stands_behind_each_word_a_page_at_a_time(shop, signed_in, analyst):
    for number in range(31):
        word_add(analyst, f"词{number:02d}", OwnWord.Kind.NAME)
    word_add(analyst, "自助餐", OwnWord.Kind.NAME)
    browser = signed_in(user=analyst)
    first = browser.get("/taxonomy/words/")
    assert len(first.context["lines"]) == 30
    assert (first.context["lines"][0]["word"].word, first.context["lines"][0]["voices"]) == ("自助餐", 1)
    assert "?page=2" in first.content.decode()
    assert len(browser.get("/taxonomy/words/?page=2").context["lines"]) == 2


def test_a_program_keeps_the_dictionary(shop, facts, say, analyst, node, client):
    client.force_login(analyst)

    def post(path, **body):
        return client.post(f"/api/v1/taxonomy{path}", json.dumps(body), content_type="application/json")

    assert post("/words", word="晨间套餐", kind="synonym").status_code == 422
    added = post("/words", word="布拉布拉", kind="positive").json()
    assert client.get("/api/v1/taxonomy/words").json() == [added]
    (voice,) = say("那个房间布拉布拉")
    assert polarity(facts, voice) == [1]
    assert post(f"/words/{added['id']}/remove").status_code == 204
    assert not OwnWord.objects.exists()
    assert post("/reread").json()["job"]


def test_a_program_publishes_the_revision_it_saw(shop, analyst, node, drained, client):
    client.force_login(analyst)

    def post(path, **body):
        return client.post(f"/api/v1/taxonomy/draft/{path}", json.dumps(body), content_type="application/json")

    assert post("publish", note="没有", revision=1).json()["code"] == "no_draft"
    drafts.draft_begin(analyst)
    seen = draft_now().revision
    drafts.node_change(analyst, node("早餐"), {"name": {"zh": "餐食", "en": "Meals"}})
    assert post("publish", note="旧的", revision=seen).json()["code"] == "not_yet_changed"
    told = post("publish", note="餐食不只早餐", revision=draft_now().revision)
    assert told.status_code == 202
    drained()
    assert version_in_use().number == told.json()["number"]
    drafts.draft_begin(analyst)
    assert (post("discard").status_code, post("discard").status_code) == (204, 409)
