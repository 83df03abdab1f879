"""How answers become NPS, CSAT, CES or a mean with an interval, from arrays alone.

Each answer i becomes a number x_i:

  nps   +100 from 9, −100 up to 6, else 0, on 0–10 (Reichheld, HBR 2003)
  csat  100 when the score is at least three quarters of the scale (top two boxes of 4, 5 and 7 points, 8–10 of ten), else 0
  ces, mean  the score itself

and the metric is Σ_h W_h · mean of x in stratum h; W_h the stratum's share of the answers, or of the population when given
(post-stratification: Holt & Smith, JRSS A 1979). Customers answer more than once: variance is that of customers, linearised,
V = G/(G−H) Σ_b e_b², e_b = Σ_h W_h/n_h Σ_{i in b,h} (x_i − mean_h), over the G of 512 hash buckets that hold answers.
Intervals of 95 %: nps by the adjusted Wald of Rocks (The American Statistician 2016: ¾, 1½, ¾ answers added), csat by Wilson's score,
both at the effective number of answers (Dean & Pagano, Survey Methodology 2015) and with the normal quantile; means by the
skewness-corrected t of Johnson (JASA 1978) with a fifth of an answer added at each end of the scale (as Agresti & Coull do for a share).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from huiyin.insight.findings import Estimate

Kind = Literal["nps", "csat", "ces", "mean"]
MINIMUM_ANSWERS = 8
BUCKETS = 512
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_Z = float(stats.norm.ppf(0.975))
_END = 0.2
"""Answers added at each end of a scale; with this many, 8 to 20 skewed answers cover as they should (`benchmarks/insight/metrics.py`)."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Rows of (bucket, stratum, score) with the number of answers of each, all arrays (R,)."""

    bucket: Ints
    stratum: Ints
    score: Floats
    count: Ints
    strata: tuple[str, ...] = ("",)

    def __len__(self) -> int:
        return int(self.count.sum())


@dataclass(frozen=True, slots=True)
class Linear:
    """A weighted mean with what its customers contribute to its error: `influence` (512,), sums to 0."""

    value: float
    influence: Floats
    groups: int
    strata: int
    design_effect: float
    answers: int
    effective: float
    """Number of independent, equally weighted answers that would be as sure."""
    spread: float
    """Weighted variance of x."""
    skewness: float

    @property
    def freedom(self) -> int:
        """Degrees of freedom of the variance."""
        return max(self.groups - self.strata, 1)

    @property
    def variance(self) -> float:
        """V of the module's docstring."""
        return float((self.influence**2).sum()) * self.groups / self.freedom


def values_of(kind: Kind, score: Floats, scale_max: float | None) -> Floats:
    """x of the module's docstring.

    >>> values_of("nps", np.array([10.0, 8.0, 3.0]), 10.0).tolist()
    [100.0, 0.0, -100.0]
    >>> values_of("csat", np.array([5.0, 4.0, 3.0]), 5.0).tolist()
    [100.0, 100.0, 0.0]
    """
    if kind == "nps":
        return np.where(score >= 9, 100.0, np.where(score <= 6, -100.0, 0.0))
    if kind == "csat":
        return np.where(score >= 0.75 * (scale_max or 5.0), 100.0, 0.0)
    return score.astype(np.float64)


def linear(answers: Answers, x: Floats, targets: Mapping[str, float] | None = None) -> Linear:
    """The weighted mean of `x` (R,) and its linearisation.

    >>> three = Answers(np.arange(3), np.zeros(3, np.int64), np.zeros(3), np.ones(3, np.int64))
    >>> one = linear(three, np.array([1.0, 2.0, 3.0]))
    >>> one.value, round(one.variance, 3), one.effective
    (2.0, 0.333, 3.0)
    """
    names = answers.strata if targets is not None else ("",)
    code = answers.stratum if targets is not None else np.zeros(len(answers.bucket), np.int64)
    count = answers.count.astype(float)
    n = np.bincount(code, weights=count, minlength=len(names))
    target = n / n.sum() if targets is None else np.array([targets.get(name, 0.0) for name in names])
    target = target / target.sum()
    each = np.divide(target, n, out=np.zeros_like(target), where=n > 0)[code]
    centre = (np.bincount(code, weights=count * x, minlength=len(names)) / np.maximum(n, 1))[code]
    influence = np.bincount(answers.bucket, weights=each * count * (x - centre), minlength=BUCKETS).astype(np.float64)
    groups = int((np.bincount(answers.bucket, weights=count, minlength=BUCKETS) > 0).sum())
    alone = float((each**2 * count * (x - centre) ** 2).sum())
    kish = float((each * count).sum() ** 2 / (each**2 * count).sum())
    effect = float((influence**2).sum()) / alone if alone > 0 else max(1.0, len(answers) / groups)
    value = float((each * count * x).sum())
    spread = float((each * count * (x - value) ** 2).sum())
    third = float((each * count * (x - value) ** 3).sum())
    used = int((target > 0).sum())
    skewness = third / spread**1.5 if spread > 0 else 0.0
    inside = float((each * count * (x - centre) ** 2).sum())
    sure = kish / max(effect, 1.0) * (spread / inside if inside > 0 else 1.0)
    return Linear(value, influence, groups, used, effect, len(answers), min(sure, float(len(answers)) * 4), spread, skewness)


