"""Labels as files hold them, and what they mean."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from huiyin.files import FilesError
from huiyin.learning import labelled, scores, sentiments

Written = Callable[..., Path]


def test_rows_without_text_or_label_are_listed_and_the_rest_goes_through(written: Written) -> None:
    path = written("a.csv", ["内容", "类"], [("快递慢", "物流"), ("", "物流"), ("贵", ""), ("不错", "其他")])
    found = labelled.single(path, "内容", "类")
    assert (found.texts, found.labels) == (["快递慢", "不错"], [("物流",), ("其他",)])
    assert [(one.row, one.column) for one in found.refused] == [(2, "内容"), (3, "类")]
    assert labelled.describe(found.refused, english=False)[0].startswith("第 2 行「内容」")


def test_one_row_for_each_aspect_and_a_list_in_one_row_are_the_same(written: Written) -> None:
    rows = written("rows.csv", ["t", "a", "p"], [("又贵又慢", "价格", "负"), ("又贵又慢", "物流", "负"), ("还行", "", "")])
    lists = written("lists.csv", ["t", "a", "p"], [("又贵又慢", "价格|物流", "负|负"), ("还行", "", "")])
    one, other = (labelled.several(path, "t", "a", "p") for path in (rows, lists))
    assert (one.texts, one.labels, one.polarities) == (other.texts, other.labels, other.polarities)
    assert one.labels == [("价格", "物流"), ()]


def test_a_list_with_too_few_polarities_is_refused(written: Written) -> None:
    found = labelled.several(written("a.csv", ["t", "a", "p"], [("x", "甲|乙|丙", "正|负"), ("y", "甲", "正")]), "t", "a", "p")
    assert (found.texts, [one.row for one in found.refused]) == (["y"], [1])


def test_an_unknown_column_is_refused_with_those_there_are(written: Written) -> None:
    with pytest.raises(FilesError) as refused:
        labelled.single(written("a.csv", ["内容", "类"], [("x", "y")]), "正文", "类")
    assert refused.value.code == "unknown_column"
    assert "内容、类" in refused.value.hint_zh


@pytest.mark.parametrize(
    ("labels", "sides"),
    [
        (("0", "1"), {"0": -1, "1": 1}),
        (("-1", "0", "1"), {"-1": -1, "0": 0, "1": 1}),
        (("负面", "中性", "正面"), {"负面": -1, "中性": 0, "正面": 1}),
        (("Negative", "Positive"), {"Negative": -1, "Positive": 1}),
    ],
)
def test_names_and_signs_tell_the_side(labels: tuple[str, ...], sides: dict[str, int]) -> None:
    assert sentiments.sides(labels, np.zeros(1), ["0"]) == sides


def test_numbers_without_an_order_are_told_by_how_their_texts_read() -> None:
    truth = ["0", "0", "1", "1", "2", "2"]
    sentiment = np.array([-0.9, -0.7, 0.9, 0.7, 0.05, -0.05])
    assert sentiments.sides(("0", "1", "2"), sentiment, truth) == {"0": -1, "1": 1, "2": 0}
    stars_reversed = sentiments.sides(("1", "2", "3", "4", "5"), np.array([0.9, 0.6, 0.0, -0.5, -0.9]), ["1", "2", "3", "4", "5"])
    assert stars_reversed == {"1": 1, "2": 1, "3": 0, "4": -1, "5": -1}


def test_figures_by_hand() -> None:
    found = scores.exclusive_scores(np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1]), ["a", "b"])
    assert (found["accuracy"], found["per_class"]["a"]["f1"], found["per_class"]["b"]["f1"]) == (0.75, 0.8, 0.6667)
    assert found["macro_f1"] == round((0.8 + 2 / 3) / 2, 4)
    several = scores.several_scores(np.array([[True, True], [False, True]]), np.array([[True, False], [False, True]]), ["a", "b"])
    assert (several["micro_f1"], several["accuracy"]) == (0.8, 0.5)
