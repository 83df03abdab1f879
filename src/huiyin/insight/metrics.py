"""NPS, CSAT, CES and mean scores: value, interval, weights, difference, response rate; nothing shown that the answers cannot carry.

The formulas stand in `scoring`; what is one question on one scale in `scales`. A broken series is never averaged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huiyin.facts import Filter, Voices
from huiyin.insight.findings import Estimate, Verdict
from huiyin.insight.intervals import wilson
from huiyin.insight.scales import Break, Continuity, Instrument, continuity
from huiyin.insight.scoring import MINIMUM_ANSWERS, Answers, Kind, contrast, estimate, interval, linear, values_of

Reason = Literal["no_answers", "too_few", "broken_series", "wrong_scale", "empty_stratum", "different_scales"]
STRATA = ("product", "brand", "region", "store", "channel", "segment", "touchpoint", "language", "source")
"""Columns by which answers can be weighted."""


@dataclass(frozen=True, slots=True)
class StratumWeight:
    """One stratum of a weighted metric: answers, its share of them, its share of the population."""

    stratum: str
    answers: int
    share: float
    target: float


@dataclass(frozen=True, slots=True)
class Measurement:
    """A metric over a period; `value` is empty and `reason` set where nothing may be shown."""

    kind: Kind
    value: Estimate
    reason: Reason | None
    scale_max: float | None
    distribution: tuple[tuple[float, int], ...]
    """(score, answers), ascending."""
    effective_n: float
    design_effect: float
    breaks: tuple[Break, ...]
    parts: tuple[tuple[Instrument, Estimate], ...]
    """The metric of each instrument alone where the series is broken."""
    left_out: int
    """Answers on stray scales, not counted in."""
    weighted_by: str | None
    weights: tuple[StratumWeight, ...]
    question: str = ""
    """Value of the attribute `question` of these answers."""


@dataclass(frozen=True, slots=True)
class Difference:
    """after − before in the metric's points, tested over customers (the same customer may answer on both sides)."""

    before: Measurement
    after: Measurement
    difference: Estimate
    p_value: float | None
    verdict: Verdict
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class MetricWeek:
    """One week (Monday `start`); `breaks` fall inside it."""

    start: str
    value: Estimate
    breaks: tuple[Break, ...]


@dataclass(frozen=True, slots=True)
class Responses:
    """How many of those asked answered; `rate` is empty where the facts do not say who was asked."""

    asked: int | None
    answered: int
    uninvited: int
    rate: Estimate


def measure(
    store: Voices,
    kind: Kind,
    where: Filter | None = None,
    weight_by: str | None = None,
    targets: Mapping[str, float] | None = None,
    minimum: int = MINIMUM_ANSWERS,
) -> Measurement:
    """The metric over the voices of a filter. `targets` gives the population share of each value of the column `weight_by`.

    Raises:
        ValueError: a column that answers cannot be weighted by, or weights without targets.
    """
    if (weight_by is None) != (targets is None) or weight_by not in (None, *STRATA):
        raise ValueError(f"weight_by: {weight_by!r}; give one of {', '.join(STRATA)} together with targets")
    found = continuity(store, None if kind == "mean" else kind, where)
    rows = _answers(store, kind, where, weight_by)
    main = found.instruments[0] if found.instruments else None
    answers = rows.get((main.scale_max, main.question), _NOBODY) if main else _NOBODY
    scale_max = main.scale_max if main else None
    nothing = Estimate(None, None, None, len(answers))
    asked = main.question if main else ""
    plain = Measurement(kind, nothing, None, scale_max, _distribution(answers), 0.0, 1.0, found.breaks, (), found.left_out, weight_by, (), asked)
    reason = _refusal(kind, answers, found, targets, minimum)
    if reason == "broken_series":
        parts = tuple((one, _alone(kind, rows[(one.scale_max, one.question)], one, minimum)) for one in found.instruments)
        parts = parts if len(parts) > 1 else ()
        total = sum(one.answers for one in found.instruments)
        return replace(plain, reason=reason, parts=parts, value=Estimate(None, None, None, total))
    if reason:
        return replace(plain, reason=reason)
    one = linear(answers, values_of(kind, answers.score, scale_max), targets)
    low, high = interval(kind, one, scale_max)
    value = Estimate(one.value, low, high, len(answers))
    weights = _weights(answers, targets) if targets else ()
    return replace(plain, value=value, effective_n=one.effective, design_effect=one.design_effect, weights=weights)


