"""From a draft to a version: history follows the nodes, what people corrected stays, a killed job goes on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from huiyin.facts import Correction
from huiyin.server.collect.feedback.models import Inbox
from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.foundation.jobs.models import Job
from huiyin.server.foundation.jobs.running import claim, perform
from huiyin.server.understand.explorer.names import aspect_name
from huiyin.server.understand.reading.services import reading_setup
from huiyin.server.understand.taxonomy import rereading
from huiyin.server.understand.taxonomy.models import TaxonomyVersion
from huiyin.server.understand.taxonomy.selectors import counts_by_node, draft_now, version_in_use
from huiyin.server.understand.taxonomy.services import drafts
from huiyin.server.understand.taxonomy.services.publishing import NotYet, draft_publish, history_reread, version_begin

pytestmark = pytest.mark.django_db


def voices(tree, **options) -> dict[str, int]:
    counts = counts_by_node(tree, **options)
    return {one.name["zh"]: counts[one.id].voices for one in tree.nodes if one.id in counts}


@pytest.fixture
def publish(analyst, drained):
    def make(note: str = "") -> TaxonomyVersion:
        version = draft_publish(analyst, note)
        drained()
        version.refresh_from_db()
        assert version.job.state == Job.State.DONE, version.job.error
        return version

    return make


def test_a_rename_and_a_move_keep_the_history_at_once_and_after_reading_again(shop, facts, analyst, node, publish, drained):
    before = voices(version_in_use().tree)
    assert before == {"住店": 4, "早餐": 3, "房间": 2, "前台": 1, "入住": 1, "发票": 1} | {"前台": 2}
    drafts.draft_begin(analyst)
    breakfast = node("早餐")
    drafts.node_change(analyst, breakfast, {"name": {"zh": "餐食", "en": "Meals"}, "key": "meals"})
    drafts.node_move(analyst, node("发票"), node("住店"))
    version = draft_publish(analyst, "餐食不只早餐")
    version_begin(version)
    at_once = voices(version.tree)
    assert (at_once["餐食"], at_once["住店"], at_once["发票"], at_once["前台"]) == (3, 5, 1, 1)
    drained()
    assert voices(version.tree) == at_once
    assert version.tree.get(breakfast).name["zh"] == "餐食"
    assert aspect_name("stay/meals") == "住店 / 餐食"
    first = TaxonomyVersion.objects.get(number=1)
    assert voices(first.tree, version=first.facts_name) == before, "the former version can still be asked"


def test_what_a_person_corrected_survives_the_publishing(shop, facts, analyst, node, publish):
    parking = shop[5]
    row = facts.query("SELECT * FROM opinion WHERE feedback_id = ?", [parking]).to_pylist()[0]
    facts.correct([Correction(parking, "aspect", "stay/room", "ann", datetime(2026, 3, 1, tzinfo=UTC), row["start"], row["end"], row["mention_no"])])
    drafts.draft_begin(analyst)
    drafts.node_change(analyst, node("房间"), {"key": "rooms", "name": {"zh": "客房", "en": "Rooms"}})
    publish()
    sql = "SELECT aspect, labelled_by FROM opinion WHERE feedback_id = ? AND mention_no = ?"
    assert facts.query(sql, [parking, row["mention_no"]]).to_pylist() == [{"aspect": "stay/rooms", "labelled_by": "human:ann"}]
    publish_again = drafts.draft_begin(analyst)
    assert publish_again.base == 2
    drafts.node_change(analyst, node("客房"), {"key": "bedrooms"})
    publish()
    assert facts.query(sql, [parking, row["mention_no"]]).to_pylist() == [{"aspect": "stay/bedrooms", "labelled_by": "human:ann"}]


def test_a_new_node_finds_its_voices_in_the_whole_history_and_in_what_comes_after(shop, facts, say, analyst, node, publish):
    drafts.draft_begin(analyst)
    (made,) = drafts.node_add(analyst, "", ["停车"])
    drafts.node_change(analyst, made.id, {"seeds": ["停车", "停车场"]})
    version = publish()
    assert counts_by_node(version.tree)[made.id].voices == 2
    say("停车位不够，停车难")
    assert counts_by_node(version.tree)[made.id].voices == 3
    assert set(Inbox.objects.values_list("text_version", flat=True).distinct()) == set(
        facts.query("SELECT DISTINCT text_version FROM voice")["text_version"].to_pylist()
    )


def test_a_merged_node_goes_up_in_the_other_with_words_and_history(shop, analyst, node, publish):
    drafts.draft_begin(analyst)
    drafts.node_merge(analyst, node("早餐"), node("房间"))
    version = publish()
    assert voices(version.tree)["房间"] == 4
    assert "自助餐" in version.tree.get(node("房间")).seeds


def test_a_split_keeps_the_history_with_the_first_part_until_it_is_read_again(shop, analyst, node, drained):
    drafts.draft_begin(analyst)
    drafts.node_split(analyst, node("早餐"), [("堂食", []), ("自助", ["自助餐"])])
    version = draft_publish(analyst, "")
    version_begin(version)
    assert voices(version.tree) == {"住店": 4, "早餐": 3, "堂食": 3, "房间": 2, "前台": 2, "入住": 1, "发票": 1}
    drained()
    assert voices(version.tree) == {"住店": 4, "早餐": 3, "堂食": 2, "自助": 1, "房间": 2, "前台": 2, "入住": 1, "发票": 1}


def test_killed_in_the_middle_it_goes_on_and_reads_nothing_twice(shop, facts, analyst, node, drained, monkeypatch):
    drafts.draft_begin(analyst)
    (made,) = drafts.node_add(analyst, "", ["停车"])
    drafts.node_change(analyst, made.id, {"seeds": ["停车"]})
    version = draft_publish(analyst, "")
    read, batches = rereading.reread_rows, []

    class Killed(BaseException):
        pass

    def until_killed(rows, *args):
        if len(batches) == 2:
            raise Killed
        batches.append([row.pk for row in rows])
        read(rows, *args)

    monkeypatch.setattr(rereading, "BATCH", 3)
    monkeypatch.setattr(rereading, "reread_rows", until_killed)
    with pytest.raises(Killed):
        perform(claim())
    assert counts_by_node(version.tree)[made.id].voices < 2, "the second half still stands as it was carried over"
    Job.objects.update(lease=None)
    again = []
    monkeypatch.setattr(rereading, "reread_rows", lambda rows, *args: (again.extend(row.pk for row in rows), read(rows, *args)))
    drained()
    assert counts_by_node(version.tree)[made.id].voices == 2
    assert len(again) == len(shop) - 6
    assert facts.query("SELECT count(*) AS n FROM voice")["n"][0].as_py() == len(shop)
    assert Job.objects.get(kind="taxonomy.apply").result["read"] == len(shop)


def test_going_back_publishes_the_older_tree_again(shop, analyst, node, publish):
    drafts.draft_begin(analyst)
    drafts.node_remove(analyst, node("早餐"))
    assert "早餐" not in voices(publish().tree)
    first = TaxonomyVersion.objects.get(number=1)
    drafts.draft_begin(analyst, first.tree, again=1)
    version = publish("还是要早餐")
    assert (version.number, version.again) == (3, 1)
    assert voices(version.tree)["早餐"] == 3
    assert voices(version.tree) == voices(first.tree, version=first.facts_name)


def test_what_blocks_is_not_published(shop, analyst, node):
    drafts.draft_begin(analyst)
    drafts.node_change(analyst, node("早餐"), {"name": {"zh": "", "en": ""}})
    with pytest.raises(NotYet):
        draft_publish(analyst, "")
    assert draft_now() is not None
    assert not Job.objects.exists()


def test_a_draft_that_changed_since_it_was_seen_is_not_published_unseen(shop, analyst, node):
    draft = drafts.draft_begin(analyst)
    drafts.node_shift(analyst, node("房间"), -1)
    with pytest.raises(NotYet):
        draft_publish(analyst, "", revision=draft.revision)


def test_every_change_is_in_the_audit(shop, analyst, node, publish):
    drafts.draft_begin(analyst)
    drafts.node_add(analyst, "", ["停车"])
    drafts.node_change(analyst, node("停车"), {"seeds": ["停车"]})
    drafts.node_move(analyst, node("停车"), node("前台"))
    drafts.node_remove(analyst, node("停车"))
    drafts.step_undo(analyst)
    publish("停车另算")
    history_reread(analyst)
    verbs = list(AuditEntry.objects.filter(verb__startswith="taxonomy.").order_by("id").values_list("verb", flat=True))
    assert verbs == [
        "taxonomy.draft_begun", "taxonomy.node_added", "taxonomy.node_changed", "taxonomy.node_moved", "taxonomy.node_removed",
        "taxonomy.step_undone", "taxonomy.published", "taxonomy.reread",
    ]  # fmt: skip
    assert AuditEntry.objects.get(verb="taxonomy.node_changed").after == {"seeds": ["停车"]}


def test_the_reader_picks_the_new_tree_up_without_a_restart(shop, say, analyst, node, publish):
    drafts.draft_begin(analyst)
    publish()
    first = reading_setup().taxonomy
    drafts.draft_begin(analyst)
    drafts.node_change(analyst, node("早餐"), {"seeds": ["早餐", "早茶"]})
    version = publish()
    assert reading_setup().taxonomy != first
    say("早茶不错")
    assert voices(version.tree)["早餐"] == 3
