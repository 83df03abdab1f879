"""Reading opinions: offsets are those of the text, any text is read, and the batch changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.text.opinions.model import OpinionModel
from huiyin.text.opinions.records import Record

TEXTS = (
    "包装很好，快递也很快，就是有点贵",
    "味道不喜欢，客服态度很差，不会再买了",
    "",
    "价格实惠👍质量也不错",
    "第二次买了",
    "物流和包装都很好",
    "顏色很漂亮，氣味也好聞",
)


def _told(record: Record) -> list[tuple[str | None, str | None]]:
    return [(one["target"], one["opinion"]) for one in record.as_json()["opinions"]]


def test_things_and_judgements_are_paired() -> None:
    first, second, *_ = OpinionModel.load().read(TEXTS)
    assert _told(first) == [("包装", "很好"), ("快递", "很快"), (None, "有点贵")]
    assert [one.polarity for one in first.opinions] == ["positive", "positive", "negative"]
    assert ("客服态度", "很差") in _told(second)


def test_an_implicit_target_stays_null() -> None:
    (record,) = OpinionModel.load().read(["有点贵"])
    assert [(one.target, one.opinion) for one in record.opinions] == [(None, (0, 3))]


def test_traditional_characters_are_read_alike() -> None:
    hant, hans = OpinionModel.load().read(["顏色很漂亮，氣味也好聞", "颜色很漂亮，气味也好闻"])
    assert hant.opinions == hans.opinions


def test_the_batch_changes_nothing() -> None:
    model = OpinionModel.load()
    together = model.read(TEXTS * 40)
    assert [record.opinions for record in together[: len(TEXTS)]] == [model.read([text])[0].opinions for text in TEXTS]
    assert [record.opinions for record in model.read(TEXTS[::-1])] == [record.opinions for record in together[: len(TEXTS)]][::-1]


@pytest.mark.parametrize(
    "text",
    ["", " ", "👍", "\ud800", "好\udfff很好", "\x1e\x00\x1e", "好" * 100_000, "不错" * 20_000, "a" * 1_000_000, "包装" * 20_000, "很好，" * 20_000],
    ids=["empty", "space", "emoji", "surrogate", "surrogate_inside", "separators", "one_letter", "opinions", "latin", "targets", "clauses"],
)
def test_any_text_is_read(text: str) -> None:
    (record,) = OpinionModel.load().read([text])
    for one in record.opinions:
        for span in (one.target, one.opinion):
            assert span is None or 0 <= span[0] < span[1] <= len(text)


@given(st.lists(st.text(alphabet=st.one_of(st.sampled_from("很好差不错，。包装 x1\x1e\n"), st.characters()), max_size=60), max_size=6))
@settings(max_examples=150, deadline=None)
def test_spans_lie_within_their_text(texts: list[str]) -> None:
    records = OpinionModel.load().read(texts)
    assert [record.text for record in records] == texts
    for record in records:
        for one in record.opinions:
            spans = [span for span in (one.target, one.opinion) if span]
            assert spans and all(0 <= start < end <= len(record.text) for start, end in spans)
            assert len(spans) < 2 or spans[0][1] <= spans[1][0] or spans[1][1] <= spans[0][0]