def difference(
    store: Voices,
    kind: Kind,
    before: Filter,
    after: Filter,
    weight_by: str | None = None,
    targets: Mapping[str, float] | None = None,
    minimum: int = MINIMUM_ANSWERS,
) -> Difference:
    """after − before with interval and test. Refused where either side is refused or the two were asked on different scales."""
    sides = [measure(store, kind, where, weight_by, targets, minimum) for where in (before, after)]
    nothing = Estimate(None, None, None, sum(side.value.n for side in sides))
    for side in sides:
        if side.reason:
            return Difference(sides[0], sides[1], nothing, None, "unknown", side.reason)
    found = [continuity(store, None if kind == "mean" else kind, where).instruments[0] for where in (before, after)]
    if (found[0].scale_max, found[0].question) != (found[1].scale_max, found[1].question):
        return Difference(sides[0], sides[1], nothing, None, "unknown", "different_scales")
    key = (found[0].scale_max, found[0].question)
    ones = []
    for where in (before, after):
        answers = _answers(store, kind, where, weight_by)[key]
        ones.append(linear(answers, values_of(kind, answers.score, key[0]), targets))
    change, p_value = contrast(kind, ones[0], ones[1])
    verdict: Verdict = "flat" if p_value > 0.05 else "up" if (change.value or 0) > 0 else "down"
    return Difference(sides[0], sides[1], change, p_value, verdict, None)


def weekly(store: Voices, kind: Kind, where: Filter | None = None, minimum: int = MINIMUM_ANSWERS) -> tuple[MetricWeek, ...]:
    """The metric week by week with break marks; a week is measured on its own commonest scale."""
    found = continuity(store, None if kind == "mean" else kind, where)
    grouped = _grouped(store.query(_SQL.format(stratum="CAST(week AS VARCHAR)", condition=_condition(kind)), ["question"], where))
    largest: dict[str, tuple[float | None, Answers]] = {}
    for (scale_max, _), answers in sorted(grouped.items(), key=lambda one: (-len(one[1]), str(one[0]))):
        for week, one in _by_stratum(answers).items():
            if week not in largest or len(one) > len(largest[week][1]):
                largest[week] = (scale_max, one)
    out = []
    for week in sorted(largest):
        if week == "None":
            continue
        start, (scale_max, answers) = week[:10], largest[week]
        inside = tuple(one for one in found.breaks if _monday(one.day) == start)
        shown = Estimate(None, None, None, len(answers)) if kind == "nps" and scale_max not in _NPS_TOPS else None
        out.append(MetricWeek(start, shown or estimate(kind, answers, scale_max, minimum=minimum), inside))
    return tuple(out)


def responses(store: Voices, kind: Kind, where: Filter | None = None, invitations: int | None = None) -> Responses:
    """Answers per invitation: `invitations` sent if the caller knows, else the invited records of the metric, answered or not.

    Without a number of invitations and without a single unanswered invited record nobody knows who was silent: no rate.
    """
    row = store.query(
        "SELECT coalesce(sum(CASE WHEN score IS NOT NULL AND invited THEN 1 ELSE 0 END), 0) AS answered, "
        "coalesce(sum(CASE WHEN score IS NULL AND invited THEN 1 ELSE 0 END), 0) AS silent, "
        "coalesce(sum(CASE WHEN score IS NOT NULL AND NOT coalesce(invited, FALSE) THEN 1 ELSE 0 END), 0) AS uninvited "
        f"FROM voice WHERE {_condition(kind)}",
        (),
        where,
    ).to_pylist()[0]
    answered, silent = int(row["answered"]), int(row["silent"])
    asked = invitations if invitations is not None else answered + silent if silent else None
    rate = wilson(answered, asked, 100.0) if asked and asked >= answered else Estimate(None, None, None, asked or 0)
    return Responses(asked, answered, int(row["uninvited"]), rate)


_NPS_TOPS = (None, 10.0)
_NOBODY = Answers(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.int64))
_SQL = (
    "SELECT CAST(unit % 512 AS INTEGER) AS bucket, {stratum} AS stratum, scale_max, coalesce(attributes[?], '') AS question, score, count(*) AS n "
    "FROM voice WHERE score IS NOT NULL AND ({condition}) GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5"
)


def _condition(kind: Kind) -> str:
    return f"metric = '{kind}'" if kind != "mean" else "metric IS NULL OR metric <> ''"


def _alone(kind: Kind, answers: Answers, one: Instrument, minimum: int) -> Estimate:
    """The metric of one instrument; an NPS exists on 0–10 only."""
    if kind == "nps" and one.scale_max not in _NPS_TOPS:
        return Estimate(None, None, None, len(answers))
    return estimate(kind, answers, one.scale_max, minimum=minimum)


