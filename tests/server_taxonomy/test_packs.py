"""The shipped packs are tried on the company's own voices; choosing one begins a draft."""

from __future__ import annotations

import pytest

from huiyin.facts import Filter
from huiyin.server.understand.taxonomy.packs import measured
from huiyin.server.understand.taxonomy.selectors import draft_now, version_in_use
from huiyin.text import load_taxonomy
from huiyin.text.taxonomy import PACKS, choose
from tests.server_taxonomy.conftest import VOICES

pytestmark = pytest.mark.django_db


def test_each_pack_says_how_many_of_our_voices_name_it(shop, facts):
    found, sample = measured(Filter())
    assert sample == len(VOICES)
    assert [one.key for one in sorted(found, key=lambda one: PACKS.index(one.key))] == list(PACKS)
    best, scores = choose(facts.query("SELECT text FROM voice ORDER BY feedback_id")["text"].to_pylist())
    assert next(one.key for one in found if one.chosen) == best.pack == found[0].key
    assert all(abs(one.fit - scores[one.key]) < 1e-3 for one in found)
    hotel = next(one for one in found if one.key == "hotel")
    assert hotel.named.n == len(VOICES)
    assert hotel.named.value > next(one for one in found if one.key == "banking").named.value


def test_choosing_one_begins_a_draft_and_leaves_the_tree_in_use(shop, signed_in):
    browser = signed_in("cx_lead")
    assert "酒店住宿" in browser.get("/taxonomy/packs/measured/").content.decode()
    browser.post("/taxonomy/packs/hotel/choose/")
    draft = draft_now()
    assert {path for node_id, path in draft.tree.paths().items() if draft.tree.is_leaf(node_id)} == set(load_taxonomy("hotel").paths)
    assert version_in_use().tree.pack == "shop"


def test_without_a_voice_the_packs_are_still_offered(facts, signed_in):
    page = signed_in("cx_lead").get("/taxonomy/packs/measured/").content.decode()
    assert "还没有声音" in page
    assert page.count("以它起草") == len(PACKS)
