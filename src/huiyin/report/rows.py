"""The ranked problems as rows of a table: the columns and cells that CSV and workbook share."""

from __future__ import annotations

from huiyin.insight.findings import Estimate, Problem

Cell = str | int | float | None

COLUMNS = (
    "rank",
    "problem_id",
    "aspect",
    "name_zh",
    "name_en",
    "parent_zh",
    "owner",
    "customers",
    "feedback",
    "mentions",
    "frequency_per_1000",
    "frequency_low",
    "frequency_high",
    "intensity",
    "intensity_low",
    "intensity_high",
    "harm",
    "harm_low",
    "harm_high",
    "score",
    "score_low",
    "score_high",
    "rank_certainty",
    "tied_with",
    "trend",
    "trend_since",
    "trend_ratio",
    "quote",
)

_NONE = Estimate(value=None, low=None, high=None, n=0)


def problem_row(problem: Problem) -> list[Cell]:
    """Cells in the order of `COLUMNS`; unknown is None."""
    trend = problem.trend
    return [
        problem.rank,
        problem.problem_id,
        problem.aspect,
        problem.name.zh,
        problem.name.en,
        problem.parent.zh if problem.parent else None,
        problem.owner,
        problem.customers,
        problem.feedback,
        problem.mentions,
        *_bounds(problem.frequency, 2),
        *_bounds(problem.intensity, 4),
        *_bounds(problem.harm or _NONE, 4),
        *_bounds(problem.score, 4),
        round(problem.rank_certainty, 4),
        " ".join(str(rank) for rank in problem.tied_with) or None,
        trend.verdict,
        trend.since,
        None if trend.ratio.value is None else round(trend.ratio.value, 4),
        problem.evidence[0].text if problem.evidence else None,
    ]


def safe(cell: Cell) -> Cell:
    """Text that a spreadsheet would run as a formula gets a leading apostrophe; numbers stay numbers.

    >>> safe("=1+1"), safe(-2.5), safe("不好用")
    ("'=1+1", -2.5, '不好用')
    """
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{cell}"
    return cell


def _bounds(estimate: Estimate, digits: int) -> list[Cell]:
    return [None if x is None else round(x, digits) for x in (estimate.value, estimate.low, estimate.high)]