def points_sql(kind: Kind, scale_max: float | None) -> tuple[str, str]:
    """SQL of an answer's points (as `values_of`) and of the condition, with the question as its one parameter, that a voice is an answer."""
    scale = "scale_max IS NULL" if scale_max is None else f"scale_max = {float(scale_max)}"
    condition = f"score IS NOT NULL AND ({_condition(kind)}) AND {scale} AND coalesce(attributes['question'], '') = ?"
    if kind == "nps":
        return "CAST(CASE WHEN score >= 9 THEN 100 WHEN score <= 6 THEN -100 ELSE 0 END AS DOUBLE)", condition
    if kind == "csat":
        return f"CAST(CASE WHEN score >= {0.75 * (scale_max or 5.0)} THEN 100 ELSE 0 END AS DOUBLE)", condition
    return "CAST(score AS DOUBLE)", condition


def _monday(day: str) -> str:
    return str(np.datetime64(day, "D") - (np.datetime64(day, "D").astype(int) + 3) % 7)


def _answers(store: Voices, kind: Kind, where: Filter | None, weight_by: str | None) -> dict[tuple[float | None, str], Answers]:
    stratum = f"coalesce({weight_by}, '')" if weight_by else "''"
    return _grouped(store.query(_SQL.format(stratum=stratum, condition=_condition(kind)), ["question"], where))


def _grouped(table: pa.Table) -> dict[tuple[float | None, str], Answers]:
    """Answers by (scale, question)."""
    scales, scale = _coded(table["scale_max"])
    questions, question = _coded(table["question"])
    strata, stratum = _coded(table["stratum"])
    bucket, count = (table[name].to_numpy().astype(np.int64) for name in ("bucket", "n"))
    score = table["score"].to_numpy(zero_copy_only=False).astype(np.float64)
    key = scale * max(len(questions), 1) + question
    out = {}
    for one in np.unique(key).tolist():
        rows = key == one
        name = (scales[one // len(questions)], str(questions[one % len(questions)]))
        out[name] = Answers(bucket[rows], stratum[rows], score[rows], count[rows], tuple(str(value) for value in strata))
    return out


def _coded(column: pa.ChunkedArray) -> tuple[list[Any], NDArray[np.int64]]:
    """Distinct values and the place of each row's among them."""
    coded = column.combine_chunks().dictionary_encode(null_encoding="encode")
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    return coded.dictionary.to_pylist(), coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)


def _by_stratum(answers: Answers) -> dict[str, Answers]:
    order = np.argsort(answers.stratum, kind="stable")
    bounds = np.searchsorted(answers.stratum[order], np.arange(len(answers.strata) + 1))
    out = {}
    for at, name in enumerate(answers.strata):
        rows = order[bounds[at] : bounds[at + 1]]
        if len(rows):
            out[name] = Answers(answers.bucket[rows], np.zeros(len(rows), np.int64), answers.score[rows], answers.count[rows])
    return out


def _distribution(answers: Answers) -> tuple[tuple[float, int], ...]:
    levels, at = np.unique(answers.score, return_inverse=True)
    counts = np.bincount(at, weights=answers.count, minlength=len(levels))
    return tuple((float(level), int(count)) for level, count in zip(levels, counts, strict=True))


def _refusal(kind: Kind, answers: Answers, found: Continuity, targets: Mapping[str, float] | None, minimum: int) -> Reason | None:
    if not found.instruments:
        return "no_answers"
    if found.broken:
        return "broken_series"
    if kind == "nps" and found.instruments[0].scale_max not in _NPS_TOPS:
        return "wrong_scale"
    if len(answers) < minimum:
        return "too_few"
    if targets is not None:
        counts = np.bincount(answers.stratum, weights=answers.count, minlength=len(answers.strata))
        held = dict(zip(answers.strata, counts.tolist(), strict=True))
        # With fewer than two answers a stratum's own spread is unknown and the interval would be a guess.
        if any(share > 0 and held.get(name, 0) < 2 for name, share in targets.items()):
            return "empty_stratum"
    return None


def _weights(answers: Answers, targets: Mapping[str, float]) -> tuple[StratumWeight, ...]:
    counts = np.bincount(answers.stratum, weights=answers.count, minlength=len(answers.strata))
    whole = sum(targets.values())
    return tuple(
        StratumWeight(name, int(count), float(count / counts.sum()), targets.get(name, 0.0) / whole)
        for name, count in zip(answers.strata, counts, strict=True)
    )
