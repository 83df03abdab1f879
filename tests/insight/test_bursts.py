"""A phrase that customers begin to use is found with its week; words of every week are not."""

from datetime import timedelta

import numpy as np
import pytest
from tests.insight.engines import stored

from huiyin.facts import DuckDBFacts, Filter
from huiyin.insight.bursts import burst_start, burst_words, documents, log_odds
from huiyin.simulate.planted import Plan, draw
from huiyin.simulate.planted.outbreaks import plant_words


@pytest.fixture(scope="module")
def world():
    draft = draw(Plan(seed=5, voices=12_000, customers=12_000))
    truth = plant_words(draft, "充电跳闸", 336, 0.04)
    facts = stored(draft)
    return facts, draft, truth


def test_the_planted_words_burst_and_no_others(world):
    facts, draft, truth = world
    found = burst_words(facts)
    assert {one.word for one in found.words} == {"充电", "跳闸"}
    start = draft.date_of(truth.first_day)
    for one in found.words:
        assert abs((np.datetime64(one.since) - np.datetime64(start)).astype(int)) <= 7
        assert one.recent >= 5 and one.before <= 5 and one.q_value <= 0.05 and one.ratio.low > 1


def test_a_burst_opens_down_to_its_voices(world):
    facts, _, _ = world
    one = burst_words(facts).words[0]
    marks = ", ".join("?" for _ in one.feedback_ids)
    texts = facts.query(f"SELECT text FROM voice WHERE feedback_id IN ({marks})", list(one.feedback_ids))["text"].to_pylist()
    assert len(texts) == len(one.feedback_ids) and all(one.word in text for text in texts)


def test_reading_is_bounded_and_the_bound_is_said(world):
    facts, _, _ = world
    found = burst_words(facts, per_week=100)
    assert found.texts_read <= 26 * 100 < found.texts_total
    assert found == burst_words(facts, per_week=100)


def test_before_the_phrase_nothing_bursts(world):
    facts, draft, _ = world
    quiet = burst_words(facts, Filter(until=draft.date_of(320)), as_of=draft.date_of(320) + timedelta(days=1))
    assert quiet.words == () and quiet.tested > 0


def test_any_tokeniser_will_do(world):
    facts, _, _ = world
    pairs = burst_words(facts, tokens=lambda text: {text[at : at + 2] for at in range(len(text) - 1)})
    assert "跳闸" in {one.word for one in pairs.words}


def test_a_word_counts_once_a_text_whatever_the_order():
    texts = ["慢 慢 快", "快 慢", "快"]
    one = documents(texts, np.array([0, 0, 1]), 2, ["a", "b", "c"], str.split, minimum=1)
    counts, total = one.counts()
    assert counts[one.words.index("慢")].tolist() == [2, 0] and total.tolist() == [2, 1]
    other = documents(texts[::-1], np.array([1, 0, 0]), 2, ["c", "b", "a"], str.split, minimum=1)
    assert one.words == other.words and (other.counts()[0] == counts).all()


def test_kleinbergs_automaton_dates_the_burst():
    texts = np.full(26, 200.0)
    counts = np.vstack([np.where(np.arange(26) < 20, 2.0, 14.0), np.full(26, 2.0)])
    assert burst_start(counts, texts).tolist() == [20, 25]


def test_log_odds_are_even_for_what_did_not_change():
    found = log_odds(np.array([10.0, 90.0]), np.array([100.0, 900.0]))
    assert np.abs(found).max() < 0.1


def test_no_facts_is_no_error():
    assert burst_words(DuckDBFacts()).words == ()
