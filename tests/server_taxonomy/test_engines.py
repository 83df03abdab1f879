"""What the taxonomy asks of the facts is answered alike by both engines."""

from __future__ import annotations

import pytest

from huiyin.facts import Filter
from huiyin.server.understand.taxonomy.hotwords import hot_words
from huiyin.server.understand.taxonomy.packs import measured
from huiyin.server.understand.taxonomy.selectors import counts_by_node, examples_of, placed_opinions
from huiyin.server.understand.taxonomy.services import drafts
from huiyin.server.understand.taxonomy.services.examples import example_take
from huiyin.server.understand.taxonomy.services.previews import preview_start
from huiyin.server.understand.taxonomy.services.publishing import draft_publish, version_begin

pytestmark = pytest.mark.django_db
ENGINES = pytest.mark.parametrize("facts", [":memory:", "chdb://memory/taxonomy"], indirect=True)


@ENGINES
def test_preview_publish_and_counts(facts, shop, analyst, node, drained):
    drafts.draft_begin(analyst)
    (made,) = drafts.node_add(analyst, "", ["停车"])
    drafts.node_change(analyst, made.id, {"seeds": ["停车", "停车场"]})
    drafts.node_change(analyst, node("早餐"), {"key": "meals"})
    preview = preview_start(analyst)
    drained()
    preview.refresh_from_db()
    version = draft_publish(analyst, "停车另算")
    version_begin(version)
    assert counts_by_node(version.tree)[node("早餐")].voices == 3
    drained()
    after = {one: counted.voices for one, counted in counts_by_node(version.tree).items()}
    assert {one: said["after"] for one, said in preview.found["nodes"].items() if said["after"]} == after
    assert after[made.id] == 2
    placed = placed_opinions()
    assert preview.found["coverage"]["after"] == [placed.placed, placed.opinions]
    example_take(analyst, version.tree.get(made.id), shop[5], "停车场太小")
    assert [one.feedback_id for one in examples_of(made.id, Filter())] == [shop[5]]
    assert measured(Filter())[1] == len(shop)


@ENGINES
def test_hot_words(facts, say):
    for day in range(1, 29):
        say(f"早餐一般，第{day}天住", f"前台{day}号那天很忙", occurred_at=f"2026-03-{day:02d}")
    for at, said in enumerate(("老是", "又见", "出现", "直接", "整片", "全是", "满眼", "突然")):
        say(f"{said}青墨屏", f"{said}青墨屏，{at}次了", occurred_at="2026-04-05")
    found = hot_words(7, Filter())
    assert [(one.word, one.people, one.voices) for one in found.words] == [("青墨屏", 16, 16)]