def interval(kind: Kind, one: Linear, scale_max: float | None = None) -> tuple[float, float]:
    """The 95 % interval of a metric, in its own points."""
    if kind == "nps":
        centre, error = _net(one)
        low, high = centre - _Z * error, centre + _Z * error
        return max(-100.0, min(low, one.value)), min(100.0, max(high, one.value))
    if kind == "csat":
        n, p = one.effective, one.value / 100
        z = _Z
        middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, 100 * (middle - half) / (1 + z * z / n)), min(100.0, 100 * (middle + half) / (1 + z * z / n))
    quantile = float(stats.t.ppf(0.975, max(one.freedom, 2)))
    centre, error = _bounded(one, scale_max) if scale_max else (one.value, math.sqrt(one.variance))
    shift = one.skewness * math.sqrt(one.spread) / (6 * max(one.effective, 1.0))
    low, high = centre + shift - quantile * error, centre + shift + quantile * error
    return min(low, one.value), max(min(high, scale_max or math.inf), one.value)


def _bounded(one: Linear, scale_max: float) -> tuple[float, float]:
    """Centre and error of a mean on a bounded scale with a fifth of an answer added at each end: few answers often miss the rare low ones."""
    n, mean = one.effective, one.value
    ratio = one.groups / one.freedom
    centre = (n * mean + _END * scale_max) / (n + 2 * _END)
    square = (n * (one.spread * ratio + mean**2) + _END * scale_max**2) / (n + 2 * _END)
    return centre, math.sqrt(max(square - centre**2, 0.0) / (n + 2 * _END))


def _net(one: Linear) -> tuple[float, float]:
    """Centre and standard error of the net score with three answers added (Rocks 2016), at the effective number of answers."""
    n, net = one.effective, one.value / 100
    either = one.spread / 10_000 + net**2
    added = n + 3
    centre, either = n * net / added, (n * either + 1.5) / added
    return 100 * centre, 100 * math.sqrt(max(either - centre**2, 0.0) / added)


def estimate(kind: Kind, answers: Answers, scale_max: float | None, targets: Mapping[str, float] | None = None, minimum: int = 8) -> Estimate:
    """The metric of some answers; no value below `minimum` answers."""
    if len(answers) < minimum:
        return Estimate(None, None, None, len(answers))
    one = linear(answers, values_of(kind, answers.score, scale_max), targets)
    low, high = interval(kind, one, scale_max)
    return Estimate(one.value, low, high, len(answers))


def contrast(kind: Kind, before: Linear, after: Linear) -> tuple[Estimate, float]:
    """after − before and its two-sided p-value; Welch's degrees of freedom, covariance from customers who answered on both sides."""
    errors = [_net(one)[1] ** 2 if kind == "nps" else max(one.variance, _floor(kind, one)) for one in (before, after)]
    shared = float((before.influence * after.influence).sum())
    variance = max(errors[0] + errors[1] - 2 * shared, 1e-12)
    freedom = (errors[0] + errors[1]) ** 2 / max(errors[0] ** 2 / before.freedom + errors[1] ** 2 / after.freedom, 1e-300)
    centre = after.value - before.value
    middle = _net(after)[0] - _net(before)[0] if kind == "nps" else centre
    half = float(stats.t.ppf(0.975, max(freedom, 2.0))) * math.sqrt(variance)
    p_value = float(2 * stats.t.sf(abs(middle) / math.sqrt(variance), max(freedom, 2.0)))
    return Estimate(centre, min(middle - half, centre), max(middle + half, centre), before.answers + after.answers), p_value


def _floor(kind: Kind, one: Linear) -> float:
    """A share of 0 or 100 % has no visible variance: that of the share with two of each answer added (Agresti & Coull 1998)."""
    if kind != "csat":
        return 0.0
    share = (one.effective * one.value / 100 + 1) / (one.effective + 2)
    return 10_000 * share * (1 - share) / (one.effective + 2)
