"""Screens of sources: every number is that of the records, every refusal stands at its field, nobody sees what is not theirs."""

from __future__ import annotations

import pytest
from django.urls import reverse

from huiyin.server.collect.feedback.models import Inbox
from huiyin.server.collect.feedback.services import take
from huiyin.server.collect.sources.adapters import adapters
from huiyin.server.collect.sources.entries import entry_of
from huiyin.server.collect.sources.models import Source, SourceRun
from huiyin.server.collect.sources.selectors import monitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(client, person):
    client.force_login(person())
    return client


def test_the_monitor_counts_what_is_in_the_inbox(analyst, source, read_inbox):
    here = source("rest", "门店")
    take(here.pk, [entry_of({"external_id": str(n), "text": f"第{n}条"}) for n in range(7)])
    read_inbox()
    take(here.pk, [entry_of({"external_id": "late", "text": "刚来"})])
    (line,) = monitor()
    assert (line.arrivals.total, line.arrivals.done, line.arrivals.new, line.arrivals.day) == (8, 7, 1, 8)
    assert line.p50 is not None
    assert line.p50 <= line.p95
    page = analyst.get(reverse("sources:monitor")).content.decode()
    assert "门店" in page
    assert "1 条待读" in page


def test_a_silent_source_raises_an_alarm_and_stands_first(analyst, source):
    from datetime import timedelta

    from django.utils import timezone

    source("rest", "一直有")
    quiet = source("rest", "没声音了", stale_after_hours=24)
    Source.objects.filter(pk=quiet.pk).update(created_at=timezone.now() - timedelta(days=3))
    assert [line.source.name for line in monitor()] == ["没声音了", "一直有"]
    assert "太久没来" in analyst.get(reverse("sources:monitor")).content.decode()


def test_an_empty_monitor_says_what_to_do(analyst):
    assert "还没有来源" in analyst.get(reverse("sources:monitor")).content.decode()


def test_every_kind_can_be_looked_at_and_set_up(analyst):
    page = analyst.get(reverse("sources:add")).content.decode()
    for kind, adapter in adapters().items():
        assert str(adapter.name) in page
        assert analyst.get(reverse("sources:make", args=[kind])).status_code == 200


def test_a_refused_setting_is_told_at_its_field(analyst):
    answer = analyst.post(reverse("sources:make", args=["rss"]), {"name": "论坛", "set_url": "ftp://example.com", "cron": ""})
    page = answer.content.decode()
    assert "http://" in page
    assert 'id="id_set_url-errors"' in page
    answer = analyst.post(reverse("sources:make", args=["rss"]), {"name": "论坛", "set_url": "https://example.com/f", "cron": "now and then"})
    assert 'id="id_cron-errors"' in answer.content.decode()
    assert not Source.objects.exists()


def test_test_preview_run_and_switch_from_the_page(analyst):
    analyst.post(reverse("sources:make", args=["rss"]), {"name": "论坛", "set_url": "http://127.0.0.1:9/feed"})
    here = Source.objects.get()
    for name in ("test", "preview"):
        answer = analyst.post(reverse(f"sources:{name}", args=[here.pk]), headers={"HX-Request": "true"})
        assert "127.0.0.1 是内部地址" in answer.content.decode()
    answer = analyst.post(reverse("sources:run_now", args=[here.pk]))
    assert answer.url == reverse("sources:run", args=[SourceRun.objects.get().pk])
    analyst.post(reverse("sources:run_stop", args=[SourceRun.objects.get().pk]))
    assert SourceRun.objects.get().state == "cancelled"
    analyst.post(reverse("sources:switch", args=[here.pk]), {"enabled": "0"})
    assert "停用" in analyst.get(reverse("sources:source", args=[here.pk])).content.decode()


def test_a_voice_written_down_is_kept_once_however_often_the_form_is_sent(analyst, read_inbox, facts):
    page = analyst.get(reverse("sources:manual")).content.decode()
    key = page.split('name="form_key" value="')[1].split('"')[0]
    said = {"text": "房卡老是失灵", "channel": "电话", "customer_id": "13812345678", "form_key": key}
    for _ in range(2):
        assert analyst.post(reverse("sources:manual"), said).status_code == 302
    assert Inbox.objects.count() == 1
    read_inbox()
    found = facts.query("SELECT text, channel, customer_id FROM feedback").to_pylist()
    assert (found[0]["text"], found[0]["channel"]) == ("房卡老是失灵", "电话")
    assert "138" not in found[0]["customer_id"]
    from huiyin.server.foundation.audit.models import AuditEntry

    assert "房卡" not in str(list(AuditEntry.objects.values()))


def test_who_may_not_manage_sources_cannot(client, person, source):
    here = source("rest", "门店")
    client.force_login(person("service_agent", email="agent@example.com"))
    assert client.get(reverse("sources:manual")).status_code == 200
    for name, arguments in [
        ("monitor", []),
        ("add", []),
        ("upload", []),
        ("source", [here.pk]),
        ("change", [here.pk]),
        ("rejects", [here.pk]),
        ("rejects_export", [here.pk]),
    ]:
        assert client.get(reverse(f"sources:{name}", args=arguments)).status_code == 403, name
    for name in ("run_now", "switch", "test", "preview", "rejects_again"):
        assert client.post(reverse(f"sources:{name}", args=[here.pk])).status_code == 403, name


def test_the_monitor_asks_the_database_as_often_for_one_source_as_its_lines_need(analyst, source, django_assert_max_num_queries):
    for number in range(5):
        source("rest", f"来源{number}")
    with django_assert_max_num_queries(30):
        analyst.get(reverse("sources:monitor"))


def test_a_run_that_failed_for_now_says_why_and_that_it_goes_on(analyst, source, monkeypatch):
    from huiyin.server.collect.sources.services import run_start
    from huiyin.server.foundation.jobs.running import drain

    monkeypatch.setenv("HUIYIN_OUTGOING_ALLOW", "127.0.0.1")
    run = run_start(source("rss", "论坛", values={"url": "http://127.0.0.1:9/feed"}))
    drain()
    page = analyst.get(reverse("sources:run", args=[run.pk])).content.decode()
    assert "127.0.0.1 没有应答" in page
    assert "会自动再试" in page
    assert "every 1s" in page
