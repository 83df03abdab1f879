"""Topics on the server: planted ones are found, every opinion has a place, and what people did outlives every run."""

from __future__ import annotations

import re

import pytest

from huiyin.server.foundation.live.events import subscribe
from huiyin.server.understand.taxonomy.models import Draft, TakenExample
from huiyin.server.understand.taxonomy.tree import Tree
from huiyin.server.understand.topics.growing import grow
from huiyin.server.understand.topics.models import Member, Prototype, Topic
from huiyin.server.understand.topics.services import TopicRefused, topic_hide, topic_merge, topic_promote, topic_rename, topic_split
from tests.text.test_topics import PLANTED
from tests.text.test_topics import world as planted_world

pytestmark = pytest.mark.django_db


def topic_about(planted, name) -> Topic:
    """The topic that holds most of what is about it."""
    ids = [one for one, about in planted.items() if about == name]
    held = list(Member.objects.filter(feedback_id__in=ids).exclude(topic=None).values_list("topic", flat=True))
    return Topic.objects.get(pk=max(set(held), key=held.count))


def places() -> dict[str, int | None]:
    return dict(Member.objects.values_list("feedback_id", "topic"))


def test_planted_topics_are_found_and_every_opinion_is_placed_or_says_why_not(planted):
    grow()
    assert Member.objects.count() == len(planted)
    for name in PLANTED:
        ids = {one for one, about in planted.items() if about == name}
        held = set(Member.objects.filter(topic=topic_about(planted, name)).values_list("feedback_id", flat=True))
        assert len(ids & held) >= 0.95 * len(ids)
        assert len(ids & held) >= 0.95 * len(held)
        assert topic_about(planted, name).name.startswith(name)
    assert not Member.objects.filter(topic=None, reason=Member.Reason.PLACED).exists()


def test_silent_where_nothing_is_repeated(say):
    say([f"{chr(0x4E00 + 37 * at)}{chr(0x5E00 + 53 * at)}{chr(0x6E00 + 71 * at)}{chr(0x7E00 + 13 * at)}坏" for at in range(200)])
    grow()
    assert not Topic.objects.exists()
    assert Member.objects.filter(topic=None).count() == Member.objects.count() > 0


def test_doing_it_again_changes_nothing(planted):
    grow()
    before, topics = places(), list(Topic.objects.values("pk", "name", "seeds"))
    grow()
    grow(again=True)
    assert (places(), list(Topic.objects.values("pk", "name", "seeds"))) == (before, topics)


def test_what_comes_later_keeps_the_ids_and_new_topics_get_new_ones(say):
    texts, truth, _units = planted_world(noise=150)
    early = [text for text, about in zip(texts, truth, strict=True) if about != "发票抬头"]
    late = [text for text, about in zip(texts, truth, strict=True) if about == "发票抬头"]
    say(early)
    grow()
    before = {one.pk: one.name for one in Topic.objects.all()}
    held = places()
    say([*late, "又是充电口盖打不开"], prefix="w")
    grow()
    after = {one.pk: one.name for one in Topic.objects.all()}
    assert after.items() >= before.items()
    assert [name for pk, name in after.items() if pk not in before and name.startswith("发票抬头")]
    assert places().items() >= {key: topic for key, topic in held.items() if topic}.items()
    joined = Member.objects.get(feedback_id=f"w{len(late):04}").topic
    assert joined.pk in before
    assert joined.name.startswith("充电口盖")


EDITS = ["rename", "merge", "split", "hide", "promote"]


@pytest.mark.parametrize("edit", EDITS)
def test_each_edit_survives_runs_and_rebuilds_and_new_voices(planted, say, lead, edit):
    grow()
    port, lock = topic_about(planted, "充电口盖"), topic_about(planted, "儿童锁")
    made = None
    if edit == "rename":
        topic_rename(lead, port, "小门打不开")
    elif edit == "merge":
        topic_merge(lead, port, lock)
    elif edit == "split":
        chosen = list(Member.objects.filter(topic=port, feedback_id__in=list(planted)).order_by("pk").values_list("pk", flat=True)[:8])
        made = topic_split(lead, port, chosen, "冬天")
    elif edit == "hide":
        topic_hide(lead, port)
    else:
        topic_promote(lead, port, "充电口盖", ["充电口盖"])
    kept = {one.pk: (one.name, one.state, one.into_id) for one in Topic.objects.all()}
    say(["充电口盖打不开", "儿童锁失灵", *("发票抬头开错了" for _ in range(9))], prefix="w")
    for again in (False, True):
        grow(again=again)
        now = {one.pk: (one.name, one.state, one.into_id) for one in Topic.objects.filter(pk__in=kept)}
        assert now == kept
        new = Member.objects.get(feedback_id="w0000").topic
        assert new.pk in ((lock.pk,) if edit == "merge" else (port.pk, made.pk) if made else (port.pk,))
        if made:
            assert set(Member.objects.filter(pk__in=chosen).values_list("topic", flat=True)) == {made.pk}


