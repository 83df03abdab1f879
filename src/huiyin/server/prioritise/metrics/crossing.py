"""A metric over two dimensions: every cell the figure of its own filter, counted for all cells at once where that can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from huiyin.facts import Filter
from huiyin.insight import indicators
from huiyin.insight.cells import Cells, Dimension, cells, countable
from huiyin.insight.indicators import BUCKETS
from huiyin.server.prioritise.metrics.catalogue import METRICS, Metric
from huiyin.server.prioritise.metrics.figures import Figure, count_figure, figure, share_figure, sides
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reckoning.keeping import reckoned

_NONE = np.zeros(BUCKETS, np.int64)


def crossed(metric_key: str, where: Filter, by: str, rows: Sequence[str], across: str, columns: Sequence[str]) -> list[list[Figure]]:
    """The figures of `rows` by `columns`.

    Raises:
        KeyError: there is no such metric.
    """
    metric, lines, pillars = METRICS[metric_key], Dimension(by, tuple(rows)), Dimension(across, tuple(columns))
    wheres = [[where & _one(lines, row) & _one(pillars, column) for column in columns] for row in rows]
    if metric.way not in ("share", "count") or not countable(metric.counted, lines, pillars):
        return [[figure(metric_key, cell) for cell in row] for row in wheres]
    found = reckoned(("crossed", metric_key, where.to_query(), lines, pillars), lambda: _counted(metric, where, lines, pillars, wheres))
    return [[replace(one, at=found.at) for one in row] for row in found.value]


def _one(dimension: Dimension, value: str) -> Filter:
    part: dict[str, Any] = {dimension.name: (value,)}
    return Filter(**part)


def _counted(metric: Metric, where: Filter, lines: Dimension, pillars: Dimension, wheres: list[list[Filter]]) -> list[list[Figure]]:
    store = facts_store()
    if metric.way == "count":
        inside = cells(store, metric.counted, where & metric.part, lines, pillars)
        return [
            [count_figure(metric, cell, int(inside.get((row, column), _NONE).sum())) for column, cell in enumerate(line)]
            for row, line in enumerate(wheres)
        ]
    part, whole = sides(metric, where)
    inside, outside = cells(store, metric.counted, part, lines, pillars), _wholes(metric, whole, lines, pillars)
    return [
        [
            share_figure(
                metric,
                cell,
                indicators.share_of(metric.counted, inside.get((row, column), _NONE), outside.get((row, column), _NONE), metric.minimum),
            )
            for column, cell in enumerate(line)
        ]
        for row, line in enumerate(wheres)
    ]


def _wholes(metric: Metric, whole: Filter, lines: Dimension, pillars: Dimension) -> Cells:
    """What the shares are of: where a metric does not count opinions, an aspect narrows the part alone."""
    store = facts_store()
    if metric.of_opinions or "aspect" not in (lines.name, pillars.name):
        return cells(store, metric.counted, whole, lines, pillars)
    if lines.name == "aspect":
        found = cells(store, metric.counted, whole, None, pillars)
        return {(row, column): counts for (_all, column), counts in found.items() for row in range(len(lines.values))}
    found = cells(store, metric.counted, whole, None, lines)
    return {(row, column): counts for (_all, row), counts in found.items() for column in range(len(pillars.values))}
