"""The screens of the taxonomy in both languages, as pages and as parts, from the first draft to two versions side by side."""

from __future__ import annotations

import re

import pytest

from huiyin.server.understand.taxonomy.models import OwnWord, TaxonomyVersion
from huiyin.server.understand.taxonomy.selectors import draft_now, version_in_use
from huiyin.server.understand.taxonomy.services import drafts
from huiyin.server.understand.taxonomy.services.dictionary import word_add
from huiyin.server.understand.taxonomy.services.previews import preview_start
from huiyin.server.understand.taxonomy.services.publishing import draft_publish

pytestmark = pytest.mark.django_db
HAN = re.compile(r"[\u4e00-\u9fff]+")
ADDRESSES = (
    "/taxonomy/", "/taxonomy/draft/", "/taxonomy/draft/preview/", "/taxonomy/versions/", "/taxonomy/versions/compare/?a=1&b=2",
    "/taxonomy/versions/1/drop/", "/taxonomy/versions/2/drop/",
    "/taxonomy/files/", "/taxonomy/packs/", "/taxonomy/packs/measured/", "/taxonomy/words/", "/taxonomy/words/hot/",
)  # fmt: skip
OWN = ("回音", "简体中文", "繁體中文", "简", "繁", "周砚", "房间")  # the last: what a step was about


@pytest.fixture
def busy(shop, analyst, node, drained):
    """A second version, a draft of the third with its preview, a word of our own."""
    drafts.draft_begin(analyst)
    (made,) = drafts.node_add(analyst, "", ["Parking"])
    drafts.node_change(analyst, made.id, {"seeds": ["parking"], "name": {"zh": "Parking", "en": "Parking"}})
    draft_publish(analyst, "Parking apart")
    drained()
    drafts.draft_begin(analyst)
    drafts.node_remove(analyst, node("房间"))
    preview_start(analyst)
    drained()
    word_add(analyst, "zeekrx", OwnWord.Kind.NAME)
    return analyst


def visible(page: str) -> str:
    """What is read on the page: without the customers' and the company's own words."""
    page = re.sub(
        r"<(script|style)\b.*?</\1>|<!--.*?-->|<blockquote.*?</blockquote>|<p class=\"said\">.*?</p>|<p class=\"words\">.*?</p>", "", page, flags=re.S
    )
    page = re.sub(
        r"<textarea.*?</textarea>|<td class=\"said-cell\">.*?</td>|<td class=\"wide\"><small>.*?</td>|<del>.*?</del>|<ins>.*?</ins>",
        "",
        page,
        flags=re.S,
    )
    page = re.sub(r'<input[^>]*value="[^"]*"[^>]*>', "", page)
    for own in OWN:
        page = page.replace(own, "")
    return page


@pytest.mark.parametrize("address", [*ADDRESSES, "node", "draft node", "heard"])
def test_every_screen_stands_in_both_languages_and_keeps_to_the_policy(busy, signed_in, node, shop, address):
    if address == "node":
        address = f"/taxonomy/nodes/{node('早餐')}/"
    if address == "draft node":
        address = f"/taxonomy/draft/?node={node('早餐')}"
    if address == "heard":
        address = f"/taxonomy/draft/preview/voices/?node={next(one.id for one in version_in_use().tree.nodes if one.key == 'room')}&side=losses"
    browser = signed_in(user=busy)
    answer = browser.get(address)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", page)
    part = browser.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    browser.post("/preferences/", {"language": "en"})
    english = visible(browser.get(address).content.decode())
    assert HAN.findall(english) == []


def test_a_preview_opens_on_the_voices_that_change(busy, signed_in, shop):
    browser = signed_in(user=busy)
    page = browser.get("/taxonomy/draft/preview/").content.decode()
    room = next(one.id for one in version_in_use().tree.nodes if one.key == "room")
    address = f"/taxonomy/draft/preview/voices/?node={room}&side=losses"
    assert address.replace("&", "&amp;") in page
    heard = browser.get(address)
    assert {one.fields["feedback_id"] for one in heard.context["voices"]} == {shop[1], shop[4]}


def test_a_preview_of_other_rows_is_not_shown(busy, signed_in, say):
    from tests.server.world import person

    lead = person("cx_lead")
    type(lead).objects.filter(pk=lead.pk).update(scope={"store": ["杭州滨江店"]})
    room = next(one.id for one in version_in_use().tree.nodes if one.key == "room")
    browser = signed_in(user=type(lead).objects.get(pk=lead.pk))
    assert "没有一条" not in browser.get("/taxonomy/draft/preview/").content.decode()
    assert browser.get(f"/taxonomy/draft/preview/voices/?node={room}&side=losses").status_code == 404


def test_publishing_by_the_screen_wants_a_note_and_says_what_happens(busy, signed_in, drained):
    browser = signed_in(user=busy)
    revision = draft_now().revision
    assert browser.post("/taxonomy/draft/publish/", {"note": "", "revision": revision}).status_code == 422
    assert browser.post("/taxonomy/draft/publish/", {"note": "去掉房间", "revision": revision - 1}).status_code == 409
    browser.post("/taxonomy/draft/publish/", {"note": "去掉房间", "revision": revision})
    page = browser.get("/taxonomy/").content.decode()
    assert 'id="progress"' in page
    drained()
    assert browser.get("/taxonomy/progress/").headers["HX-Refresh"] == "true"
    assert "第 3 版" in browser.get("/taxonomy/").content.decode()


def test_two_versions_side_by_side_say_what_moved_and_how_much(busy, signed_in):
    page = signed_in("everyone").get("/taxonomy/versions/compare/?a=2&b=1").content.decode()
    assert "Parking" in page
    assert "新增" in page
    assert TaxonomyVersion.objects.count() == 2


def test_going_back_is_offered_and_begins_a_draft(busy, signed_in):
    browser = signed_in(user=busy)
    browser.post("/taxonomy/versions/1/again/")
    assert draft_now().again == 1
    assert "Parking" not in [one.name["zh"] for one in draft_now().tree.nodes]
    browser.post("/taxonomy/draft/undo/")
    assert "Parking" in [one.name["zh"] for one in draft_now().tree.nodes]