def test_what_gets_an_aspect_or_is_erased_leaves_the_topic(planted, say, facts):
    grow()
    port = topic_about(planted, "充电口盖")
    count = port.members.count()
    first, second = port.members.order_by("pk").values_list("feedback_id", flat=True)[:2]
    from django.utils import timezone

    from huiyin.facts import Correction
    from huiyin.server.understand.topics.forgetting import forget

    end = Member.objects.get(feedback_id=first).end
    facts.correct([Correction(first, "aspect", "product/design", "a@example.com", timezone.now(), 0, end, 0)])
    grow()
    assert port.members.count() == count - 1
    assert forget("c", [second]) == {"topic_examples": 1}


def test_killed_before_the_end_nothing_has_changed(planted, monkeypatch):
    from huiyin.server.understand.topics import growing

    def killed(*args):
        raise SystemExit

    monkeypatch.setattr(growing, "_write", killed)
    with pytest.raises(SystemExit):
        grow()
    assert not Topic.objects.exists()
    assert not Prototype.objects.exists()
    monkeypatch.undo()
    grow()
    assert Topic.objects.exists()


def test_promoting_tells_the_taxonomy_name_seeds_and_examples(planted, lead, django_capture_on_commit_callbacks):
    heard = []
    leave = subscribe("topic_promoted", lambda topic, data: heard.append(dict(data)))
    grow()
    port = topic_about(planted, "充电口盖")
    with django_capture_on_commit_callbacks(execute=True):
        topic_promote(lead, port, "充电口盖卡住", ["充电口盖", "充电口盖", " 充电盖 "])
    leave()
    assert [(one["topic"], one["name"], one["seeds"]) for one in heard] == [(port.pk, "充电口盖卡住", ["充电口盖", "充电盖"])]
    assert heard[0]["examples"]
    assert all("充电口盖" in one for one in heard[0]["examples"])
    node = next(one for one in Tree.of(Draft.objects.get().said).nodes if one.called() == "充电口盖卡住")
    assert node.seeds == ["充电口盖", "充电盖"]
    assert TakenExample.objects.filter(node=node.id).count() == len(heard[0]["examples"])
    with pytest.raises(TopicRefused):
        topic_promote(lead, port, "再来", ["一次"])


def test_the_count_of_a_topic_is_that_of_its_list_and_nobody_sees_beyond_her_rows(planted, say, client):
    from django.test import Client

    from huiyin.server.foundation.people.services.users import user_make

    say([f"{text}" for text in PLANTED["充电口盖"]], prefix="s", region="西南")
    grow()
    port = topic_about(planted, "充电口盖")
    page = client.get(f"/topics/{port.pk}/").content.decode()
    count = int(re.search(r"<b>([\d,]+)</b> 个观点", page)[1])
    assert count == port.members.count()
    listed = client.get("/topics/").content.decode()
    assert f"{count} 个观点" in listed
    narrow = user_make(email="sw@example.com", display_name="西南", password="clear-water-71", roles=["analyst"], scope={"region": ["西南"]})
    browser = Client()
    browser.force_login(narrow)
    own = browser.get(f"/topics/{port.pk}/").content.decode()
    assert int(re.search(r"<b>([\d,]+)</b> 个观点", own)[1]) == len(PLANTED["充电口盖"])
    assert set(re.findall(r'href="/voices/(\w)\d+/"', own)) == {"s"}
    assert "儿童锁" not in browser.get("/topics/").content.decode()


def test_by_click_rename_merge_split_hide_restore_promote(planted, client):
    grow()
    port, lock, invoice = (topic_about(planted, name) for name in PLANTED)
    client.post(f"/topics/{port.pk}/rename/", {"name": " 小门  "})
    assert Topic.objects.get(pk=port.pk).name == "小门"
    members = list(port.members.values_list("pk", flat=True)[:3])
    client.post(f"/topics/{port.pk}/split/", {"member": members, "name": "新的"})
    made = Topic.objects.get(name="新的")
    assert made.members.count() == 3
    client.post(f"/topics/{made.pk}/merge/", {"into": str(port.pk)})
    assert client.get(f"/topics/{made.pk}/").url == f"/topics/{port.pk}/"
    client.post(f"/topics/{lock.pk}/hide/", {"hidden": "1"})
    assert "儿童锁" in client.get("/topics/?list=hidden").content.decode()
    assert f"/topics/{lock.pk}/" not in client.get("/topics/").content.decode()
    client.post(f"/topics/{lock.pk}/hide/", {"hidden": "0"})
    client.post(f"/topics/{invoice.pk}/promote/", {"name": "发票抬头", "seeds": "发票抬头、抬头"})
    assert Topic.objects.get(pk=invoice.pk).seeds == ["发票抬头", "抬头"]
    assert "发票抬头" in client.get("/topics/?list=promoted").content.decode()


def test_what_is_not_placed_is_listed_with_reason_and_neighbours(planted, client):
    grow()
    left = Member.objects.filter(topic=None, reason=Member.Reason.FEW).count()
    page = client.get("/topics/unplaced/?reason=few").content.decode()
    assert int(re.search(r"<b>([\d,]+)</b> 个观点", page)[1]) == left > 0
    total = sum(int(one.replace(",", "")) for one in re.findall(r"(?:归入话题|还太少|褒贬) ([\d,]+)", client.get("/topics/").content.decode()))
    assert total == Member.objects.count()
