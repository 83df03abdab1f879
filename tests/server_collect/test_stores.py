"""Reviews of app stores from a real HTTP server in the stores' own formats: each once, an edited one in place of the old."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from huiyin.server.collect.feedback.models import FormerRaw, Inbox
from huiyin.server.collect.sources.adapter import SourceRefused
from huiyin.server.collect.sources.adapters import adapter_of
from huiyin.server.foundation.audit.models import AuditEntry
from tests.server_collect.fetching import fetched
from tests.server_collect.storefront import apple_review, play_file, play_review, storefront

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(monkeypatch):
    monkeypatch.setenv("HUIYIN_OUTGOING_ALLOW", "127.0.0.1")
    with storefront() as running:
        yield running


@pytest.fixture
def apple(source, shop):
    return lambda **more: source(
        "stores", "苹果", values={"store": "apple", "app": "id123456", "countries": "CN，us", "address": shop.address, **more}
    )


@pytest.fixture
def google(source, shop):
    def make(store: str = "play", **more):
        values = {
            "store": store,
            "app": "com.example.app",
            "key": shop.key_file(),
            "bucket": "gs://pubsite_prod_rev_1/reviews",
            "address": shop.address,
        }
        return source("stores", "安卓", values=values | more)

    return make


def test_reviews_of_every_country_come_in_once_with_stars_version_and_country(shop, apple, facts, read_inbox):
    shop.apple = {"cn": [apple_review(n, f"更新后老是闪退{n}") for n in range(120)], "us": [apple_review(999, "Crashes a lot", 1)]}
    here = apple()
    assert adapter_of("stores").test(here).details["reviews"] == 50
    assert adapter_of("stores").preview(here, 1)[0]["text"] == "更新后老是闪退0"
    run = fetched(here)
    assert (run.state, run.created, run.rejected) == ("done", 121, 0)
    assert fetched(here).created == 0
    read_inbox()
    where = "SELECT text, title, score, scale_max, metric, channel, customer_id, occurred_at, attributes FROM feedback WHERE external_id = '999'"
    (found,) = facts.query(where).to_pylist()
    assert (found["text"], found["title"], found["score"], found["scale_max"]) == ("第999条\nCrashes a lot", "第999条", 1.0, 5.0)
    assert (found["metric"], found["channel"], dict(found["attributes"])) == ("csat", "App Store", {"country": "us", "version": "3.2.1"})
    assert found["occurred_at"] == datetime(2026, 3, 1, 17, tzinfo=UTC)
    assert "id9999" not in found["customer_id"]


def test_only_what_is_new_is_asked_for_and_an_edited_review_replaces(shop, apple):
    old = [apple_review(n, f"旧的{n}", updated="2026-01-05T10:00:00-07:00") for n in range(400)]
    shop.apple = {"cn": old}
    here = apple(countries="cn")
    assert fetched(here).created == 400
    shop.asked.clear()
    shop.apple["cn"] = [apple_review(7, "改主意了，修好了", 5, updated="2026-03-02T10:00:00-07:00"), *old[:7], *old[8:]]
    shop.apple["cn"][60]["updated"]["label"] = "2025-12-01T10:00:00-07:00"
    run = fetched(here)
    assert (run.created, run.changed) == (0, 2)
    assert len(shop.asked) == 2, "older pages are not asked for again"
    row = Inbox.objects.get(external_id="7")
    assert (json.loads(row.raw)["text"], json.loads(row.raw)["score"]) == ("改主意了，修好了", 5)
    assert FormerRaw.objects.filter(inbox=row).count() == 1


def test_an_empty_json_feed_is_asked_for_as_xml_and_a_lone_review_is_read(shop, apple):
    shop.apple = {"cn": [apple_review(1, "看 <b> 与 & 也是字")]}
    shop.lone = True
    here = apple(countries="cn")
    assert fetched(here).created == 1
    by_json = json.loads(Inbox.objects.get().raw)
    shop.json_is_empty = True
    assert fetched(here).created == 0
    assert json.loads(Inbox.objects.get().raw) == by_json, "both forms make the same record"
    assert any(one.endswith("/xml") for one in shop.asked)


def test_the_weeks_reviews_of_google_play_page_by_page_in_the_customers_words_alone(shop, google):
    shop.play = [play_review(f"gp:{n}", f"标题{n}\t登录不了{n}", answer="感谢反馈") for n in range(5)]
    shop.play.append({"reviewId": "gp:answer-only", "comments": [{"developerComment": {"text": "您好"}}]})
    here = google()
    assert adapter_of("stores").test(here).details["reviews"] == 2
    run = fetched(here)
    assert (run.state, run.created, run.rejected) == ("done", 5, 0)
    said = json.loads(Inbox.objects.get(external_id="gp:3").raw)
    assert (said["title"], said["text"], said["score"], said["channel"]) == ("标题3", "登录不了3", 1, "Google Play")
    assert said["attributes"]["device"] == "angler (Pixel 9)"
    assert "感谢" not in str(said)
    assert "customer_id" not in said
    shop.play[3] = play_review("gp:3", "现在可以了", 5, seconds=1_772_090_000)
    run = fetched(here)
    assert (run.created, run.changed, run.same) == (0, 1, 4)


def test_the_monthly_files_are_read_whole_and_only_those_written_anew(shop, google):
    link = "http://play.google.com/console/developers/app/reviews?reviewId=gp:%s&corpus=PUBLIC_REVIEWS"
    rows = [
        {"Star Rating": "1", "Review Text": f"第{n}行\n换行", "Review Link": link % n, "Review Last Update Millis Since Epoch": "1767580800000"}
        for n in range(3)
    ]
    silent = {"Star Rating": "5", "Review Submit Millis Since Epoch": "1767580800000"}
    name = "reviews/reviews_com.example.app_%s.csv"
    shop.files = {
        name % "202601": ("1", play_file([*rows, silent])),
        name % "202602": ("1", play_file([])),
        "reviews/reviews_com.example.app2_202601.csv": ("1", b"not ours"),
    }
    here = google("play_files")
    assert adapter_of("stores").test(here).details["files"] == 2
    assert fetched(here).created == 3
    said = json.loads(Inbox.objects.get(external_id="gp:1").raw)
    assert said["text"] == "第1行\n换行"
    assert said["occurred_at"].startswith("2026-01-05")
    shop.asked.clear()
    shop.files[name % "202602"] = ("2", play_file([{**rows[0], "Review Text": "改了"}]))
    assert fetched(here).changed == 1
    assert not any("202601" in one for one in shop.asked)


def test_refusals_say_what_to_do_and_never_tell_the_key(shop, google, apple):
    shop.apple = {}
    with pytest.raises(SourceRefused, match="app id"):
        adapter_of("stores").test(apple())
    here = google()
    shop.revoked = True
    run = fetched(here)
    assert run.state == "failed"
    assert "服务账号" in run.error["zh"]
    told = json.dumps([str(list(AuditEntry.objects.values())), run.error, here.config, here.sealed], ensure_ascii=False, default=str)
    assert shop.private[60:120] not in told
    assert shop.private.splitlines()[3] not in told
    shop.revoked = False
    with pytest.raises(SourceRefused, match="knows no such"):
        adapter_of("stores").test(google("play_files", bucket="pubsite_prod_rev_2"))


def test_settings_that_cannot_work_are_refused(apple, google, shop, monkeypatch):
    for bad in ({"app": "com.example"}, {"countries": "China"}, {"address": "ftp://x"}):
        with pytest.raises(SourceRefused):
            apple(**bad)
    for bad in ({"key": ""}, {"key": "{}"}, {"key": shop.key_file(private_key="nonsense")}, {"app": "123"}, {"bucket": "", "store": "play_files"}):
        with pytest.raises(SourceRefused) as refused:
            google(**bad)
        assert "PRIVATE KEY" not in str(refused.value)
    monkeypatch.delenv("HUIYIN_OUTGOING_ALLOW")
    with pytest.raises(SourceRefused, match="https"):
        google()


def test_a_key_pasted_whole_fits_the_form_and_is_never_shown_again(shop, client, person):
    from django.urls import reverse

    from huiyin.server.collect.sources.models import Source

    client.force_login(person())
    said = {
        "name": "安卓",
        "set_store": "play",
        "set_app": "com.example.app",
        "set_key": shop.key_file(),
        "set_address": shop.address,
        "cron": "0 * * * *",
    }
    answer = client.post(reverse("sources:make", args=["stores"]), said)
    assert answer.status_code == 302
    here = Source.objects.get()
    page = client.get(reverse("sources:change", args=[here.pk])).content.decode()
    assert "PRIVATE KEY" not in page
    client.post(reverse("sources:change", args=[here.pk]), {**said, "set_key": "••••••", "name": "改名"})
    here.refresh_from_db()
    assert (here.name, "PRIVATE KEY" in here.secrets["key"]) == ("改名", True)
