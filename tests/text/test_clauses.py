import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.text.clauses import Clauses, split
from huiyin.text.codepoints import encode, fold
from huiyin.text.cues import opinion_cues


def cut(texts: list[str]) -> tuple[Clauses, str]:
    cues, folded = opinion_cues(), fold(encode(texts))
    hits = cues.finder.find(folded)
    return split(folded, hits.where(cues.turns[hits.phrase])), folded.joined()


def words(text: str) -> list[str]:
    pieces, joined = cut([text])
    return [joined[start:end] for start, end in zip(pieces.start, pieces.end, strict=True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("屏幕好，电池差。", ["屏幕好", "电池差"]),
        ("屏幕好但是电池差", ["屏幕好", "但是电池差"]),
        ("价格1,299.50元，贵", ["价格1,299.50元", "贵"]),
        ("屏幕好 电池差", ["屏幕好", "电池差"]),
        ("good food\nbad service", ["good food", "bad service"]),
        ("good food\u2028bad service", ["good food", "bad service"]),
        ("！！！好", ["", "好"]),
        ("好！！！", ["好"]),
        ("", [""]),
        ("。。。", [""]),
        ("The button is blue", ["the button is blue"]),
    ],
)
def test_clauses_of_a_text(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_a_turn_word_is_marked() -> None:
    assert cut(["屏幕好但是电池差"])[0].turned.tolist() == [False, True]


@given(st.lists(st.text(max_size=20), min_size=1, max_size=5))
def test_every_position_belongs_to_one_clause_of_its_text(texts: list[str]) -> None:
    pieces, joined = cut(texts)
    starts = encode(texts).starts
    assert pieces.bounds[0] == 0
    assert pieces.bounds[-1] == len(joined)
    assert (np.diff(pieces.bounds) > 0).all()
    assert set(starts.tolist()) <= set(pieces.bounds.tolist())
    assert (pieces.start <= pieces.end).all()
    assert sorted(set(pieces.text.tolist())) == list(range(len(texts)))
