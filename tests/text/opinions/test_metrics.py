"""What counts as found: exactly, and by overlap."""

from __future__ import annotations

from huiyin.text.opinions.metrics import score
from huiyin.text.opinions.records import Opinion, Record

TEXT = "运行速度很快，有点贵"


def _one(*opinions: Opinion) -> list[Record]:
    return [Record("1", TEXT, opinions)]


RIGHT = (Opinion((0, 4), (4, 6), "性能", "positive"), Opinion(None, (7, 10), "价格", "negative"))


def test_what_is_the_same_scores_one() -> None:
    told = score(_one(*RIGHT), _one(*RIGHT))
    assert {told[key] for key in told if key != "n"} == {1.0}


def test_a_shorter_span_counts_by_overlap_only() -> None:
    told = score(_one(*RIGHT), _one(Opinion((2, 4), (4, 6), "性能", "positive"), RIGHT[1]))
    assert (told["target_f1"], told["target_f1_overlap"]) == (0.0, 1.0)
    assert (told["opinion_f1"], told["pair_f1"], told["pair_f1_overlap"], told["quad_f1"]) == (1.0, 0.5, 1.0, 0.5)


def test_spans_that_only_touch_do_not_overlap() -> None:
    told = score(_one(Opinion(None, (0, 4))), _one(Opinion(None, (4, 6))))
    assert told["opinion_f1_overlap"] == 0.0


def test_an_implicit_target_meets_an_implicit_one_only() -> None:
    told = score(_one(RIGHT[1]), _one(Opinion((0, 4), (7, 10), "价格", "negative")))
    assert (told["pair_f1_overlap"], told["quad_f1_overlap"], told["opinion_f1"]) == (0.0, 0.0, 1.0)


def test_a_wrong_label_spoils_the_quadruple_only() -> None:
    told = score(_one(RIGHT[1]), _one(Opinion(None, (7, 10), "价格", "positive")))
    assert (told["pair_f1"], told["quad_f1"], told["quad_f1_overlap"]) == (1.0, 0.0, 0.0)


def test_one_wide_span_is_one_find() -> None:
    told = score(_one(Opinion(None, (4, 6)), Opinion(None, (7, 10))), _one(Opinion(None, (4, 10))))
    assert told["opinion_f1_overlap"] == 1.0
    told = score(_one(Opinion(None, (4, 10))), _one(Opinion(None, (4, 6)), Opinion((0, 4), None)))
    assert (told["opinion_f1"], told["opinion_f1_overlap"], told["target_f1"]) == (0.0, 1.0, 0.0)
