"""What is said for the first time is told: an aspect that begins to hurt, and a group of words that no aspect covers."""

import numpy as np
import pyarrow as pa
import pytest
from tests.insight.engines import stored

from huiyin.facts import DuckDBFacts
from huiyin.insight.emerging import emerging
from huiyin.simulate.planted import Plan, draw
from huiyin.simulate.planted.outbreaks import plant_outbreak, plant_words

RATES = (0.06, 0.03, 0.04, 0.03, 0.05, 0.02, 0.03, 0.0003)


def unplaced(feedback: pa.Table, mentions: pa.Table) -> pa.Table:
    """One complaint without an aspect for each voice: what a taxonomy that covers nothing would leave."""
    n = feedback.num_rows
    columns = {name: feedback[name] for name in ("feedback_id", "occurred_at", "channel", "product", "brand", "region", "segment", "customer_id")}
    lengths = pa.array([len(text) for text in feedback["text"].to_pylist()], pa.int32())
    columns |= {"mention_no": pa.array(np.full(n, 50, np.int32)), "start": pa.array(np.zeros(n, np.int32)), "end": lengths}
    columns |= {"polarity": pa.array(np.full(n, -1, np.int8)), "intensity": pa.array(np.full(n, 0.5)), "confidence": pa.array(np.full(n, 0.9))}
    rest = {field.name: pa.nulls(n, field.type) for field in mentions.schema if field.name not in columns}
    return pa.concat_tables([mentions, pa.table({**columns, **rest}).select(mentions.column_names)])


@pytest.fixture(scope="module")
def world():
    draft = draw(Plan(seed=5, voices=12_000, customers=12_000, rates=RATES))
    plant_outbreak(draft, "price/high", None, 330, 60.0)
    plant_outbreak(draft, "app/crash", None, 100, 3.0, last_day=180)
    plant_words(draft, "充电跳闸", 336, 0.04)
    feedback, mentions = draft.tables()
    facts = DuckDBFacts()
    facts.append(feedback, unplaced(feedback, mentions))
    return facts, draft


def test_an_aspect_whose_first_rise_is_recent_is_new_and_an_old_trouble_is_not(world):
    facts, draft = world
    found = emerging(facts)
    assert [one.aspect for one in found.aspects] == ["price/high"]
    one = found.aspects[0]
    assert one.is_new and one.first_alarm.is_alarm and one.still_rising
    assert one.first_alarm.until >= draft.date_of(330).isoformat()
    assert one.cases_since >= one.first_alarm.count


def test_words_that_rise_together_are_one_group(world):
    facts, draft = world
    found = emerging(facts)
    assert [{one.word for one in group.words} for group in found.groups] == [{"充电", "跳闸"}]
    assert found.groups[0].texts >= 5 and len(found.groups[0].feedback_ids) <= 50
    assert found.texts_read <= found.texts_total


def test_nothing_new_is_a_legal_answer():
    facts = stored(draw(Plan(seed=9, voices=8_000)))
    found = emerging(facts)
    assert found.aspects == () and found.groups == () and found.series == 8
