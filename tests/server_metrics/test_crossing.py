"""A table of cells counted at once holds in each cell the figure of the cell's own filter, in a few questions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from huiyin.facts import Filter
from huiyin.insight import indicators
from huiyin.server.prioritise.metrics.crossing import crossed
from huiyin.server.prioritise.metrics.figures import before_of, extent, figure, values_of
from huiyin.server.understand.reading.facts import facts_store

pytestmark = pytest.mark.django_db
WHOLE = ("voices", "complaints", "complaint_rate", "negative_share", "complaining_voices", "invited_share")


@pytest.mark.parametrize("metric", WHOLE)
@pytest.mark.parametrize("by", [("aspect", "product"), ("product", "aspect"), ("region", "channel"), ("source", "language")])
def test_each_cell_is_the_figure_of_its_own_filter(company, metric, by):
    where = Filter(channel=("应用商店", "电商评论", "客服热线"), polarity=(-1, 1))
    rows, columns = (values_of(where, one, 4) or [""] for one in by)
    found = crossed(metric, where, by[0], rows, by[1], columns)
    for row, cells in zip(rows, found, strict=True):
        for column, one in zip(columns, cells, strict=True):
            own = figure(metric, where & Filter(**{by[0]: (row,)}) & Filter(**{by[1]: (column,)}))
            assert replace(one, at=None) == replace(own, at=None), (row, column)


def test_one_under_another_is_counted_too(company):
    where = Filter()
    leaf = values_of(where, "aspect", 1)[0]
    rows, columns = [leaf.split("/")[0], leaf], values_of(where, "product", 2)
    (theme, below) = crossed("complaints", where, "aspect", rows, "product", columns)
    assert all(one.value.n >= other.value.n > 0 for one, other in zip(theme, below, strict=True))


def test_a_table_of_cells_takes_two_questions(company, asked):
    rows, columns = values_of(Filter(), "aspect", 8), values_of(Filter(), "product", 6)
    asked.clear()
    assert len(crossed("complaint_rate", Filter(), "aspect", rows, "product", columns)) == 8
    assert len(asked) == 2


def test_the_shifts_of_topics_take_one_question_and_are_those_of_each(company, asked):
    first, last = extent(Filter())
    after = Filter(since=last.replace(day=1), until=last)
    before = before_of(after)
    aspects = [one.aspect for one in indicators.moods(facts_store(), after, 10)]
    asked.clear()
    found = indicators.opinion_shifts(facts_store(), before, after, aspects)
    assert len(asked) == 1
    for aspect, shift in zip(aspects, found, strict=True):
        about = Filter(aspect=(aspect,))
        assert shift == indicators.count_shift(facts_store(), "opinions", before & about, after & about)
