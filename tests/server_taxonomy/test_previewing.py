"""A preview says what publishing will do, voice for voice."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from huiyin.facts import Correction, Filter
from huiyin.server.collect.feedback.models import Inbox
from huiyin.server.foundation.jobs.models import Job
from huiyin.server.understand.taxonomy import previewing
from huiyin.server.understand.taxonomy.selectors import counts_by_node, placed_opinions
from huiyin.server.understand.taxonomy.services import drafts
from huiyin.server.understand.taxonomy.services.previews import preview_start
from huiyin.server.understand.taxonomy.services.publishing import draft_publish
from tests.server.world import person

pytestmark = pytest.mark.django_db


def correct(facts, voice: str, path: str) -> None:
    row = facts.query("SELECT * FROM opinion WHERE feedback_id = ? ORDER BY mention_no LIMIT 1", [voice]).to_pylist()[0]
    facts.correct([Correction(voice, "aspect", path, "ann", datetime(2026, 3, 1, tzinfo=UTC), row["start"], row["end"], row["mention_no"])])


@pytest.fixture
def preview(analyst, drained):
    def make(user=None):
        found = preview_start(user or analyst)
        drained()
        found.refresh_from_db()
        assert found.job.state == Job.State.DONE, found.job.error
        return found.found

    return make


def test_what_it_counts_is_what_publishing_yields_on_the_same_voices(shop, facts, analyst, node, preview, drained):
    correct(facts, shop[5], "stay/breakfast")
    correct(facts, shop[3], "desk/checkin")
    Inbox.objects.filter(pk=int(shop[7][1:])).update(raw="")  # its original is gone: it cannot be read again
    drafts.draft_begin(analyst)
    (made,) = drafts.node_add(analyst, "", ["停车"])
    drafts.node_change(analyst, made.id, {"seeds": ["停车", "停车场"]})
    drafts.node_change(analyst, node("早餐"), {"key": "meals", "seeds": ["早餐"]})
    drafts.node_remove(analyst, node("房间"))
    found = preview()
    assert (found["frame"], found["voices"], found["read"], found["kept"]) == (8, 8, 7, 1)
    before = {one: counted.voices for one, counted in counts_by_node(drafts.first_version_kept().tree).items()}
    assert {one: said["before"] for one, said in found["nodes"].items() if said["before"]} == before
    version = draft_publish(analyst, "")
    drained()
    after = {one: counted.voices for one, counted in counts_by_node(version.tree).items()}
    assert {one: said["after"] for one, said in found["nodes"].items() if said["after"]} == after
    placed = placed_opinions()
    assert found["coverage"]["after"] == [placed.placed, placed.opinions]


def test_it_says_which_voices_come_and_go_and_what_becomes_of_corrections(shop, facts, analyst, node, preview):
    correct(facts, shop[5], "stay/room")
    correct(facts, shop[0], "stay/breakfast")
    correct(facts, shop[3], "desk/invoice")
    room = node("房间")
    drafts.draft_begin(analyst)
    (made,) = drafts.node_add(analyst, "", ["停车"])
    drafts.node_change(analyst, made.id, {"seeds": ["停车"]})
    drafts.node_remove(analyst, room)
    drafts.node_change(analyst, node("发票"), {"key": "receipt"})
    found = preview()
    assert found["nodes"][made.id]["gains"] == [shop[6]], "the corrected one stays where a person put it, which is nowhere now"
    assert set(found["nodes"][room]["losses"]) == {shop[1], shop[4], shop[5]}
    assert found["corrections"] == {"stay": 1, "follow": 1, "lost": [{"path": "stay/room", "n": 1, "ids": [shop[5]]}]}
    ways = {(one["from"], one["to"]): one["n"] for one in found["flows"]}
    assert ways["", made.id] == 1, "the other voice about parking was placed nowhere"
    assert sum(n for (was, _), n in ways.items() if was == room) >= 3


def test_of_many_voices_a_blind_draw_is_read_and_says_so(shop, analyst, preview, monkeypatch):
    monkeypatch.setattr(previewing, "LIMIT", 4)
    drafts.draft_begin(analyst)
    found = preview()
    assert (found["frame"], found["voices"], found["read"]) == (8, 4, 4)


def test_an_unchanged_draft_changes_nothing(shop, analyst, preview):
    drafts.draft_begin(analyst)
    found = preview()
    assert found["changed"] == 0
    assert found["flows"] == []
    assert all(said["before"] == said["after"] for said in found["nodes"].values())


def test_it_is_made_over_the_rows_its_maker_may_see(shop, say, analyst, preview):
    say("早餐不新鲜", store="杭州滨江店")
    lead = person("cx_lead")
    type(lead).objects.filter(pk=lead.pk).update(scope={"store": ["杭州滨江店"]})
    lead = type(lead).objects.get(pk=lead.pk)
    drafts.draft_begin(analyst)
    assert preview(lead)["frame"] == 1
    assert preview(analyst)["frame"] == 9
    assert Filter.from_query("").is_everything


def test_nothing_is_read_twice_for_the_same_draft(shop, analyst, preview, node):
    drafts.draft_begin(analyst)
    preview()
    preview()
    assert Job.objects.filter(kind="taxonomy.preview").count() == 1
    drafts.node_shift(analyst, node("房间"), -1)
    preview()
    assert Job.objects.filter(kind="taxonomy.preview").count() == 2
