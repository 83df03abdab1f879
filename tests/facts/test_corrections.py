"""What a person corrected holds: at once, after the voice is read anew, after a rebuild, under the version it was meant for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.facts import MENTION, BatchRefused, Correction, Filter
from huiyin.facts.corrections import table_of, with_corrections

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def voice(text: str = "送货慢，客服好") -> pa.Table:
    return pa.table(
        {"feedback_id": ["a", "b"], "text": [text, "别的"], "sentiment": [-0.5, 0.1], "customer_id": ["c1", None], "product": ["T11", None]}
    )


def said(*found: tuple[int, int, str, int], who: str = "a") -> pa.Table:
    rows = [
        {"feedback_id": who, "mention_no": n, "start": s, "end": e, "aspect": a, "polarity": p, "labelled_by": "machine"}
        for n, (s, e, a, p) in enumerate(found)
    ]
    return pa.Table.from_pylist(rows, schema=MENTION)


def opinions(facts, **options) -> list[tuple[object, ...]]:
    sql = 'SELECT "start", "end", aspect, polarity, labelled_by FROM opinion WHERE feedback_id = \'a\' ORDER BY "start", mention_no'
    return [tuple(row.values()) for row in facts.query(sql, **options).to_pylist()]


def corrected(field: str, value: object, **more) -> Correction:
    return Correction(**{"feedback_id": "a", "field": field, "value": value, "author": "ann", "made_at": NOON, **more})


@pytest.fixture
def read(facts):
    facts.append(voice(), said((0, 3, "delivery/late", -1), (4, 7, "service/attitude", 1)))
    return facts


def test_a_correction_holds_at_once_and_after_the_voice_is_read_anew(read):
    read.correct([corrected("aspect", "delivery/courier", start=0, end=3), corrected("sentiment", -0.9)])
    expected = [(0, 3, "delivery/courier", -1, "human:ann"), (4, 7, "service/attitude", 1, "machine")]
    assert opinions(read) == expected
    # A new model cuts the text a little differently.
    read.replace(voice(), said((0, 2, "delivery/late", -1), (4, 7, "service/attitude", 1)))
    assert opinions(read) == [(0, 2, "delivery/courier", -1, "human:ann"), (4, 7, "service/attitude", 1, "machine")]
    assert read.query("SELECT feedback_id, sentiment FROM voice ORDER BY feedback_id").to_pylist() == [
        {"feedback_id": "a", "sentiment": -0.9},
        {"feedback_id": "b", "sentiment": 0.1},
    ]


def test_an_opinion_named_by_number_is_found_again_where_it_stands(read):
    read.correct([corrected("polarity", 0, mention_no=1)])
    read.replace(voice(), said((4, 7, "service/attitude", 1)))
    assert opinions(read) == [(4, 7, "service/attitude", 0, "human:ann")]


def test_an_opinion_taken_away_stays_away_and_one_only_a_person_saw_stays_there(read):
    read.correct(
        [corrected("removed", True, start=0, end=3), corrected("aspect", "price", start=3, end=4), corrected("polarity", -1, start=3, end=4)]
    )
    expected = [(3, 4, "price", -1, "human:ann"), (4, 7, "service/attitude", 1, "machine")]
    assert opinions(read) == expected
    read.replace(voice(), said((0, 3, "delivery/late", -1), (4, 7, "service/attitude", 1)))
    assert opinions(read) == expected
    seen = read.query("SELECT product, customer_id, unit FROM opinion WHERE aspect = 'price'").to_pylist()
    assert seen == read.query("SELECT product, customer_id, unit FROM voice WHERE feedback_id = 'a'").to_pylist()


def test_the_later_of_two_holds_whatever_the_order_of_writing(read):
    later = corrected("aspect", "later", start=0, end=3, author="bob", made_at=NOON + timedelta(hours=1))
    read.correct([later])
    read.correct([corrected("aspect", "earlier", start=0, end=3)])
    assert opinions(read)[0] == (0, 3, "later", -1, "human:bob")
    assert [one.value for one in read.corrections()] == ["later", "earlier"]


def test_a_removal_can_be_taken_back(read):
    read.correct([corrected("removed", True, start=0, end=3)])
    read.correct([corrected("removed", False, start=0, end=3, made_at=NOON + timedelta(hours=1))])
    read.replace(voice(), said((0, 3, "delivery/late", -1)))
    assert opinions(read) == [(0, 3, "delivery/late", -1, "human:ann")]


def test_a_correction_may_come_before_its_voice(facts):
    facts.correct([corrected("aspect", "delivery/courier", start=0, end=3)])
    facts.append(voice(), said((0, 3, "delivery/late", -1)))
    assert opinions(facts) == [(0, 3, "delivery/courier", -1, "human:ann")]


def test_corrections_are_erased_with_the_customer(read):
    read.correct([corrected("aspect", "x", start=0, end=3)])
    read.erase_customer("c1")
    assert read.corrections() == []


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (corrected("colour", "red", start=0, end=3), "colour"),
        (corrected("aspect", "x"), "aspect"),
        (corrected("polarity", "bad", start=0, end=3), "polarity"),
        (corrected("aspect", "x", start=3, end=3), "3..3"),
        (corrected("aspect", "x", start=0, end=3, made_at=datetime(2026, 5, 1)), "time zone"),
        (corrected("aspect", "x", mention_no=7), "mention 7"),
    ],
    ids=lambda one: one.field if isinstance(one, Correction) else "",
)
def test_a_correction_that_cannot_be_is_refused(read, broken, words):
    before = opinions(read)
    with pytest.raises(BatchRefused, match=words):
        read.correct([corrected("sentiment", 0.0), broken])
    assert read.corrections() == []
    assert opinions(read) == before


def test_a_correction_for_one_version_leaves_the_other(read):
    read.relabel("v2", ["a"], said((0, 3, "logistics/speed", -1)))
    read.correct([corrected("aspect", "delivery/courier", start=0, end=3, version="initial")])
    assert opinions(read)[0][2] == "delivery/courier"
    assert opinions(read, version="v2") == [(0, 3, "logistics/speed", -1, "machine")]


spans = st.tuples(st.integers(0, 5), st.integers(1, 3)).map(lambda pair: (pair[0], pair[0] + pair[1]))
made = st.builds(
    lambda span, change, hour, number: corrected(*change, start=span[0], end=span[1], mention_no=number, made_at=NOON + timedelta(hours=hour)),
    spans,
    st.sampled_from((("aspect", "x"), ("aspect", "y"), ("polarity", 1), ("removed", True), ("removed", False))),
    st.integers(0, 5),
    st.sampled_from((None, 0, 1)),
)


@given(st.lists(made, max_size=6), st.lists(spans, max_size=3))
def test_laying_corrections_on_twice_changes_nothing_more_where_spans_agree(corrections, found):
    from huiyin.facts.batches import checked

    # Corrections of overlapping, unequal spans speak about each other's mentions; those of one span never do.
    corrections = [one for one in corrections if all((one.start, one.end) == (s, e) or e <= one.start or one.end <= s for s, e in found)]
    corrections = [
        one
        for n, one in enumerate(corrections)
        if all((one.start, one.end) == (o.start, o.end) or o.end <= one.start or one.end <= o.start for o in corrections[:n])
    ]
    corrections = [Correction(**{**{name: getattr(one, name) for name in one.__slots__}, "mention_no": None}) for one in corrections]
    found = [span for n, span in enumerate(found) if all(e <= span[0] or span[1] <= s for s, e in found[:n])]
    feedback, mentions = checked(voice(), said(*((s, e, "machine", -1) for s, e in found)))
    once = with_corrections(feedback, mentions, table_of(corrections), "initial")
    again = with_corrections(*once, table_of(corrections), "initial")
    assert [one.to_pylist() for one in again] == [one.to_pylist() for one in once]


def tags(facts) -> dict[str, dict[str, str]]:
    rows = facts.query("SELECT feedback_id, attributes FROM voice ORDER BY feedback_id").to_pylist()
    return {row["feedback_id"]: dict(row["attributes"] or ()) for row in rows}


def test_a_tag_holds_after_the_voice_is_read_anew_narrows_and_comes_off_again(read):
    read.correct([corrected("#加急", True), corrected("#回访", True), Correction("b", "#加急", True, "ann", NOON)])
    assert tags(read) == {"a": {"#加急": "1", "#回访": "1"}, "b": {"#加急": "1"}}
    read.replace(voice(), said((0, 3, "delivery/late", -1)))
    read.correct([corrected("#加急", False, made_at=NOON + timedelta(hours=1))])
    read.replace(voice(), said((0, 3, "delivery/late", -1)))
    assert tags(read) == {"a": {"#回访": "1"}, "b": {"#加急": "1"}}
    assert read.query("SELECT feedback_id FROM voice", where=Filter(attributes={"#加急": ("1",)})).to_pylist() == [{"feedback_id": "b"}]
    with pytest.raises(BatchRefused):
        read.correct([corrected("#", True)])
