"""Reading: the inbox in, facts out. A crash between any two lines loses nothing and doubles nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from huiyin.facts import Correction, DiskFull
from huiyin.server.collect.feedback.models import Inbox
from huiyin.server.collect.feedback.services import take
from huiyin.server.collect.sources.entries import entry_of
from huiyin.server.foundation.jobs.models import Job
from huiyin.server.foundation.jobs.running import drain
from huiyin.server.understand.privacy.erasing import erase_customer
from huiyin.server.understand.reading import services
from huiyin.server.understand.reading.jobs import reread
from huiyin.server.understand.reading.local import LocalReader
from huiyin.server.understand.reading.models import Pseudonym, Signature
from huiyin.server.understand.reading.process import ReaderBroken
from huiyin.server.understand.reading.pseudonyms import name_behind, pseudonym

pytestmark = pytest.mark.django_db
LONG = "前台办理入住等了四十多分钟，态度还特别差，再也不会来了"


def send(here, *said):
    return [one.number for one in take(here.pk, [entry_of(one) for one in said])]


def feedback(facts):
    return facts.query("SELECT * FROM feedback ORDER BY feedback_id").to_pylist()


def test_a_voice_is_readable_with_personal_data_masked_and_its_customer_unnamed(source, facts, read_inbox):
    here = source(channel="电话")
    send(
        here, {"external_id": "a", "text": "早餐太差，找我 13812345678", "customer_id": "会员 77", "手机": "13812345678", "occurred_at": "2026-03-01"}
    )
    assert read_inbox() == 1
    (one,) = feedback(facts)
    assert "138" not in str(one)
    assert "会员" not in str(one)
    assert one["text"].endswith("【手机号】")
    assert (one["customer_id"], one["channel"], one["source"]) == (pseudonym("会员 77"), "电话", here.key)
    assert name_behind(pseudonym("会员 77")) == "会员 77"
    assert "会员" not in Pseudonym.objects.get().sealed
    row = Inbox.objects.get()
    assert (row.state, row.feedback_id, row.text_version) == ("done", one["feedback_id"], one["text_version"])
    assert facts.query("SELECT count(*) AS n FROM opinion WHERE polarity < 0")["n"][0].as_py() >= 1


def test_repetitions_by_one_customer_count_once_and_by_different_customers_each(source, facts, read_inbox):
    here = source()
    send(here, {"text": LONG, "customer_id": "甲", "external_id": "1"})
    read_inbox()
    send(here, {"text": LONG + "！！", "customer_id": "甲", "external_id": "2"}, {"text": LONG, "customer_id": "乙", "external_id": "3"})
    read_inbox()
    first, second, third = feedback(facts)
    assert (second["duplicate_of"], third["duplicate_of"]) == (first["feedback_id"], None)


def test_long_words_out_of_many_mouths_are_flagged_as_a_flood_and_stay_so(source, facts, read_inbox):
    here = source()
    send(here, *({"text": LONG, "customer_id": f"客{n}", "external_id": f"f{n}"} for n in range(4)))
    send(here, *({"text": "挺好用的推荐", "customer_id": f"客{n}", "external_id": f"g{n}"} for n in range(6)))
    read_inbox()
    assert not any(one["is_spam"] for one in feedback(facts))
    send(here, {"text": LONG + "！", "customer_id": "客9", "external_id": "f9"})
    read_inbox()
    flagged = [one["feedback_id"] for one in feedback(facts) if one["spam_reason"] == "flood" and one["is_spam"]]
    assert flagged == [Inbox.objects.get(external_id="f9").feedback_id]
    reread(taxonomy="hotel")
    drain()
    assert [one["feedback_id"] for one in feedback(facts) if one["spam_reason"] == "flood"] == flagged


def test_when_the_first_of_several_alike_is_corrected_the_others_count_again(source, facts, read_inbox):
    here = source()
    send(here, *({"text": LONG, "customer_id": "甲", "external_id": str(n)} for n in range(3)))
    read_inbox()
    assert [bool(one["duplicate_of"]) for one in feedback(facts)] == [False, True, True]
    send(here, {"text": "其实都挺好的，没有什么意见，谢谢大家", "customer_id": "甲", "external_id": "0"})
    read_inbox()
    found = feedback(facts)
    assert found[0]["text"].startswith("其实")
    assert [bool(one["duplicate_of"]) for one in found].count(True) == 1
    assert found[0]["duplicate_of"] is None


def test_killed_between_facts_and_state_it_reads_again_and_doubles_nothing(source, facts, read_inbox, monkeypatch):
    here = source()
    send(here, *({"text": f"{LONG}{n}", "external_id": str(n)} for n in range(4)))
    settle = services._settle
    monkeypatch.setattr(services, "_settle", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        read_inbox()
    assert len(feedback(facts)) == 4
    assert Inbox.objects.filter(state="new").count() == 4
    before = feedback(facts)
    monkeypatch.setattr(services, "_settle", settle)
    assert read_inbox() == 4
    assert feedback(facts) == before
    assert Signature.objects.count() == 4


def test_a_row_corrected_while_it_is_read_stays_to_be_read(source, facts, read_inbox):
    here = source()
    send(here, {"text": "很好", "external_id": "1"})

    class Meanwhile(LocalReader):
        def read(self, taxonomy, texts, model=""):
            if "很好" in texts:
                send(here, {"text": "很差", "external_id": "1"})
            return super().read(taxonomy, texts, model)

    read_inbox(Meanwhile())
    assert [one["text"] for one in feedback(facts)] == ["很差"]
    assert not Inbox.objects.filter(state="new").exists()


def test_a_voice_over_which_the_reader_breaks_is_set_aside_alone(source, facts, read_inbox):
    here = source()
    send(here, *({"text": f"第{n}条，服务不错", "external_id": str(n)} for n in range(7)))

    class Fragile(LocalReader):
        def read(self, taxonomy, texts, model=""):
            if any("第3条" in one for one in texts):
                raise ReaderBroken("died")
            return super().read(taxonomy, texts, model)

    read_inbox(Fragile())
    assert len(feedback(facts)) == 6
    row = Inbox.objects.get(state="rejected")
    assert (row.external_id, row.reason) == ("3", "unreadable")


def test_with_a_full_disk_everything_waits(source, facts, read_inbox, monkeypatch):
    here = source()
    send(here, {"text": "很好", "external_id": "1"})

    def full(*args):
        raise DiskFull("磁盘满了", "the disk is full")

    monkeypatch.setattr(type(facts), "replace", full)
    with pytest.raises(DiskFull):
        read_inbox()
    monkeypatch.undo()
    assert read_inbox() == 1


def test_reading_again_under_another_taxonomy_keeps_what_people_corrected(source, facts, read_inbox):
    here = source()
    send(here, *({"text": f"{LONG}{n}", "external_id": str(n)} for n in range(3)))
    read_inbox()
    first = feedback(facts)[0]
    facts.correct([Correction(first["feedback_id"], "intent", "praise", "张", datetime(2026, 3, 1, tzinfo=UTC))])
    job = reread(taxonomy="hotel")
    drain()
    job.refresh_from_db()
    assert (job.state, job.result) == (Job.State.DONE, {"read": 3, "without_payload": 0})
    found = feedback(facts)
    assert len(found) == 3
    assert found[0]["intent"] == "praise"
    assert all("hotel" in one["text_version"] for one in found)
    assert set(Inbox.objects.values_list("text_version", flat=True)) == {found[0]["text_version"]}


def test_a_draft_shows_beside_what_stands_there(source, facts, read_inbox):
    here = source()
    send(here, {"text": LONG, "external_id": "1"})
    read_inbox()
    before = facts.query("SELECT aspect FROM opinion ORDER BY mention_no").to_pylist()
    reread(taxonomy="hotel", draft="酒店试行")
    drain()
    assert facts.query("SELECT aspect FROM opinion ORDER BY mention_no", version=facts.version).to_pylist() == before
    assert facts.query("SELECT count(*) AS n FROM opinion", version="酒店试行")["n"][0].as_py() >= 1


def test_reading_again_under_a_taxonomy_that_is_none_says_so(source, facts, read_inbox):
    send(source(), {"text": LONG, "external_id": "1"})
    read_inbox()
    job = reread(taxonomy="no such")
    drain()
    job.refresh_from_db()
    assert job.state == Job.State.DEAD
    assert "no such" in job.error["zh"]


def test_a_forgotten_customer_is_nowhere(source, facts, read_inbox):
    here = source()
    send(here, {"text": LONG, "customer_id": "甲", "external_id": "1"}, {"text": LONG, "customer_id": "乙", "external_id": "2"})
    read_inbox()
    counts = erase_customer(pseudonym("甲"))
    assert (counts["feedback"], counts["inbox"], counts["names"]) == (1, 1, 1)
    assert [one["customer_id"] for one in feedback(facts)] == [pseudonym("乙")]
    assert Inbox.objects.count() == Signature.objects.count() == Pseudonym.objects.count() == 1
    assert name_behind(pseudonym("甲")) is None
