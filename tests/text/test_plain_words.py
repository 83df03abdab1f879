"""Words of a company that look like a judgement and are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from huiyin.text import Reader

TREE = """
pack: shop
{plain}
aspects:
  - {{id: store, name: 门店, seeds: [门店]}}
"""


@pytest.fixture
def read(tmp_path: Path):
    def make(plain: str, text: str) -> list[dict]:
        file = tmp_path / f"{abs(hash(plain))}.yaml"
        file.write_text(TREE.format(plain=plain), encoding="utf-8")
        columns = Reader.load(file).read([text]).mention_columns()
        return [dict(zip(columns, row, strict=True)) for row in zip(*(one.to_pylist() for one in columns.values()), strict=True)]

    return make


def test_a_word_that_is_no_opinion_makes_none(read):
    text = "我在差不离门店"
    plain = read("plain: [差不离]", text)
    assert [one["polarity"] for one in plain] == [0]
    assert plain[0]["opinion"] is None


def test_what_is_said_beside_it_still_counts(read):
    found = read("plain: [差不离]", "差不离门店太差了")
    assert [(one["aspect"], one["polarity"]) for one in found] == [("store", -1)]


def test_without_such_words_the_reading_is_as_before(read):
    assert read("", "门店太差了")[0]["polarity"] == -1
